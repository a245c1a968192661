//! Shapes: how long an expression or array is along each axis.

use std::{fmt, ops::Deref};

/// The length along each axis, first axis outermost; `[]` is a scalar.
///
/// Whatever takes a shape takes a number, an array, a slice, a `Vec` or `()`.
///
/// ```
/// use yhat_tensor::Shape;
/// let shape = Shape::from([100, 2]);
/// assert_eq!(shape.size(), 200);
/// assert_eq!(shape.rank(), 2);
/// assert_eq!(shape.to_string(), "(100, 2)");
/// assert_eq!(Shape::from(3).to_string(), "(3,)");
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct Shape(Vec<usize>);

impl Shape {
    /// How many elements there are: the product of the lengths, 1 for a scalar; `usize::MAX` if there are more.
    pub fn size(&self) -> usize {
        if self.0.contains(&0) { 0 } else { self.0.iter().fold(1, |size, n| size.saturating_mul(*n)) }
    }

    /// How many axes there are.
    pub fn rank(&self) -> usize {
        self.0.len()
    }

    /// The shape that both broadcast to by NumPy's rule (aligned at the last axis, 1 stretches), if there is one.
    ///
    /// ```
    /// use yhat_tensor::Shape;
    /// assert_eq!(Shape::from([4, 1]).broadcast(&Shape::from(3)), Some(Shape::from([4, 3])));
    /// assert_eq!(Shape::from([4, 2]).broadcast(&Shape::from(3)), None);
    /// ```
    pub fn broadcast(&self, other: &Shape) -> Option<Shape> {
        let rank = self.rank().max(other.rank());
        let at = |s: &Shape, i: usize| {
            let missing = rank - s.rank();
            if i < missing { 1 } else { s[i - missing] }
        };
        (0..rank)
            .map(|i| match (at(self, i), at(other, i)) {
                (a, b) if a == b => Some(a),
                (1, b) => Some(b),
                (a, 1) => Some(a),
                _ => None,
            })
            .collect::<Option<Vec<_>>>()
            .map(Shape)
    }

    /// Elements between neighbours along each axis, in row-major order.
    pub(crate) fn strides(&self) -> Vec<usize> {
        let mut strides = vec![1usize; self.rank()];
        for i in (1..self.rank()).rev() {
            strides[i - 1] = strides[i].saturating_mul(self.0[i]);
        }
        strides
    }

    /// Strides of `self` read as if it had the shape `to`: 0 along each axis that is stretched.
    pub(crate) fn broadcast_strides(&self, to: &Shape) -> Vec<usize> {
        let missing = to.rank() - self.rank();
        let own = self.strides();
        (0..to.rank()).map(|i| if i < missing || self.0[i - missing] == 1 { 0 } else { own[i - missing] }).collect()
    }

    /// The axis that `axis` means, negative ones counted from the end.
    pub(crate) fn axis(&self, axis: isize) -> Option<usize> {
        let rank = self.rank() as isize;
        let axis = if axis < 0 { axis + rank } else { axis };
        (0..rank).contains(&axis).then_some(axis as usize)
    }
}

impl Deref for Shape {
    type Target = [usize];
    fn deref(&self) -> &[usize] {
        &self.0
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_slice() {
            [one] => write!(f, "({one},)"),
            all => write!(f, "({})", all.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")),
        }
    }
}

impl fmt::Debug for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<Vec<usize>> for Shape {
    fn from(v: Vec<usize>) -> Self {
        Shape(v)
    }
}
impl From<&[usize]> for Shape {
    fn from(v: &[usize]) -> Self {
        Shape(v.to_vec())
    }
}
impl<const N: usize> From<[usize; N]> for Shape {
    fn from(v: [usize; N]) -> Self {
        Shape(v.to_vec())
    }
}
impl From<usize> for Shape {
    fn from(n: usize) -> Self {
        Shape(vec![n])
    }
}
impl From<()> for Shape {
    fn from((): ()) -> Self {
        Shape(Vec::new())
    }
}
impl From<&Shape> for Shape {
    fn from(s: &Shape) -> Self {
        s.clone()
    }
}
impl FromIterator<usize> for Shape {
    fn from_iter<I: IntoIterator<Item = usize>>(iter: I) -> Self {
        Shape(iter.into_iter().collect())
    }
}
