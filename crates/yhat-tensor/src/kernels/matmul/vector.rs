//! Vector registers, as the product's loops use them.

use crate::real::Real;

/// A vector register of [`LANES`](Vector::LANES) elements.
///
/// # Safety
/// Of every method: it is called only from code compiled for the register's instruction set, with pointers to a vector's
/// worth of elements.
pub(super) trait Vector: Copy {
    type T: Real;
    const LANES: usize;
    unsafe fn splat(x: Self::T) -> Self;
    unsafe fn load(p: *const Self::T) -> Self;
    unsafe fn store(self, p: *mut Self::T);
    unsafe fn add(self, other: Self) -> Self;
    /// `if self < floor { floor } else { self }`
    unsafe fn at_least(self, floor: Self) -> Self;
    /// `self + a * b`
    unsafe fn add_product(self, a: Self, b: Self) -> Self;
    /// The lanes of both in turn: a0 b0 a1 b1 ..., in two vectors.
    unsafe fn interleave(self, other: Self) -> [Self; 2];
}

/// The widest register's lanes.
const WIDEST: usize = 16;

/// Writes the transpose of `LANES` by `LANES` elements whose rows are `from_step` apart to rows `to_step` apart.
///
/// Interleaving row i with row i + LANES/2 is a perfect shuffle of the block's elements; log2(LANES) of them exchange its
/// two halves of index bits, which is the transpose.
///
/// # Safety
/// Both blocks are the caller's, and the machine has the instruction set.
#[inline(always)]
pub(super) unsafe fn transpose<V: Vector>(from: *const V::T, from_step: usize, to: *mut V::T, to_step: usize) {
    // SAFETY: the caller's promise; LANES is at most WIDEST.
    unsafe {
        let mut rows = [V::splat(V::T::ZERO); WIDEST];
        for (i, row) in rows.iter_mut().enumerate().take(V::LANES) {
            *row = V::load(from.add(i * from_step));
        }
        for _ in 0..V::LANES.ilog2() {
            let old = rows;
            for i in 0..V::LANES / 2 {
                [rows[2 * i], rows[2 * i + 1]] = old[i].interleave(old[i + V::LANES / 2]);
            }
        }
        for (i, row) in rows.iter().enumerate().take(V::LANES) {
            row.store(to.add(i * to_step));
        }
    }
}

/// A register as the compiler makes it of plain elements.
#[derive(Clone, Copy)]
pub(super) struct Lanes<T, const L: usize>([T; L]);

macro_rules! lanes {
    ($t:ty, $l:literal) => {
        impl Vector for Lanes<$t, $l> {
            type T = $t;
            const LANES: usize = $l;
            #[inline(always)]
            unsafe fn splat(x: $t) -> Self {
                Lanes([x; $l])
            }
            #[inline(always)]
            unsafe fn load(p: *const $t) -> Self {
                // SAFETY: the trait's promise.
                Lanes(unsafe { p.cast::<[$t; $l]>().read_unaligned() })
            }
            #[inline(always)]
            unsafe fn store(self, p: *mut $t) {
                // SAFETY: the trait's promise.
                unsafe { p.cast::<[$t; $l]>().write_unaligned(self.0) }
            }
            #[inline(always)]
            unsafe fn add(mut self, other: Self) -> Self {
                for i in 0..$l {
                    self.0[i] += other.0[i];
                }
                self
            }
            #[inline(always)]
            unsafe fn at_least(mut self, floor: Self) -> Self {
                for i in 0..$l {
                    self.0[i] = if self.0[i] < floor.0[i] { floor.0[i] } else { self.0[i] };
                }
                self
            }
            #[inline(always)]
            unsafe fn add_product(mut self, a: Self, b: Self) -> Self {
                for i in 0..$l {
                    self.0[i] += a.0[i] * b.0[i];
                }
                self
            }
            #[inline(always)]
            unsafe fn interleave(self, other: Self) -> [Self; 2] {
                let lane = |i: usize| if i % 2 == 0 { self.0[i / 2] } else { other.0[i / 2] };
                [Lanes(std::array::from_fn(lane)), Lanes(std::array::from_fn(|i| lane($l + i)))]
            }
        }
    };
}
lanes!(f32, 4);
lanes!(f64, 2);

#[cfg(target_arch = "x86_64")]
pub(super) mod x86 {
    use std::arch::x86_64::*;

