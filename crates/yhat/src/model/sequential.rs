//! The net itself.

use std::{fmt, ops::Deref, sync::Arc};

use yhat_tensor::{Array, Shape, Tensor, Variable, random::tf};

use super::net::{Batch, Net};
use crate::{
    Error, Result,
    layers::{AnyLayer, assign, rows_of},
};

/// Layers one after another: `tf.keras.Sequential`.
///
/// A handle: clones are the same net. `let mut net` is for the reader: what changes a net asks for `&mut`.
///
/// ```
/// use yhat::prelude::*;
/// let x = Array::linspace(-1.0, 1.0, 20);
/// let y = x.mapv(|x| 3.0 * x + 1.0);
///
/// let mut net = Sequential::new();
/// net.add(Dense::new(1));
/// net.compile(Sgd::new(0.1), "mse");
/// let history = net.fit(&x, &y, Fit::epochs(200).batch_size(20))?;
/// assert!(history.last("loss") < 1e-6);
/// assert!((net.predict([0.5])?.item() - 2.5).abs() < 1e-3);
/// # Ok::<(), yhat::Error>(())
/// ```
///
/// # Mistakes
///
/// [`Sequential::add`] and [`Sequential::compile`] return nothing to check, so that a net is written down in plain lines.
/// A mistake in them is kept and returned by the next call that can: `build`, `fit`, `evaluate`, `predict`, `weights`.
///
/// ```
/// use yhat::prelude::*;
/// let mut net = Sequential::new();
/// net.add(Dense::new(2).activation("Relu"));
/// let message = net.build(1).unwrap_err().to_string();
/// assert_eq!(message, "unknown activation 'Relu'; did you mean 'relu'?");
/// ```
#[derive(Clone)]
pub struct Sequential {
    pub(super) net: Arc<Net>,
    /// The same net as a layer.
    handle: AnyLayer,
}

impl Default for Sequential {
    fn default() -> Sequential {
        Sequential::new()
    }
}

impl Sequential {
    /// A net without layers.
    pub fn new() -> Sequential {
        let net = Arc::new(Net::default());
        Sequential { handle: AnyLayer::with_dtype(net.clone(), None), net }
    }

    /// A net of these layers; layers of several kinds are listed as [`AnyLayer`]s.
    ///
    /// ```
    /// use yhat::prelude::*;
    /// let net = Sequential::from_layers([Dense::new(2).any(), ReLU::new().any(), Dense::new(1).any()]);
    /// assert_eq!(net.layers().len(), 3);
    /// ```
    pub fn from_layers<L: Into<AnyLayer>>(layers: impl IntoIterator<Item = L>) -> Sequential {
        let mut net = Sequential::new();
        layers.into_iter().for_each(|layer| net.add(layer));
        net
    }

    /// The net under a name of its own, given before there are other handles on it.
    pub fn named(mut self, name: impl Into<String>) -> Sequential {
        let name = name.into();
        if !self.handle.rename(&name) {
            let needs = "must be given before there are other handles on the net";
            self.net.state().failed_add = Some(Error::state(format!("the name '{name}'"), needs));
        }
        self
    }

    /// Puts a layer at the end. If the shape of the input is known (from [`Input`](crate::layers::Input) or a layer's
    /// `input_shape`), its weights are made now, else when the net first sees data.
    ///
    /// What is wrong with the layer (arguments, a name that is taken, a shape that does not fit) is returned by the next
    /// call that returns a `Result`; the layer is not added then, and [`Sequential::pop`] makes the net forget it.
    pub fn add(&mut self, layer: impl Into<AnyLayer>) {
        let layer = layer.into();
        let added = self.try_add(&layer);
        let mut state = self.net.state();
        if let (Err(error), None) = (added, &state.failed_add) {
            state.failed_add = Some(error);
        }
    }

    fn try_add(&self, layer: &AnyLayer) -> Result<()> {
        if let Some(error) = layer.held() {
            return Err(error);
        }
        if layer.contains(&self.handle) {
            return Err(Error::argument(format!("add to '{}'", self.name()), "another layer", "the net itself"));
        }
        let first = self.net.state().layers.is_empty();
        if layer.is_input() {
            return self.start(layer, first);
        }
        if let Some(twin) = self.net.state().layers.iter().find(|l| l.name() == layer.name()) {
            let what = format!("add to '{}'", self.name());
            let got = match twin.same(layer) {
                true => format!("layer '{}', which it has already", layer.name()),
                false => format!("a second layer named '{}'; give one of them another name", layer.name()),
            };
            return Err(Error::argument(what, "layers with names of their own", got));
        }
        let declared = layer.layers().first().and_then(|l| l.declared_input().cloned());
        let declared = layer.declared_input().cloned().or(declared);
        let row = self.output_row_so_far()?.or(declared.filter(|_| first));
        let output = row.as_ref().map(|row| undone_on_error(layer, || layer.output_row(row))).transpose()?;
        let mut state = self.net.state();
        if first && state.row.is_none() {
            state.row = row;
        }
        if state.row.is_some() {
            state.output = output;
        }
        state.layers.push(layer.clone());
        drop(state);
        self.mark_built()
    }

