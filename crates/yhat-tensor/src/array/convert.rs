//! From what users have to an [`Array`], and back to `ndarray`.

use ndarray::{ArrayBase, ArrayD, Dimension, IxDyn};

use super::{Array, Element, with_elements};
use crate::{DType, Shape};

/// A number that an array can be made of, and the element type it is held as.
pub trait Number: Copy {
    /// What it is held as.
    type Held: Element;
    /// The same number as an element.
    fn held(self) -> Self::Held;
}
macro_rules! number {
    ($($t:ty => $held:ty),*) => {$(
        impl Number for $t {
            type Held = $held;
            fn held(self) -> $held {
                self as $held
            }
        }
        impl From<$t> for Array {
            fn from(x: $t) -> Array {
                Array::raw((), vec![x.held()])
            }
        }
    )*};
}
number!(f32 => f32, f64 => f64, bool => bool);
number!(i8 => i64, i16 => i64, i32 => i64, i64 => i64, u8 => i64, u16 => i64, u32 => i64, usize => i64);

impl From<&Array> for Array {
    fn from(a: &Array) -> Array {
        a.clone()
    }
}
impl<T: Number> From<&[T]> for Array {
    fn from(v: &[T]) -> Array {
        Array::raw(v.len(), v.iter().map(|x| x.held()).collect())
    }
}
impl<T: Number> From<&Vec<T>> for Array {
    fn from(v: &Vec<T>) -> Array {
        v.as_slice().into()
    }
}
impl<T: Number> From<Vec<T>> for Array {
    fn from(v: Vec<T>) -> Array {
        v.as_slice().into()
    }
}
impl<T: Number, const N: usize> From<[T; N]> for Array {
    fn from(v: [T; N]) -> Array {
        v.as_slice().into()
    }
}
impl<T: Number, const N: usize> From<&[T; N]> for Array {
    fn from(v: &[T; N]) -> Array {
        v.as_slice().into()
    }
}
impl<T: Number, const N: usize, const M: usize> From<[[T; M]; N]> for Array {
    fn from(v: [[T; M]; N]) -> Array {
        Array::raw([N, M], v.as_flattened().iter().map(|x| x.held()).collect())
    }
}
impl<T: Number, const N: usize, const M: usize, const K: usize> From<[[[T; K]; M]; N]> for Array {
    fn from(v: [[[T; K]; M]; N]) -> Array {
        Array::raw([N, M, K], v.as_flattened().as_flattened().iter().map(|x| x.held()).collect())
    }
}
impl<T: Number, S: ndarray::Data<Elem = T>, D: Dimension> From<&ArrayBase<S, D>> for Array {
    fn from(a: &ArrayBase<S, D>) -> Array {
        Array::raw(a.shape(), a.iter().map(|x| x.held()).collect())
    }
}
impl<T: Number, S: ndarray::Data<Elem = T>, D: Dimension> From<ArrayBase<S, D>> for Array {
    fn from(a: ArrayBase<S, D>) -> Array {
        Array::from(&a)
    }
}

impl Array {
    /// An `ndarray` of `T`, cast where the elements are of another type.
    fn to_nd<T: Element>(&self) -> ArrayD<T> {
        let cast = self.cast(T::DTYPE);
        let elements = cast.elements::<T>().expect("cast to T").to_vec();
        ArrayD::from_shape_vec(IxDyn(self.shape()), elements).expect("as many elements as the shape has")
    }

    /// An `ndarray` of float32.
    ///
    /// ```
    /// use yhat_tensor::Array;
    /// let a = Array::from([[1.0, 2.0], [3.0, 4.0]]).to_f32();
    /// assert_eq!(a[[1, 0]], 3.0f32);
    /// ```
    pub fn to_f32(&self) -> ArrayD<f32> {
        self.to_nd()
    }

    /// An `ndarray` of float64.
    pub fn to_f64(&self) -> ArrayD<f64> {
        self.to_nd()
    }

    /// An `ndarray` of int64.
    pub fn to_i64(&self) -> ArrayD<i64> {
        self.to_nd()
    }

    /// Several arrays of one shape as the rows of a new first axis: `numpy.stack`.
    ///
    /// # Panics
    /// If there is none or their shapes differ.
    pub fn stack(arrays: &[Array]) -> Array {
        let first = arrays.first().expect("stack() needs at least one array");
        assert!(arrays.iter().all(|a| a.shape() == first.shape()), "stack() needs arrays of one shape");
        let dtype = arrays.iter().map(Array::dtype).max().unwrap_or(DType::F64);
        let shape: Shape = std::iter::once(arrays.len()).chain(first.shape().iter().copied()).collect();
        let cast: Vec<Array> = arrays.iter().map(|a| a.cast(dtype)).collect();
        fn joined<T: Element>(parts: &[Array]) -> Vec<T> {
            parts.iter().flat_map(|a| a.elements::<T>().expect("cast to T").iter().copied()).collect()
        }
        with_elements!(cast[0].data(), v => {
            fn like<T: Element>(_: &[T], parts: &[Array], shape: Shape) -> Array {
                Array::raw(shape, joined::<T>(parts))
            }
            like(v, &cast, shape)
        })
    }
}
