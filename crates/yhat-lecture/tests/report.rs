//! What a report writes, and how.

use std::{fs, path::PathBuf};

use yhat_lecture::{Error, Lang, Report, chapter};

/// A directory of the test's own, not there yet.
fn directory(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&path);
    path
}

fn report(names: &[&str]) -> Report {
    let mut report = Report::new();
    for name in names {
        let chapter = chapter(name).unwrap();
        report.add(chapter, chapter.run().unwrap());
    }
    report
}

#[test]
fn two_files_and_nothing_else() {
    let directory = directory("two_files/within");
    let report = report(&["data"]);
    let numbers = report.write_numbers(&directory).unwrap();
    assert_eq!(fs::read_dir(&directory).unwrap().count(), 1);
    let page = report.write_page(&directory, Lang::Ko).unwrap();
    assert_eq!([&numbers, &page], [&directory.join("numbers.json"), &directory.join("index.html")]);
    assert_eq!(fs::read_dir(&directory).unwrap().count(), 2);
    assert_eq!(fs::read_to_string(&numbers).unwrap(), report.numbers());
    assert_eq!(fs::read_to_string(&page).unwrap(), report.page(Lang::Ko).unwrap());
}

#[test]
fn a_file_that_can_not_be_replaced_stays_and_leaves_no_rest() {
    let directory = directory("in_the_way");
    fs::create_dir_all(directory.join("numbers.json/full")).unwrap();
    let error = report(&["relu"]).write_numbers(&directory).unwrap_err();
    assert!(matches!(error, Error::Write { .. }));
    assert!(error.to_string().starts_with("can't write ") && error.to_string().contains("numbers.json"));
    assert_eq!(fs::read_dir(&directory).unwrap().count(), 1);
}

#[test]
fn a_directory_that_can_not_be_made_is_named() {
    let directory = directory("a_file");
    fs::write(&directory, "").unwrap();
    let error = Report::prepare(&directory.join("within")).unwrap_err();
    assert!(error.to_string().contains("a_file"), "{error}");
}
