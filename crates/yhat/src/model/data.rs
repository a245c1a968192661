//! Rows of data, brought into the form in which a net takes them.

use yhat_tensor::{Array, DType};

use crate::{Error, Result};

/// Inputs and targets with the same rows.
#[derive(Clone)]
pub(super) struct Data {
    pub x: Array,
    pub y: Array,
}

impl Data {
    /// `x` and `y` as [`rows_of`] makes them, finite, and equally long. `call` names the caller in messages.
    pub fn new(call: &str, x: Array, y: Array, dtype: DType) -> Result<Data> {
        let x = finite(&format!("{call} x"), x, dtype)?;
        let y = finite(&format!("{call} y"), y, dtype)?;
        if x.shape()[0] != y.shape()[0] {
            let expected = format!("as many rows in y as in x, {}", x.shape()[0]);
            return Err(Error::argument(call, expected, y.shape()[0]));
        }
        Ok(Data { x, y })
    }

    pub fn rows(&self) -> usize {
        self.x.shape()[0]
    }

    /// The first rows and the last `fraction` of them, which are left out of training: Keras's `validation_split`.
    pub fn split(self, fraction: f64) -> Result<(Data, Data)> {
        let rows = self.rows();
        let at = (rows as f64 * (1.0 - fraction)).floor() as usize;
        if at == 0 || at >= rows {
            let expected = format!("a fraction that leaves rows on both sides of the {rows} there are");
            return Err(Error::argument("Fit::validation_split", expected, fraction));
        }
        let part = |from, to| Data { x: self.x.rows(from, to), y: self.y.rows(from, to) };
        Ok((part(0, at), part(at, rows)))
    }
}

/// The array with an axis of rows and at least one more, floats in the net's type: `(rows,)` becomes `(rows, 1)`, as
/// Keras does; integers and bools stay what they are.
pub(super) fn rows_of(what: &str, array: Array, dtype: DType) -> Result<Array> {
    let array = match array.shape()[..] {
        [] => return Err(Error::argument(what, "rows: an array of shape (rows, ...)", "one number")),
        [rows] => array.reshape([rows, 1])?,
        _ => array,
    };
    if array.size() == 0 {
        return Err(Error::argument(what, "at least one row and one number in it", format!("shape {}", array.shape())));
    }
    let other = array.dtype().is_float() && array.dtype() != dtype;
    Ok(if other { array.cast(dtype) } else { array })
}

/// The array as [`rows_of`] makes it, if there is no NaN and no infinity in it, which would make every weight NaN.
fn finite(what: &str, array: Array, dtype: DType) -> Result<Array> {
    let cast = rows_of(what, array.clone(), dtype)?;
    if cast.all_finite() {
        return Ok(cast);
    }
    let row = array.size() / cast.shape()[0];
    let pairs = cast.to_vec().into_iter().zip(array.to_vec()).enumerate();
    let (at, given) = pairs.filter(|(_, (x, _))| !x.is_finite()).map(|(i, (_, x))| (i, x)).next().unwrap_or((0, 0.0));
    let lost = if given.is_finite() { format!(", which is infinite as {dtype}") } else { String::new() };
    Err(Error::argument(what, "finite numbers", format!("{} in row {}{lost}", short(given), at / row)))
}

/// A number without hundreds of digits.
fn short(x: f64) -> String {
    if x.is_finite() && x.abs() >= 1e16 { format!("{x:e}") } else { x.to_string() }
}
