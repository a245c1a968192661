//! The handle on a layer, whatever its kind.

use std::{
    any::Any,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::AtomicBool},
};

use yhat_tensor::{DType, Shape, Tensor};

use super::{Layer, Weights, losses, names};

use crate::{Error, Result, regularizers::Regularizer};

mod weights;

/// A handle on a layer of any kind; clones are the same layer, with the same weights.
///
/// What `net.layers()` gives. Every kind of layer ([`Dense`](super::Dense), [`Activation`](super::Activation), ...) is
/// such a handle too, and compares equal to it where both are the same layer.
///
/// ```
/// use yhat::prelude::*;
/// let mut net = Sequential::new();
/// let l1 = Dense::new(2);
/// net.add(&l1);
/// assert_eq!(l1, net.layers()[0]);
/// assert_ne!(Dense::new(2), net.layers()[0]);
/// ```
#[derive(Clone)]
pub struct AnyLayer(Arc<Shared>);

struct Shared {
    core: Core,
    layer: Box<dyn Layer>,
}

/// What every layer has, beside what its kind adds.
pub(super) struct Core {
    pub name: String,
    /// The number in a name that was given automatically.
    pub number: Option<usize>,
    /// Floats are cast to this type on the way in and weights are made in it; `None` leaves both to the sublayers.
    pub dtype: Option<DType>,
    pub trainable: AtomicBool,
    /// One row's shape, if it was told when the layer was made.
    pub input_shape: Option<Shape>,
    pub activity_regularizer: Option<Regularizer>,
    /// A mistake in the layer's arguments, reported where the layer is first used.
    pub held: Option<Error>,
    weights: Mutex<Option<Arc<Weights>>>,
}

impl Core {
    /// Gives a name, and the automatic one back.
    pub(super) fn rename(&mut self, kind: &str, name: String) {
        if let Some(number) = self.number.take() {
            names::give_back(kind, number);
        }
        match name.trim().is_empty() {
            true => self.note(Some(Error::argument(format!("the name of a {kind} layer"), "letters", "an empty text"))),
            false => self.name = name,
        }
    }

    /// Sets the type, which must be a float.
    pub(super) fn set_dtype(&mut self, dtype: DType) {
        match dtype.is_float() {
            true => self.dtype = Some(dtype),
            false => {
                let what = format!("the type of layer '{}'", self.name);
                self.note(Some(Error::argument(what, "float32 or float64", dtype)));
            }
        }
    }

    /// Keeps the first mistake in the layer's arguments for the report.
    pub(super) fn note(&mut self, error: Option<Error>) {
        self.held = self.held.take().or(error);
    }
}

impl AnyLayer {
    /// A handle on a layer of one's own.
    pub fn new(layer: impl Layer) -> AnyLayer {
        Self::with_dtype(layer, Some(names::floatx()))
    }

    /// [`AnyLayer::new`] with a name of its own.
    pub fn with_name(layer: impl Layer, name: impl Into<String>) -> AnyLayer {
        let mut any = AnyLayer::new(layer);
        any.rename(&name.into());
        any
    }

    /// Gives another name, if there is no other handle on the layer; whether that is so.
    pub(crate) fn rename(&mut self, name: &str) -> bool {
        match Arc::get_mut(&mut self.0) {
            Some(Shared { core, layer }) => {
                core.rename(layer.kind(), name.to_string());
                true
            }
            None => false,
        }
    }

    pub(crate) fn with_dtype(layer: impl Layer, dtype: Option<DType>) -> AnyLayer {
        let (name, number) = names::next(layer.kind());
        let core = Core {
            name,
            number: Some(number),
            dtype,
            trainable: AtomicBool::new(true),
            input_shape: None,
            activity_regularizer: None,
            held: None,
            weights: Mutex::new(None),
        };
        AnyLayer(Arc::new(Shared { core, layer: Box::new(layer) }))
    }

    /// This layer with other settings, where nobody else holds it yet; else a new layer like it with them.
    pub(super) fn edited<L: Layer + Clone>(mut self, change: impl FnOnce(&mut Core, &mut L)) -> AnyLayer {
        if Arc::get_mut(&mut self.0).is_none() || self.is_built() {
            self = self.like::<L>();
        }
        if let Some(Shared { core, layer }) = Arc::get_mut(&mut self.0) {
            let layer: &mut dyn Any = layer.as_mut();
            if let Some(layer) = layer.downcast_mut() {
                change(core, layer);
            }
        }
        self
    }

