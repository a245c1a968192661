//! The command as a user meets it: what it prints, what it writes, how it ends.

use std::{
    fs,
    io::Read,
    path::PathBuf,
    process::{Command, Output, Stdio},
};

fn yhat(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yhat"));
    command.args(args);
    command
}

fn output(args: &[&str]) -> Output {
    yhat(args).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A directory of the test's own, not there yet.
fn directory(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&path);
    path
}

#[test]
fn help_and_version() {
    for args in [&[][..], &["--help"], &["help"]] {
        let output = output(args);
        assert!(output.status.success());
        let help = text(&output.stdout);
        let says =
            |command: &str, what: &str| help.lines().any(|l| l.trim_start().starts_with(command) && l.contains(what));
        assert!(says("lecture ", "Run the course") && says("diagnose ", "Say what state"), "{help}");
    }
    let help = text(&output(&["lecture", "--help"]).stdout);
    for word in
        ["--out <DIR>", "--only <NAME>", "--lang <LANG>", "--numbers-only", "--list", "numbers.json", "index.html"]
    {
        assert!(help.contains(word), "{help}");
    }
    assert!(help.lines().all(|line| line.len() <= 80), "{help}");
    let help = text(&output(&["diagnose", "--help"]).stdout);
    assert!(help.contains("--held-out <PART>") && help.lines().all(|line| line.len() <= 110), "{help}");
    assert_eq!(text(&output(&["--version"]).stdout), format!("yhat {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn the_list_of_chapters() {
    let output = output(&["lecture", "--list"]);
    let list = text(&output.stdout);
    let names: Vec<&str> = list.lines().map(|line| line.split_whitespace().next().unwrap()).collect();
    assert!(output.status.success());
    assert_eq!(names.len(), 16);
    assert_eq!([names[0], names[5], names[14]], ["data", "failure", "adam_far"]);
}

#[test]
fn the_whole_lecture_in_a_pipe() {
    let directory = directory("whole");
    let output = output(&["lecture", "--out", directory.to_str().unwrap()]);
    let told = text(&output.stdout);
    assert!(output.status.success() && output.stderr.is_empty());
    assert!(
        told.contains("\n 2/16  Solution 1: a straight line\n       a straight line y = 2.2616 x + 0.6069"),
        "{told}"
    );
    assert!(told.contains("\n16/16  ") && told.trim_end().ends_with("index.html"));
    assert!(told.chars().all(|c| c == '\n' || !c.is_control()));
    assert!(directory.join("numbers.json").is_file() && directory.join("index.html").is_file());
}

#[test]
fn the_same_bytes_with_one_thread_and_two_and_again() {
    let written = |name: &str, threads: &str| {
        let directory = directory(name);
        let mut command = yhat(&["lecture", "--out", directory.to_str().unwrap()]);
        assert!(command.env("YHAT_THREADS", threads).output().unwrap().status.success());
        ["numbers.json", "index.html"].map(|file| fs::read(directory.join(file)).unwrap())
    };
    let first = written("one_thread", "1");
    assert!(first == written("two_threads", "2"));
    assert!(first == written("again", "2"));
}

#[test]
fn one_chapter_has_the_lines_of_the_full_run() {
    let (one, all) = (directory("one"), directory("all"));
    assert!(output(&["lecture", "--only", "adam_far", "--out", one.to_str().unwrap()]).status.success());
    assert!(output(&["lecture", "--out", all.to_str().unwrap()]).status.success());
    let numbers = |directory: &PathBuf| fs::read_to_string(directory.join("numbers.json")).unwrap();
    let (one, all) = (numbers(&one), numbers(&all));
    let keys: Vec<&str> = one.lines().filter_map(|line| line.split('"').nth(1)).collect();
    assert_eq!(keys, ["ex3_mse", "ex3_bce", "note"]);
    assert!(one.lines().all(|line| all.lines().any(|other| other == line)));
}

#[test]
fn numbers_only_writes_the_same_numbers_and_no_page() {
    let (numbers, page) = (directory("numbers"), directory("page"));
    let written = |directory: &PathBuf, more: &[&str]| {
        let args = [&["lecture", "--only", "solution3", "--out", directory.to_str().unwrap()], more].concat();
        assert!(output(&args).status.success());
        fs::read(directory.join("numbers.json")).unwrap()
    };
    assert!(written(&numbers, &["--numbers-only"]) == written(&page, &["--lang", "ko"]));
    assert!(!numbers.join("index.html").exists());
    assert!(fs::read_to_string(page.join("index.html")).unwrap().contains("<html lang=\"ko\">"));
}

#[test]
fn usage_errors_end_with_2() {
    let misspelt = output(&["lecture", "--only", "solutoin3"]);
    assert_eq!(misspelt.status.code(), Some(2));
    assert!(text(&misspelt.stderr).contains("unknown chapter 'solutoin3'; did you mean 'solution3'?"));
    let language = output(&["lecture", "--lang", "kor"]);
    assert_eq!(language.status.code(), Some(2));
    assert!(text(&language.stderr).contains("unknown language 'kor'; did you mean 'ko'?"));
    for args in
        [&["lektüre"][..], &["lecture", "--ouput", "x"], &["lecture", "--only"], &["lecture", "--list", "--out", "x"]]
    {
        assert_eq!(output(args).status.code(), Some(2), "{args:?}");
    }
    assert!(text(&output(&["lectur"]).stderr).contains("'lecture'"));
}

#[test]
fn failures_end_with_1_and_before_any_work() {
    let file = directory("a_file");
    fs::write(&file, "").unwrap();
    let failed = output(&["lecture", "--out", file.join("within").to_str().unwrap()]);
    assert_eq!(failed.status.code(), Some(1));
    assert!(failed.stdout.is_empty());
    let message = text(&failed.stderr);
    assert!(message.starts_with("error: can't write ") && message.contains("a_file") && !message.contains("panicked"));
}

#[test]
fn a_closed_pipe_ends_nothing() {
    let directory = directory("closed_pipe");
    let mut command = yhat(&["lecture", "--out", directory.to_str().unwrap()]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut complaints = String::new();
    child.stderr.take().unwrap().read_to_string(&mut complaints).unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(complaints, "");
    assert!(directory.join("numbers.json").is_file());
}

#[test]
fn the_verdict_on_a_network_of_the_course() {
    let output = output(&["diagnose", "failure"]);
    let told = text(&output.stdout);
    assert!(output.status.success() && output.stderr.is_empty());
    for words in ["Converged to a minimum\n", "A worse place than other seeds find\n", ": 1 of 2\n", "Not computed:\n"]
    {
        assert!(told.contains(words), "{told}");
    }
    assert!(
        text(&yhat(&["diagnose", "solution1", "--language", "ko"]).output().unwrap().stdout).contains("극소점에 수렴")
    );
    let list = text(&yhat(&["diagnose", "--list"]).output().unwrap().stdout);
    assert_eq!(list.lines().count(), 9);
}

#[test]
fn the_verdict_on_a_network_for_a_table() {
    let directory = directory("table");
    fs::create_dir_all(&directory).unwrap();
    let path = |name: &str, table: &str| {
        let path = directory.join(name);
        fs::write(&path, table).unwrap();
        path.to_str().unwrap().to_string()
    };
    let row = |i: usize| f64::from(u8::try_from(i * 37 % 100).unwrap()) / 50.0 - 1.0;
    let bent: String = (0..100).map(|i| format!("{},7,{}\n", row(i), row(i).abs())).collect();
    let bent = path("bent.csv", &format!("x,\"seven\",y\n{bent}"));
    let table = ["diagnose", "--data", &bent, "--target", "y"];
    let with = |more: &[&str]| text(&output(&[&table[..], more].concat()).stdout);
    let told = with(&["--no-hidden", "--epochs", "2000", "--learning-rate", "0.01"]);
    assert!(told.contains("never change: 1\n") && told.contains("Too simple for the data\n"), "{told}");
    let told = with(&["--hidden", "16", "--epochs", "20", "--optimizer", "adam", "--held-out", "0", "--fits", "0"]);
    assert!(told.contains("Still descending\n") && told.contains("Whether it is over-fit"), "{told}");

    let holes = path("holes.csv", "x,y\n1,2\n,3\n4,5\n");
    let told = text(&output(&["diagnose", "--data", &holes, "--target", "y", "--held-out", "0"]).stdout);
    assert!(told.contains("The data are not all numbers"), "{told}");

    let words = path("words.csv", "x,y\n1,2\none,3\n");
    for (args, message) in [
        (["--data", words.as_str(), "--target", "y"], "line 3: column 'x' has 'one', expected a number"),
        (["--data", words.as_str(), "--target", "z"], "line 3"),
        (["--data", bent.as_str(), "--target", "sevn"], "unknown column 'sevn'; did you mean 'seven'?"),
        (["--data", "no such file", "--target", "y"], "can't read no such file"),
    ] {
        let failed = output(&[&["diagnose"], &args[..]].concat());
        assert_eq!(failed.status.code(), Some(1));
        assert!(text(&failed.stderr).contains(message), "{}", text(&failed.stderr));
    }
    for args in [&["diagnose"][..], &["diagnose", "--data", &bent], &["diagnose", "failure", "--data", &bent]] {
        assert_eq!(output(args).status.code(), Some(2), "{args:?}");
    }
    let misspelt = output(&["diagnose", "failur"]);
    assert!(text(&misspelt.stderr).contains("did you mean 'failure'?"));
}
