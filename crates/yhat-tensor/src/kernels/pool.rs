//! Threads for large steps.
//!
//! A step is cut into parts by its shape, and whoever is free takes the next part: so results do not depend on how many
//! threads there are. Small steps are one part and never come here.
//!
//! `rayon`, tried first on paper, allocates a job for each part or needs its caller to be one of its threads; here a run
//! allocates nothing, the caller works too, and a worker that comes late finds the door closed and keeps nobody waiting.

use std::{
    cell::UnsafeCell,
    sync::{
        OnceLock,
        atomic::{AtomicBool, AtomicUsize, Ordering::*},
    },
    thread::{self, JoinHandle},
};

use super::cpus::Cpus;

/// Threads that steps may use: `YHAT_THREADS`, or else the machine's cores.
pub(crate) fn threads() -> usize {
    static THREADS: OnceLock<usize> = OnceLock::new();
    *THREADS.get_or_init(|| {
        let asked = std::env::var("YHAT_THREADS").ok().and_then(|n| n.parse().ok()).filter(|n| *n > 0);
        asked.unwrap_or_else(|| thread::available_parallelism().map_or(1, |n| n.get()))
    })
}

/// Calls `work(part)` for each of `parts`, on this thread and, if they are free, on those of the pool: `YHAT_THREADS` in
/// all, or as many as there are cores. Parts are handed out in order; a part's own steps are not cut further, since the
/// pool is taken.
///
/// ```
/// use std::sync::atomic::{AtomicUsize, Ordering};
/// let sum = AtomicUsize::new(0);
/// yhat_tensor::kernels::parallel(10, &|part| {
///     sum.fetch_add(part, Ordering::Relaxed);
/// });
/// assert_eq!(sum.into_inner(), 45);
/// ```
///
/// # Panics
/// `work` must not: a panic on another thread than the caller's ends that thread and is lost.
pub fn parallel(parts: usize, work: &(dyn Fn(usize) + Sync)) {
    static POOL: OnceLock<&'static Pool> = OnceLock::new();
    let alone = parts <= 1 || threads() <= 1;
    let pool = (!alone).then(|| *POOL.get_or_init(|| Pool::start(threads() - 1)));
    match pool.filter(|pool| !pool.busy.swap(true, Acquire)) {
        Some(pool) => pool.run(parts, work),
        // Nobody to share with: another thread's step has the pool.
        None => (0..parts).for_each(work),
    }
}

/// Calls `work(first, chunk)` for each chunk of `n` of the elements, on as many threads as [`parallel`]; `first` is the
/// number of the chunk's first element.
pub(crate) fn parallel_chunks<T: Send>(elements: &mut [T], n: usize, work: &(dyn Fn(usize, &mut [T]) + Sync)) {
    struct Shared<T>(*mut T);
    // SAFETY: chunks do not overlap, and each is given out once.
    unsafe impl<T: Send> Sync for Shared<T> {}
    let (len, all) = (elements.len(), &Shared(elements.as_mut_ptr()));
    parallel(len.div_ceil(n), &|part| {
        let first = part * n;
        // SAFETY: as above, and `elements` is borrowed for as long.
        let chunk = unsafe { std::slice::from_raw_parts_mut(all.0.add(first), n.min(len - first)) };
        work(first, chunk);
    });
}

/// Bytes that a thread copies, at least: some ten microseconds.
const COPIED: usize = 1 << 19;

/// Copies elements that lie together, on all threads if there are many.
pub(crate) fn copy<T: Copy + Send + Sync>(from: &[T], to: &mut [T]) {
    assert!(from.len() == to.len(), "{} elements for {}", from.len(), to.len());
    parallel_chunks(to, COPIED / size_of::<T>(), &|first, chunk| {
        chunk.copy_from_slice(&from[first..first + chunk.len()])
    });
}

type Work<'a> = &'a (dyn Fn(usize) + Sync);

struct Pool {
    /// A caller has the pool.
    busy: AtomicBool,
    /// The current work, while `door` is open or somebody is inside.
    work: UnsafeCell<Option<Work<'static>>>,
    parts: AtomicUsize,
    next: AtomicUsize,
    /// Odd while workers may come in; the rest counts, in twos, those inside.
    door: AtomicUsize,
    /// Counts the works, so that workers see a new one.
    round: AtomicUsize,
    sleeping: AtomicUsize,
    workers: OnceLock<Vec<JoinHandle<()>>>,
    /// Where workers may run.
    cpus: Cpus,
}

