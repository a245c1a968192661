//! Work that is divided among the threads.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
};

use yhat_tensor::{
    kernels,
    random::{OpSeeds, tf},
};

use crate::{Error, Result, model::said};

/// `f(0)`, `f(1)`, ... for `n`, in order, computed on all threads; or the error of the first that failed, and no more is
/// begun. A panic is an error of `what`. The caller's random stream is as before.
pub(crate) fn map<T: Send>(what: &str, n: usize, f: impl Fn(usize) -> Result<T> + Sync) -> Result<Vec<T>> {
    let slots: Vec<Mutex<Option<Result<T>>>> = (0..n).map(|_| Mutex::new(None)).collect();
    let failed = AtomicBool::new(false);
    kernels::parallel(n, &|i| {
        // Those before it have begun, so the first error is the same however many threads there are.
        if failed.load(Relaxed) {
            return;
        }
        let _stream = Stream(tf::op_seeds());
        let result = catch_unwind(AssertUnwindSafe(|| f(i)))
            .unwrap_or_else(|panic| Err(Error::state(what, said(panic.as_ref()))));
        failed.fetch_or(result.is_err(), Relaxed);
        *slots[i].lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(result);
    });
    let done = |slot: Mutex<Option<Result<T>>>| slot.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    slots.into_iter().filter_map(done).collect()
}

/// Gives the thread its random stream back.
struct Stream(OpSeeds);

impl Drop for Stream {
    fn drop(&mut self) {
        tf::set_op_seeds(self.0.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_order_and_errors_come_out() {
        assert_eq!(map("squares", 100, |i| Ok(i * i)).unwrap(), (0..100).map(|i| i * i).collect::<Vec<_>>());
        let error = map("a sweep", 10, |i| if i == 3 { panic!("three") } else { Ok(i) }).unwrap_err();
        assert_eq!(error.to_string(), "a sweep panicked: three");
    }
}
