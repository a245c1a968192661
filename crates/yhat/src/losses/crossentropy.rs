use super::{EPSILON, Loss, logits};
use crate::{
    DType, Result, Tensor,
    activations::{log_softmax, softmax},
    named::within,
};

/// `-mean(y ln p + (1 - y) ln(1 - p))` over the last axis, for labels `y` of 0 or 1 and probabilities `p = yhat`.
///
/// Where `yhat` is the [`sigmoid`](crate::activations::sigmoid) of `z`, the loss is computed from `z`, exact however far
/// the sigmoid has saturated; Keras 2.8 does so too, in `fit`, `evaluate` and eagerly on a model's output. Any other
/// `yhat` is first put between `epsilon` and `1 - epsilon`, and the logarithms are of `p + epsilon` and
/// `1 - p + epsilon`, with [`EPSILON`](super::EPSILON).
///
/// Keras 2.8 also looks through a *softmax* here and takes what it finds as logits of a sigmoid, which is the
/// cross-entropy of other numbers than the network's output (mended in Keras 2.9); this function does not.
///
/// ```
/// # use yhat::{Tensor, losses::binary_crossentropy};
/// let (y, z) = (Tensor::from([[1.0]]), Tensor::from([[-200.0]]));
/// assert_eq!(binary_crossentropy(&y, &z.sigmoid()).eval()?.to_vec(), [200.0]);
/// let loss = binary_crossentropy(&y, &Tensor::from([[0.5]])).eval()?.item();
/// assert!((loss - 2.0f64.ln()).abs() < 1e-6);
/// # Ok::<(), yhat::Error>(())
/// ```
pub fn binary_crossentropy(y: &Tensor, yhat: &Tensor) -> Tensor {
    BinaryCrossentropy::new().call(y, yhat)
}

/// `-sum(y ln p)` over the last axis, for one-hot labels or distributions `y` and probabilities `p`.
///
/// Where `yhat` is the [`softmax`](crate::activations::softmax) of `z`, `ln p` is computed from `z`, as in
/// [`binary_crossentropy`]. Any other `yhat` is divided by its sum and put between `epsilon` and `1 - epsilon` first,
/// with [`EPSILON`](super::EPSILON).
///
/// ```
/// # use yhat::{Tensor, losses::categorical_crossentropy};
/// let loss = categorical_crossentropy(&Tensor::from([[0.0, 1.0]]), &Tensor::from([[1.0, 3.0]])).eval()?.item();
/// assert!((loss + 0.75f64.ln()).abs() < 1e-15);
/// # Ok::<(), yhat::Error>(())
/// ```
pub fn categorical_crossentropy(y: &Tensor, yhat: &Tensor) -> Tensor {
    CategoricalCrossentropy::new().call(y, yhat)
}

/// `-ln p_y` along the last axis, for labels `y` that are the numbers of classes, in any numeric type, of the shape of
/// `yhat` without its last axis or with length 1 there.
///
/// `ln p` is as in [`categorical_crossentropy`]. An expression cannot look at its labels: that of a label that is no
/// class is 0, so a model checks them before it trains.
///
/// ```
/// # use yhat::{Tensor, losses::sparse_categorical_crossentropy};
/// let (y, p) = (Tensor::from([1, 0]), Tensor::from([[0.25, 0.75], [0.5, 0.5]]));
/// let loss = sparse_categorical_crossentropy(&y, &p).eval()?.to_vec();
/// assert!((loss[0] + 0.75f64.ln()).abs() < 1e-15);
/// # Ok::<(), yhat::Error>(())
/// ```
pub fn sparse_categorical_crossentropy(y: &Tensor, yhat: &Tensor) -> Tensor {
    SparseCategoricalCrossentropy::new().call(y, yhat)
}

/// [`binary_crossentropy`] with options.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BinaryCrossentropy {
    from_logits: bool,
    label_smoothing: f64,
}

impl BinaryCrossentropy {
    /// The loss of probabilities and labels as they are.
    ///
    /// ```
    /// # use yhat::{Tensor, losses::BinaryCrossentropy};
    /// let smooth = BinaryCrossentropy::new().from_logits(true).label_smoothing(0.5);
    /// let loss = smooth.call(&Tensor::from([[1.0]]), &Tensor::from([[-8.0]])).eval()?.item();
    /// assert!((loss - (6.0 + (-8.0f64).exp().ln_1p())).abs() < 1e-15);
    /// # Ok::<(), yhat::Error>(())
    /// ```
    pub fn new() -> BinaryCrossentropy {
        BinaryCrossentropy::default()
    }

    /// Whether `yhat` are not probabilities but the `z` whose sigmoid they would be.
    pub fn from_logits(self, from_logits: bool) -> BinaryCrossentropy {
        BinaryCrossentropy { from_logits, ..self }
    }

    /// Moves labels towards 1/2: `y (1 - s) + s/2`, for `0 <= s <= 1`.
    pub fn label_smoothing(self, label_smoothing: f64) -> BinaryCrossentropy {
        BinaryCrossentropy { label_smoothing, ..self }
    }

    /// The loss of each sample.
    pub fn call(&self, y: &Tensor, yhat: &Tensor) -> Tensor {
        let y = &smoothed(&y.cast(yhat.dtype()), self.label_smoothing, 2);
        let loss = match logits::of_sigmoid(yhat) {
            Some(z) => from_logits(y, &z),
            None if self.from_logits => from_logits(y, yhat),
            None => {
                let p = yhat.clip(EPSILON, 1.0 - EPSILON);
                -(y * (&p + EPSILON).ln() + (1.0 - y) * (1.0 - &p + EPSILON).ln())
            }
        };
        loss.mean_axis(-1)
    }
}