// SAFETY: `work` is written only by the caller that has the pool, while the door is closed and nobody is inside.
unsafe impl Sync for Pool {}

/// Closes the door, and waits until nobody is inside, also when the caller's own part panics.
struct Door<'a>(&'a Pool);

impl Drop for Door<'_> {
    fn drop(&mut self) {
        self.0.door.fetch_and(!1, AcqRel);
        while self.0.door.load(Acquire) != 0 {
            std::hint::spin_loop();
        }
        self.0.busy.store(false, Release);
    }
}

/// A worker's stay; it ends also when its part panics.
struct Inside<'a>(&'a Pool);

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        self.0.door.fetch_sub(2, Release);
    }
}

/// How long a worker looks for more work before it sleeps: about 50 microseconds, longer than the time between two steps of
/// a training, shorter than anybody's patience.
const LOOKS: usize = 20_000;

impl Pool {
    fn start(workers: usize) -> &'static Pool {
        let pool: &'static Pool = Box::leak(Box::new(Pool {
            busy: AtomicBool::new(false),
            work: UnsafeCell::new(None),
            parts: AtomicUsize::new(0),
            next: AtomicUsize::new(0),
            door: AtomicUsize::new(0),
            round: AtomicUsize::new(0),
            sleeping: AtomicUsize::new(0),
            workers: OnceLock::new(),
            cpus: Cpus::allowed(),
        }));
        let spawn = |i| thread::Builder::new().name(format!("yhat-{i}")).spawn(move || pool.serve()).ok();
        // A machine that gives no more threads has those it gave.
        let threads = (0..workers).filter_map(spawn).collect();
        pool.workers.set(threads).expect("set once");
        pool
    }

    fn run(&self, parts: usize, work: Work<'_>) {
        // SAFETY: the door is closed and nobody inside, so nobody reads. The work outlives its use: `Door` closes the door
        // and waits for all before this function returns.
        unsafe { *self.work.get() = Some(std::mem::transmute::<Work<'_>, Work<'static>>(work)) };
        self.parts.store(parts, Relaxed);
        self.next.store(0, Relaxed);
        self.door.store(1, Release);
        let _door = Door(self);
        self.round.fetch_add(1, SeqCst);
        if self.sleeping.load(SeqCst) > 0 {
            let elsewhere = self.cpus.others();
            for worker in self.workers.get().into_iter().flatten() {
                elsewhere.hold(worker);
                worker.thread().unpark();
            }
        }
        self.take_parts(work);
    }

    fn take_parts(&self, work: Work<'_>) {
        let parts = self.parts.load(Relaxed);
        loop {
            let part = self.next.fetch_add(1, Relaxed);
            if part >= parts {
                return;
            }
            work(part);
        }
    }

    fn serve(&self) {
        let mut seen = 0;
        loop {
            seen = self.wait(seen);
            let enter = |door: usize| (door & 1 == 1).then_some(door + 2);
            if self.door.fetch_update(AcqRel, Relaxed, enter).is_ok() {
                let _inside = Inside(self);
                // SAFETY: the door was open, so the work is set, and stays while somebody is inside.
                if let Some(work) = unsafe { *self.work.get() } {
                    self.take_parts(work);
                }
            }
        }
    }

    /// Waits for another round than `seen`.
    fn wait(&self, seen: usize) -> usize {
        for _ in 0..LOOKS {
            let round = self.round.load(Acquire);
            if round != seen {
                return round;
            }
            std::hint::spin_loop();
        }
        self.sleeping.fetch_add(1, SeqCst);
        while self.round.load(SeqCst) == seen {
            thread::park();
        }
        self.sleeping.fetch_sub(1, SeqCst);
        self.cpus.hold_this_thread();
        self.round.load(Acquire)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU64;

    use super::*;

    #[test]
    fn every_part_is_done_once_whoever_asks() {
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for round in 0..500 {
                        let done: Vec<AtomicU64> = (0..round % 19).map(|_| AtomicU64::new(0)).collect();
                        parallel(done.len(), &|part| {
                            done[part].fetch_add(1, Relaxed);
                        });
                        assert!(done.iter().all(|n| n.load(Relaxed) == 1));
                    }
                });
            }
        });
    }
}
