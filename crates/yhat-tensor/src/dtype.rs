//! Element types.

use std::fmt;

/// The type of an expression's or array's elements.
///
/// Promotion when two meet in one operation goes up the list: `Bool < I64 < F32 < F64`.
/// (An integer beside a float32 becomes float32, as in JAX and PyTorch.)
///
/// ```
/// use yhat_tensor::DType;
/// assert_eq!(DType::I64.promote(DType::F32), DType::F32);
/// assert_eq!(DType::F32.to_string(), "float32");
/// assert_eq!(DType::F64.size(), 8);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DType {
    /// `true` or `false`, one byte.
    Bool,
    /// A signed integer of 64 bits: labels, indices.
    I64,
    /// IEEE 754 binary32, the default as in Keras.
    F32,
    /// IEEE 754 binary64.
    F64,
}

impl DType {
    /// Bytes of one element.
    pub fn size(self) -> usize {
        match self {
            DType::Bool => 1,
            DType::F32 => 4,
            DType::I64 | DType::F64 => 8,
        }
    }

    /// Whether elements are floating-point numbers.
    pub fn is_float(self) -> bool {
        matches!(self, DType::F32 | DType::F64)
    }

    /// The type that an operation on `self` and `other` works in.
    pub fn promote(self, other: DType) -> DType {
        self.max(other)
    }
}

impl fmt::Display for DType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DType::Bool => "bool",
            DType::I64 => "int64",
            DType::F32 => "float32",
            DType::F64 => "float64",
        })
    }
}
