//! The limit: the works as loops that someone wrote by hand for each of them, nothing shared, nothing general, with all
//! that a person sees and a compiler may not. What is summed is what yhat sums; the order differs.
//!
//! Every loop is written once over [`Lanes`], a vector register, and compiled twice: for AVX-512, where the machine has
//! it, and for any machine.

use std::{hint::black_box, thread, time::Instant};

/// A vector register of `Self::N` floats.
pub trait Lanes: Copy {
    type T: Copy + Default + PartialOrd + Into<f64> + Send + Sync;
    const N: usize;
    /// Coefficients of `2^r` for `r` in [-1/2, 1/2], highest power first.
    const EXP2: &'static [f64];
    /// Newton steps from the machine's estimate of a reciprocal to all digits.
    const NEWTON: usize;
    fn number(x: f64) -> Self::T;
    fn splat(x: Self::T) -> Self;
    /// The vector at `p`, which has `N` elements from there on.
    ///
    /// # Safety
    /// As it says.
    unsafe fn load(p: *const Self::T) -> Self;
    /// # Safety
    /// As [`Lanes::load`].
    unsafe fn store(self, p: *mut Self::T);
    fn add(self, b: Self) -> Self;
    fn sub(self, b: Self) -> Self;
    fn mul(self, b: Self) -> Self;
    /// `self * a + b`
    fn fma(self, a: Self, b: Self) -> Self;
    fn max(self, b: Self) -> Self;
    fn abs(self) -> Self;
    fn round(self) -> Self;
    /// `self * 2^n` for whole `n`.
    fn scale(self, n: Self) -> Self;
    /// About `1 / self`.
    fn estimate(self) -> Self;
    /// `self + x` where `condition` is greater than 0, else `self`.
    fn add_where(self, condition: Self, x: Self) -> Self;
    /// `self + a * b` where `condition` is greater than 0, else `self`.
    fn fma_where(self, condition: Self, a: Self, b: Self) -> Self;
    /// `yes` where `condition` is greater than 0, else `no`.
    fn choose(condition: Self, yes: Self, no: Self) -> Self;
    fn sum(self) -> Self::T;

    #[inline(always)]
    fn of(x: f64) -> Self {
        Self::splat(Self::number(x))
    }

    #[inline(always)]
    fn exp2(self) -> Self {
        let n = self.round();
        let r = self.sub(n);
        let mut sum = Self::of(Self::EXP2[0]);
        for c in &Self::EXP2[1..] {
            sum = sum.fma(r, Self::of(*c));
        }
        sum.scale(n)
    }

    #[inline(always)]
    fn reciprocal(self) -> Self {
        let mut r = self.estimate();
        for _ in 0..Self::NEWTON {
            let off = Self::of(0.0).sub(self).fma(r, Self::of(1.0));
            r = r.fma(off, r);
        }
        r
    }
}

/// ln(2)^k / k!
const POWERS_OF_2: [f64; 12] = {
    let mut c = [1.0; 12];
    let mut k = 1;
    while k < 12 {
        c[k] = c[k - 1] * std::f64::consts::LN_2 / k as f64;
        k += 1;
    }
    c
};

const fn highest_first<const N: usize>() -> [f64; N] {
    let mut c = [0.0; N];
    let mut k = 0;
    while k < N {
        c[k] = POWERS_OF_2[N - 1 - k];
        k += 1;
    }
    c
}

/// Any machine's vector.
#[derive(Clone, Copy)]
pub struct Plain<T, const L: usize>([T; L]);

