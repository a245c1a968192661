//! The lecture's numbers, held to those of TensorFlow 2.8 and NumPy.
//!
//! lecture.json, beside the library's tests, has the digits that the course's notebook shows (`printed`) and those of
//! the same cells run in order (`rerun`). lecture_extra.json here has what it leaves open, and the script that made it.

use std::{collections::BTreeMap, sync::LazyLock};

use serde_json::Value;
use yhat_lecture::{CHAPTERS, Findings, Report, chapter};

/// What training in float32 is held to: two correct programs differ by a few units in the last place a step.
const RTOL: f64 = 1e-5;
const ATOL: f64 = 1e-7;

/// Keys whose numbers are data and first weights, equal in every bit.
const EXACT: [&str; 5] = ["y", "sol2_init", "sol3_init", "sol3_shape", "bin_sum"];

static NUMBERS: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(&full_report().numbers()).unwrap());
static LECTURE: LazyLock<Value> = LazyLock::new(|| reference("../yhat/tests/reference/lecture.json"));
static EXTRA: LazyLock<Value> = LazyLock::new(|| reference("tests/reference/lecture_extra.json"));

fn reference(path: &str) -> Value {
    let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn full_report() -> Report {
    let mut report = Report::new();
    CHAPTERS.iter().for_each(|chapter| report.add(chapter, chapter.run().unwrap()));
    report
}

/// The lengths of nested lists, as lists in the same nesting.
fn shape(value: &Value) -> Value {
    match value.as_array() {
        Some(list) => list.iter().map(shape).collect(),
        None => Value::Null,
    }
}

fn flat(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(list) => list.iter().flat_map(flat).collect(),
        Value::Object(object) => object.values().flat_map(flat).collect(),
        number => vec![number.as_f64().unwrap()],
    }
}

#[track_caller]
fn assert_close(what: &str, got: &[f64], expected: &[f64], rtol: f64, atol: f64) {
    assert_eq!(got.len(), expected.len(), "{what}: numbers");
    for (i, (g, e)) in got.iter().zip(expected).enumerate() {
        assert!((g - e).abs() <= atol + rtol * e.abs(), "{what}[{i}]: got {g}, expected {e}");
    }
}

fn distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).fold(0.0, |most, (a, b)| most.max((a - b).abs()))
}

/// What is added to the tolerance of a quantity whose rounding grows beyond it, with the reason measured.
fn growth(key: &str) -> f64 {
    match key {
        // 435 small steps over a plain: w1 passes through zero in column 26, where only the absolute error counts.
        // TensorFlow's own float32 runs of this path, with rows forwards and backwards, end up to 3.6e-7 away from its
        // reference, and all of them 2.5e-6 away from the path in float64.
        "ex1_mse" => {
            let reference = flat(&LECTURE["rerun"][key]);
            let run = |name: &str| distance(&flat(&EXTRA[key][name]), &reference);
            let between_runs = run("float32").max(run("float32_rows_reversed"));
            assert!((3.5e-7..3.7e-7).contains(&between_runs) && run("float64") > 2.5e-6);
            between_runs
        }
        _ => 0.0,
    }
}

#[test]
fn every_key_of_the_reference_with_its_shape_and_value() {
    for (key, expected) in LECTURE["rerun"].as_object().unwrap().iter().filter(|(key, _)| *key != "note") {
        let got = &NUMBERS[key];
        assert_eq!(shape(got), shape(expected), "{key}");
        let (got, expected) = (flat(got), flat(expected));
        match EXACT.contains(&key.as_str()) {
            true => assert_eq!(got, expected, "{key}"),
            false => assert_close(key, &got, &expected, RTOL, ATOL + growth(key)),
        }
    }
}

#[test]
fn no_other_key_but_the_surfaces() {
    let mut expected: Vec<_> = LECTURE["rerun"].as_object().unwrap().keys().map(String::as_str).collect();
    expected.extend(["surface_mse", "surface_bce"]);
    let mut got: Vec<_> = NUMBERS.as_object().unwrap().keys().map(String::as_str).collect();
    expected.sort_unstable();
    got.sort_unstable();
    assert_eq!(got, expected);
}

#[test]
fn the_rounding_of_a_recording_is_that_of_float32_itself() {
    let exact = flat(&EXTRA["ex1_mse"]["float64"]);
    let of_tensorflow = distance(&flat(&LECTURE["rerun"]["ex1_mse"]), &exact);
    let of_yhat = distance(&flat(&NUMBERS["ex1_mse"]), &exact);
    assert!(of_yhat <= 1.1 * of_tensorflow, "{of_yhat:e}, TensorFlow's {of_tensorflow:e}");
}