    use super::Vector;

    macro_rules! vector {
        ($name:ident, $register:ty, $t:ty, $lanes:literal, $splat:ident, $load:ident, $store:ident, $add:ident, $max:ident, $fma:ident,
         $interleave:ident) => {
            #[derive(Clone, Copy)]
            pub(in super::super) struct $name($register);
            // SAFETY (all): the trait's promise.
            impl Vector for $name {
                type T = $t;
                const LANES: usize = $lanes;
                #[inline(always)]
                unsafe fn splat(x: $t) -> Self {
                    $name(unsafe { $splat(x) })
                }
                #[inline(always)]
                unsafe fn load(p: *const $t) -> Self {
                    $name(unsafe { $load(p) })
                }
                #[inline(always)]
                unsafe fn store(self, p: *mut $t) {
                    unsafe { $store(p, self.0) }
                }
                #[inline(always)]
                unsafe fn add(self, other: Self) -> Self {
                    $name(unsafe { $add(self.0, other.0) })
                }
                #[inline(always)]
                unsafe fn at_least(self, floor: Self) -> Self {
                    // The second operand where they don't compare.
                    $name(unsafe { $max(floor.0, self.0) })
                }
                #[inline(always)]
                unsafe fn add_product(self, a: Self, b: Self) -> Self {
                    $name(unsafe { $fma(a.0, b.0, self.0) })
                }
                #[inline(always)]
                unsafe fn interleave(self, other: Self) -> [Self; 2] {
                    unsafe { $interleave(self.0, other.0).map($name) }
                }
            }
        };
    }
    vector!(
        F32x16,
        __m512,
        f32,
        16,
        _mm512_set1_ps,
        _mm512_loadu_ps,
        _mm512_storeu_ps,
        _mm512_add_ps,
        _mm512_max_ps,
        _mm512_fmadd_ps,
        f32x16
    );
    vector!(
        F64x8,
        __m512d,
        f64,
        8,
        _mm512_set1_pd,
        _mm512_loadu_pd,
        _mm512_storeu_pd,
        _mm512_add_pd,
        _mm512_max_pd,
        _mm512_fmadd_pd,
        f64x8
    );
    vector!(
        F32x8,
        __m256,
        f32,
        8,
        _mm256_set1_ps,
        _mm256_loadu_ps,
        _mm256_storeu_ps,
        _mm256_add_ps,
        _mm256_max_ps,
        _mm256_fmadd_ps,
        f32x8
    );
    vector!(
        F64x4,
        __m256d,
        f64,
        4,
        _mm256_set1_pd,
        _mm256_loadu_pd,
        _mm256_storeu_pd,
        _mm256_add_pd,
        _mm256_max_pd,
        _mm256_fmadd_pd,
        f64x4
    );

    // SAFETY (all four): called only from code compiled for the instruction set.
    #[inline(always)]
    unsafe fn f32x16(a: __m512, b: __m512) -> [__m512; 2] {
        unsafe {
            let low = _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
            let high = _mm512_setr_epi32(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
            [_mm512_permutex2var_ps(a, low, b), _mm512_permutex2var_ps(a, high, b)]
        }
    }

    #[inline(always)]
    unsafe fn f64x8(a: __m512d, b: __m512d) -> [__m512d; 2] {
        unsafe {
            let low = _mm512_setr_epi64(0, 8, 1, 9, 2, 10, 3, 11);
            let high = _mm512_setr_epi64(4, 12, 5, 13, 6, 14, 7, 15);
            [_mm512_permutex2var_pd(a, low, b), _mm512_permutex2var_pd(a, high, b)]
        }
    }

    #[inline(always)]
    unsafe fn f32x8(a: __m256, b: __m256) -> [__m256; 2] {
        unsafe {
            let (low, high) = (_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b));
            [_mm256_permute2f128_ps::<0x20>(low, high), _mm256_permute2f128_ps::<0x31>(low, high)]
        }
    }

    #[inline(always)]
    unsafe fn f64x4(a: __m256d, b: __m256d) -> [__m256d; 2] {
        unsafe {
            let (low, high) = (_mm256_unpacklo_pd(a, b), _mm256_unpackhi_pd(a, b));
            [_mm256_permute2f128_pd::<0x20>(low, high), _mm256_permute2f128_pd::<0x31>(low, high)]
        }
    }
}
