//! Rounds: the sides of a work run in turn, A B A B, so that what else happens on the machine happens to all of them.

use crate::{
    side::{Result, Run, Side},
    works::Work,
};

/// What the rounds of a work came to.
pub struct Row {
    pub work: Work,
    pub cells: Vec<Cell>,
}

/// One side's runs.
pub struct Cell {
    pub side: String,
    /// Seconds of each run, divided by the work's count.
    pub seconds: Vec<f64>,
    pub result: f64,
}

impl Cell {
    pub fn median(&self) -> f64 {
        median(&self.seconds)
    }

    pub fn least(&self) -> f64 {
        self.seconds.iter().copied().fold(f64::INFINITY, f64::min)
    }
}

impl Row {
    /// What a side takes for one unit of the work.
    pub fn of(&self, side: &str) -> Option<f64> {
        self.cells.iter().find(|c| c.side == side).map(Cell::median)
    }
}

pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => sorted[n / 2],
        n => (sorted[n / 2 - 1] + sorted[n / 2]) / 2.0,
    }
}

/// How many rounds there are.
pub struct Rounds {
    /// As many as fit into this time together, on top of the least.
    pub seconds: f64,
    pub least: usize,
    pub most: usize,
}

impl Rounds {
    /// One run of each side that does not count, then rounds of one run each. Sides whose results differ are an error.
    pub fn of(&self, work: &Work, sides: &mut [Box<dyn Side>]) -> Result<Row> {
        let mut cells = Vec::new();
        let mut jobs = Vec::new();
        for side in sides {
            let name = side.name().to_string();
            if let Some(job) = side.ready(work).map_err(|e| format!("{name}, {}: {e}", work.name))? {
                cells.push(Cell { side: name, seconds: Vec::new(), result: f64::NAN });
                jobs.push(job);
            }
        }
        let mut once = |cells: &mut Vec<Cell>| -> Result<f64> {
            let clock = std::time::Instant::now();
            for (job, cell) in jobs.iter_mut().zip(cells) {
                let Run { seconds, result } = job().map_err(|e| format!("{}, {}: {e}", cell.side, work.name))?;
                cell.seconds.push(seconds / work.count as f64);
                cell.result = result;
            }
            Ok(clock.elapsed().as_secs_f64())
        };
        let round = once(&mut cells)?;
        cells.iter_mut().for_each(|cell| cell.seconds.clear());
        let rounds = ((self.seconds / round) as usize).clamp(self.least, self.most);
        for _ in 0..rounds {
            once(&mut cells)?;
        }
        same_results(work, &cells)?;
        Ok(Row { work: work.clone(), cells })
    }
}

/// Whether all sides did the same work.
fn same_results(work: &Work, cells: &[Cell]) -> Result<()> {
    // A limit that is worked out from the machine's peak has computed nothing.
    let mut all = cells.iter().filter(|c| !(c.result.is_nan() && c.side == "limit"));
    let Some(first) = all.next() else { return Ok(()) };
    if first.result.is_nan() {
        return Err(format!("{}: {} has no number", work.name, first.side).into());
    }
    for cell in all {
        let off = (cell.result - first.result).abs() / first.result.abs().max(1e-12);
        if off.is_nan() || off > work.tolerance {
            let (a, b) = (first.result, cell.result);
            return Err(
                format!("{}: {} has {a}, {} has {b}: not the same work", work.name, first.side, cell.side).into()
            );
        }
    }
    Ok(())
}
