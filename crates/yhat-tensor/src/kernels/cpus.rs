//! Which processors a worker may be woken on.
//!
//! Linux wakes a thread where it ran last, and if its waker runs there by now, behind it: for some milliseconds the worker
//! does nothing while another core idles, then it has that core and its waker has none. So a sleeping worker is kept off its
//! waker's processor until it runs. Two hundred rows predicted one after another, after a pause of 20 ms, took 39 microseconds
//! each, the first of them often a millisecond; they take 15 (two cores, 2026-11-27).
//!
//! Elsewhere workers are woken where the system likes.

use std::thread::JoinHandle;

pub(super) use system::Cpus;

#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod system {
    use std::os::unix::thread::JoinHandleExt;

    use super::JoinHandle;

    /// A set of processors.
    pub(in super::super) struct Cpus(libc::cpu_set_t);

    const SIZE: usize = size_of::<libc::cpu_set_t>();

    // A call that fails changes nothing: threads then run where they did.
    impl Cpus {
        /// Those that this thread may run on.
        pub(in super::super) fn allowed() -> Cpus {
            // SAFETY: a set is plain bits, which the call fills in.
            unsafe {
                let mut set = std::mem::zeroed();
                libc::sched_getaffinity(0, SIZE, &mut set);
                Cpus(set)
            }
        }

        /// All but the one that this thread is on; none where there is no other.
        pub(in super::super) fn others(&self) -> Cpus {
            let mut others = self.0;
            // SAFETY: both calls touch nothing but the set, whose bits the filter counts.
            unsafe {
                let here = usize::try_from(libc::sched_getcpu()).ok();
                if let Some(here) = here.filter(|&cpu| cpu < 8 * SIZE) {
                    libc::CPU_CLR(here, &mut others);
                }
            }
            Cpus(others)
        }

        /// Lets `thread` run on these alone, unless there are none.
        pub(in super::super) fn hold(&self, thread: &JoinHandle<()>) {
            // SAFETY: a thread's handle is good for as long as it is not joined, which takes the handle.
            unsafe { libc::pthread_setaffinity_np(thread.as_pthread_t(), SIZE, &self.0) };
        }

        /// Lets this thread run on these alone.
        pub(in super::super) fn hold_this_thread(&self) {
            // SAFETY: the call reads the set.
            unsafe { libc::sched_setaffinity(0, SIZE, &self.0) };
        }
    }
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
mod system {
    use super::JoinHandle;

    /// Any processor.
    pub(in super::super) struct Cpus;

    impl Cpus {
        pub(in super::super) fn allowed() -> Cpus {
            Cpus
        }

        pub(in super::super) fn others(&self) -> Cpus {
            Cpus
        }

        pub(in super::super) fn hold(&self, _: &JoinHandle<()>) {}

        pub(in super::super) fn hold_this_thread(&self) {}
    }
}
