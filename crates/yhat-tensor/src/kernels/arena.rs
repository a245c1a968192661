//! The memory that a plan runs in.

use crate::Element;

/// Every buffer starts on a boundary of this many bytes and is padded to a multiple of it: a cache line, and the
/// widest vector.
pub(crate) const ALIGN: usize = 64;

/// One block of memory that all buffers of a workspace are placed in, by offset in bytes.
pub(crate) struct Arena {
    memory: Vec<u8>,
    /// Where in it the first boundary is.
    start: usize,
    bytes: usize,
}

impl Arena {
    /// Zeroed memory of at least `bytes`, and a line more: the last vector of a row may be read beyond its end.
    ///
    /// Plain bytes come from the system as zeros and are not written a second time, which for a net of 670,000 weights
    /// takes as long as a training step.
    pub(crate) fn new(bytes: usize) -> Arena {
        let bytes = bytes.next_multiple_of(ALIGN) + ALIGN;
        let memory = vec![0u8; bytes + ALIGN];
        let start = memory.as_ptr().align_offset(ALIGN);
        assert!(start <= ALIGN, "bytes can be aligned");
        Arena { memory, start, bytes }
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(crate) fn base(&mut self) -> *mut u8 {
        // SAFETY: there are `ALIGN` bytes more than `bytes`.
        unsafe { self.memory.as_mut_ptr().add(self.start) }
    }

    /// `n` elements at `offset`.
    pub(crate) fn slice<T: Element>(&self, offset: usize, n: usize) -> &[T] {
        self.check::<T>(offset, n);
        // SAFETY: inside of the block and aligned, by the check. Every bit pattern is a number; a `bool` is only ever
        // written from a `bool` (or zero), into buffers that hold nothing else while they live.
        unsafe { std::slice::from_raw_parts(self.memory.as_ptr().add(self.start + offset).cast(), n) }
    }

    /// `n` elements at `offset`, to write to.
    pub(crate) fn slice_mut<T: Element>(&mut self, offset: usize, n: usize) -> &mut [T] {
        self.check::<T>(offset, n);
        // SAFETY: as above, and `self` is borrowed for as long.
        unsafe { std::slice::from_raw_parts_mut(self.base().add(offset).cast(), n) }
    }

    /// Copies `bytes` bytes of `other` at `from` to `offset`.
    pub(crate) fn copy_from(&mut self, offset: usize, other: &Arena, from: usize, bytes: usize) {
        self.check::<u8>(offset, bytes);
        other.check::<u8>(from, bytes);
        let (to, from) =
            (&mut self.memory[self.start + offset..][..bytes], &other.memory[other.start + from..][..bytes]);
        super::copy(from, to);
    }

    fn check<T>(&self, offset: usize, n: usize) {
        assert!(offset.is_multiple_of(align_of::<T>()) && offset + n * size_of::<T>() <= self.bytes());
    }
}