    /// One row of what the layers so far put out, if the shape of the input was told or seen.
    fn output_row_so_far(&self) -> Result<Option<Shape>> {
        let state = self.net.state();
        let (output, seen, layers) = (state.output.clone(), state.seen_row.clone(), state.layers.clone());
        drop(state);
        match (output, seen) {
            (None, Some(seen)) if self.handle.is_built() => {
                layers.iter().try_fold(seen, |row, layer| layer.output_row(&row)).map(Some)
            }
            (output, _) => Ok(output),
        }
    }

    /// The shape of the input comes before every layer.
    fn start(&self, input: &AnyLayer, first: bool) -> Result<()> {
        let mut state = self.net.state();
        if !first || state.row.is_some() {
            return Err(Error::argument(
                format!("add to '{}'", self.name()),
                "Input before every layer",
                "Input later",
            ));
        }
        state.row = input.declared_input().cloned();
        state.output = state.row.clone();
        Ok(())
    }

    /// Lets the net count as built if all its layers are.
    fn mark_built(&self) -> Result<()> {
        let built = !self.layers().is_empty() && self.layers().iter().all(AnyLayer::is_built);
        if built { self.handle.make_weights(&Shape::from(())).map(drop) } else { Ok(()) }
    }

    /// Takes the last layer off and returns it. After an [`Sequential::add`] that failed, returns that error instead and
    /// forgets it.
    ///
    /// # Errors
    /// If there is no layer.
    pub fn pop(&mut self) -> Result<AnyLayer> {
        let mut state = self.net.state();
        if let Some(error) = state.failed_add.take() {
            return Err(error);
        }
        let Some(layer) = state.layers.pop() else {
            return Err(Error::state(
                format!("pop of '{}'", self.name()),
                "needs a net with layers, this one has none",
            ));
        };
        let (layers, row) = (state.layers.clone(), state.row.clone());
        if layers.is_empty() {
            state.row = None;
            state.seen_row = None;
        }
        drop(state);
        let output = row.filter(|_| !layers.is_empty());
        let output = output.map(|row| layers.iter().try_fold(row, |row, l| l.output_row(&row))).transpose()?;
        self.net.state().output = output;
        Ok(layer)
    }

    /// The layers, first to last.
    pub fn layers(&self) -> Vec<AnyLayer> {
        self.net.state().layers.clone()
    }

    /// The shape of one row of the input, where the net was told it or has seen data.
    ///
    /// ```
    /// use yhat::prelude::*;
    /// let net = Sequential::from_layers([Dense::new(2).input_shape(3)]);
    /// assert_eq!(net.input_row().unwrap()[..], [3]);
    /// ```
    pub fn input_row(&self) -> Option<Shape> {
        let state = self.net.state();
        state.row.clone().or(state.seen_row.clone())
    }

    /// The layer of this name.
    ///
    /// # Errors
    /// If there is none.
    pub fn get_layer(&self, name: &str) -> Result<AnyLayer> {
        let layers = self.layers();
        let found = layers.iter().find(|l| l.name() == name).cloned();
        found.ok_or_else(|| Error::unknown("layer", name, &layers.iter().map(AnyLayer::name).collect::<Vec<_>>()))
    }

    /// The net as a layer of another net.
    pub fn any(&self) -> AnyLayer {
        self.handle.clone()
    }

    /// The net applied to `x`, as an expression; `x` of shape `(rows,)` counts as `(rows, 1)`.
    ///
    /// # Errors
    /// If a layer can't take what reaches it, or an earlier [`Sequential::add`] failed.
    pub fn call(&self, x: impl Into<Tensor>) -> Result<Tensor> {
        let x: Tensor = x.into();
        let x = if x.rank() == 1 { x.expand_dims(-1) } else { x };
        let y = self.trace(&x)?;
        self.net.note(x.shape(), x.shape()[0]);
        Ok(y)
    }

    /// Makes the weights for rows of shape `row` (without the axis of rows).
    ///
    /// # Errors
    /// As [`Sequential::call`].
    pub fn build(&mut self, row: impl Into<Shape>) -> Result<()> {
        let row = row.into();
        undone_on_error(&self.handle, || {
            self.ready()?;
            self.handle.output_row(&row)
        })?;
        let mut state = self.net.state();
        state.seen_row.get_or_insert(row);
        state.batch = Batch::Varied;
        Ok(())
    }

