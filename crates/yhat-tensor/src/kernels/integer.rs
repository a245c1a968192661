//! Loops over integers and bools, and those that integers steer.

use crate::{
    DType, Element, Error, Result,
    tensor::{Binary, Op, Unary},
};

/// Elementwise operations on int64 and bool, and selections of int64 or bool.
///
/// # Safety
/// `src` are valid for `n` elements of `dtype` (the first of a select: bool), `dst` for `n` of the result's type, and
/// `dst` overlaps none of them.
pub(crate) unsafe fn integers(op: &Op, dtype: DType, n: usize, src: [*const u8; 3], dst: *mut u8) {
    /// # Safety
    /// The pointers are valid at `i`.
    unsafe fn at<T: Copy>(p: *const u8, i: usize) -> T {
        // SAFETY: the caller's promise.
        unsafe { p.cast::<T>().add(i).read() }
    }
    for i in 0..n {
        // SAFETY: the caller's promise.
        unsafe {
            match (op, dtype) {
                (Op::Select, DType::I64) => {
                    dst.cast::<i64>().add(i).write(at(if at::<bool>(src[0], i) { src[1] } else { src[2] }, i));
                }
                (Op::Select, _) => {
                    dst.cast::<bool>().add(i).write(at(if at::<bool>(src[0], i) { src[1] } else { src[2] }, i));
                }
                (Op::Unary(op), DType::I64) => dst.cast::<i64>().add(i).write(op.integer(at(src[0], i)).unwrap_or(0)),
                (Op::Unary(op), _) => {
                    let x: bool = at(src[0], i);
                    dst.cast::<bool>().add(i).write(if *op == Unary::Not { !x } else { x });
                }
                (Op::Binary(op), DType::I64) => {
                    let y = op.integer(at(src[0], i), at(src[1], i)).unwrap_or(0);
                    match op.is_comparison() {
                        true => dst.cast::<bool>().add(i).write(y != 0),
                        false => dst.cast::<i64>().add(i).write(y),
                    }
                }
                (Op::Binary(op), _) => {
                    let (a, b): (bool, bool) = (at(src[0], i), at(src[1], i));
                    dst.cast::<bool>().add(i).write(booleans(*op, a, b));
                }
                _ => unreachable!("only elementwise operations come here"),
            }
        }
    }
}

fn booleans(op: Binary, a: bool, b: bool) -> bool {
    op.value(a as u8 as f32, b as u8 as f32) != 0.0
}

/// The first largest of `length` elements along an axis, for each of `outer * inner` places.
///
/// # Safety
/// `src` is valid for `outer * length * inner` elements of `dtype`, `dst` for `outer * inner` int64.
pub(crate) unsafe fn argmax(dtype: DType, outer: usize, length: usize, inner: usize, src: *const u8, dst: *mut u8) {
    unsafe fn typed<T: Element>(outer: usize, length: usize, inner: usize, src: *const T, dst: *mut i64) {
        for (o, i) in (0..outer).flat_map(|o| (0..inner).map(move |i| (o, i))) {
            // SAFETY: the caller's promise.
            unsafe {
                let value = |k: usize| src.add((o * length + k) * inner + i).read().to_f64();
                let (mut best, mut chosen) = (value(0), 0);
                for k in 1..length {
                    let x = value(k);
                    if x > best || (x.is_nan() && !best.is_nan()) {
                        (best, chosen) = (x, k);
                    }
                }
                dst.add(o * inner + i).write(chosen as i64);
            }
        }
    }
    // SAFETY: the caller's promise.
    unsafe {
        match dtype {
            DType::Bool => typed::<bool>(outer, length, inner, src.cast(), dst.cast()),
            DType::I64 => typed::<i64>(outer, length, inner, src.cast(), dst.cast()),
            DType::F32 => typed::<f32>(outer, length, inner, src.cast(), dst.cast()),
            DType::F64 => typed::<f64>(outer, length, inner, src.cast(), dst.cast()),
        }
    }
}

/// Which entries along an axis: `outer` blocks of `length` entries of `inner` elements, chosen by `count` indices.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Selection {
    pub(crate) outer: usize,
    pub(crate) length: usize,
    pub(crate) inner: usize,
    pub(crate) count: usize,
}

impl Selection {
    /// # Safety
    /// `indices` is valid for `count` int64.
    unsafe fn check(&self, op: &'static str, indices: *const u8) -> Result<()> {
        for k in 0..self.count {
            // SAFETY: the caller's promise.
            let index = unsafe { indices.cast::<i64>().add(k).read() };
            if index < 0 || index as usize >= self.length {
                return Err(Error::Index { op, index, length: self.length });
            }
        }
        Ok(())
    }
}

/// Entries of `size`-byte elements, by index.
///
/// # Safety
/// `src` is valid for the blocks, `indices` for `count` int64, `dst` for `outer * count * inner` elements.
pub(crate) unsafe fn gather(
    s: &Selection,
    size: usize,
    src: *const u8,
    indices: *const u8,
    dst: *mut u8,
) -> Result<()> {
    let bytes = s.inner * size;
    // SAFETY: the caller's promise, and indices that were checked.
    unsafe {
        s.check("gather", indices)?;
        for (o, k) in (0..s.outer).flat_map(|o| (0..s.count).map(move |k| (o, k))) {
            let index = indices.cast::<i64>().add(k).read() as usize;
            let from = src.add((o * s.length + index) * bytes);
            from.copy_to_nonoverlapping(dst.add((o * s.count + k) * bytes), bytes);
        }
    }
    Ok(())
}

/// Zeros, with entries added by index.
///
/// # Safety
/// `updates` is valid for `outer * count * inner` elements of `dtype`, `indices` for `count` int64, `dst` for the blocks.
pub(crate) unsafe fn scatter_add(
    s: &Selection,
    dtype: DType,
    updates: *const u8,
    indices: *const u8,
    dst: *mut u8,
) -> Result<()> {
    unsafe fn typed<T: Element + std::ops::Add<Output = T>>(
        s: &Selection,
        updates: *const T,
        indices: *const i64,
        dst: *mut T,
    ) {
        // SAFETY: the caller's promise.
        unsafe {
            for i in 0..s.outer * s.length * s.inner {
                dst.add(i).write(T::default());
            }
            for (o, k) in (0..s.outer).flat_map(|o| (0..s.count).map(move |k| (o, k))) {
                let index = indices.add(k).read() as usize;
                for i in 0..s.inner {
                    let to = dst.add((o * s.length + index) * s.inner + i);
                    *to = *to + updates.add((o * s.count + k) * s.inner + i).read();
                }
            }
        }
    }
    // SAFETY: the caller's promise, and indices that were checked.
    unsafe {
        s.check("scatter_add", indices)?;
        match dtype {
            DType::F64 => typed::<f64>(s, updates.cast(), indices.cast(), dst.cast()),
            DType::F32 => typed::<f32>(s, updates.cast(), indices.cast(), dst.cast()),
            _ => typed::<i64>(s, updates.cast(), indices.cast(), dst.cast()),
        }
    }
    Ok(())
}
