//! A course on neural networks in sixteen chapters, every number of it computed when it is read.
//!
//! It follows a course notebook from a straight line through a hundred points, by way of what fails and what mends
//! it, to logistic regression and the shapes of two losses. A [`Chapter`] is one source file of this crate; running
//! it gives [`Findings`], of which its [`Page`] is made; a [`Report`] of several is written as `numbers.json` and
//! `index.html`.
//!
//! ```
//! let chapter = yhat_lecture::chapter("relu")?;
//! let findings = chapter.run()?;
//! assert!(findings.lines()[0].text().starts_with("relu"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod blocks;
mod cases;
mod chapter;
pub mod chapters;
mod error;
mod findings;
pub mod pictures;
mod plots;
mod report;
mod text;

pub use blocks::{Block, Page, unit};
pub use cases::{CASES, Case, case};
pub use chapter::{Chapter, chapter};
pub use chapters::CHAPTERS;
pub use error::{Error, Result};
pub use findings::{Findings, Line, Number};
pub use report::Report;
pub use text::Lang;