    /// The net applied to an expression; what went wrong leaves no half-built net behind.
    pub(super) fn trace(&self, x: &Tensor) -> Result<Tensor> {
        self.ready()?;
        if x.rank() == 0 {
            return Err(Error::argument(format!("input of '{}'", self.name()), "rows, (rows, features)", "one number"));
        }
        let row = self.net.state().row.clone().filter(|row| x.shape().get(1..) != Some(&row[..]));
        if let Some(row) = row {
            return Err(Error::LayerShape {
                layer: self.name().to_string(),
                kind: self.kind().to_string(),
                expected: format!("shape {}", rows_of(&row)),
                got: x.shape().clone(),
            });
        }
        undone_on_error(&self.handle, || self.handle.call(x))
    }

    /// The error of an `add` that failed, or of a net without layers.
    pub(super) fn ready(&self) -> Result<()> {
        let state = self.net.state();
        match &state.failed_add {
            Some(error) => Err(error.clone()),
            None if state.layers.is_empty() => {
                Err(Error::state(format!("net '{}'", self.name()), "has no layers yet: add some first"))
            }
            None => Ok(()),
        }
    }

    /// The weights of all layers, in order.
    ///
    /// # Errors
    /// If there are none yet, because the net has seen no data and was not told the shape of its input.
    pub fn weights(&self) -> Result<Vec<Variable>> {
        self.built()?.weights()
    }

    /// The weights that training changes.
    ///
    /// # Errors
    /// As [`Sequential::weights`].
    pub fn trainable_weights(&self) -> Result<Vec<Variable>> {
        self.built()?.trainable_weights()
    }

    /// The weights that training leaves alone.
    ///
    /// # Errors
    /// As [`Sequential::weights`].
    pub fn non_trainable_weights(&self) -> Result<Vec<Variable>> {
        self.built()?.non_trainable_weights()
    }

    /// The weights' values.
    ///
    /// # Errors
    /// As [`Sequential::weights`].
    pub fn get_weights(&self) -> Result<Vec<Array>> {
        self.built()?.get_weights()
    }

    /// Gives the weights other values, in the order of [`Sequential::weights`].
    ///
    /// # Errors
    /// If their number or a shape differs, with the name of the variable; then nothing has changed.
    pub fn set_weights<A: Into<Array>>(&self, values: impl IntoIterator<Item = A>) -> Result<()> {
        let values = values.into_iter().map(Into::into).collect();
        assign(&format!("net '{}'", self.name()), &self.weights()?, values)
    }

    /// How many numbers the weights hold.
    ///
    /// # Errors
    /// As [`Sequential::weights`].
    pub fn count_params(&self) -> Result<usize> {
        self.built()?.count_params()
    }

    /// The net as a layer, if its weights have been made.
    fn built(&self) -> Result<&AnyLayer> {
        self.ready()?;
        if self.handle.is_built() {
            return Ok(&self.handle);
        }
        let needs = "has no weights yet: they are made when the net first sees data (fit, predict, call) or is told the \
                     shape of one row, with build(...), Input::new(...) or input_shape(...)";
        Err(Error::state(format!("net '{}'", self.name()), needs))
    }
}

/// Runs `f`; if it fails, takes back the weights that it made for `layer` and the random numbers that it drew.
pub(super) fn undone_on_error<T>(layer: &AnyLayer, f: impl FnOnce() -> Result<T>) -> Result<T> {
    let unbuilt: Vec<AnyLayer> = layer.flattened().into_iter().filter(|l| !l.has_weights()).collect();
    let seeds = tf::op_seeds();
    let result = f();
    if result.is_err() {
        unbuilt.iter().for_each(AnyLayer::unbuild);
        tf::set_op_seeds(seeds);
    }
    result
}

impl Deref for Sequential {
    type Target = AnyLayer;
    fn deref(&self) -> &AnyLayer {
        &self.handle
    }
}
impl From<Sequential> for AnyLayer {
    fn from(net: Sequential) -> AnyLayer {
        net.handle
    }
}
impl From<&Sequential> for AnyLayer {
    fn from(net: &Sequential) -> AnyLayer {
        net.handle.clone()
    }
}
impl From<&mut Sequential> for AnyLayer {
    fn from(net: &mut Sequential) -> AnyLayer {
        net.handle.clone()
    }
}
impl PartialEq for Sequential {
    /// Whether both are the same net.
    fn eq(&self, other: &Sequential) -> bool {
        self.handle.same(&other.handle)
    }
}
impl Eq for Sequential {}

impl fmt::Debug for Sequential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sequential").field("name", &self.name()).field("layers", &self.layers()).finish()
    }
}
