//! Targets that the loss can't mean.

use yhat_tensor::{Array, DType, Shape, Tensor};

use crate::{Error, Result, losses};

const SPARSE: &str = "sparse_categorical_crossentropy";

/// An error where `y` and the net's output have shapes that loss `loss` would broadcast to one without a word, as Keras
/// does. A loss of the user's own may take any shapes.
pub(super) fn shapes(loss: &str, y: &Tensor, yhat: &Tensor) -> Result<()> {
    let y = losses::fitted(y, yhat);
    let ours = losses::NAMES.iter().any(|(name, _)| *name == loss);
    // The cross-entropies have checks of their own, with hints.
    if !ours || loss.contains("crossentropy") || y.shape() == yhat.shape() {
        return Ok(());
    }
    let expected = format!("the shape of the net's output, {}", yhat.shape());
    Err(Error::argument(format!("y of {loss}"), expected, format!("shape {}", y.shape())))
}

/// An error where a target is one that loss `loss` gives no meaning: a label that is not one of the classes, a
/// probability outside of 0 to 1. (Keras checks neither; soft labels between 0 and 1 are fine.)
pub(super) fn targets(loss: &str, y: &Array, yhat: &Shape) -> Result<()> {
    let classes = yhat.last().copied().unwrap_or(1);
    let bad = |wrong: &dyn Fn(f64) -> bool| y.to_vec().into_iter().enumerate().find(|(_, label)| wrong(*label));
    let row = (y.size() / y.shape()[0]).max(1);
    match loss {
        SPARSE => match bad(&|label| label.fract() != 0.0 || !(0.0..classes as f64).contains(&label)) {
            Some((i, label)) => Err(Error::argument(
                format!("y of {loss}"),
                format!("labels 0 to {} for {classes} classes", classes.saturating_sub(1)),
                format!("{} in row {}", shown(y, label), i / row),
            )),
            None => Ok(()),
        },
        "binary_crossentropy" | "bce" | "BCE" => match bad(&|label| !(0.0..=1.0).contains(&label)) {
            Some((i, label)) => {
                let got = format!("{} in row {}", shown(y, label), i / row);
                Err(Error::argument(format!("y of {loss}"), "labels between 0 and 1", got))
            }
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

/// A number of the array in as many digits as its type has.
fn shown(array: &Array, x: f64) -> String {
    if array.dtype() == DType::F32 { (x as f32).to_string() } else { x.to_string() }
}
