//! What a run of chapters leaves on disk.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{Chapter, Error, Findings, Lang, Result};

mod json;
mod page;

/// Chapters with what they found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    parts: Vec<(Chapter, Findings)>,
}

impl Report {
    /// A report of nothing yet.
    pub fn new() -> Report {
        Report::default()
    }

    /// Adds a chapter.
    pub fn add(&mut self, chapter: &Chapter, findings: Findings) {
        self.parts.push((*chapter, findings));
    }

    /// The chapters and their findings, in the order in which they came.
    pub fn parts(&self) -> &[(Chapter, Findings)] {
        &self.parts
    }

    /// All numbers as a JSON object, a key a line; lists are nested as the arrays' shapes say.
    pub fn numbers(&self) -> String {
        json::object(self)
    }

    /// A page that needs nothing beside itself, in all languages; `lang` is shown at first. Figures are drawn here.
    ///
    /// # Errors
    /// If a figure can't be drawn, or the words name a value that no chapter has.
    pub fn page(&self, lang: Lang) -> Result<String> {
        page::html(self, lang)
    }

    /// Writes `numbers.json` into a directory, which is made if it is not there. Returns its path.
    ///
    /// # Errors
    /// If it can't be written; what had its name before is then as it was.
    pub fn write_numbers(&self, directory: &Path) -> Result<PathBuf> {
        make_directory(directory)?;
        replace(directory.join("numbers.json"), &self.numbers())
    }

    /// Writes the [page](Report::page) as `index.html` into a directory, which is made if it is not there. Returns its
    /// path.
    ///
    /// # Errors
    /// As [`Report::page`], or if it can't be written; what had its name before is then as it was.
    pub fn write_page(&self, directory: &Path, lang: Lang) -> Result<PathBuf> {
        make_directory(directory)?;
        replace(directory.join("index.html"), &self.page(lang)?)
    }

    /// Makes the directory and sees whether files can be written to it: better before the work than after it.
    ///
    /// # Errors
    /// If not.
    pub fn prepare(directory: &Path) -> Result<()> {
        make_directory(directory)?;
        let probe = temporary(directory, "probe");
        fs::write(&probe, "").and_then(|()| fs::remove_file(&probe)).map_err(|source| write_error(directory, source))
    }
}

fn make_directory(directory: &Path) -> Result<()> {
    fs::create_dir_all(directory).map_err(|source| write_error(directory, source))
}

/// Writes a file under another name and renames it when it is whole.
fn replace(path: PathBuf, text: &str) -> Result<PathBuf> {
    let (directory, name) = (path.parent().unwrap_or(Path::new("")), path.file_name().unwrap_or_default());
    let unfinished = temporary(directory, &name.to_string_lossy());
    let written = fs::write(&unfinished, text).and_then(|()| fs::rename(&unfinished, &path));
    written.map_err(|source| {
        let _ = fs::remove_file(&unfinished);
        write_error(&path, source)
    })?;
    Ok(path)
}

/// A name that no other process writes to.
fn temporary(directory: &Path, name: &str) -> PathBuf {
    directory.join(format!(".{name}.{}", std::process::id()))
}

fn write_error(path: &Path, source: std::io::Error) -> Error {
    Error::Write { path: path.to_path_buf(), source }
}
