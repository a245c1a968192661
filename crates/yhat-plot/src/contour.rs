//! Lines of equal height, by marching squares, and the areas between them.

use crate::{Error, Levels, Result, artist::Grid, axes::LevelsKind, ticks};

/// The heights to draw, rising: those that were asked for, or round ones. As in matplotlib, `n` levels that are chosen
/// are `n + 1` at most; filled ones enclose the data.
pub(crate) fn levels(call: &'static str, levels: Levels, grid: &Grid, filled: bool) -> Result<Vec<f64>> {
    let (low, high) = grid.z.extent().unwrap_or((0.0, 1.0));
    match levels.0 {
        LevelsKind::At(levels) => {
            let rising = levels.iter().all(|x| x.is_finite()) && levels.windows(2).all(|w| w[0] < w[1]);
            let enough = levels.len() > usize::from(filled);
            let expected = if filled { "two or more rising levels" } else { "rising levels" };
            let wrong = || Error::Data { call, message: format!("expected {expected}, got {levels:?}") };
            if rising && enough { Ok(levels) } else { Err(wrong()) }
        }
        LevelsKind::AtMost(n) => {
            if n == 0 {
                return Err(Error::Data { call, message: "expected one level or more, got 0".into() });
            }
            if low == high {
                return Ok(vec![low, low + 1.0][..1 + usize::from(filled)].to_vec());
            }
            let at = ticks::locations(low, high, n + 1, 1.0);
            let from = at.iter().rposition(|x| *x <= low).unwrap_or(0);
            let to = at.iter().position(|x| *x >= high).unwrap_or(at.len() - 1);
            let inside = || at.iter().copied().filter(|x| *x > low && *x < high);
            Ok(if filled { at[from..=to].to_vec() } else { inside().collect() })
        }
    }
}
