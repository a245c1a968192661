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
fn a_table_that_is_not_one_is_told_by_its_line() {
    let directory = directory("tables");
    fs::create_dir_all(&directory).unwrap();
    let told = |name: &str, content: &str| {
        let file = directory.join(name);
        fs::write(&file, content).unwrap();
        let failed = output(&["diagnose", "--data", file.to_str().unwrap(), "--target", "y"]);
        assert_eq!(failed.status.code(), Some(1), "{name}");
        text(&failed.stderr).replace(file.to_str().unwrap(), name)
    };
    let ragged = told("ragged.csv", "x,y\n1,2\n3\n");
    assert!(
        ragged.contains("ragged.csv, line 3: 1 cells, expected 2, one for each name in the first line"),
        "{ragged}"
    );
    let empty = told("empty.csv", "");
    assert!(empty.contains("empty.csv is empty, expected a line of names and rows of numbers"), "{empty}");
    let words = told("words.csv", "x,y\n1,two\n");
    assert!(words.contains("words.csv, line 2: column 'y' has 'two', expected a number"), "{words}");
    let holes = directory.join("holes.csv");
    fs::write(&holes, "x,y\n1,2\n,4\n5,6\n").unwrap();
    let found = output(&["diagnose", "--data", holes.to_str().unwrap(), "--target", "y"]);
    assert!(found.status.success() && text(&found.stdout).contains("row 1, column 0"), "{}", text(&found.stdout));
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

/// What `yhat sweep` prints, of 12 fits.
fn swept(more: &[&str]) -> (i32, String, String) {
    let output = output(&[&["sweep", "--hidden", "1,2-2", "--seeds", "5..11", "--epochs", "200"], more].concat());
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_sweep_is_a_table_and_a_file() {
    let directory = directory("sweep");
    fs::create_dir_all(&directory).unwrap();
    let file = directory.join("fits.csv");
    let path = file.to_str().unwrap();
    let (code, told, aside) = swept(&["--out", path]);
    assert_eq!((code, aside.as_str()), (0, ""));
    let words = |line: &str| line.split_whitespace().map(str::to_string).collect::<Vec<_>>();
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(words(lines[0])[..3], ["hidden", "fits", "succeed"]);
    assert_eq!(
        (&words(lines[1])[..2], &words(lines[2])[..2]),
        (&["1", "6"].map(String::from)[..], &["2-2", "6"].map(String::from)[..])
    );
    assert!(told.contains("A success is a final loss below 0.1.") && told.contains(path), "{told}");
    let first = fs::read(&file).unwrap();
    assert_eq!(text(&first).lines().count(), 13);
    assert!(text(&first).starts_with("hidden,seed,epochs,loss,curve,weights,sweep\n1,5,200,"));

    // Again, and from the middle.
    let (_, again, aside) = swept(&["--out", path]);
    assert_eq!((again, aside.as_str()), (told.clone(), "12 of 12 fits are in the file\n"));
    fs::write(&file, &first[..first.len() / 2]).unwrap();
    assert_eq!(swept(&["--out", path]).1, told);
    assert!(fs::read(&file).unwrap() == first);
    let (code, _, aside) = swept(&["--out", path, "--rate", "0.2"]);
    assert_eq!(code, 1);
    assert!(aside.contains("was trained on other data, another net or with other options"), "{aside}");
}

#[test]
fn a_sweep_over_a_table_of_ones_own() {
    let directory = directory("sweep of a table");
    fs::create_dir_all(&directory).unwrap();
    let file = directory.join("data.csv");
    let rows: String = (0..20).map(|i| format!("{i},{},{}\n", 20 - i, 2 * i)).collect();
    fs::write(&file, format!("a,b,c\n{rows}")).unwrap();
    let path = file.to_str().unwrap();
    let (code, told, aside) =
        swept(&["--data", path, "--target", "c", "--optimizer", "sgd,adam", "--rate", "0.001,0.01"]);
    assert_eq!((code, aside.as_str()), (0, ""), "{told}");
    assert!(told.trim_start().starts_with("hidden  optimizer   rate  fits"), "{told}");
    assert_eq!(told.lines().count(), 1 + 8 + 2);
    let (code, _, aside) = swept(&["--data", path, "--target", "C"]);
    assert_eq!(code, 1);
    assert!(aside.contains("unknown column 'C'"), "{aside}");
    for (wrong, part) in
        [("--hidden=0", "widths of at least 1"), ("--seeds=3..3", "how many"), ("--optimizer=adan", "adam")]
    {
        let output = output(&["sweep", wrong]);
        assert!(!output.status.success() && text(&output.stderr).contains(part), "{}", text(&output.stderr));
    }
}

#[test]
fn a_landscape_is_a_page_or_a_picture() {
    let directory = directory("landscape");
    fs::create_dir_all(&directory).unwrap();
    let planes = [
        ("a.svg", "principal", "principal direction 1"),
        ("b.html", "random", "first random direction"),
        ("c.svg", "extremes", "eigenvector 1, curvature"),
        ("d.svg", "softest", "eigenvector 17, curvature"),
        ("e.svg", "dense/kernel:2,dense_2/bias:0", "dense/kernel[0, 2]"),
    ];
    for (name, plane, word) in planes {
        let file = directory.join(name);
        let args =
            ["landscape", "--epochs", "60", "--hidden", "3-2", "--plane", plane, "--out", file.to_str().unwrap()];
        let output = output(&args);
        let told = text(&output.stdout);
        assert!(output.status.success(), "{}", text(&output.stderr));
        assert!(told.contains("adam: ends at a loss of") && told.contains(name), "{told}");
        assert_eq!(told.contains("% of the variance"), plane == "principal", "{told}");
        let drawn = text(&fs::read(&file).unwrap());
        assert!(drawn.contains(word) && drawn.contains("log10 of the loss"), "{plane}");
    }
    for (wrong, part) in [
        (["--out", "picture.bmp"], "ends in .html or .svg"),
        (["--plane", "sideways"], "known are principal"),
        (["--plane", "dense/kernl:0,dense_1/bias:0"], "did you mean 'dense/kernel'?"),
    ] {
        let output = output(&["landscape", "--epochs", "3", wrong[0], wrong[1]]);
        assert!(!output.status.success() && text(&output.stderr).contains(part), "{}", text(&output.stderr));
    }
}

#[test]
fn evidence_in_words_and_a_picture_of_the_parts() {
    let directory = directory("parts");
    fs::create_dir_all(&directory).unwrap();
    let file = directory.join("parts.svg");
    let told = text(&output(&["diagnose", "failure", "--evidence", "--decomposition", file.to_str().unwrap()]).stdout);
    for words in [
        "\nA worse place than other seeds find\n  loss: 0.11586\n  fits from other seeds: 20 fits\n",
        "\n  steepest slope along one weight: 5",
        "\n  looked at: 100 rows\n",
        "The picture is ",
    ] {
        assert!(told.contains(words), "{words}\n{told}");
    }
    let evidence = told.split("Not computed").nth(1).unwrap();
    assert!(!evidence.contains('_'), "no name for programs: {evidence}");
    let drawn = text(&fs::read(&file).unwrap());
    assert!(drawn.contains("what each unit adds, with its kink") && drawn.contains("unit 1"));

    let table = directory.join("table.csv");
    let rows: String = (0..60).map(|i| format!("{},{},{}\n", i % 8, i % 5, (i % 8) * (i % 5))).collect();
    fs::write(&table, format!("a,b,c\n{rows}")).unwrap();
    let fit =
        ["diagnose", "--data", table.to_str().unwrap(), "--target", "c", "--scale", "--epochs", "50", "--fits", "0"];
    let draw = ["--decomposition", file.to_str().unwrap(), "--along"];
    assert!(output(&[&fit[..], &draw, &["b"]].concat()).status.success());
    assert!(text(&fs::read(&file).unwrap()).contains("input 1"));
    let wrong = output(&[&fit[..], &draw, &["c"]].concat());
    assert!(text(&wrong.stderr).contains("unknown column 'c'"), "{}", text(&wrong.stderr));
}

/// The process is killed, not asked: the same command again ends with the same file as one that ran through, in every byte.
#[test]
fn a_killed_sweep_goes_on_to_the_same_file() {
    let directory = directory("killed");
    fs::create_dir_all(&directory).unwrap();
    let (whole, killed) = (directory.join("whole.csv"), directory.join("killed.csv"));
    let sweep = |file: &PathBuf, threads: &str| {
        let mut command = yhat(&["sweep", "--hidden", "1,32", "--seeds", "150", "--out", file.to_str().unwrap()]);
        command.env("YHAT_THREADS", threads).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    };
    let expected = sweep(&whole, "1").output().unwrap();
    let lines = |file: &PathBuf| fs::read(file).map_or(0, |bytes| bytes.iter().filter(|b| **b == b'\n').count());
    let mut killings = 0;
    // Twice, if the machine lets itself be caught.
    for _ in 0..2 {
        let (before, mut child) = (lines(&killed), sweep(&killed, "2").spawn().unwrap());
        while lines(&killed) < before + 20 && child.try_wait().unwrap().is_none() {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        child.kill().unwrap();
        killings += usize::from(!child.wait().unwrap().success());
    }
    let found = lines(&killed);
    let last = sweep(&killed, "2").output().unwrap();
    assert!(last.status.success() && fs::read(&killed).unwrap() == fs::read(&whole).unwrap());
    let table = |output: &Output| text(&output.stdout).lines().take(4).map(str::to_string).collect::<Vec<_>>();
    assert_eq!(table(&last), table(&expected));
    assert!(killings == 0 || found < 301, "killed {killings} times, {found} lines were there");
}

#[cfg(unix)]
#[test]
fn ctrl_c_leaves_a_whole_file() {
    let directory = directory("interrupted");
    fs::create_dir_all(&directory).unwrap();
    let file = directory.join("fits.csv");
    let args = ["sweep", "--hidden", "64", "--seeds", "300", "--out", file.to_str().unwrap()];
    let child = yhat(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while fs::metadata(&file).map_or(0, |m| m.len()) < 1000 {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    let lines = text(&fs::read(&file).unwrap());
    // A machine that is fast enough had done them all.
    if lines.lines().count() < 301 {
        assert_eq!(output.status.code(), Some(130));
        assert!(text(&output.stdout).ends_with("the same command goes on from there.\n"), "{}", text(&output.stdout));
    }
    assert!(lines.ends_with('\n'));
    assert!(lines.lines().skip(1).enumerate().all(|(i, line)| line.starts_with(&format!("64,{i},1000,"))), "{lines}");
}
