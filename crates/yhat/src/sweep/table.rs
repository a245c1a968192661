//! The file of a sweep: a line for each fit, written as it ends, read to go on.

use std::{
    collections::HashMap,
    fs::{self, File, OpenOptions},
    path::{Path, PathBuf},
    time::Duration,
};

use csv::{ReaderBuilder, StringRecord, Writer, WriterBuilder};
use yhat_tensor::{Array, array::Data};

use super::{Sweep, Trial, candidate::Known, run::At};
use crate::{DType, Error, Logs, Result, Shape};

/// Lines wait for this long at most before they are on the way to the disk.
const FLUSHED: Duration = Duration::from_millis(100);

/// How a sweep's fits are laid out as lines.
pub(super) struct Layout {
    /// The names of the labels.
    names: Vec<String>,
    /// Each network's labels under these names.
    labels: Vec<Vec<String>>,
    seeds: Vec<i64>,
    /// The loss, the metrics, and their `val_` twins.
    pub columns: Vec<String>,
    keys: Vec<String>,
    shapes: Vec<(Vec<Shape>, DType)>,
}

impl Layout {
    pub fn new(sweep: &Sweep<'_>, known: &[Known]) -> Result<Layout> {
        let (mut names, mut columns) = (Vec::new(), Vec::new());
        let candidates = &sweep.candidates;
        candidates.iter().flat_map(|c| &c.labels).for_each(|(name, _)| add(&mut names, name));
        known.iter().flat_map(|k| &k.columns).for_each(|name| add(&mut columns, name));
        let own = ["seed", "epochs", "curve", "weights", "sweep"].map(String::from);
        if let Some(name) = names.iter().find(|name| own.contains(name) || columns.contains(name)) {
            return Err(Error::argument("Sweep::add(labels)", "names that are no columns of the table", name));
        }
        let of = |labels: &[(String, String)], name: &String| {
            labels.iter().find(|(n, _)| n == name).map_or(String::new(), |(_, value)| value.clone())
        };
        Ok(Layout {
            labels: candidates.iter().map(|c| names.iter().map(|name| of(&c.labels, name)).collect()).collect(),
            seeds: sweep.seeds.clone(),
            keys: known.iter().map(|k| k.key.clone()).collect(),
            shapes: known.iter().map(|k| (k.shapes.clone(), k.dtype)).collect(),
            names,
            columns,
        })
    }

    fn header(&self) -> Vec<String> {
        let own = |names: &[&str]| names.iter().map(|n| n.to_string()).collect::<Vec<_>>();
        let (before, after) = (own(&["seed", "epochs"]), own(&["curve", "weights", "sweep"]));
        [&self.names, &before, &self.columns, &after].into_iter().flatten().cloned().collect()
    }

    fn line(&self, (_, v): At, trial: &Trial) -> Vec<String> {
        let mut line = self.labels[v].clone();
        line.extend([trial.seed.to_string(), trial.epochs.to_string()]);
        line.extend(self.columns.iter().map(|name| trial.logs.get(name).map_or(String::new(), |x| format!("{x:?}"))));
        line.push(trial.curve.iter().map(|(epoch, loss)| format!("{epoch}:{loss:?}")).collect::<Vec<_>>().join(" "));
        line.push(trial.weights.iter().flatten().map(numbers).collect::<Vec<_>>().join(" "));
        line.push(self.keys[v].clone());
        line
    }

    /// The fit of a line, or what is wrong with it.
    fn trial(&self, line: &StringRecord) -> std::result::Result<(At, Trial), String> {
        let cells: Vec<&str> = line.iter().collect();
        let (labels, cells) = cells.split_at(self.names.len());
        let ([seed, epochs], cells) = cells.split_first_chunk().ok_or("it is too short")?;
        let (columns, cells) = cells.split_at(self.columns.len());
        let [curve, weights, key] = cells else { return Err("it is too short".into()) };
        let named = || {
            let labels = self.names.iter().zip(labels).map(|(name, value)| format!("{name}={value} "));
            labels.collect::<String>() + &format!("seed={seed}")
        };
        let seed: i64 = parsed(seed)?;
        let v =
            self.labels.iter().position(|l| l == labels).ok_or_else(|| format!("{} is not of this sweep", named()))?;
        let s =
            self.seeds.iter().position(|s| *s == seed).ok_or_else(|| format!("{} is not of this sweep", named()))?;
        if *key != self.keys[v] {
            return Err(format!("{} was trained on other data, another net or with other options", named()));
        }
        let mut logs = Logs::default();
        for (name, cell) in self.columns.iter().zip(columns).filter(|(_, cell)| !cell.is_empty()) {
            logs.push(name, parsed(cell)?);
        }
        logs.get("loss").map_err(|_| "it has no loss")?;
        let point = |pair: &str| {
            let (epoch, loss) = pair.split_once(':').ok_or_else(|| format!("'{pair}' is no point of a curve"))?;
            Ok::<_, String>((parsed(epoch)?, parsed(loss)?))
        };
        let curve = curve.split_whitespace().map(point).collect::<std::result::Result<_, _>>()?;
        let (shapes, dtype) = &self.shapes[v];
        Ok(((s, v), Trial { seed, epochs: parsed(epochs)?, logs, curve, weights: arrays(weights, shapes, *dtype)? }))
    }
}

fn add(names: &mut Vec<String>, name: &String) {
    if !names.contains(name) {
        names.push(name.clone());
    }
}