macro_rules! plain {
    ($t:ty, $l:literal, $terms:literal) => {
        impl Lanes for Plain<$t, $l> {
            type T = $t;
            const N: usize = $l;
            const EXP2: &'static [f64] = &highest_first::<$terms>();
            const NEWTON: usize = 0;
            #[inline(always)]
            fn number(x: f64) -> $t {
                x as $t
            }
            #[inline(always)]
            fn splat(x: $t) -> Self {
                Plain([x; $l])
            }
            #[inline(always)]
            unsafe fn load(p: *const $t) -> Self {
                // SAFETY: the caller's promise.
                Plain(unsafe { p.cast::<[$t; $l]>().read_unaligned() })
            }
            #[inline(always)]
            unsafe fn store(self, p: *mut $t) {
                // SAFETY: the caller's promise.
                unsafe { p.cast::<[$t; $l]>().write_unaligned(self.0) }
            }
            #[inline(always)]
            fn add(self, b: Self) -> Self {
                Plain(std::array::from_fn(|i| self.0[i] + b.0[i]))
            }
            #[inline(always)]
            fn sub(self, b: Self) -> Self {
                Plain(std::array::from_fn(|i| self.0[i] - b.0[i]))
            }
            #[inline(always)]
            fn mul(self, b: Self) -> Self {
                Plain(std::array::from_fn(|i| self.0[i] * b.0[i]))
            }
            #[inline(always)]
            fn fma(self, a: Self, b: Self) -> Self {
                Plain(std::array::from_fn(|i| self.0[i] * a.0[i] + b.0[i]))
            }
            #[inline(always)]
            fn max(self, b: Self) -> Self {
                Plain(std::array::from_fn(|i| self.0[i].max(b.0[i])))
            }
            #[inline(always)]
            fn abs(self) -> Self {
                Plain(self.0.map(<$t>::abs))
            }
            #[inline(always)]
            fn round(self) -> Self {
                Plain(self.0.map(<$t>::round_ties_even))
            }
            #[inline(always)]
            fn scale(self, n: Self) -> Self {
                Plain(std::array::from_fn(|i| self.0[i] * n.0[i].exp2()))
            }
            #[inline(always)]
            fn estimate(self) -> Self {
                Plain(self.0.map(|x| 1.0 / x))
            }
            #[inline(always)]
            fn add_where(self, condition: Self, x: Self) -> Self {
                Plain::choose(condition, self.add(x), self)
            }
            #[inline(always)]
            fn fma_where(self, condition: Self, a: Self, b: Self) -> Self {
                Plain::choose(condition, a.fma(b, self), self)
            }
            #[inline(always)]
            fn choose(condition: Self, yes: Self, no: Self) -> Self {
                Plain(std::array::from_fn(|i| if condition.0[i] > 0.0 { yes.0[i] } else { no.0[i] }))
            }
            #[inline(always)]
            fn sum(self) -> $t {
                self.0.iter().sum()
            }
        }
    };
}
plain!(f32, 16, 7);
plain!(f64, 8, 12);

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::*;

    use super::{Lanes, highest_first};

    macro_rules! avx512 {
        ($name:ident, $register:ty, $t:ty, $n:literal, $terms:literal, $newton:literal;
         $set:ident $load:ident $store:ident $add:ident $sub:ident $mul:ident $fma:ident $max:ident $abs:ident
         $round:ident $scale:ident $estimate:ident $greater:ident $madd:ident $mfma:ident $blend:ident $sum:ident) => {
            /// AVX-512's vector. Made only by loops that [`super::avx512`] has asked the machine for.
            #[derive(Clone, Copy)]
            pub struct $name($register);
            // SAFETY (all): see the struct.
            impl Lanes for $name {
                type T = $t;
                const N: usize = $n;
                const EXP2: &'static [f64] = &highest_first::<$terms>();
                const NEWTON: usize = $newton;
                #[inline(always)]
                fn number(x: f64) -> $t {
                    x as $t
                }
                #[inline(always)]
                fn splat(x: $t) -> Self {
                    $name(unsafe { $set(x) })
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
                fn add(self, b: Self) -> Self {
                    $name(unsafe { $add(self.0, b.0) })
                }
                #[inline(always)]
                fn sub(self, b: Self) -> Self {
                    $name(unsafe { $sub(self.0, b.0) })
                }
                #[inline(always)]
                fn mul(self, b: Self) -> Self {
                    $name(unsafe { $mul(self.0, b.0) })
                }
                #[inline(always)]
                fn fma(self, a: Self, b: Self) -> Self {
                    $name(unsafe { $fma(self.0, a.0, b.0) })
                }
                #[inline(always)]
                fn max(self, b: Self) -> Self {
                    $name(unsafe { $max(self.0, b.0) })
                }
                #[inline(always)]
                fn abs(self) -> Self {
                    $name(unsafe { $abs(self.0) })
                }
                #[inline(always)]
                fn round(self) -> Self {
                    $name(unsafe { $round::<0>(self.0) })
                }
                #[inline(always)]
                fn scale(self, n: Self) -> Self {
                    $name(unsafe { $scale(self.0, n.0) })
                }
                #[inline(always)]
                fn estimate(self) -> Self {
                    $name(unsafe { $estimate(self.0) })
                }
                #[inline(always)]
                fn add_where(self, condition: Self, x: Self) -> Self {
                    unsafe {
                        let yes = $greater::<_CMP_GT_OQ>(condition.0, $set(0.0));
                        $name($madd(self.0, yes, self.0, x.0))
                    }
                }
                #[inline(always)]
                fn fma_where(self, condition: Self, a: Self, b: Self) -> Self {
                    unsafe {
                        let yes = $greater::<_CMP_GT_OQ>(condition.0, $set(0.0));
                        $name($mfma(a.0, b.0, self.0, yes))
                    }
                }
                #[inline(always)]
                fn choose(condition: Self, yes: Self, no: Self) -> Self {
                    unsafe { $name($blend($greater::<_CMP_GT_OQ>(condition.0, $set(0.0)), no.0, yes.0)) }
                }
                #[inline(always)]
                fn sum(self) -> $t {
                    unsafe { $sum(self.0) }
                }
            }
        };
    }
    avx512!(F32x16, __m512, f32, 16, 7, 1;
        _mm512_set1_ps _mm512_loadu_ps _mm512_storeu_ps _mm512_add_ps _mm512_sub_ps _mm512_mul_ps _mm512_fmadd_ps
        _mm512_max_ps _mm512_abs_ps _mm512_roundscale_ps _mm512_scalef_ps _mm512_rcp14_ps _mm512_cmp_ps_mask
        _mm512_mask_add_ps _mm512_mask3_fmadd_ps _mm512_mask_blend_ps _mm512_reduce_add_ps);
    avx512!(F64x8, __m512d, f64, 8, 12, 2;
        _mm512_set1_pd _mm512_loadu_pd _mm512_storeu_pd _mm512_add_pd _mm512_sub_pd _mm512_mul_pd _mm512_fmadd_pd
        _mm512_max_pd _mm512_abs_pd _mm512_roundscale_pd _mm512_scalef_pd _mm512_rcp14_pd _mm512_cmp_pd_mask
        _mm512_mask_add_pd _mm512_mask3_fmadd_pd _mm512_mask_blend_pd _mm512_reduce_add_pd);
}