/// `ln(1 + e^z) - y z`, so arranged that nothing overflows or cancels, in the gradient neither
/// (`tf.nn.sigmoid_cross_entropy_with_logits`). At 0 the maximum's gradient is 1 and the minimum's -1, not those of a
/// relu and an absolute value, so that the whole has its 1/2 - y.
fn from_logits(y: &Tensor, z: &Tensor) -> Tensor {
    z.maximum(0.0) - z * y + (-z).minimum(z).exp().ln_1p()
}

/// [`categorical_crossentropy`] with options.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CategoricalCrossentropy {
    from_logits: bool,
    label_smoothing: f64,
}

impl CategoricalCrossentropy {
    /// The loss of probabilities and labels as they are.
    ///
    /// ```
    /// # use yhat::{Tensor, losses::CategoricalCrossentropy};
    /// let loss = CategoricalCrossentropy::new().from_logits(true);
    /// let loss = loss.call(&Tensor::from([[1.0, 0.0]]), &Tensor::from([[-900.0, 100.0]]));
    /// assert_eq!(loss.eval()?.to_vec(), [1000.0]);
    /// # Ok::<(), yhat::Error>(())
    /// ```
    pub fn new() -> CategoricalCrossentropy {
        CategoricalCrossentropy::default()
    }

    /// Whether `yhat` are not probabilities but the `z` whose softmax they would be.
    pub fn from_logits(self, from_logits: bool) -> CategoricalCrossentropy {
        CategoricalCrossentropy { from_logits, ..self }
    }

    /// Moves labels of `k` classes towards `1/k`: `y (1 - s) + s/k`, for `0 <= s <= 1`.
    pub fn label_smoothing(self, label_smoothing: f64) -> CategoricalCrossentropy {
        CategoricalCrossentropy { label_smoothing, ..self }
    }

    /// The loss of each sample.
    pub fn call(&self, y: &Tensor, yhat: &Tensor) -> Tensor {
        let classes = yhat.shape().last().copied().unwrap_or(1);
        let y = smoothed(&y.cast(yhat.dtype()), self.label_smoothing, classes);
        let log_p = match logits::of_softmax(yhat) {
            Some(z) => log_softmax(&z),
            None if self.from_logits => log_softmax(yhat),
            None => (yhat / yhat.sum_axes(&[-1], true)).clip(EPSILON, 1.0 - EPSILON).ln(),
        };
        -(y * log_p).sum_axis(-1)
    }
}

/// [`sparse_categorical_crossentropy`] with options.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SparseCategoricalCrossentropy {
    from_logits: bool,
}

impl SparseCategoricalCrossentropy {
    /// The loss of probabilities.
    pub fn new() -> SparseCategoricalCrossentropy {
        SparseCategoricalCrossentropy::default()
    }

    /// Whether `yhat` are not probabilities but the `z` whose softmax they would be.
    pub fn from_logits(self, from_logits: bool) -> SparseCategoricalCrossentropy {
        SparseCategoricalCrossentropy { from_logits }
    }

    /// The loss of each sample.
    pub fn call(&self, y: &Tensor, yhat: &Tensor) -> Tensor {
        let log_p = match logits::of_softmax(yhat) {
            Some(z) => log_softmax(&z),
            None if self.from_logits => log_softmax(yhat),
            None => log_softmax(&yhat.clip(EPSILON, 1.0 - EPSILON).ln()),
        };
        let (rows, classes) = match yhat.shape().split_last() {
            Some((&classes, rows)) => (rows, classes),
            None => return softmax(yhat), // A scalar has no classes; the expression says so.
        };
        let labels = y.reshape(rows).cast(DType::I64);
        // A loop computes on floats, and has the comparison in it if labels are floats too: every integer below 2^24 is one.
        let labels = if classes <= 1 << 24 { labels.cast(yhat.dtype()) } else { labels };
        let chosen = labels.one_hot(classes, DType::Bool);
        -Tensor::select(&chosen, &log_p, 0.0).sum_axis(-1)
    }
}

/// Labels `y` moved towards the distribution in which all classes are equal.
fn smoothed(y: &Tensor, smoothing: f64, classes: usize) -> Tensor {
    if smoothing == 0.0 { y.clone() } else { y * (1.0 - smoothing) + smoothing / classes as f64 }
}

fn check_smoothing(kind: &str, smoothing: f64) -> Result<()> {
    within(&format!("label_smoothing of {kind}"), smoothing, 0.0..=1.0, "a number from 0 to 1")
}

impl From<BinaryCrossentropy> for Loss {
    fn from(loss: BinaryCrossentropy) -> Loss {
        let checked = check_smoothing("BinaryCrossentropy", loss.label_smoothing);
        Loss::of("binary_crossentropy", checked, move |y, yhat| loss.call(y, yhat))
    }
}

impl From<CategoricalCrossentropy> for Loss {
    fn from(loss: CategoricalCrossentropy) -> Loss {
        let checked = check_smoothing("CategoricalCrossentropy", loss.label_smoothing);
        Loss::of("categorical_crossentropy", checked, move |y, yhat| loss.call(y, yhat))
    }
}

impl From<SparseCategoricalCrossentropy> for Loss {
    fn from(loss: SparseCategoricalCrossentropy) -> Loss {
        Loss::of("sparse_categorical_crossentropy", Ok(()), move |y, yhat| loss.call(y, yhat))
    }
}