fn parsed<T: std::str::FromStr>(cell: &str) -> std::result::Result<T, String> {
    cell.parse().map_err(|_| format!("'{cell}' is no number"))
}

/// The elements in as many digits as give them back.
fn numbers(array: &Array) -> String {
    match array.data() {
        Data::F32(v) => v.iter().map(|x| format!("{x:?}")).collect::<Vec<_>>().join(" "),
        _ => array.to_vec().iter().map(|x| format!("{x:?}")).collect::<Vec<_>>().join(" "),
    }
}

fn arrays(cell: &str, shapes: &[Shape], dtype: DType) -> std::result::Result<Option<Vec<Array>>, String> {
    if cell.is_empty() {
        return Ok(None);
    }
    let numbers = cell.split(' ').map(parsed::<f64>).collect::<std::result::Result<Vec<_>, _>>()?;
    if numbers.len() != shapes.iter().map(Shape::size).sum::<usize>() {
        return Err(format!("{} weights are not those of the net", numbers.len()));
    }
    let mut rest = &numbers[..];
    let mut next = |shape: &Shape| {
        let (these, others) = rest.split_at(shape.size());
        rest = others;
        Array::new(shape, these.to_vec()).map(|a| a.cast(dtype)).map_err(|e| e.to_string())
    };
    shapes.iter().map(&mut next).collect::<std::result::Result<_, _>>().map(Some)
}

/// The file, open for more lines.
pub(super) struct Table {
    path: PathBuf,
    writer: Writer<File>,
    /// Whether the lines are in order so far, and the last one's place.
    ordered: bool,
    last: Option<At>,
    flushed: Duration,
}

impl Table {
    /// Opens the file or makes it; with it come the fits that are in it. A last line that is not whole is cut off.
    pub fn open(path: &Path, layout: &Layout) -> Result<(Table, HashMap<At, Trial>)> {
        let failed = |e: std::io::Error| Error::file(path, e);
        let mut text = match fs::read(path) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            read => read.map_err(failed)?,
        };
        text.truncate(text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1));
        let mut found = HashMap::new();
        let file = OpenOptions::new().create(true).append(true).open(path).map_err(failed)?;
        let mut table = Table {
            path: path.to_path_buf(),
            writer: writer(file.try_clone().map_err(failed)?),
            ordered: true,
            last: None,
            flushed: Duration::ZERO,
        };
        if text.is_empty() {
            file.set_len(0).map_err(failed)?;
            table.write(&layout.header())?;
            return Ok((table, found));
        }
        for (i, line) in ReaderBuilder::new().has_headers(false).from_reader(&text[..]).records().enumerate() {
            let line = line.map_err(|e| Error::file(path, e))?;
            if i == 0 {
                table.check_header(&line, layout)?;
                continue;
            }
            let wrong = |e| Error::file(path, format!("line {}: {e}; give the sweep a file of its own", i + 1));
            let (at, trial) = layout.trial(&line).map_err(wrong)?;
            table.note(at);
            found.insert(at, trial);
        }
        // Only now is it certain that the file is one of ours.
        file.set_len(text.len() as u64).map_err(failed)?;
        Ok((table, found))
    }

    fn check_header(&self, line: &StringRecord, layout: &Layout) -> Result<()> {
        let (expected, got) = (layout.header().join(","), line.iter().collect::<Vec<_>>().join(","));
        match expected == got {
            true => Ok(()),
            false => Err(Error::file(&self.path, format!("expected a sweep with columns {expected}, got {got}"))),
        }
    }

    fn note(&mut self, at: At) {
        self.ordered &= self.last.is_none_or(|last| last < at);
        self.last = Some(at);
    }

    fn write(&mut self, line: &[String]) -> Result<()> {
        self.writer.write_record(line).map_err(|e| Error::file(&self.path, e))
    }

    fn flush(&mut self) -> Result<()> {
        self.writer.flush().map_err(|e| Error::file(&self.path, e))
    }

    /// Adds a fit that ended `elapsed` after the sweep began.
    pub fn add(&mut self, at: At, trial: &Trial, layout: &Layout, elapsed: Duration) -> Result<()> {
        self.note(at);
        self.write(&layout.line(at, trial))?;
        if elapsed.saturating_sub(self.flushed) >= FLUSHED {
            self.flushed = elapsed;
            self.flush()?;
        }
        Ok(())
    }

    /// Writes what is left; if the lines are not in order, a file where they are replaces this one.
    pub fn finish(mut self, trials: &HashMap<At, Trial>, layout: &Layout) -> Result<()> {
        self.flush()?;
        if self.ordered {
            return Ok(());
        }
        let mut name = self.path.clone().into_os_string();
        name.push(".part");
        let part = PathBuf::from(name);
        let failed = |e: std::io::Error| Error::file(&part, e);
        let mut table = Table { writer: writer(File::create(&part).map_err(failed)?), path: part.clone(), ..self };
        let mut order: Vec<_> = trials.iter().collect();
        order.sort_by_key(|(at, _)| **at);
        table.write(&layout.header())?;
        for (at, trial) in order {
            table.write(&layout.line(*at, trial))?;
        }
        table.flush()?;
        table.writer.get_ref().sync_all().map_err(failed)?;
        fs::rename(&part, &self.path).map_err(failed)
    }
}

/// Lines are buffered, so that a write ends where a line ends as often as can be.
fn writer(file: File) -> Writer<File> {
    WriterBuilder::new().buffer_capacity(1 << 16).from_writer(file)
}
