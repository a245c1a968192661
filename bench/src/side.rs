//! A side: someone who can do the works.

use crate::works::Work;

/// Whatever goes wrong ends the benchmark with its message.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// What one run of a work came to.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    pub seconds: f64,
    /// What was computed, by which sides are held to do the same work; NaN for a limit that computes nothing.
    pub result: f64,
}

/// A work made ready, which each call does once.
pub type Job<'a> = Box<dyn FnMut() -> Result<Run> + 'a>;

/// Someone who can do works: yhat, its limit, a peer.
pub trait Side {
    fn name(&self) -> &str;

    /// The library's own name and version, and those of what it runs on; empty for what has none.
    fn version(&self) -> &str {
        ""
    }

    /// Makes a work ready: data and whatever else a run does not do. `None` for a work that it does not do.
    fn ready<'a>(&'a mut self, work: &Work) -> Result<Option<Job<'a>>>;
}