/// Whether the machine has what the loops are compiled for beside the plain version.
#[cfg(target_arch = "x86_64")]
pub fn avx512() -> bool {
    is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vl") && is_x86_feature_detected!("avx512dq")
}

#[cfg(not(target_arch = "x86_64"))]
pub fn avx512() -> bool {
    false
}

/// Defines `$name`, which runs the loop `$body` over the best vectors that there are.
macro_rules! fastest {
    ($(#[$doc:meta])* $name:ident = $body:ident::<$plain:ty, $x86:ident>($($arg:ident: $type:ty),*) -> $result:ty) => {
        $(#[$doc])*
        pub fn $name($($arg: $type),*) -> $result {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw,avx2,fma")]
                fn wide($($arg: $type),*) -> $result {
                    $body::<x86::$x86>($($arg),*)
                }
                if avx512() {
                    // SAFETY: the machine was asked.
                    return unsafe { wide($($arg),*) };
                }
            }
            $body::<$plain>($($arg),*)
        }
    };
}

fastest!(
    /// `epochs` of w1 from parameters `[w1, w1, b1, b1, w2, w2, b2]`; the last loss.
    line2 = line2_loop::<Plain<f32, 16>, F32x16>(x: &[f32], y: &[f32], p: &mut [f32; 7], rate: f32, epochs: usize) -> f32
);
fastest!(
    /// `epochs` of w2; the last loss.
    line512 = line512_loop::<Plain<f32, 16>, F32x16>(
        x: &[f32], y: &[f32], p: &mut Wide, rate: f32, epochs: usize) -> f32
);
fastest!(
    /// `epochs` of w3 from parameters `[w, b]`; the last loss.
    logistic = logistic_loop::<Plain<f32, 16>, F32x16>(
        x: &[f32], y: &[f32], p: &mut [f32; 2], rate: f32, epochs: usize) -> f32
);
fastest!(
    /// Both surfaces at some points of the plane.
    surface_f64 = surface_loop::<Plain<f64, 8>, F64x8>(
        x: &[f64], y: &[f64], w0: &[f64], w1: &[f64], mse: &mut [f64], bce: &mut [f64]) -> ()
);
fastest!(
    /// Both surfaces at some points of the plane.
    surface_f32 = surface_loop::<Plain<f32, 16>, F32x16>(
        x: &[f32], y: &[f32], w0: &[f32], w1: &[f32], mse: &mut [f32], bce: &mut [f32]) -> ()
);
fastest!(
    /// `epochs` of w1 for 16 seeds at once, one in each lane; the sum of the last losses of the first `seeds`.
    seeds16 = seeds_loop::<Plain<f32, 16>, F32x16>(
        x: &[f32], y: &[f32], p: &mut [[f32; 16]; 7], rate: f32, epochs: usize, seeds: usize) -> f64
);
fastest!(
    /// `x @ w + b`, then relu if asked: one row through a layer.
    row_layer = row_layer_loop::<Plain<f32, 16>, F32x16>(x: &[f32], w: &[f32], b: &[f32], relu: bool, out: &mut [f32]) -> ()
);
fastest!(fma_chain = fma_chain_loop::<Plain<f32, 16>, F32x16>(rounds: usize) -> f64);

/// Vectors that [`line2_loop`] keeps in registers: up to 112 points.
const HELD: usize = 7;

/// All points stay in registers. The gradient of a node's two weights comes from two sums: with A the sum of e x and B
/// that of e over the points where the node is positive, the slopes are 2/n times w2 A, w2 B and w1 A + b1 B.
#[inline(always)]
fn line2_loop<V: Lanes<T = f32>>(x: &[f32], y: &[f32], p: &mut [f32; 7], rate: f32, epochs: usize) -> f32 {
    assert!(x.len() <= HELD * V::N && x.len() > (HELD - 1) * V::N, "points for seven vectors");
    let n = x.len();
    let padded = |v: &[f32], k: usize| {
        let mut lanes = [0.0; 16];
        let part = &v[k * V::N..n.min((k + 1) * V::N)];
        lanes[..part.len()].copy_from_slice(part);
        // SAFETY: 16 elements.
        unsafe { V::load(lanes.as_ptr()) }
    };
    let (xs, ys): ([V; HELD], [V; HELD]) =
        (std::array::from_fn(|k| padded(x, k)), std::array::from_fn(|k| padded(y, k)));
    let last = padded(&vec![1.0; n], HELD - 1);
    let zero = V::of(0.0);
    let mut loss = f32::NAN;
    for _ in 0..epochs {
        let [u0, u1, c0, c1, v0, v1, d] = p.map(V::splat);
        let [mut a0, mut a1, mut b0, mut b1, mut e1, mut e2] = [zero; 6];
        for k in 0..HELD {
            let (z0, z1) = (u0.fma(xs[k], c0), u1.fma(xs[k], c1));
            let yhat = z0.max(zero).fma(v0, z1.max(zero).fma(v1, d));
            let mut e = yhat.sub(ys[k]);
            if k + 1 == HELD {
                e = e.mul(last);
            }
            (a0, a1) = (a0.fma_where(z0, e, xs[k]), a1.fma_where(z1, e, xs[k]));
            (b0, b1) = (b0.add_where(z0, e), b1.add_where(z1, e));
            (e1, e2) = (e1.add(e), e.fma(e, e2));
        }
        let [a0, a1, b0, b1, e1, e2] = [a0, a1, b0, b1, e1, e2].map(V::sum);
        let step = 2.0 * rate / n as f32;
        let [u0, u1, c0, c1, v0, v1, d] = *p;
        *p = [
            u0 - step * v0 * a0,
            u1 - step * v1 * a1,
            c0 - step * v0 * b0,
            c1 - step * v1 * b1,
            v0 - step * (u0 * a0 + c0 * b0),
            v1 - step * (u1 * a1 + c1 * b1),
            d - step * e1,
        ];
        loss = e2 / n as f32;
    }
    loss
}

/// Parameters of w2: weights and biases of the hidden nodes, weights of the output, its bias.
pub struct Wide {
    pub w1: Vec<f32>,
    pub b1: Vec<f32>,
    pub w2: Vec<f32>,
    pub b2: f32,
}

/// Forward with the points in lanes, so that outputs are sums over nodes that stay in registers; backward with the nodes
/// in lanes, so that the gradients are sums over points that stay in registers.
#[inline(always)]
fn line512_loop<V: Lanes<T = f32>>(x: &[f32], y: &[f32], p: &mut Wide, rate: f32, epochs: usize) -> f32 {
    let n = x.len();
    assert!(
        n <= HELD * V::N && p.w1.len().is_multiple_of(2 * V::N),
        "at most seven vectors of points, whole pairs of nodes'"
    );
    let zero = V::of(0.0);
    let mut padded = [0.0; HELD * 16];
    padded[..n].copy_from_slice(x);
    // SAFETY: `padded` has all vectors.
    let xs: [V; HELD] = std::array::from_fn(|k| unsafe { V::load(padded.as_ptr().add(k * V::N)) });
    let mut error = [0.0f32; HELD * 16];
    let mut loss = f32::NAN;
    for _ in 0..epochs {
        let mut yhat = [V::splat(p.b2); HELD];
        for ((u, c), v) in p.w1.iter().zip(&p.b1).zip(&p.w2) {
            let (u, c, v) = (V::splat(*u), V::splat(*c), V::splat(*v));
            for k in 0..HELD {
                yhat[k] = u.fma(xs[k], c).max(zero).fma(v, yhat[k]);
            }
        }
        for (k, yhat) in yhat.iter().enumerate() {
            // SAFETY: `error` has all vectors.
            unsafe { yhat.store(error.as_mut_ptr().add(k * V::N)) };
        }
        let (mut e1, mut e2) = (0.0, 0.0);
        for (e, y) in error.iter_mut().zip(y) {
            *e -= y;
            e1 += *e;
            e2 += *e * *e;
        }
        let step = 2.0 * rate / n as f32;
        for at in (0..p.w1.len()).step_by(2 * V::N) {
            // SAFETY: whole pairs of vectors, as asserted.
            unsafe { nodes::<V>(x, &error[..n], p, at, step) };
        }
        p.b2 -= step * e1;
        loss = e2 / n as f32;
    }
    loss
}

/// The update of two vectors of nodes from `at` on.
///
/// # Safety
/// There are as many nodes.
#[inline(always)]
unsafe fn nodes<V: Lanes<T = f32>>(x: &[f32], error: &[f32], p: &mut Wide, at: usize, step: f32) {
    let [w1, b1, w2] = [&mut p.w1, &mut p.b1, &mut p.w2].map(|v| v[at..at + 2 * V::N].as_mut_ptr());
    let two = |p: *mut f32| -> [V; 2] {
        // SAFETY: the caller's promise.
        std::array::from_fn(|k| unsafe { V::load(p.add(k * V::N)) })
    };
    let (u, c, v) = (two(w1), two(b1), two(w2));
    let [mut a, mut b] = [[V::of(0.0); 2]; 2];
    for (x, e) in x.iter().zip(error) {
        let (x, e) = (V::splat(*x), V::splat(*e));
        for k in 0..2 {
            let z = u[k].fma(x, c[k]);
            a[k] = a[k].fma_where(z, e, x);
            b[k] = b[k].add_where(z, e);
        }
    }
    let less = V::splat(-step);
    for k in 0..2 {
        let slope = u[k].fma(a[k], c[k].mul(b[k]));
        // SAFETY: the caller's promise.
        unsafe {
            v[k].mul(a[k]).fma(less, u[k]).store(w1.add(k * V::N));
            v[k].mul(b[k]).fma(less, c[k]).store(b1.add(k * V::N));
            slope.fma(less, v[k]).store(w2.add(k * V::N));
        }
    }
}

/// The sigmoid of z and `e^-|z|`, given `z` times log2(e).
#[inline(always)]
fn sigmoid<V: Lanes>(z: V) -> (V, V) {
    let t = V::of(0.0).sub(z.abs()).exp2();
    let r = t.add(V::of(1.0)).reciprocal();
    (V::choose(z, r, t.mul(r)), t)
}

/// The loss is the mean of max(z, 0) - y z + ln(1 + e^-|z|), whose logarithms are one, of a product: in each lane a
/// factor between 1 and 2 for each of 125 vectors.
#[inline(always)]
fn logistic_loop<V: Lanes<T = f32>>(x: &[f32], y: &[f32], p: &mut [f32; 2], rate: f32, epochs: usize) -> f32 {
    assert!(x.len().is_multiple_of(V::N) && x.len() <= 125 * V::N, "whole vectors, few enough for the product");
    let n = x.len() as f32;
    let (zero, log2e) = (V::of(0.0), std::f32::consts::LOG2_E);
    let (sum_y, sum_xy): (f32, f32) = (y.iter().sum(), x.iter().zip(y).map(|(x, y)| x * y).sum());
    let mut loss = f32::NAN;
    for _ in 0..epochs {
        let (w, b) = (V::splat(p[0] * log2e), V::splat(p[1] * log2e));
        let [mut dw, mut db, mut linear, mut product] = [zero, zero, zero, V::of(1.0)];
        for at in (0..x.len()).step_by(V::N) {
            // SAFETY: whole vectors, as asserted.
            let (x, y) = unsafe { (V::load(x[at..].as_ptr()), V::load(y[at..].as_ptr())) };
            let z = w.fma(x, b);
            let (yhat, t) = sigmoid(z);
            let g = yhat.sub(y);
            (dw, db) = (g.fma(x, dw), db.add(g));
            (linear, product) = (linear.add(z.max(zero)), product.fma(t, product));
        }
        let mut factors = [0.0f32; 16];
        // SAFETY: 16 elements.
        unsafe { product.store(factors.as_mut_ptr()) };
        let logs: f32 = factors[..V::N].iter().map(|f| f.ln()).sum();
        loss = (linear.sum() / log2e - p[0] * sum_xy - p[1] * sum_y + logs) / n;
        p[0] -= rate / n * dw.sum();
        p[1] -= rate / n * db.sum();
    }
    loss
}

/// As [`logistic_loop`], with a logarithm for each 100 vectors.
#[inline(always)]
fn surface_loop<V: Lanes>(x: &[V::T], y: &[V::T], w0: &[V::T], w1: &[V::T], mse: &mut [V::T], bce: &mut [V::T]) {
    assert!(x.len().is_multiple_of(V::N) && x.len() == y.len(), "whole vectors");
    let n = x.len() as f64;
    let (log2e, zero) = (std::f64::consts::LOG2_E, V::of(0.0));
    let (x_of, y_of) = (|i: usize| -> f64 { x[i].into() }, |i: usize| -> f64 { y[i].into() });
    let sum_y: f64 = (0..x.len()).map(y_of).sum();
    let sum_xy: f64 = (0..x.len()).map(|i| x_of(i) * y_of(i)).sum();
    for point in 0..w0.len() {
        let (a, b): (f64, f64) = (w0[point].into(), w1[point].into());
        let (va, vb) = (V::of(a * log2e), V::of(b * log2e));
        let [mut squares, mut linear] = [zero; 2];
        let mut logs = 0.0;
        for part in (0..x.len()).step_by(100 * V::N) {
            let mut product = V::of(1.0);
            for at in (part..x.len().min(part + 100 * V::N)).step_by(V::N) {
                // SAFETY: whole vectors, as asserted.
                let (x, y) = unsafe { (V::load(x[at..].as_ptr()), V::load(y[at..].as_ptr())) };
                let z = vb.fma(x, va);
                let (yhat, t) = sigmoid(z);
                let g = yhat.sub(y);
                squares = g.fma(g, squares);
                (linear, product) = (linear.add(z.max(zero)), product.fma(t, product));
            }
            let mut factors = [V::T::default(); 16];
            // SAFETY: at least as many elements.
            unsafe { product.store(factors.as_mut_ptr()) };
            logs += factors[..V::N].iter().map(|f| Into::<f64>::into(*f).ln()).sum::<f64>();
        }
        let linear: f64 = linear.sum().into() / log2e;
        mse[point] = V::number(squares.sum().into() / n);
        bce[point] = V::number((linear - b * sum_xy - a * sum_y + logs) / n);
    }
}

/// As [`line2_loop`], with nothing to sum across lanes.
#[inline(always)]
fn seeds_loop<V: Lanes<T = f32>>(
    x: &[f32],
    y: &[f32],
    p: &mut [[f32; 16]; 7],
    rate: f32,
    epochs: usize,
    seeds: usize,
) -> f64 {
    let n = x.len() as f32;
    let zero = V::of(0.0);
    // SAFETY: each parameter has 16 lanes.
    let [mut u0, mut u1, mut c0, mut c1, mut v0, mut v1, mut d] = p.each_ref().map(|p| unsafe { V::load(p.as_ptr()) });
    let (less, mut loss) = (V::splat(-2.0 * rate / n), zero);
    for _ in 0..epochs {
        let [mut a0, mut a1, mut b0, mut b1, mut e1, mut e2] = [zero; 6];
        for (x, y) in x.iter().zip(y) {
            let (x, y) = (V::splat(*x), V::splat(*y));
            let (z0, z1) = (u0.fma(x, c0), u1.fma(x, c1));
            let e = z0.max(zero).fma(v0, z1.max(zero).fma(v1, d)).sub(y);
            (a0, a1) = (a0.fma_where(z0, e, x), a1.fma_where(z1, e, x));
            (b0, b1) = (b0.add_where(z0, e), b1.add_where(z1, e));
            (e1, e2) = (e1.add(e), e.fma(e, e2));
        }
        let (s0, s1) = (u0.fma(a0, c0.mul(b0)), u1.fma(a1, c1.mul(b1)));
        (u0, u1) = (v0.mul(a0).fma(less, u0), v1.mul(a1).fma(less, u1));
        (c0, c1) = (v0.mul(b0).fma(less, c0), v1.mul(b1).fma(less, c1));
        (v0, v1, d) = (s0.fma(less, v0), s1.fma(less, v1), e1.fma(less, d));
        loss = e2;
    }
    let mut losses = [0.0f32; 16];
    // SAFETY: 16 lanes all.
    unsafe {
        loss.store(losses.as_mut_ptr());
        [u0, u1, c0, c1, v0, v1, d].iter().zip(p).for_each(|(v, p)| v.store(p.as_mut_ptr()));
    }
    losses[..seeds].iter().map(|l| f64::from(*l / n)).sum()
}

/// Eight vectors of outputs at once, in registers while the inputs pass.
#[inline(always)]
fn row_layer_loop<V: Lanes<T = f32>>(x: &[f32], w: &[f32], b: &[f32], relu: bool, out: &mut [f32]) {
    let (outputs, block) = (b.len(), 8 * V::N);
    let whole = outputs / block * block;
    for j in (0..whole).step_by(block) {
        // SAFETY: `block` outputs from j on, in each row of the matrix.
        unsafe {
            let mut sums: [V; 8] = std::array::from_fn(|k| V::load(b[j + k * V::N..].as_ptr()));
            for (i, x) in x.iter().enumerate() {
                let (x, row) = (V::splat(*x), w[i * outputs + j..][..block].as_ptr());
                for (k, sum) in sums.iter_mut().enumerate() {
                    *sum = x.fma(V::load(row.add(k * V::N)), *sum);
                }
            }
            for (k, sum) in sums.iter().enumerate() {
                let sum = if relu { sum.max(V::of(0.0)) } else { *sum };
                sum.store(out[j + k * V::N..][..V::N].as_mut_ptr());
            }
        }
    }
    for j in whole..outputs {
        let sum = x.iter().enumerate().fold(b[j], |sum, (i, x)| x.mul_add(w[i * outputs + j], sum));
        out[j] = if relu { sum.max(0.0) } else { sum };
    }
}

/// Independent fused multiply-adds on registers alone; how many operations it was.
#[inline(always)]
fn fma_chain_loop<V: Lanes<T = f32>>(rounds: usize) -> f64 {
    let (a, b) = (V::of(black_box(0.999)), V::of(black_box(0.001)));
    let mut sums: [V; 24] = std::array::from_fn(|k| V::of(k as f64));
    for _ in 0..rounds {
        for sum in &mut sums {
            *sum = sum.fma(a, b);
        }
    }
    black_box(sums.iter().fold(V::of(0.0), |a, b| a.add(*b)).sum());
    (rounds * sums.len() * V::N * 2) as f64
}

/// Floating-point operations a second, as many as `threads` cores do at once: the best of some tries.
pub fn peak(threads: usize) -> f64 {
    let once = || {
        let clock = Instant::now();
        let done: f64 = thread::scope(|scope| {
            let threads: Vec<_> = (0..threads).map(|_| scope.spawn(|| fma_chain(300_000))).collect();
            threads.into_iter().map(|t| t.join().unwrap_or(0.0)).sum()
        });
        done / clock.elapsed().as_secs_f64()
    };
    (0..15).map(|_| once()).fold(0.0, f64::max)
}
