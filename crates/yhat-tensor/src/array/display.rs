//! Arrays as text, in NumPy's manner.

use std::fmt;

use super::{Array, Data};

/// Above this many elements only the first and last `EDGE` along each axis are printed.
const ALL: usize = 1000;
const EDGE: usize = 3;

impl fmt::Display for Array {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let printed = self.printed();
        let width = printed.iter().map(String::len).max().unwrap_or(0);
        let mut cells = printed.into_iter();
        self.write_axis(f, 0, width, &mut cells)
    }
}

impl fmt::Debug for Array {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "array({self}, shape={}, dtype={})", self.shape(), self.dtype())
    }
}

impl Array {
    /// Which positions along axis `i` are shown; `None` stands for the dots.
    fn shown(&self, i: usize) -> Vec<Option<usize>> {
        let n = self.shape()[i];
        if self.size() <= ALL || n <= 2 * EDGE {
            return (0..n).map(Some).collect();
        }
        (0..EDGE).map(Some).chain([None]).chain((n - EDGE..n).map(Some)).collect()
    }

    /// The elements that are shown, in order, as text.
    fn printed(&self) -> Vec<String> {
        let mut flat = vec![0];
        for i in 0..self.shape().rank() {
            let n = self.shape()[i];
            let at: Vec<usize> = self.shown(i).into_iter().flatten().collect();
            flat = flat.iter().flat_map(|base| at.iter().map(move |j| base * n + j)).collect();
        }
        let text = |k: usize| match &self.data {
            Data::Bool(v) => v[k].to_string(),
            Data::I64(v) => v[k].to_string(),
            Data::F32(v) => float(v[k], v[k].abs() as f64),
            Data::F64(v) => float(v[k], v[k].abs()),
        };
        flat.into_iter().map(text).collect()
    }

    fn write_axis(
        &self,
        f: &mut fmt::Formatter<'_>,
        axis: usize,
        width: usize,
        cells: &mut impl Iterator<Item = String>,
    ) -> fmt::Result {
        let rank = self.shape().rank();
        if axis == rank {
            let cell = cells.next().unwrap_or_default();
            return if rank == 0 { f.write_str(&cell) } else { write!(f, "{cell:>width$}") };
        }
        let inner = axis + 1 == rank;
        f.write_str("[")?;
        for (k, at) in self.shown(axis).into_iter().enumerate() {
            if k > 0 {
                match inner {
                    true => f.write_str(", ")?,
                    false => write!(f, ",\n{}", " ".repeat(axis + 1))?,
                }
            }
            match at {
                Some(_) => self.write_axis(f, axis + 1, width, cells)?,
                None => f.write_str("...")?,
            }
        }
        f.write_str("]")
    }
}

/// The shortest digits that read back as `x`; with an exponent where NumPy would use one.
fn float<T: fmt::Display + fmt::LowerExp>(x: T, magnitude: f64) -> String {
    if magnitude == 0.0 || !magnitude.is_finite() || (1e-4..1e16).contains(&magnitude) {
        let text = x.to_string();
        if magnitude.is_finite() && !text.contains('.') { text + "." } else { text }
    } else {
        format!("{x:e}")
    }
}
