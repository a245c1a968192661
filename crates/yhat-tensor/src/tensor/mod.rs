//! Expressions.
//!
//! A [`Tensor`] is an operation and its operands, with shape and dtype known when it is made. The operations are listed
//! in [`Op`]; those that work element by element have one row each in the table of [`mod@elementwise`].

use std::{
    fmt,
    panic::Location,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use crate::{Array, DType, Error, Result, Shape, Variable, interpret};

pub mod elementwise;
mod listing;
mod matmul;
mod op;
mod operators;
mod reduce;
mod shaping;

pub use elementwise::{Binary, Unary};
pub use op::{Op, Reduction};

/// An immutable, typed expression: cheap to clone, `Send + Sync`, never half computed.
///
/// Arrays enter as constants ([`Tensor::from`]), [`Variable`]s as state, and [`Tensor::input`] as what a plan is given
/// when it runs. Nothing is computed until [`Tensor::eval`] or a [`Plan`](crate::Plan) is asked to.
///
/// A wrong operation (shapes that do not fit, an axis that is not there) does not panic: it makes an expression that
/// holds the error with the place in the caller's source, and every use of it down to `eval` or `Plan::new` reports
/// that error. [`Tensor::check`] asks at once.
///
/// ```
/// use yhat_tensor::Tensor;
/// let x = Tensor::from([[1.0, 2.0], [3.0, 4.0]]);
/// let y = x.matmul(&x.transpose()).sum_axis(0) / 2.0;
/// assert_eq!(y.shape()[..], [2]);
/// assert_eq!(y.eval()?.to_vec(), [8.0, 18.0]);
///
/// let wrong = Tensor::from([1.0, 2.0]) + Tensor::from([1.0, 2.0, 3.0]);
/// let message = wrong.check().unwrap_err().to_string();
/// assert!(message.starts_with("add: shapes (2,) and (3,) do not broadcast"));
/// # Ok::<(), yhat_tensor::Error>(())
/// ```
#[derive(Clone)]
pub struct Tensor(Arc<Node>);

struct Node {
    /// What tells it from every other in the process. (An address would do only for as long as the node lives.)
    id: u64,
    op: Op,
    operands: Vec<Tensor>,
    shape: Shape,
    dtype: DType,
}

impl Tensor {
    pub(crate) fn new(op: Op, operands: Vec<Tensor>, shape: Shape, dtype: DType) -> Tensor {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let (op, operands) = match operands.iter().find(|t| matches!(t.op(), Op::Invalid(_))) {
            Some(wrong) => (wrong.op().clone(), Vec::new()),
            None => (op, operands),
        };
        Tensor(Arc::new(Node { id: NEXT.fetch_add(1, Relaxed), op, operands, shape, dtype }))
    }

    /// An expression that holds an error: that of an operand, if one is wrong already, since then `message` is but its
    /// consequence. `shape` is what the result would most likely have had, so that code which looks at shapes on the
    /// way to the report still finds axes.
    #[track_caller]
    pub(crate) fn invalid(
        op: &'static str,
        message: String,
        operands: &[&Tensor],
        shape: impl Into<Shape>,
        dtype: DType,
    ) -> Tensor {
        let op = match operands.iter().find(|t| matches!(t.op(), Op::Invalid(_))) {
            Some(wrong) => wrong.op().clone(),
            None => Op::Invalid(Arc::new(Error::Expression { op, message, at: Location::caller() })),
        };
        Tensor::new(op, Vec::new(), shape.into(), dtype)
    }

    /// A place for an array that is given when a plan runs.
    pub fn input(name: impl Into<String>, shape: impl Into<Shape>, dtype: DType) -> Tensor {
        Tensor::new(Op::Input(name.into()), Vec::new(), shape.into(), dtype)
    }

    pub(crate) fn variable(v: &Variable) -> Tensor {
        Tensor::new(Op::Variable(v.clone()), Vec::new(), v.shape().clone(), v.dtype())
    }

    /// The number that every element is, where that is plain without computing anything.
    pub(crate) fn uniform(&self) -> Option<f64> {
        let mut tensor = self;
        while let Op::Broadcast | Op::Reshape = tensor.op() {
            tensor = &tensor.operands()[0];
        }
        match tensor.op() {
            Op::Constant(array) if array.size() == 1 => Some(array.item()),
            _ => None,
        }
    }

    /// A scalar constant of this expression's type, or float32 where this is not a float.
    pub(crate) fn scalar(&self, x: f64) -> Tensor {
        let dtype = if self.dtype().is_float() { self.dtype() } else { DType::F32 };
        Tensor::from(Array::from(x).cast(dtype))
    }

    /// A constant with every element `value`.
    pub fn full(shape: impl Into<Shape>, value: f64, dtype: DType) -> Tensor {
        Tensor::from(Array::from(value).cast(dtype)).broadcast_to(shape)
    }

    /// Zeros of this expression's shape and type.
    pub fn zeros_like(&self) -> Tensor {
        Tensor::full(self.shape(), 0.0, self.dtype())
    }

    /// Ones of this expression's shape and type.
    pub fn ones_like(&self) -> Tensor {
        Tensor::full(self.shape(), 1.0, self.dtype())
    }

    /// The operation.
    pub fn op(&self) -> &Op {
        &self.0.op
    }

    /// What the operation works on.
    pub fn operands(&self) -> &[Tensor] {
        &self.0.operands
    }

    /// Lengths along the axes.
    pub fn shape(&self) -> &Shape {
        &self.0.shape
    }

    /// How many axes there are.
    pub fn rank(&self) -> usize {
        self.0.shape.rank()
    }

    /// The element type.
    pub fn dtype(&self) -> DType {
        self.0.dtype
    }

    /// Which expression this is: equal for clones, and for two readings of one variable.
    pub(crate) fn identity(&self) -> Identity {
        match self.op() {
            Op::Variable(v) => Identity::Variable(v.id()),
            _ => Identity::Node(self.0.id),
        }
    }

    /// The error, if this expression is made of a wrong operation.
    ///
    /// # Errors
    /// The first wrong operation's.
    pub fn check(&self) -> Result<()> {
        match self.op() {
            Op::Invalid(error) => Err(Error::clone(error)),
            _ => Ok(()),
        }
    }

    /// The value, computed now, from the values that its variables have now.
    ///
    /// # Errors
    /// If the expression is wrong or needs an input.
    pub fn eval(&self) -> Result<Array> {
        Ok(interpret(std::slice::from_ref(self), &[])?.swap_remove(0))
    }

    /// This expression and all below it, operands before what uses them, each once.
    pub(crate) fn topological(roots: &[Tensor]) -> Vec<Tensor> {
        let (mut order, mut seen) = (Vec::new(), rustc_hash::FxHashSet::default());
        // A stack of our own: a chain of 100,000 operations must not end the thread's.
        let mut stack: Vec<(Tensor, bool)> = roots.iter().rev().map(|t| (t.clone(), false)).collect();
        while let Some((tensor, operands_done)) = stack.pop() {
            if operands_done {
                order.push(tensor);
            } else if seen.insert(tensor.identity()) {
                let operands: Vec<_> = tensor.operands().iter().rev().map(|t| (t.clone(), false)).collect();
                stack.push((tensor, true));
                stack.extend(operands);
            }
        }
        order
    }
}

/// What makes two expressions the same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Identity {
    Node(u64),
    Variable(u64),
}

impl Drop for Node {
    /// Drops a long chain in a loop, where the compiler's own drop would recurse through it.
    fn drop(&mut self) {
        let mut stack = std::mem::take(&mut self.operands);
        while let Some(tensor) = stack.pop() {
            // Of several threads that drop their last handles at once, exactly one gets the node.
            if let Some(mut node) = Arc::into_inner(tensor.0) {
                stack.append(&mut node.operands);
            }
        }
    }
}

impl fmt::Debug for Tensor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<Tensor {} shape={} dtype={}>", self.op().name(), self.shape(), self.dtype())
    }
}

impl<A: Into<Array>> From<A> for Tensor {
    fn from(array: A) -> Tensor {
        let array = array.into();
        let (shape, dtype) = (array.shape().clone(), array.dtype());
        Tensor::new(Op::Constant(array), Vec::new(), shape, dtype)
    }
}
impl From<&Tensor> for Tensor {
    fn from(t: &Tensor) -> Tensor {
        t.clone()
    }
}
impl From<&Variable> for Tensor {
    fn from(v: &Variable) -> Tensor {
        v.tensor()
    }
}
