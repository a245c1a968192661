//! Arrays: what goes into an expression and what comes out.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicBool, Ordering::Relaxed},
};

use crate::{
    DType, Error, Result, Shape,
    kernels::{self, Arena},
};

mod convert;
mod display;

/// An n-dimensional array in row-major order whose element type is known at run time.
///
/// It is immutable and cheap to clone (the elements are shared). Anything that a user has becomes one with
/// `Array::from` or by being passed where an array is wanted: numbers, `Vec`s, slices, and [`ndarray`] arrays of any
/// dimension; [`Array::to_f32`] and its siblings lead back to `ndarray` for arithmetic, slicing and the rest.
///
/// ```
/// use yhat_tensor::Array;
/// let x = Array::linspace(-1.0, 1.0, 5);
/// assert_eq!(x.shape()[..], [5]);
/// let y = x.mapv(|x| 2.0 * x);
/// assert_eq!(y.to_vec(), [-2.0, -1.0, 0.0, 1.0, 2.0]);
/// assert_eq!(y.at(&[3]), 1.0);
/// ```
#[derive(Clone)]
pub struct Array {
    shape: Shape,
    data: Data,
    /// Whether all elements are finite, once somebody has asked: data are checked before each fit, which for 40 MB takes a hundredth
    /// of an epoch.
    finite: Arc<OnceLock<bool>>,
}

/// The elements of an [`Array`], by type.
#[derive(Clone, PartialEq)]
#[allow(missing_docs)]
pub enum Data {
    Bool(Arc<Vec<bool>>),
    I64(Arc<Vec<i64>>),
    F32(Arc<Vec<f32>>),
    F64(Arc<Vec<f64>>),
}

/// Evaluates an expression with `$v` bound to the elements, whatever their type.
macro_rules! with_elements {
    ($data:expr, $v:ident => $body:expr) => {
        match $data {
            $crate::array::Data::Bool($v) => $body,
            $crate::array::Data::I64($v) => $body,
            $crate::array::Data::F32($v) => $body,
            $crate::array::Data::F64($v) => $body,
        }
    };
}
pub(crate) use with_elements;

/// A Rust type that is an element type: `bool`, `i64`, `f32`, `f64`. Casts are Rust's `as`; anything but zero is `true`.
pub trait Element: Copy + PartialEq + Default + Send + Sync + std::fmt::Debug + 'static {
    /// The type as a value.
    const DTYPE: DType;
    /// Elements behind the type.
    fn wrap(elements: Vec<Self>) -> Data;
    /// The elements, where they are of this type.
    fn unwrap(data: &Data) -> Option<&Vec<Self>>;
    /// The number as a double.
    fn to_f64(self) -> f64;
    /// The number as an integer, towards zero.
    fn to_i64(self) -> i64;
    /// The nearest value of this type.
    fn from_f64(x: f64) -> Self;
    /// The value of this type for an integer.
    fn from_i64(x: i64) -> Self;
}

macro_rules! element {
    ($t:ty, $variant:ident, $to_f64:expr, $to_i64:expr, $from_f64:expr, $from_i64:expr) => {
        impl Element for $t {
            const DTYPE: DType = DType::$variant;
            fn wrap(elements: Vec<Self>) -> Data {
                Data::$variant(Arc::new(elements))
            }
            fn unwrap(data: &Data) -> Option<&Vec<Self>> {
                match data {
                    Data::$variant(v) => Some(v),
                    _ => None,
                }
            }
            #[inline(always)]
            fn to_f64(self) -> f64 {
                $to_f64(self)
            }
            #[inline(always)]
            fn to_i64(self) -> i64 {
                $to_i64(self)
            }
            #[inline(always)]
            fn from_f64(x: f64) -> Self {
                $from_f64(x)
            }
            #[inline(always)]
            fn from_i64(x: i64) -> Self {
                $from_i64(x)
            }
        }
    };
}
element!(bool, Bool, |x| x as u8 as f64, |x| x as i64, |x| x != 0.0, |x| x != 0);
element!(i64, I64, |x| x as f64, |x| x, |x| x as i64, |x| x);
element!(f32, F32, |x| x as f64, |x| x as i64, |x| x as f32, |x| x as f32);
element!(f64, F64, |x| x, |x| x as i64, |x| x, |x| x as f64);

