//! What a net starts from.

use yhat_tensor::{Shape, Tensor};

use super::{AnyLayer, Layer, Weights};
use crate::Result;

/// Tells a net the shape of one row of its input, so that its weights are made at once: Keras's `Input(shape)`.
///
/// It is no layer of the net: it stands first and is not counted.
///
/// ```
/// use yhat::prelude::*;
/// let mut net = Sequential::new();
/// net.add(Input::new(3));
/// net.add(Dense::new(2));
/// assert_eq!(net.layers().len(), 1);
/// assert_eq!(net.weights()?[0].shape()[..], [3, 2]);
/// # Ok::<(), yhat::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Input(AnyLayer);

#[derive(Clone)]
pub(crate) struct Start;

impl Input {
    /// Rows of shape `row`.
    pub fn new(row: impl Into<Shape>) -> Input {
        let row = row.into();
        Input(AnyLayer::new(Start).edited(|core, _: &mut Start| core.input_shape = Some(row)))
    }
}

impl Layer for Start {
    fn kind(&self) -> &'static str {
        "InputLayer"
    }
    fn call(&self, x: &Tensor, _: &Weights) -> Result<Tensor> {
        Ok(x.clone())
    }
}

impl From<Input> for AnyLayer {
    fn from(input: Input) -> AnyLayer {
        input.0
    }
}
impl From<&Input> for AnyLayer {
    fn from(input: &Input) -> AnyLayer {
        input.0.clone()
    }
}
