use std::thread;

use crate::{CHAPTERS, Error, Findings, Result};

/// One chapter: a source file that computes something and says what came of it.
#[derive(Clone, Copy, Debug)]
pub struct Chapter {
    /// The name it is asked for by, also that of its file.
    pub name: &'static str,
    /// The title.
    pub title: &'static str,
    source: &'static str,
    compute: fn() -> yhat::Result<Findings>,
}

impl Chapter {
    pub(crate) const fn new(
        name: &'static str,
        title: &'static str,
        source: &'static str,
        compute: fn() -> yhat::Result<Findings>,
    ) -> Chapter {
        Chapter { name, title, source, compute }
    }

    /// Computes the chapter, always with the same result, whatever ran before it and wherever: random streams and
    /// layers' names belong to a thread, and each chapter has a thread of its own.
    ///
    /// # Errors
    /// If the computation fails.
    pub fn run(&self) -> Result<Findings> {
        match thread::spawn(self.compute).join() {
            Ok(found) => found.map_err(|source| Error::Chapter { chapter: self.name, source }),
            Err(_) => Err(Error::Panic { chapter: self.name }),
        }
    }

    /// What the chapter is about, in paragraphs: the words at the head of its file.
    pub fn prose(&self) -> Vec<String> {
        let lines: Vec<&str> = self.head().map(|line| line.trim_start_matches("//!").trim()).collect();
        lines.split(|line| line.is_empty()).filter(|p| !p.is_empty()).map(|p| p.join(" ")).collect()
    }

    /// The code of its file.
    pub fn code(&self) -> &'static str {
        let head: usize = self.head().map(|line| line.len()).sum();
        self.source[head..].trim()
    }

    fn head(&self) -> impl Iterator<Item = &'static str> {
        self.source.split_inclusive('\n').take_while(|line| line.starts_with("//!"))
    }
}

/// The chapter of this name.
///
/// ```
/// let message = yhat_lecture::chapter("solution5").unwrap_err().to_string();
/// assert_eq!(message, "unknown chapter 'solution5'; did you mean 'solution1'?");
/// ```
///
/// # Errors
/// If there is none, with the nearest name.
pub fn chapter(name: &str) -> yhat::Result<&'static Chapter> {
    let names = || CHAPTERS.iter().map(|chapter| chapter.name).collect::<Vec<_>>();
    let found = CHAPTERS.iter().find(|chapter| chapter.name == name);
    found.ok_or_else(|| yhat::Error::unknown("chapter", name, &names()))
}
