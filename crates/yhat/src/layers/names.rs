//! Names that layers get by themselves: `dense`, `dense_1`, ... in the order in which they are made, as Keras counts.

use std::{cell::RefCell, collections::HashMap};

use yhat_tensor::DType;

use crate::{Error, Result};

thread_local! {
    /// How many layers of each kind this thread has named. Each thread counts for itself, so that programs (and
    /// tests) that run side by side name their layers as they would alone.
    static COUNTS: RefCell<HashMap<String, usize>> = RefCell::default();
    static FLOATX: RefCell<DType> = const { RefCell::new(DType::F32) };
}

/// Forgets the names given so far on this thread, so that the next dense layer is `dense` again:
/// `tf.keras.backend.clear_session`.
///
/// ```
/// use yhat::{clear_session, layers::Dense};
/// let _ = Dense::new(1);
/// clear_session();
/// assert_eq!(Dense::new(1).name(), "dense");
/// assert_eq!(Dense::new(1).name(), "dense_1");
/// ```
pub fn clear_session() {
    COUNTS.with_borrow_mut(HashMap::clear);
}

/// The element type of layers that are made on this thread and not given another: `tf.keras.backend.floatx`.
pub fn floatx() -> DType {
    FLOATX.with_borrow(|dtype| *dtype)
}

/// Sets [`floatx`]: `tf.keras.backend.set_floatx`.
///
/// ```
/// use yhat::{DType, layers::Dense, set_floatx};
/// set_floatx(DType::F64)?;
/// assert_eq!(Dense::new(1).dtype(), DType::F64);
/// set_floatx(DType::F32)?;
/// # Ok::<(), yhat::Error>(())
/// ```
///
/// # Errors
/// If `dtype` is not a float type.
pub fn set_floatx(dtype: DType) -> Result<()> {
    if !dtype.is_float() {
        return Err(Error::argument("set_floatx", "float32 or float64", dtype));
    }
    FLOATX.set(dtype);
    Ok(())
}

/// Runs `f` as on a thread that has named no layers yet and whose [`floatx`] is `dtype`; then all is as before.
pub(crate) fn as_if_new<R>(dtype: DType, f: impl FnOnce() -> R) -> R {
    /// Puts everything back, also if `f` panics.
    struct Before(HashMap<String, usize>, DType);
    impl Drop for Before {
        fn drop(&mut self) {
            COUNTS.set(std::mem::take(&mut self.0));
            FLOATX.set(self.1);
        }
    }
    let _before = Before(COUNTS.take(), FLOATX.replace(dtype));
    f()
}

/// The next name for a layer of `kind`, and its number.
pub(crate) fn next(kind: &str) -> (String, usize) {
    let base = snake_case(kind);
    let number = COUNTS.with_borrow_mut(|counts| {
        let count = counts.entry(base.clone()).or_default();
        *count += 1;
        *count - 1
    });
    (if number == 0 { base } else { format!("{base}_{number}") }, number)
}

/// Gives back the number of the layer that was named last, because it got a name of its own.
pub(crate) fn give_back(kind: &str, number: usize) {
    COUNTS.with_borrow_mut(|counts| {
        if let Some(count) = counts.get_mut(&snake_case(kind)).filter(|count| **count == number + 1) {
            *count = number;
        }
    });
}

/// `LeakyReLU` as `leaky_re_lu`, by Keras's two rules: an underscore before a capital that starts a word (a capital and
/// small letters) unless it comes first, and between a small letter and a capital.
fn snake_case(kind: &str) -> String {
    let letters: Vec<char> = kind.chars().collect();
    let mut name = String::new();
    for (i, c) in letters.iter().enumerate() {
        let starts_word = c.is_uppercase() && letters.get(i + 1).is_some_and(|next| next.is_lowercase());
        let after_small = c.is_uppercase() && i > 0 && letters[i - 1].is_lowercase();
        if i > 0 && (starts_word || after_small) && !name.ends_with('_') {
            name.push('_');
        }
        name.extend(c.to_lowercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::snake_case;

    #[test]
    fn names_as_keras_makes_them() {
        // tf.keras 2.8: keras.utils.generic_utils.to_snake_case
        for (kind, name) in [
            ("Dense", "dense"),
            ("LeakyReLU", "leaky_re_lu"),
            ("PReLU", "p_re_lu"),
            ("ReLU", "re_lu"),
            ("ELU", "elu"),
            ("Softmax", "softmax"),
            ("BatchNormalization", "batch_normalization"),
            ("MyLayer2D", "my_layer2d"),
        ] {
            assert_eq!(snake_case(kind), name);
        }
    }
}
