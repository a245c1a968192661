use std::thread;

use crate::{CHAPTERS, Error, Findings, Lang, Page, Result, text::Words};

/// One chapter: a source file that computes something and says what came of it.
#[derive(Clone, Copy, Debug)]
pub struct Chapter {
    /// The name it is asked for by, also that of its files.
    pub name: &'static str,
    /// The title.
    pub title: &'static str,
    pub(crate) source: &'static str,
    pub(crate) keras: &'static str,
    /// In the order of [`Lang::ALL`].
    pub(crate) words: [&'static str; 2],
    pub(crate) compute: fn() -> yhat::Result<Findings>,
    pub(crate) page: fn(&Findings) -> yhat::Result<Page>,
}

impl Chapter {
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

    /// What the chapter shows of what it found, computed on a thread of its own too: some chapters train more nets for it.
    ///
    /// # Errors
    /// If something that it shows was not found, or can't be computed.
    pub fn page(&self, found: &Findings) -> Result<Page> {
        match thread::scope(|scope| scope.spawn(|| (self.page)(found)).join()) {
            Ok(page) => page.map_err(|source| Error::Chapter { chapter: self.name, source }),
            Err(_) => Err(Error::Panic { chapter: self.name }),
        }
    }

    /// The code of its file, without the words at its head.
    pub fn code(&self) -> &'static str {
        let head: usize =
            self.source.split_inclusive('\n').take_while(|line| line.starts_with("//!")).map(str::len).sum();
        self.source[head..].trim()
    }

    /// The part of its file from the comment `// [key]` on, up to the next such comment.
    pub fn region(&self, key: &str) -> Option<String> {
        region(self.source, "//", key)
    }

    /// The function `key` of its file.
    pub fn function(&self, key: &str) -> Option<&'static str> {
        let from = self.source.find(&format!("\nfn {key}("))? + 1;
        let length = self.source[from..].find("\n}\n")? + 2;
        Some(&self.source[from..from + length])
    }

    /// What belongs to a key in the same chapter's program for Keras.
    pub fn keras(&self, key: &str) -> Option<String> {
        region(self.keras, "#", key)
    }

    pub(crate) fn words(&self, lang: Lang) -> Words {
        let text = match lang {
            Lang::En => self.words[0],
            Lang::Ko => self.words[1],
        };
        Words::parse(&format!("{lang}/{}.md", self.name), text)
    }
}

/// The lines after `// [key]` up to the next such line, moved to the left as far as they go.
fn region(source: &str, comment: &str, key: &str) -> Option<String> {
    let marker = |line: &str| {
        let inside = line.trim().strip_prefix(comment)?.trim().strip_prefix('[')?.strip_suffix(']')?.to_string();
        inside.chars().all(|c| c.is_alphanumeric() || c == '_').then_some(inside)
    };
    let mut lines = source.lines().skip_while(|line| marker(line).as_deref() != Some(key));
    lines.next()?;
    let lines: Vec<&str> = lines.take_while(|line| marker(line).is_none()).collect();
    let indents = lines.iter().filter(|line| !line.trim().is_empty()).map(|line| line.len() - line.trim_start().len());
    let indent = indents.min()?;
    let moved: Vec<&str> = lines.iter().map(|line| line.get(indent..).unwrap_or("").trim_end()).collect();
    Some(moved.join("\n").trim().to_string())
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