    /// A new layer with the settings of this one, weights of its own, and the next free name.
    fn like<L: Layer + Clone>(&self) -> AnyLayer {
        let (core, layer) = (&self.0.core, self.description::<L>().clone());
        let mut twin = Self::with_dtype(layer, core.dtype);
        if let Some(Shared { core: new, .. }) = Arc::get_mut(&mut twin.0) {
            new.trainable = AtomicBool::new(self.trainable());
            new.input_shape = core.input_shape.clone();
            new.activity_regularizer = core.activity_regularizer.clone();
            new.held = core.held.clone();
        }
        twin
    }

    /// What kind `L` adds.
    pub(super) fn description<L: Layer>(&self) -> &L {
        let layer: &dyn Any = self.0.layer.as_ref();
        layer.downcast_ref().expect("a handle holds the kind of layer that it was made with")
    }

    /// The name: the one given, or the kind with the number of layers of that kind made before (`dense`, `dense_1`).
    pub fn name(&self) -> &str {
        &self.0.core.name
    }

    /// The kind, as in `Dense`.
    pub fn kind(&self) -> &'static str {
        self.0.layer.kind()
    }

    /// The name of the activation that the layer ends with, as in `relu`; `linear` if it is the identity, `None` for a
    /// layer that has no activation of its own.
    ///
    /// ```
    /// use yhat::prelude::*;
    /// assert_eq!(Dense::new(2).activation("relu").activation_name(), Some("relu"));
    /// assert_eq!(Dense::new(2).activation_name(), Some("linear"));
    /// assert_eq!(Flatten::new().activation_name(), None);
    /// ```
    pub fn activation_name(&self) -> Option<&str> {
        self.0.layer.activation_name()
    }

    /// The type that it works in; for a net the type of its first layer.
    pub fn dtype(&self) -> DType {
        match self.0.core.dtype {
            Some(dtype) => dtype,
            None => self.layers().first().map_or_else(names::floatx, AnyLayer::dtype),
        }
    }

    /// The layers that this one is made of, if it is a net.
    pub fn layers(&self) -> Vec<AnyLayer> {
        self.0.layer.layers()
    }

    /// Whether it is an [`Input`](super::Input), which tells a net the shape of its input and is no layer of it.
    pub(crate) fn is_input(&self) -> bool {
        let layer: &dyn Any = self.0.layer.as_ref();
        layer.is::<super::input::Start>()
    }

    /// One row's shape, where it was told when the layer was made.
    pub(crate) fn declared_input(&self) -> Option<&Shape> {
        self.0.core.input_shape.as_ref()
    }

    /// The mistake in its arguments, if there is one.
    pub(crate) fn held(&self) -> Option<Error> {
        self.0.core.held.clone().or_else(|| self.layers().iter().find_map(AnyLayer::held))
    }

    /// Whether this is the same layer as `other`, not merely one like it: Python's `is`.
    pub fn same(&self, other: &AnyLayer) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Whether `other` is this layer or part of it.
    pub(crate) fn contains(&self, other: &AnyLayer) -> bool {
        self.same(other) || self.layers().iter().any(|l| l.contains(other))
    }

    /// The layer applied to `x`, as an expression; arrays enter as constants. A layer without weights yet makes them
    /// for the shape of `x`. Floats are cast to the layer's type, as Keras does.
    ///
    /// ```
    /// use yhat::prelude::*;
    /// let double = Dense::new(1).use_bias(false).kernel_initializer("ones");
    /// let y = double.call([[1.0, 2.0], [3.0, 4.0]])?;
    /// assert_eq!(y.eval()?.to_vec(), [3.0, 7.0]);
    /// # Ok::<(), yhat::Error>(())
    /// ```
    ///
    /// # Errors
    /// If `x` has a shape that the layer can't take, or an argument of the layer was wrong.
    pub fn call(&self, x: impl Into<Tensor>) -> Result<Tensor> {
        let x: Tensor = x.into();
        if let Some(error) = &self.0.core.held {
            return Err(error.clone());
        }
        let inside = |error: Error| error.inside(self);
        x.check().map_err(|e| inside(e.into()))?;
        let x = match self.0.core.dtype {
            Some(dtype) if x.dtype().is_float() => x.cast(dtype),
            _ => x,
        };
        self.check_declared(x.shape())?;
        let weights = self.make_weights(x.shape()).map_err(inside)?;
        let y = self.0.layer.call(&x, &weights).map_err(inside)?;
        y.check().map_err(|e| inside(e.into()))?;
        if let Some(regularizer) = &self.0.core.activity_regularizer {
            let rows = y.shape().first().copied().unwrap_or(1);
            losses::add(regularizer.call(&y).map_err(inside)? / rows.max(1) as f64);
        }
        Ok(y)
    }

    /// An error, if the layer was told another shape of its input.
    fn check_declared(&self, input: &Shape) -> Result<()> {
        match self.declared_input() {
            Some(row) if input.get(1..) != Some(&row[..]) => Err(Error::LayerShape {
                layer: self.name().to_string(),
                kind: self.kind().to_string(),
                expected: format!("shape {}, as it was told when it was made", rows_of(row)),
                got: input.clone(),
            }),
            _ => Ok(()),
        }
    }

    /// Makes the weights for rows of shape `row` (the shape of the input without its first axis).
    ///
    /// # Errors
    /// If the layer can't take such rows.
    pub fn build(&self, row: impl Into<Shape>) -> Result<()> {
        self.output_row(&row.into()).map(drop)
    }

    /// The shape of one row of output for rows of shape `row`. A layer without weights yet makes them.
    ///
    /// ```
    /// use yhat::prelude::*;
    /// assert_eq!(Dense::new(2).output_row(&3.into())?[..], [2]);
    /// # Ok::<(), yhat::Error>(())
    /// ```
    ///
    /// # Errors
    /// If the layer can't take such rows.
    pub fn output_row(&self, row: &Shape) -> Result<Shape> {
        let y = self.call(Tensor::input(self.name(), batch_of(1, row), self.dtype()))?;
        Ok(y.shape().get(1..).unwrap_or_default().into())
    }

    /// The weights, made for `input` if there are none.
    pub(crate) fn make_weights(&self, input: &Shape) -> Result<Arc<Weights>> {
        let mut built = self.lock();
        if let Some(weights) = built.as_ref() {
            return Ok(weights.clone());
        }
        let weights = self.drawn(input)?;
        Ok(built.insert(Arc::new(weights)).clone())
    }

    /// New weights for `input`, drawn from this thread's stream.
    fn drawn(&self, input: &Shape) -> Result<Weights> {
        let mut weights = Weights::new(self.name(), self.kind(), self.dtype());
        weights.made_for(input);
        self.0.layer.build(input, &mut weights)?;
        Ok(weights)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Arc<Weights>>> {
        self.0.core.weights.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether its own weights have been made.
    pub(crate) fn has_weights(&self) -> bool {
        self.lock().is_some()
    }

    /// Whether the weights have been made, here and in every layer that this one is made of.
    pub fn is_built(&self) -> bool {
        self.lock().is_some() && self.layers().iter().all(AnyLayer::is_built)
    }

    /// Forgets the weights: what undoes a build that went wrong further on.
    pub(crate) fn unbuild(&self) {
        *self.lock() = None;
    }

    /// This layer and all that it is made of, outside first.
    pub(crate) fn flattened(&self) -> Vec<AnyLayer> {
        std::iter::once(self.clone()).chain(self.layers().iter().flat_map(AnyLayer::flattened)).collect()
    }
}

/// `(rows, 2)`
pub(crate) fn rows_of(row: &[usize]) -> String {
    let lengths: Vec<String> = row.iter().map(usize::to_string).collect();
    format!("({})", [&["rows".to_string()], &lengths[..]].concat().join(", "))
}

/// The shape of `rows` rows of shape `row`.
pub(crate) fn batch_of(rows: usize, row: &[usize]) -> Shape {
    std::iter::once(rows).chain(row.iter().copied()).collect()
}

impl fmt::Debug for AnyLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} '{}'>", self.kind(), self.name())
    }
}

impl PartialEq for AnyLayer {
    /// Whether both are the same layer.
    fn eq(&self, other: &AnyLayer) -> bool {
        self.same(other)
    }
}
impl Eq for AnyLayer {}

impl From<&AnyLayer> for AnyLayer {
    fn from(layer: &AnyLayer) -> AnyLayer {
        layer.clone()
    }
}
impl<L: Layer> From<L> for AnyLayer {
    fn from(layer: L) -> AnyLayer {
        AnyLayer::new(layer)
    }
}
