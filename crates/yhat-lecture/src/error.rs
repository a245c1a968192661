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
    /// A file of the course's words that can't be read.
    #[error("{file}: {message}")]
    Text {
        /// Which.
        file: String,
        /// What is wrong in it.
        message: String,
    },
    /// A figure that can't be drawn.
    #[error("figure '{figure}' of chapter '{chapter}': {source}")]
    Figure {
        /// The chapter's name.
        chapter: &'static str,
        /// The figure's key.
        figure: &'static str,
        /// Why.
        source: yhat_plot::Error,
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

impl Error {
    pub(crate) fn text(file: &str, message: impl Into<String>) -> Error {
        Error::Text { file: file.to_string(), message: message.into() }
    }
}

/// The result of anything in this crate that can fail.
pub type Result<T> = std::result::Result<T, Error>;
