//! The memory that a plan runs in.

use crate::Element;

/// Every buffer starts on a boundary of this many bytes and is padded to a multiple of it: a cache line, and the
/// widest vector.
pub(crate) const ALIGN: usize = 64;

#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Line([u8; ALIGN]);

/// One block of memory that all buffers of a workspace are places in, by offset in bytes.
pub(crate) struct Arena(Vec<Line>);

impl Arena {
    /// Zeroed memory of at least `bytes`, and a line more: the last vector of a row may be read beyond its end.
    pub(crate) fn new(bytes: usize) -> Arena {
        Arena(vec![Line([0; ALIGN]); bytes.div_ceil(ALIGN) + 1])
    }

    pub(crate) fn bytes(&self) -> usize {
        self.0.len() * ALIGN
    }

    pub(crate) fn base(&mut self) -> *mut u8 {
        self.0.as_mut_ptr().cast()
    }

    /// `n` elements at `offset`.
    pub(crate) fn slice<T: Element>(&self, offset: usize, n: usize) -> &[T] {
        self.check::<T>(offset, n);
        // SAFETY: inside of the block and aligned, by the check. Every bit pattern is a number; a `bool` is only ever
        // written from a `bool` (or zero), into buffers that hold nothing else while they live.
        unsafe { std::slice::from_raw_parts(self.0.as_ptr().cast::<u8>().add(offset).cast(), n) }
    }

    /// `n` elements at `offset`, to write to.
    pub(crate) fn slice_mut<T: Element>(&mut self, offset: usize, n: usize) -> &mut [T] {
        self.check::<T>(offset, n);
        // SAFETY: as above, and `self` is borrowed for as long.
        unsafe { std::slice::from_raw_parts_mut(self.base().add(offset).cast(), n) }
    }

    fn check<T>(&self, offset: usize, n: usize) {
        assert!(offset.is_multiple_of(align_of::<T>()) && offset + n * size_of::<T>() <= self.bytes());
    }
}
