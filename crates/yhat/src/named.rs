//! Functions with names, which is all that an activation, a loss, a metric, ... is.

use std::{any::type_name, fmt, ops::RangeBounds, sync::Arc};

use crate::{Error, Result};

/// The name of a function that has none: a closure, or a function behind a pointer.
pub(crate) const CUSTOM: &str = "custom";

/// A function and its name, or the error of a name that stands for none.
///
/// The error is held and not returned because a name is given where no `Result` is: `Dense::new(2).activation("Relu")`.
pub(crate) struct Named<F: ?Sized> {
    name: String,
    function: Result<Arc<F>>,
}

impl<F: ?Sized> Named<F> {
    pub(crate) fn new(name: impl Into<String>, function: Arc<F>) -> Named<F> {
        Named { name: name.into(), function: Ok(function) }
    }

    pub(crate) fn wrong(name: impl Into<String>, error: Error) -> Named<F> {
        Named { name: name.into(), function: Err(error) }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn renamed(self, name: impl Into<String>) -> Named<F> {
        Named { name: name.into(), ..self }
    }

    pub(crate) fn get(&self) -> Result<&F> {
        self.function.as_deref().map_err(Error::clone)
    }
}

impl<F: ?Sized> Clone for Named<F> {
    fn clone(&self) -> Self {
        Named { name: self.name.clone(), function: self.function.clone() }
    }
}

impl<F: ?Sized> fmt::Debug for Named<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.function {
            Ok(_) => write!(f, "<{}>", self.name),
            Err(error) => write!(f, "<{}: {error}>", self.name),
        }
    }
}

/// The name of a function as its declaration spells it, or [`CUSTOM`].
pub(crate) fn name_of<F>() -> &'static str {
    let path = type_name::<F>();
    let last = path.rsplit("::").next().unwrap_or(path);
    let is_identifier = !last.is_empty() && last.chars().all(|c| c.is_alphanumeric() || c == '_');
    // A pointer's type is spelt `fn(&a::B) -> a::C`, whose last segment is an identifier too.
    if is_identifier && !path.contains('(') { last } else { CUSTOM }
}

/// Names and what they stand for.
pub(crate) type Table<T> = &'static [(&'static str, T)];

/// What `name` stands for in a table of the library.
pub(crate) fn find<T: Copy>(kind: &'static str, name: &str, table: &[(&str, T)]) -> Result<T> {
    match table.iter().find(|entry| entry.0 == name) {
        Some(entry) => Ok(entry.1),
        None => Err(Error::unknown(kind, name, &table.iter().map(|entry| entry.0).collect::<Vec<_>>())),
    }
}

/// That `argument` is a number from zero on, and finite.
pub(crate) fn not_negative(argument: &str, x: f64) -> Result<()> {
    within(argument, x, 0.0..f64::INFINITY, "a number that is not negative")
}

/// That `argument` is in `range`, which NaN never is.
pub(crate) fn within(argument: &str, x: f64, range: impl RangeBounds<f64>, expected: &str) -> Result<()> {
    if range.contains(&x) { Ok(()) } else { Err(Error::argument(argument, expected, x)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn twice(x: f64) -> f64 {
        2.0 * x
    }

    fn named<F: Fn(f64) -> f64>(_: F) -> &'static str {
        name_of::<F>()
    }

    #[test]
    fn functions_have_names_and_closures_have_none() {
        assert_eq!(named(twice), "twice");
        assert_eq!(named(f64::sin), "sin");
        assert_eq!(named(|x| x), CUSTOM);
        assert_eq!(named(twice as fn(f64) -> f64), CUSTOM);
        assert_eq!(named(Box::new(twice) as Box<dyn Fn(f64) -> f64>), CUSTOM);
    }
}
