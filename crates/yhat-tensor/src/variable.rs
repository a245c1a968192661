//! Variables: the state that training changes.

use std::{
    fmt,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
};

use crate::{Array, DType, Error, Result, Shape, Tensor};

/// A handle on an array that can be assigned to; clones are the same variable.
///
/// In an expression a variable stands for the value that it has when the expression is evaluated. While a plan trains,
/// the plan's workspace holds the current value; it is written back here where someone may look.
///
/// ```
/// use yhat_tensor::Variable;
/// let w = Variable::new("w", [[1.0, 2.0]]);
/// let doubled = w.tensor() * 2.0;
/// w.assign([[3.0, 4.0]])?;
/// assert_eq!(doubled.eval()?.to_vec(), [6.0, 8.0]);
/// # Ok::<(), yhat_tensor::Error>(())
/// ```
#[derive(Clone)]
pub struct Variable(Arc<Inner>);

struct Inner {
    id: u64,
    name: Mutex<String>,
    shape: Shape,
    dtype: DType,
    trainable: AtomicBool,
    value: Mutex<Value>,
}

struct Value {
    array: Array,
    /// Counts the values that there have been, so that a workspace knows whether it holds this one.
    version: u64,
}

impl Variable {
    /// A trainable variable that starts as `value`, whose shape and type it keeps.
    pub fn new(name: impl Into<String>, value: impl Into<Array>) -> Variable {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let value = value.into();
        Variable(Arc::new(Inner {
            id: NEXT.fetch_add(1, Relaxed),
            name: Mutex::new(name.into()),
            shape: value.shape().clone(),
            dtype: value.dtype(),
            trainable: AtomicBool::new(true),
            value: Mutex::new(Value { array: value, version: 0 }),
        }))
    }

    /// What tells this variable from every other in the process.
    pub fn id(&self) -> u64 {
        self.0.id
    }

    /// The name, as in `dense/kernel`.
    pub fn name(&self) -> String {
        lock(&self.0.name).clone()
    }

    /// Gives another name.
    pub fn rename(&self, name: impl Into<String>) {
        *lock(&self.0.name) = name.into();
    }

    /// The shape, which never changes.
    pub fn shape(&self) -> &Shape {
        &self.0.shape
    }

    /// The element type, which never changes.
    pub fn dtype(&self) -> DType {
        self.0.dtype
    }

    /// Whether training may change it.
    pub fn trainable(&self) -> bool {
        self.0.trainable.load(Relaxed)
    }

    /// Sets whether training may change it.
    pub fn set_trainable(&self, trainable: bool) {
        self.0.trainable.store(trainable, Relaxed);
    }

    /// The current value.
    pub fn value(&self) -> Array {
        lock(&self.0.value).array.clone()
    }

    /// A number that is another for each value that the variable had.
    pub(crate) fn version(&self) -> u64 {
        lock(&self.0.value).version
    }

    /// The current value and its version.
    pub(crate) fn versioned(&self) -> (Array, u64) {
        let value = lock(&self.0.value);
        (value.array.clone(), value.version)
    }

    /// Gives a new value, cast to the variable's type.
    ///
    /// # Errors
    /// If the shape is another.
    pub fn assign(&self, value: impl Into<Array>) -> Result<()> {
        let value = value.into();
        if value.shape() != self.shape() {
            return Err(Error::Shape {
                what: format!("variable '{}'", self.name()),
                expected: self.shape().clone(),
                got: value.shape().clone(),
            });
        }
        let value = value.cast(self.dtype());
        self.replace(|array| *array = value);
        Ok(())
    }

    /// Lets `write` put other elements into the value, and gives its new version.
    pub(crate) fn replace(&self, write: impl FnOnce(&mut Array)) -> u64 {
        let mut value = lock(&self.0.value);
        write(&mut value.array);
        value.version += 1;
        value.version
    }

    /// The variable as an expression.
    pub fn tensor(&self) -> Tensor {
        Tensor::variable(self)
    }
}

/// Nothing panics while it holds a lock, so none guards anything half-done.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl PartialEq for Variable {
    /// Whether both are the same variable.
    fn eq(&self, other: &Variable) -> bool {
        self.id() == other.id()
    }
}
impl Eq for Variable {}

impl fmt::Display for Variable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, shape, dtype) = (self.name(), self.shape(), self.dtype());
        write!(f, "<Variable '{name}' shape={shape} dtype={dtype}, value={}>", self.value())
    }
}
impl fmt::Debug for Variable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
