//! What can go wrong below the layers.

use std::panic::Location;

use crate::{DType, Shape};

/// An error of an expression, an array or a plan.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An expression that can't be: shapes that do not fit, an axis that is not there, ...
    #[error("{op}: {message} (at {at})")]
    Expression {
        /// The operation, by the name of the method that makes it.
        op: &'static str,
        /// What came and what was expected.
        message: String,
        /// Where in the caller's source the expression was made.
        at: &'static Location<'static>,
    },
    /// An array of another shape than the one that is needed.
    #[error("{what}: expected shape {expected}, got {got}")]
    Shape {
        /// The variable, input or argument.
        what: String,
        /// The shape that is needed.
        expected: Shape,
        /// The shape that came.
        got: Shape,
    },
    /// Data whose length is not what its shape says.
    #[error("an array of shape {shape} has {expected} elements, got {got}")]
    Length {
        /// The shape that was asked for.
        shape: Shape,
        /// The elements it has.
        expected: usize,
        /// The elements that came.
        got: usize,
    },
    /// An array of a type that can't stand where it was put.
    #[error("{what}: expected {expected}, got {got}")]
    DType {
        /// The variable, input or argument.
        what: String,
        /// The type that is needed.
        expected: DType,
        /// The type that came.
        got: DType,
    },
    /// An expression that needs an input was evaluated without it.
    #[error("input '{name}' has no value: an expression with inputs is run by a plan, with an array for each of them")]
    MissingInput {
        /// The input's name.
        name: String,
    },
    /// Indices that point outside of what they select from.
    #[error("{op}: index {index} is out of range for an axis of length {length}")]
    Index {
        /// The operation.
        op: &'static str,
        /// The first offending index.
        index: i64,
        /// The length of the axis.
        length: usize,
    },
}

/// The result of anything in this crate that can fail.
pub type Result<T> = std::result::Result<T, Error>;
