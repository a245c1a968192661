//! Epochs as lines of a file.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::PathBuf,
};

use super::Callback;
use crate::{
    Error, Result,
    model::{Logs, Training},
};

/// Writes a line for every epoch to a file: `epoch,loss,mae,...`, as Keras's `CSVLogger`.
///
/// The file is written anew; each line is on disk when its epoch is over.
///
/// ```no_run
/// use yhat::prelude::*;
/// let mut net = Sequential::from_layers([Dense::new(1)]);
/// net.compile(Sgd::new(0.1), "mse");
/// net.fit([1.0, 2.0], [3.0, 5.0], Fit::epochs(3).callback(CsvLogger::new("training.csv")))?;
/// # Ok::<(), yhat::Error>(())
/// ```
#[derive(Debug)]
pub struct CsvLogger {
    path: PathBuf,
    file: Option<BufWriter<File>>,
    headed: bool,
}

impl CsvLogger {
    /// Writes to the file at `path`.
    pub fn new(path: impl Into<PathBuf>) -> CsvLogger {
        CsvLogger { path: path.into(), file: None, headed: false }
    }

    fn line(&mut self, cells: impl Iterator<Item = String>) -> Result<()> {
        let line = cells.collect::<Vec<_>>().join(",");
        let Some(file) = &mut self.file else { return Ok(()) };
        let written = writeln!(file, "{line}").and_then(|()| file.flush());
        written.map_err(|e| self.failed(e))
    }

    fn failed(&self, error: std::io::Error) -> Error {
        Error::Callback { hook: "CsvLogger", message: format!("{}: {error}", self.path.display()) }
    }
}

impl Callback for CsvLogger {
    fn on_train_begin(&mut self, _: &mut Training) -> Result<()> {
        self.file = Some(BufWriter::new(File::create(&self.path).map_err(|e| self.failed(e))?));
        self.headed = false;
        Ok(())
    }

    fn on_epoch_end(&mut self, epoch: usize, logs: &Logs, _: &mut Training) -> Result<()> {
        if !std::mem::replace(&mut self.headed, true) {
            self.line(std::iter::once("epoch".into()).chain(logs.names().iter().cloned()))?;
        }
        self.line(std::iter::once(epoch.to_string()).chain(logs.values().iter().map(f64::to_string)))
    }

    fn on_train_end(&mut self, _: &mut Training) -> Result<()> {
        self.file = None;
        Ok(())
    }

    fn every_batch(&self) -> bool {
        false
    }
}
