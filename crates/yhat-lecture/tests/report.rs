//! What a report writes, and how.

use std::{fs, path::PathBuf};

use yhat_lecture::{CHAPTERS, Error, Line, Report, chapter};

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
    let paths = report.write(&directory).unwrap();
    assert_eq!(paths, [directory.join("numbers.json"), directory.join("index.html")]);
    assert_eq!(fs::read_dir(&directory).unwrap().count(), 2);
    assert_eq!(fs::read_to_string(&paths[0]).unwrap(), report.numbers());
    assert_eq!(fs::read_to_string(&paths[1]).unwrap(), report.page());
}

#[test]
fn a_file_that_can_not_be_replaced_stays_and_leaves_no_rest() {
    let directory = directory("in_the_way");
    fs::create_dir_all(directory.join("numbers.json/full")).unwrap();
    let error = report(&["relu"]).write(&directory).unwrap_err();
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

#[test]
fn the_page_has_every_chapter_with_its_words_numbers_and_code() {
    let report = report(&["solution1", "solution3", "logistic"]);
    let page = report.page();
    for (chapter, findings) in report.parts() {
        assert!(page.contains(&format!("<section id=\"{}\">", chapter.name)));
        assert!(page.contains(chapter.title) && page.contains("pub fn run() -&gt; yhat::Result&lt;Findings&gt;"));
        for line in findings.lines().iter().filter(|line| matches!(line, Line::Text(_))) {
            assert!(page.contains(line.text()), "{}", line.text());
        }
        for (key, _) in findings.numbers() {
            assert!(page.contains(&format!("<code>{key}</code>")));
        }
    }
    assert!(!page.contains("<script") && !page.contains("http"));
}

/// Every tag that is opened is closed, in order.
#[test]
fn the_page_is_well_formed() {
    let page = report(&["data", "solution4", "bce"]).page();
    let mut open: Vec<&str> = Vec::new();
    for (at, _) in page.match_indices('<') {
        let tag = &page[at + 1..at + page[at..].find('>').unwrap()];
        let name = tag.split([' ', '\n']).next().unwrap();
        match name.strip_prefix('/') {
            Some(closed) => assert_eq!(open.pop(), Some(closed), "{tag}"),
            None if ["!DOCTYPE", "meta"].contains(&name) => {}
            None => open.push(name),
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn every_chapter_says_what_it_is_about_and_shows_its_code() {
    for chapter in CHAPTERS {
        assert!(chapter.prose().len() >= 2, "{}", chapter.name);
        assert!(chapter.prose().iter().all(|p| !p.contains("//") && p.ends_with(['.', '?'])), "{:?}", chapter.prose());
        assert!(chapter.code().starts_with("use ") && !chapter.code().contains("//!"), "{}", chapter.name);
        assert!(chapter.code().lines().count() < 110, "{}", chapter.name);
    }
}
