//! Penalties on what layers put out, gathered while a net is traced.

use std::cell::RefCell;

use yhat_tensor::Tensor;

thread_local! {
    /// The penalties of the trace that is under way on this thread, if there is one.
    static GATHERED: RefCell<Option<Vec<Tensor>>> = const { RefCell::new(None) };
}

/// Runs `trace` and returns what it returns, with the penalties that layers added on the way.
pub(crate) fn gather<R>(trace: impl FnOnce() -> R) -> (R, Vec<Tensor>) {
    /// Puts the outer trace's penalties back, also if the inner one panics.
    struct Outer(Option<Vec<Tensor>>);
    impl Drop for Outer {
        fn drop(&mut self) {
            GATHERED.set(self.0.take());
        }
    }
    let _outer = Outer(GATHERED.replace(Some(Vec::new())));
    let result = trace();
    (result, GATHERED.take().unwrap_or_default())
}

/// Adds a penalty to the trace that is under way; where there is none, nobody asks for it.
pub(super) fn add(penalty: Tensor) {
    GATHERED.with_borrow_mut(|gathered| {
        if let Some(penalties) = gathered {
            penalties.push(penalty);
        }
    });
}
