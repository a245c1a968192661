use std::{io, path::PathBuf};

/// What can go wrong with a lecture.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A chapter that could not be computed.
    #[error("chapter '{chapter}': {source}")]
    Chapter {
        /// The chapter's name.
        chapter: &'static str,
        /// Why.
        source: yhat::Error,
    },
    /// A chapter that ended in a panic, whose message is on standard error.
    #[error("chapter '{chapter}' panicked")]
    Panic {
        /// The chapter's name.
        chapter: &'static str,
    },
    /// A file or a directory that could not be written.
    #[error("can't write {}: {source}", path.display())]
    Write {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// The result of anything in this crate that can fail.
pub type Result<T> = std::result::Result<T, Error>;
