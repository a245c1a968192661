//! The variables that a layer owns.

use std::ops::Index;

use yhat_tensor::{Array, DType, Shape, Tensor, Variable};

use crate::{Error, Result, initializers::Initializer, regularizers::Regularizer};

/// A layer's variables by name, in the order in which its `build` added them.
///
/// ```
/// use yhat::{DType, layers::Weights};
/// let mut weights = Weights::new("scale", "Scale", DType::F32);
/// weights.add("factor", 3, "ones")?;
/// assert_eq!(weights["factor"].name(), "scale/factor");
/// assert_eq!(weights["factor"].value().to_vec(), [1.0, 1.0, 1.0]);
/// # Ok::<(), yhat::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Weights {
    layer: String,
    kind: &'static str,
    dtype: DType,
    /// The shape of the input that they were made for.
    input: Shape,
    entries: Vec<Entry>,
}

#[derive(Clone, Debug)]
struct Entry {
    name: String,
    variable: Variable,
    initializer: Initializer,
    regularizer: Option<Regularizer>,
}

impl Weights {
    /// None yet, for a layer of this name, kind and element type.
    pub fn new(layer: impl Into<String>, kind: &'static str, dtype: DType) -> Weights {
        Weights { layer: layer.into(), kind, dtype, input: Shape::from(()), entries: Vec::new() }
    }

    pub(super) fn made_for(&mut self, input: &Shape) {
        self.input = input.clone();
    }

    pub(super) fn input(&self) -> &Shape {
        &self.input
    }

    /// The layer's name.
    pub fn layer(&self) -> &str {
        &self.layer
    }

    /// The error of a layer that can't take an input of shape `got`: "layer 'dense_1' (Dense): expected ..., got ...".
    pub fn refuse(&self, got: &Shape, expected: impl Into<String>) -> Error {
        let (layer, kind) = (self.layer.clone(), self.kind.to_string());
        Error::LayerShape { layer, kind, expected: expected.into(), got: got.clone() }
    }

    /// Makes a variable `layer/name` of the layer's type, whose start `initializer` draws.
    ///
    /// # Errors
    /// If the initializer is unknown or can't draw this shape, the layer has a variable of this name already, or the
    /// variable would not fit into memory.
    pub fn add(&mut self, name: &str, shape: impl Into<Shape>, initializer: impl Into<Initializer>) -> Result<()> {
        self.add_regularized(name, shape, initializer, None)
    }

    /// [`Weights::add`] with a penalty on the variable that is added to every loss.
    pub fn add_regularized(
        &mut self,
        name: &str,
        shape: impl Into<Shape>,
        initializer: impl Into<Initializer>,
        regularizer: Option<Regularizer>,
    ) -> Result<()> {
        let (shape, initializer) = (shape.into(), initializer.into());
        let full_name = format!("{}/{name}", self.layer);
        if self.get(name).is_some() {
            return Err(Error::argument(full_name, "a name of its own", "a second variable of this name"));
        }
        check_memory(&full_name, &shape, self.dtype)?;
        let variable = Variable::new(full_name, initializer.values(&shape, self.dtype)?);
        self.entries.push(Entry { name: name.to_string(), variable, initializer, regularizer });
        Ok(())
    }

    /// The variable `name`.
    pub fn get(&self, name: &str) -> Option<&Variable> {
        self.entries.iter().find(|e| e.name == name).map(|e| &e.variable)
    }

    /// All of them, in order.
    pub fn variables(&self) -> impl Iterator<Item = &Variable> {
        self.entries.iter().map(|e| &e.variable)
    }

    /// How many numbers they hold together.
    pub fn count_params(&self) -> usize {
        self.variables().map(|v| v.shape().size()).sum()
    }

    /// What the variables could have started as: their initializers, drawn from once more.
    pub(crate) fn redrawn(&self) -> impl Iterator<Item = Result<(Variable, Array)>> {
        self.entries.iter().map(|e| {
            let value = e.initializer.values(e.variable.shape(), e.variable.dtype())?;
            Ok((e.variable.clone(), value))
        })
    }

    /// The penalties, one scalar for each regularized variable.
    pub(crate) fn losses(&self) -> impl Iterator<Item = Result<Tensor>> {
        self.entries.iter().filter_map(|e| e.regularizer.as_ref().map(|r| r.call(&e.variable.tensor())))
    }
}

impl Index<&str> for Weights {
    type Output = Variable;
    /// # Panics
    /// If the layer has no variable of this name; [`Weights::get`] asks.
    fn index(&self, name: &str) -> &Variable {
        self.get(name).unwrap_or_else(|| {
            let names: Vec<&str> = self.entries.iter().map(|e| e.name.as_str()).collect();
            panic!("layer '{}' has no variable '{name}', it has {names:?}", self.layer)
        })
    }
}

/// Assigns `values` to `variables`, all of them or none.
///
/// # Errors
/// If there are not as many values as variables, or a shape differs; then nothing has changed.
pub(crate) fn assign(owner: &str, variables: &[Variable], values: Vec<Array>) -> Result<()> {
    let listed = || variables.iter().map(|v| format!("{} {}", v.name(), v.shape())).collect::<Vec<_>>().join(", ");
    if values.len() != variables.len() {
        let expected = match variables.len() {
            0 => "no arrays, since it has no weights".to_string(),
            1 => format!("1 array, for {}", listed()),
            n => format!("{n} arrays, for {}", listed()),
        };
        return Err(Error::argument(format!("set_weights of {owner}"), expected, values.len()));
    }
    for (variable, value) in variables.iter().zip(&values) {
        if variable.shape() != value.shape() {
            let (name, expected, got) = (variable.name(), variable.shape(), value.shape());
            let what = format!("set_weights of {owner}, '{name}'");
            return Err(Error::argument(what, format!("shape {expected}"), format!("shape {got}")));
        }
    }
    for (variable, value) in variables.iter().zip(values) {
        variable.assign(value)?;
    }
    Ok(())
}

/// An error where a variable of this shape could not be held; without this check the program would end.
fn check_memory(name: &str, shape: &Shape, dtype: DType) -> Result<()> {
    let size = shape.iter().try_fold(dtype.size(), |bytes, n| bytes.checked_mul(*n));
    match size.map(|bytes| Vec::<u8>::new().try_reserve_exact(bytes)) {
        Some(Ok(())) => Ok(()),
        _ => Err(Error::argument(name, "a variable that fits into memory", format!("shape {shape}"))),
    }
}
