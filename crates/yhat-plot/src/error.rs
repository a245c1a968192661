//! What can go wrong with a figure, in words that help.

use std::{io, path::PathBuf, sync::Arc};

/// An error of a figure: what came, what was expected, and where.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Data whose lengths or shapes do not fit together.
    #[error("{call}: {message}")]
    Shape {
        /// The method and its arguments, as in `plot(x, y)`.
        call: &'static str,
        /// What came and what was expected.
        message: String,
    },
    /// Data of which nothing can be drawn.
    #[error("{call}: {message}")]
    Data {
        /// The method and its arguments, as in `plot(x, y)`.
        call: &'static str,
        /// What is wrong with them.
        message: String,
    },
    /// A name or short style that stands for nothing.
    #[error("unknown {kind} '{name}'{}", hint(.nearest, .known))]
    UnknownName {
        /// What it should have been: "style", "color", ...
        kind: &'static str,
        /// What came.
        name: String,
        /// The nearest right spelling, if one is near.
        nearest: Option<String>,
        /// The right ones.
        known: Vec<String>,
    },
    /// An argument with a value that can't be.
    #[error("{name}: expected {expected}, got {got}")]
    Argument {
        /// The argument, as in `subplot(index)`.
        name: &'static str,
        /// What was expected.
        expected: String,
        /// What came.
        got: String,
    },
    /// A mistake within one of several panels.
    #[error("panel {number}{}: {source}", .title.as_ref().map(|t| format!(" '{t}'")).unwrap_or_default())]
    Panel {
        /// Which one, from 1.
        number: usize,
        /// Its title, if it has one.
        title: Option<String>,
        /// What went wrong there.
        source: Box<Error>,
    },
    /// A mistake within a frame of an animation.
    #[error("frame {number}: {source}")]
    Frame {
        /// Which one, from 0.
        number: usize,
        /// What went wrong there.
        source: Box<Error>,
    },
    /// A figure without anything to draw.
    #[error("an empty figure: draw something first, as in figure.axes().plot(&x, &y, \".\")")]
    Empty,
    /// A file that can't be written.
    #[error("can't write {}: {source}", path.display())]
    Write {
        /// Where it should have been.
        path: PathBuf,
        /// What the operating system says.
        source: Arc<io::Error>,
    },
    /// A picture that could not be made of its drawing.
    #[error("{what}: {message}")]
    Render {
        /// Which kind of picture.
        what: &'static str,
        /// What the library that makes it says.
        message: String,
    },
}

/// The result of anything in this crate that can fail.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An [`Error::UnknownName`] with the nearest of `known`.
    pub(crate) fn unknown(kind: &'static str, name: &str, known: &[&str]) -> Error {
        let distance = |k: &&str| strsim::osa_distance(&name.to_lowercase(), &k.to_lowercase());
        let rank = |k: &&&str| (distance(k), k.len().abs_diff(name.len()));
        // A name that shares nothing with it is not near, however short both are.
        let near = |k: &&&str| distance(k) <= 1 + k.len() / 4 && distance(k) < name.chars().count();
        let nearest = known.iter().min_by_key(rank).filter(near);
        Error::UnknownName {
            kind,
            name: name.to_string(),
            nearest: nearest.map(|k| k.to_string()),
            known: known.iter().map(|k| k.to_string()).collect(),
        }
    }

    /// An [`Error::Argument`].
    pub(crate) fn argument(name: &'static str, expected: impl Into<String>, got: impl ToString) -> Error {
        Error::Argument { name, expected: expected.into(), got: got.to_string() }
    }
}

fn hint(nearest: &Option<String>, known: &[String]) -> String {
    match nearest {
        Some(name) => format!("; did you mean '{name}'?"),
        None if known.is_empty() => "; there is none".into(),
        None => format!("; known are {}", known.join(", ")),
    }
}