impl Array {
    /// An array of `elements` in row-major order.
    ///
    /// # Errors
    /// If there are not as many elements as `shape` has.
    pub fn new<T: Element>(shape: impl Into<Shape>, elements: Vec<T>) -> Result<Array> {
        let shape = shape.into();
        if shape.size() != elements.len() {
            return Err(Error::Length { expected: shape.size(), got: elements.len(), shape });
        }
        Ok(Array { shape, data: T::wrap(elements), finite: Arc::default() })
    }

    /// Replaces the elements by those of the arena at `offset`, in the same memory unless another array shares it.
    pub(crate) fn read_from(&mut self, arena: &Arena, offset: usize) {
        if self.finite.get().is_some() {
            self.finite = Arc::default();
        }
        with_elements!(&mut self.data, v => {
            let new = arena.slice(offset, v.len());
            match Arc::get_mut(v) {
                Some(v) => kernels::copy(new, v),
                None => *v = Arc::new(new.to_vec()),
            }
        });
    }

    pub(crate) fn raw<T: Element>(shape: impl Into<Shape>, elements: Vec<T>) -> Array {
        Self::new(shape, elements).expect("as many elements as the shape has")
    }

    /// `n` float64 numbers evenly spaced from `start` to `stop`, both included: `numpy.linspace`, bit for bit.
    ///
    /// ```
    /// use yhat_tensor::Array;
    /// assert_eq!(Array::linspace(0.0, 1.0, 3).to_vec(), [0.0, 0.5, 1.0]);
    /// ```
    pub fn linspace(start: f64, stop: f64, n: usize) -> Array {
        let (length, parts) = (stop - start, (n.max(2) - 1) as f64);
        let step = length / parts;
        // As NumPy does where the step is too small to be a number.
        let offset = |i: usize| if step == 0.0 { i as f64 / parts * length } else { i as f64 * step };
        let mut v: Vec<f64> = (0..n).map(|i| offset(i) + start).collect();
        if n > 1 {
            v[n - 1] = stop;
        }
        Self::raw(n, v)
    }

    /// The float64 numbers `start, start + step, ...` below `stop` (above it, if `step` is negative): `numpy.arange`,
    /// bit for bit.
    ///
    /// ```
    /// use yhat_tensor::Array;
    /// assert_eq!(Array::arange(-10.0, 3.0, 0.2).size(), 65);
    /// ```
    ///
    /// # Panics
    /// If there are infinitely many, or more than memory can hold.
    pub fn arange(start: f64, stop: f64, step: f64) -> Array {
        let n = ((stop - start) / step).ceil();
        assert!(n.is_finite() && n < (1u64 << 48) as f64, "arange({start}, {stop}, {step}) has no end");
        // NumPy fills from the difference of the first two values, not from `step`.
        let second = start + step;
        let delta = second - start;
        let value = |i: usize| if i == 1 { second } else { start + i as f64 * delta };
        Self::raw(n as usize, (0..n as usize).map(value).collect())
    }

    /// Every element `value`, of type float64.
    pub fn full(shape: impl Into<Shape>, value: f64) -> Array {
        let shape = shape.into();
        Self::raw(shape.clone(), vec![value; shape.size()])
    }

    /// Every element 0, of type float64.
    pub fn zeros(shape: impl Into<Shape>) -> Array {
        Self::full(shape, 0.0)
    }

    /// Every element 1, of type float64.
    pub fn ones(shape: impl Into<Shape>) -> Array {
        Self::full(shape, 1.0)
    }

    /// Lengths along the axes.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// The element type.
    pub fn dtype(&self) -> DType {
        match self.data {
            Data::Bool(_) => DType::Bool,
            Data::I64(_) => DType::I64,
            Data::F32(_) => DType::F32,
            Data::F64(_) => DType::F64,
        }
    }

    /// The elements, by type.
    pub fn data(&self) -> &Data {
        &self.data
    }

    /// The elements in row-major order, if they are of type `T`.
    pub fn elements<T: Element>(&self) -> Option<&[T]> {
        T::unwrap(&self.data).map(Vec::as_slice)
    }

    /// How many elements there are.
    pub fn size(&self) -> usize {
        self.shape.size()
    }

    /// The same elements in another shape; a length of -1 in Keras is written out here.
    ///
    /// # Errors
    /// If the sizes differ.
    pub fn reshape(&self, shape: impl Into<Shape>) -> Result<Array> {
        let shape = shape.into();
        if shape.size() != self.size() {
            return Err(Error::Length { expected: shape.size(), got: self.size(), shape });
        }
        Ok(Array { shape, ..self.clone() })
    }

