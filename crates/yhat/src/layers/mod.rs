//! Layers: functions of expressions that own weights.
//!
//! Every layer is a handle: a clone is the same layer. What you keep beside the net is what the net trains:
//!
//! ```
//! use yhat::prelude::*;
//! let (l1, a1, l2) = (Dense::new(2), Activation::new("relu"), Dense::new(1));
//! let mut net = Sequential::from_layers([l1.any(), a1.any(), l2.any()]);
//! net.build(1)?;
//! let x = Array::linspace(-1.0, 1.0, 100).reshape([100, 1])?;
//! let by_hand = l2.call(&a1.call(&l1.call(&x)?)?)?;
//! assert_eq!(by_hand.eval()?, net.call(&x)?.eval()?);
//! # Ok::<(), yhat::Error>(())
//! ```
//!
//! Settings are given before a layer is used. On a layer that a net holds already (or that has weights), `.units(..)`,
//! `.activation(..)` and their like leave that layer as it is and make a new one.
//!
//! A layer of one's own implements [`Layer`].

use std::any::Any;

use yhat_tensor::{Shape, Tensor};

use crate::Result;

mod activation;
mod any;
mod dense;
mod elu;
mod flatten;
mod input;
mod leaky_relu;
pub(crate) mod losses;
mod macros;
mod names;
mod prelu;
mod relu;
mod softmax;
mod weights;

pub use activation::Activation;
pub use any::AnyLayer;
pub(crate) use any::{batch_of, rows_of};
pub use dense::Dense;
pub use elu::ELU;
pub use flatten::Flatten;
pub use input::Input;
pub use leaky_relu::LeakyReLU;
use macros::layer_type;
pub(crate) use names::as_if_new;
pub use names::{clear_session, floatx, set_floatx};
pub use prelu::PReLU;
pub use relu::ReLU;
pub use softmax::Softmax;
pub use weights::Weights;
pub(crate) use weights::assign;

/// A kind of layer: what [`AnyLayer`] makes a layer of. Only [`Layer::call`] must be written.
///
/// ```
/// use yhat::prelude::*;
/// use yhat::{Result, layers::{Layer, Weights}};
///
/// /// `x * factor + shift`, feature by feature.
/// struct Scale;
///
/// impl Layer for Scale {
///     fn build(&self, input: &Shape, weights: &mut Weights) -> Result<()> {
///         let features = input[input.rank() - 1];
///         weights.add("factor", features, "ones")?;
///         weights.add("shift", features, "zeros")
///     }
///     fn call(&self, x: &Tensor, weights: &Weights) -> Result<Tensor> {
///         Ok(x * &weights["factor"] + &weights["shift"])
///     }
/// }
///
/// let mut net = Sequential::new();
/// net.add(Scale);
/// net.add(Dense::new(1));
/// net.build(3)?;
/// assert_eq!(net.layers()[0].name(), "scale");
/// assert_eq!(net.count_params()?, 3 + 3 + 4);
/// # Ok::<(), yhat::Error>(())
/// ```
///
/// A layer made of layers keeps their handles, names them in [`Layer::layers`] and calls them:
///
/// ```
/// use yhat::prelude::*;
/// use yhat::{Result, layers::{Layer, Weights}};
///
/// /// `x + inner(x)`
/// struct Residual(AnyLayer);
///
/// impl Layer for Residual {
///     fn call(&self, x: &Tensor, _: &Weights) -> Result<Tensor> {
///         Ok(x + self.0.call(x)?)
///     }
///     fn layers(&self) -> Vec<AnyLayer> {
///         vec![self.0.clone()]
///     }
/// }
///
/// let block = AnyLayer::new(Residual(Dense::new(3).any()));
/// assert_eq!(block.call([[1.0, 2.0, 3.0]])?.shape()[..], [1, 3]);
/// assert_eq!(block.weights()?.len(), 2);
/// # Ok::<(), yhat::Error>(())
/// ```
pub trait Layer: Any + Send + Sync {
    /// What the layer makes of `x`. Shape and type of the result are those of the expression.
    ///
    /// # Errors
    /// Whatever is wrong with `x`; a wrong expression may be returned as it is and is reported with the layer's name.
    fn call(&self, x: &Tensor, weights: &Weights) -> Result<Tensor>;

    /// Makes the weights for an input of shape `input` (rows first). Runs once, before the first `call`.
    ///
    /// # Errors
    /// If the layer can't take such an input.
    fn build(&self, input: &Shape, weights: &mut Weights) -> Result<()> {
        let _ = (input, weights);
        Ok(())
    }

    /// The layers that this one is made of.
    fn layers(&self) -> Vec<AnyLayer> {
        Vec::new()
    }

    /// The name of the activation function that the layer ends with, if it has one of those with a name: `"relu"`. From it
    /// one can tell which weights are the same network (units exchanged, scaled, turned over).
    fn activation_name(&self) -> Option<&str> {
        None
    }

    /// The name of the kind, as in `Dense`: the type's name, unless overridden.
    fn kind(&self) -> &'static str {
        let path = std::any::type_name::<Self>();
        let path = path.split('<').next().unwrap_or(path);
        path.rsplit("::").next().unwrap_or(path)
    }
}
