//! The command line.

use std::path::PathBuf;

use crate::side::Result;

const USAGE: &str = "usage: cargo run --release -p bench -- [OPTIONS]
  --json FILE      write all figures
  --svg FILE       draw how cost grows
  --only A,B,...   only these works (w5 is also w5-1024), growth, memory
  --seconds S      about so long for each work, and at least five rounds (default 1)
  --sides A,B,...  only these columns
  --data DIR       write the works and their data there
  --peer NAME=CMD  a program that does the works with the data (bench/peers/run does all of this)";

/// What was asked for.
#[derive(Default)]
pub struct Options {
    pub json: Option<PathBuf>,
    pub svg: Option<PathBuf>,
    pub only: Vec<String>,
    pub seconds: f64,
    pub sides: Vec<String>,
    pub data: Option<PathBuf>,
    pub peers: Vec<String>,
}

impl Options {
    /// # Errors
    /// If an argument means nothing.
    pub fn parse(arguments: Vec<String>) -> Result<Options> {
        let mut options = Options { seconds: 1.0, ..Options::default() };
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or(format!("{argument} needs a value\n{USAGE}"));
            match argument.as_str() {
                "--json" => options.json = Some(value()?.into()),
                "--svg" => options.svg = Some(value()?.into()),
                "--only" => options.only = listed(&value()?),
                "--sides" => options.sides = listed(&value()?),
                "--data" => options.data = Some(value()?.into()),
                "--peer" => options.peers.push(value()?),
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

fn listed(names: &str) -> Vec<String> {
    names.split(',').map(str::to_string).collect()
}