    /// The elements as another type ([`Element`] says how).
    pub fn cast(&self, dtype: DType) -> Array {
        fn to<A: Element, B: Element>(v: &[A]) -> Data {
            B::wrap(match A::DTYPE {
                DType::I64 => v.iter().map(|x| B::from_i64(x.to_i64())).collect(),
                _ => v.iter().map(|x| B::from_f64(x.to_f64())).collect(),
            })
        }
        if dtype == self.dtype() {
            return self.clone();
        }
        let data = with_elements!(&self.data, v => match dtype {
            DType::Bool => to::<_, bool>(v),
            DType::I64 => to::<_, i64>(v),
            DType::F32 => to::<_, f32>(v),
            DType::F64 => to::<_, f64>(v),
        });
        Array { shape: self.shape.clone(), data, finite: Arc::default() }
    }

    /// The element at `index`, as a double.
    ///
    /// # Panics
    /// If `index` is not inside of the shape.
    pub fn at(&self, index: &[usize]) -> f64 {
        assert!(
            index.len() == self.shape.rank() && index.iter().zip(self.shape.iter()).all(|(i, n)| i < n),
            "index {index:?} is not inside of an array of shape {}",
            self.shape
        );
        let flat: usize = index.iter().zip(self.shape.strides()).map(|(i, s)| i * s).sum();
        with_elements!(&self.data, v => v[flat].to_f64())
    }

    /// The only element, as a double.
    ///
    /// # Panics
    /// If there is not exactly one.
    pub fn item(&self) -> f64 {
        assert!(self.size() == 1, "item() is for an array of one element, this one has shape {}", self.shape);
        with_elements!(&self.data, v => v[0].to_f64())
    }

    /// All elements in row-major order, as doubles.
    pub fn to_vec(&self) -> Vec<f64> {
        with_elements!(&self.data, v => v.iter().map(|x| x.to_f64()).collect())
    }

    /// `f` of every element in row-major order, as float64.
    pub fn mapv(&self, f: impl FnMut(f64) -> f64) -> Array {
        Self::raw(self.shape.clone(), self.to_vec().into_iter().map(f).collect())
    }

    /// Column `j` of a matrix, or of each row's last axis: `a[..., j]`.
    ///
    /// # Panics
    /// If there is no such column.
    pub fn column(&self, j: usize) -> Array {
        let columns = self.shape.last().copied().unwrap_or(0);
        assert!(j < columns, "column {j} of an array of shape {}", self.shape);
        let v = self.to_vec().into_iter().skip(j).step_by(columns).collect::<Vec<_>>();
        Self::raw(&self.shape[..self.shape.rank() - 1], v).cast(self.dtype())
    }

    /// Rows `from..to` along the first axis.
    ///
    /// # Panics
    /// If the range is not inside of the first axis.
    pub fn rows(&self, from: usize, to: usize) -> Array {
        assert!(self.shape.rank() > 0, "rows of a scalar, which has no axes");
        let n = self.shape[0];
        assert!(from <= to && to <= n, "rows {from}..{to} of an array of shape {}", self.shape);
        let row = self.size().checked_div(n).unwrap_or(0);
        let shape: Shape = std::iter::once(to - from).chain(self.shape.iter().skip(1).copied()).collect();
        with_elements!(&self.data, v => Self::raw(shape, v[from * row..to * row].to_vec()))
    }

    /// Whether every element is finite (always so for integers and booleans). The elements are looked at once; clones and
    /// reshaped arrays share the answer.
    pub fn all_finite(&self) -> bool {
        *self.finite.get_or_init(|| match &self.data {
            Data::F32(v) => all(v, |x| x.is_finite()),
            Data::F64(v) => all(v, |x| x.is_finite()),
            _ => true,
        })
    }
}

impl PartialEq for Array {
    fn eq(&self, other: &Array) -> bool {
        self.shape == other.shape && self.data == other.data
    }
}

/// Whether all elements pass the test, asked of a part at a time, without a branch for each.
fn all<T: Element>(elements: &[T], test: impl Fn(&T) -> bool + Sync) -> bool {
    const PART: usize = 1 << 16;
    let failed = AtomicBool::new(false);
    kernels::parallel(elements.len().div_ceil(PART), &|part| {
        let part = &elements[part * PART..elements.len().min((part + 1) * PART)];
        if !failed.load(Relaxed) && !part.iter().fold(true, |all, x| all & test(x)) {
            failed.store(true, Relaxed);
        }
    });
    !failed.into_inner()
}