/// The digits in the notebook, of a run on another machine.
#[test]
fn digits_of_the_notebook() {
    let printed = &LECTURE["printed"];
    let pairs = [
        ("sol1", "sol1_weights"),
        ("sol3", "sol3_after_1000"),
        ("fail", "sol3_fail_seed_43054_after_11000"),
        ("tape", "tape_gradient_float64_at_the_fail"),
    ];
    for (key, printed_key) in pairs {
        // The notebook names its numbers; ours are a list in the order of the weights.
        let names: &[&str] =
            if key == "sol1" { &["kernel", "bias"] } else { &["kernel1", "bias1", "kernel2", "bias2"] };
        let expected: Vec<f64> = names.iter().flat_map(|name| flat(&printed[printed_key][name])).collect();
        assert_close(key, &flat(&NUMBERS[key]), &expected, RTOL, ATOL);
    }
    let y = flat(&NUMBERS["y"]);
    assert_close("y", &[y[0], y[99]], &flat(&printed["regression_y_first_last"]), 0.0, 5e-9);
    let kernel = flat(&NUMBERS["sol2_init"])[0] as f32;
    assert_eq!(kernel, printed["sol2_initial_kernel_seed_43053"].as_f64().unwrap() as f32);
    let kernel: Vec<f32> = flat(&NUMBERS["sol3_init"])[..2].iter().map(|x| *x as f32).collect();
    let expected = flat(&printed["sol3_initial_kernel_seed_43053"]);
    assert_eq!(kernel, expected.iter().map(|x| *x as f32).collect::<Vec<_>>());
}

#[test]
fn summaries_count_as_the_notebook_does() {
    let counts = |name: &str| -> Vec<u64> {
        let findings = chapter(name).unwrap().run().unwrap();
        let summary =
            findings.lines().iter().find(|line| line.text().contains("Total params")).unwrap().text().to_string();
        let rows = summary.lines().filter(|line| line.contains("(Dense)") || line.contains("(Activation)"));
        let total = summary.lines().filter(|line| line.starts_with("Total params"));
        let last = |line: &str| line.split_whitespace().last().unwrap().replace(',', "").parse().unwrap();
        rows.chain(total).map(last).collect()
    };
    let expected = |key: &str| -> Vec<u64> {
        LECTURE["printed"]["param_counts"][key].as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).collect()
    };
    assert_eq!(counts("solution3"), expected("sol3"));
    assert_eq!(counts("solution4"), expected("sol4"));
}

#[test]
fn surfaces_are_those_of_numpy() {
    let indices = |key: &str| -> Vec<usize> {
        EXTRA[key].as_array().unwrap().iter().map(|i| i.as_u64().unwrap() as usize).collect()
    };
    let (rows, columns) = (indices("surface_rows"), indices("surface_columns"));
    for key in ["surface_mse", "surface_bce"] {
        let surface = &NUMBERS[key];
        let lengths: Vec<usize> = surface.as_array().unwrap().iter().map(|row| row.as_array().unwrap().len()).collect();
        assert_eq!(lengths, [55; 65]);
        let got: Vec<f64> =
            rows.iter().flat_map(|i| columns.iter().map(|j| surface[*i][*j].as_f64().unwrap())).collect();
        assert_close(key, &got, &flat(&EXTRA[key]), 1e-12, 0.0);
    }
}

/// A chapter by itself, in any order, after other work on the thread, gives the same bits as in the full run.
#[test]
fn the_same_bits_whatever_ran_before() {
    let found: BTreeMap<&str, Findings> = CHAPTERS.iter().rev().map(|c| (c.name, c.run().unwrap())).collect();
    yhat::random::set_seed(1);
    let _ = yhat::layers::Dense::new(1).build(1);
    for (chapter, findings) in full_report().parts() {
        assert!(found[chapter.name] == *findings, "{}", chapter.name);
    }
}

#[test]
fn a_chapter_leaves_the_callers_thread_as_it_was() {
    let kernel = || {
        let layer = yhat::layers::Dense::new(1);
        layer.build(1).unwrap();
        (layer.name().to_string(), layer.get_weights().unwrap())
    };
    yhat::clear_session();
    yhat::random::set_seed(7);
    let expected = kernel();
    yhat::clear_session();
    yhat::random::set_seed(7);
    chapter("solution3").unwrap().run().unwrap();
    assert_eq!(kernel(), expected);
}
