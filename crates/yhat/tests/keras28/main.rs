//! yhat computes what NumPy 1.23, TensorFlow 2.8 and Keras 2.8 compute: every number in a file of gen_reference.py.
//!
//! The environment variable YHAT_REFERENCE names the file, or else it is the project's, tests/reference/keras28.json.
//! The script makes others, with other seeds, shapes and data, from any number:
//!
//! ```text
//! python gen_reference.py 3 > salt3.json
//! YHAT_REFERENCE=$PWD/salt3.json cargo test -p yhat --test keras28 -- --nocapture every_number
//! ```
//!
//! Each section has a function that takes all that it reads out of the section. What is left over was not checked, and
//! fails as a wrong number does; so a section, call, optimizer or argument that is new to these functions can't be
//! passed over.

mod activations;
mod initializers;
mod losses;
mod numpy;
mod report;
mod rounding;
mod tf_random;
mod training;

use std::{
    collections::BTreeSet,
    panic::{AssertUnwindSafe, catch_unwind},
};

use report::{Report, leaves};
use serde_json::Value;

struct Section {
    name: &'static str,
    check: fn(&mut Value, &mut Report),
    /// How many arrays are compared, at least: those of the script as it is.
    arrays: usize,
}

const SECTIONS: [Section; 9] = [
    Section { name: "versions", check: versions, arrays: 0 },
    Section { name: "salt", check: salt, arrays: 0 },
    Section { name: "numpy", check: numpy::check, arrays: 5 * 11 },
    Section { name: "tf_random", check: tf_random::check, arrays: 8 * 6 },
    Section { name: "initializers", check: initializers::check, arrays: 11 * 2 },
    Section { name: "activations", check: activations::check, arrays: 12 },
    Section { name: "softmax", check: activations::check_softmax, arrays: 1 },
    Section { name: "losses", check: losses::check, arrays: 16 },
    Section { name: "training", check: training::check, arrays: 12 * 7 + 9 },
];

fn versions(section: &mut Value, _: &mut Report) {
    let tensorflow = report::text(section["tensorflow"].take());
    assert!(tensorflow.starts_with("2.8."), "the numbers are those of TensorFlow {tensorflow}");
    section["numpy"].take(); // Its legacy generator is the same in every version.
}

fn salt(section: &mut Value, _: &mut Report) {
    assert!(section.take().is_u64(), "a whole number");
}

fn reference() -> Value {
    let ours = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reference/keras28.json");
    let path = std::env::var("YHAT_REFERENCE").unwrap_or(ours.to_string());
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    // Python writes numbers that JSON lacks. As strings they are read by Rust's own parser of floats.
    let text = text.replace("Infinity", "\"inf\"").replace("-\"inf\"", "\"-inf\"").replace("NaN", "\"NaN\"");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// What comes of checking one section.
fn check(section: &Section, mut value: Value) -> Report {
    let mut report = Report::default();
    (section.check)(&mut value, &mut report);
    for path in leaves(&value) {
        report.fail(format!("{path} was not checked"));
    }
    if report.arrays < section.arrays {
        report.fail(format!("{} arrays, expected at least {}", report.arrays, section.arrays));
    }
    if report.excused * 20 > report.numbers {
        report.fail(format!("{} of {} numbers are not as near as the others", report.excused, report.numbers));
    }
    report
}

#[test]
fn every_number_is_that_of_the_reference() {
    let mut file = reference();
    let names: BTreeSet<&str> = file.as_object().expect("sections").keys().map(String::as_str).collect();
    assert_eq!(names, SECTIONS.iter().map(|s| s.name).collect(), "the file's sections and those that have a check");
    println!("salt {}", file["salt"]);
    let mut failures = Vec::new();
    for section in &SECTIONS {
        let report = check(section, file[section.name].take());
        println!("{:12} {report}", section.name);
        failures.extend(report.failures.iter().map(|failure| format!("{}: {failure}", section.name)));
    }
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures[..failures.len().min(40)].join("\n"));
}

/// A little more than `value`, or another text.
fn changed(value: &Value) -> Value {
    match value {
        Value::Bool(yes) => (!yes).into(),
        Value::Number(n) if n.is_f64() => n.as_f64().map(|x| x + 0.1 * (1.0 + x.abs())).into(),
        Value::Number(n) => n.as_i64().map(|n| n + 1).into(),
        Value::String(text) => format!("{text}?").into(),
        other => panic!("{other} is not a leaf"),
    }
}

/// The check above can fail: it notices when a number in the file changes, wherever that is.
#[test]
fn a_changed_number_is_noticed() {
    let file = reference();
    for section in SECTIONS.iter().filter(|section| section.arrays > 0) {
        let value = &file[section.name];
        // Another argument of NumPy's may well give the same numbers: binomial(1000, p) and binomial(1001, p).
        let paths: Vec<_> = leaves(value).into_iter().filter(|p| section.name != "numpy" || !is_argument(p)).collect();
        for path in paths.iter().step_by(1 + paths.len() / 100) {
            let mut other = value.clone();
            let leaf = other.pointer_mut(path).expect("a leaf");
            *leaf = changed(leaf);
            let noticed = catch_unwind(AssertUnwindSafe(|| !check(section, other).failures.is_empty()));
            assert!(noticed.unwrap_or(true), "{}: another value at {path} changes nothing", section.name);
        }
    }
}

/// Whether a path such as `/0/calls/3/1/0` leads to the arguments of a call.
fn is_argument(path: &str) -> bool {
    path.split('/').nth(4) == Some("1")
}
