//! The command line.

use std::path::PathBuf;

use crate::side::Result;

const USAGE: &str = "usage: cargo run --release -p bench -- [OPTIONS]
  --json FILE      write all figures
  --only A,B,...   only these works (w5 is also w5-1024)
  --seconds S      about so long for each work, and at least five rounds (default 1)";

/// What was asked for.
pub struct Options {
    pub json: Option<PathBuf>,
    pub only: Vec<String>,
    pub seconds: f64,
}

impl Options {
    /// # Errors
    /// If an argument means nothing.
    pub fn parse(arguments: Vec<String>) -> Result<Options> {
        let mut options = Options { json: None, only: Vec::new(), seconds: 1.0 };
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or(format!("{argument} needs a value\n{USAGE}"));
            match argument.as_str() {
                "--json" => options.json = Some(value()?.into()),
                "--only" => options.only = value()?.split(',').map(str::to_string).collect(),
                "--seconds" => options.seconds = value()?.parse()?,
                _ => return Err(format!("unknown option {argument}\n{USAGE}").into()),
            }
        }
        Ok(options)
    }

    /// Whether a work, or another part of the benchmark, was asked for.
    pub fn wants(&self, name: &str) -> bool {
        let asked =
            |only: &String| name == only || name.strip_prefix(only.as_str()).is_some_and(|r| r.starts_with('-'));
        self.only.is_empty() || self.only.iter().any(asked)
    }
}
