//! Elementwise loops.

use std::marker::PhantomData;

use super::{
    Args, Isa, Kernel,
    dispatch::{Loop, compiled},
    lanes, not_across_vectors,
};
use crate::{
    DType,
    real::Real,
    tensor::{
        Binary, Unary,
        elementwise::{binary_table, unary_table},
    },
};

/// An elementwise function as the loops know it: those of the table, and the joined ones that the planner makes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Map {
    Unary(Unary),
    Binary(Binary),
    /// `if a != 0 { b } else { c }`
    Select,
    /// `a * b + c`
    MulAdd,
    /// `c - a * b`
    NegMulAdd,
    /// `relu(a * b + c)`
    MulAddRelu,
    /// `if a > 0 { b } else { 0 }`
    Gate,
    /// `if a > 0 { b * c } else { 0 }`
    GateProduct,
}

impl Map {
    pub(crate) fn name(self) -> &'static str {
        match self {
            // What moves a value within a tile.
            Map::Unary(Unary::StopGradient) => "copy",
            Map::Unary(op) => op.name(),
            Map::Binary(op) => op.name(),
            Map::Select => "select",
            Map::MulAdd => "mul_add",
            Map::NegMulAdd => "neg_mul_add",
            Map::MulAddRelu => "mul_add_relu",
            Map::Gate => "gate",
            Map::GateProduct => "gate_product",
        }
    }
}

/// The loop for `op` on elements of type `dtype`; `vector` says for each operand whether it varies along a segment.
pub(crate) fn map(op: Map, dtype: DType, vector: &[bool], isa: Isa) -> Kernel {
    match dtype {
        DType::F64 => typed::<f64, 8>(op, vector, isa),
        _ => typed::<f32, 16>(op, vector, isa),
    }
}

fn typed<T: Real, const L: usize>(op: Map, vector: &[bool], isa: Isa) -> Kernel {
    match op {
        Map::Unary(op) => unary::<T, L>(op, vector[0], isa),
        Map::Binary(op) => binary::<T, L>(op, vector, isa),
        Map::Gate => two::<T, L, Gate>(vector, isa),
        Map::Select => three::<T, L, Select>(vector, isa),
        Map::MulAdd => three::<T, L, MulAdd>(vector, isa),
        Map::NegMulAdd => three::<T, L, NegMulAdd>(vector, isa),
        Map::MulAddRelu => three::<T, L, MulAddRelu>(vector, isa),
        Map::GateProduct => three::<T, L, GateProduct>(vector, isa),
    }
}

trait Function1 {
    fn of<T: Real, const FUSED: bool>(x: T) -> T;
}
trait Function2 {
    fn of<T: Real, const FUSED: bool>(a: T, b: T) -> T;
}
trait Function3 {
    fn of<T: Real, const FUSED: bool>(a: T, b: T, c: T) -> T;
}

macro_rules! unary_loops {
    ($($(#[$doc:meta])* $op:ident $name:literal:
        |$x:ident| $value:expr, $kernel:expr; |$xg:ident, $yg:ident, $gg:ident| $gradient:expr;)*) => {
        mod unary_functions {
            $(pub(super) struct $op;)*
        }
        $(impl Function1 for unary_functions::$op {
            #[inline(always)]
            fn of<T: Real, const FUSED: bool>(operand: T) -> T {
                let $x = operand;
                $kernel
            }
        })*
        fn unary<T: Real, const L: usize>(op: Unary, vector: bool, isa: Isa) -> Kernel {
            match op { $(Unary::$op => one::<T, L, unary_functions::$op>(vector, isa)),* }
        }
    };
}
unary_table!(unary_loops);

macro_rules! binary_loops {
    ($($(#[$doc:meta])* $op:ident $name:literal:
        |$a:ident, $b:ident| $value:expr; |$ag:ident, $bg:ident, $yg:ident, $gg:ident| $to_a:expr, $to_b:expr;)*) => {
        mod binary_functions {
            $(pub(super) struct $op;)*
        }
        $(impl Function2 for binary_functions::$op {
            #[inline(always)]
            fn of<T: Real, const FUSED: bool>(a: T, b: T) -> T {
                let ($a, $b) = (a, b);
                $value
            }
        })*
        fn binary<T: Real, const L: usize>(op: Binary, vector: &[bool], isa: Isa) -> Kernel {
            match op { $(Binary::$op => two::<T, L, binary_functions::$op>(vector, isa)),* }
        }
    };
}
binary_table!(binary_loops);

struct Gate;
impl Function2 for Gate {
    #[inline(always)]
    fn of<T: Real, const FUSED: bool>(a: T, b: T) -> T {
        if a > T::ZERO { b } else { T::ZERO }
    }
}
struct Select;
impl Function3 for Select {
    #[inline(always)]
    fn of<T: Real, const FUSED: bool>(a: T, b: T, c: T) -> T {
        if a != T::ZERO { b } else { c }
    }
}
struct MulAdd;
impl Function3 for MulAdd {
    #[inline(always)]
    fn of<T: Real, const FUSED: bool>(a: T, b: T, c: T) -> T {
        a.fma::<FUSED>(b, c)
    }
}

struct NegMulAdd;
impl Function3 for NegMulAdd {
    #[inline(always)]
    fn of<T: Real, const FUSED: bool>(a: T, b: T, c: T) -> T {
        (-a).fma::<FUSED>(b, c)
    }
}
struct MulAddRelu;
impl Function3 for MulAddRelu {
    #[inline(always)]
    fn of<T: Real, const FUSED: bool>(a: T, b: T, c: T) -> T {
        a.fma::<FUSED>(b, c).relu()
    }
}
struct GateProduct;
impl Function3 for GateProduct {
    #[inline(always)]
    fn of<T: Real, const FUSED: bool>(a: T, b: T, c: T) -> T {
        if a > T::ZERO { b * c } else { T::ZERO }
    }
}

struct Loop1<T, F, const L: usize, const A: bool>(PhantomData<(T, F)>);
impl<T: Real, F: Function1, const L: usize, const A: bool> Loop for Loop1<T, F, L, A> {
    #[inline(always)]
    unsafe fn run<const FUSED: bool>(args: &Args) {
        for o in 0..args.outer {
            // SAFETY: the caller promises `outer` segments of `inner` elements.
            unsafe {
                let (d, a) = (args.to::<T>(o), args.from::<T>(0, o));
                let mut i = 0;
                while i + L <= args.inner {
                    let mut x = lanes::<T, L, A>(a, i);
                    for v in &mut x {
                        *v = F::of::<T, FUSED>(*v);
                    }
                    d.add(i).cast::<[T; L]>().write_unaligned(x);
                    i += L;
                    not_across_vectors();
                }
                for i in i..args.inner {
                    d.add(i).write(F::of::<T, FUSED>(*a.add(if A { i } else { 0 })));
                }
            }
        }
    }
}

struct Loop2<T, F, const L: usize, const A: bool, const B: bool>(PhantomData<(T, F)>);
impl<T: Real, F: Function2, const L: usize, const A: bool, const B: bool> Loop for Loop2<T, F, L, A, B> {
    #[inline(always)]
    unsafe fn run<const FUSED: bool>(args: &Args) {
        for o in 0..args.outer {
            // SAFETY: the caller promises `outer` segments of `inner` elements.
            unsafe {
                let (d, a, b) = (args.to::<T>(o), args.from::<T>(0, o), args.from::<T>(1, o));
                let mut i = 0;
                while i + L <= args.inner {
                    let mut x = lanes::<T, L, A>(a, i);
                    let y = lanes::<T, L, B>(b, i);
                    for k in 0..L {
                        x[k] = F::of::<T, FUSED>(x[k], y[k]);
                    }
                    d.add(i).cast::<[T; L]>().write_unaligned(x);
                    i += L;
                    not_across_vectors();
                }
                for i in i..args.inner {
                    let (x, y) = (*a.add(if A { i } else { 0 }), *b.add(if B { i } else { 0 }));
                    d.add(i).write(F::of::<T, FUSED>(x, y));
                }
            }
        }
    }
}

struct Loop3<T, F, const L: usize, const A: bool, const B: bool, const C: bool>(PhantomData<(T, F)>);
impl<T: Real, F: Function3, const L: usize, const A: bool, const B: bool, const C: bool> Loop
    for Loop3<T, F, L, A, B, C>
{
    #[inline(always)]
    unsafe fn run<const FUSED: bool>(args: &Args) {
        for o in 0..args.outer {
            // SAFETY: the caller promises `outer` segments of `inner` elements.
            unsafe {
                let (d, a, b, c) = (args.to::<T>(o), args.from::<T>(0, o), args.from::<T>(1, o), args.from::<T>(2, o));
                let mut i = 0;
                while i + L <= args.inner {
                    let mut x = lanes::<T, L, A>(a, i);
                    let (y, z) = (lanes::<T, L, B>(b, i), lanes::<T, L, C>(c, i));
                    for k in 0..L {
                        x[k] = F::of::<T, FUSED>(x[k], y[k], z[k]);
                    }
                    d.add(i).cast::<[T; L]>().write_unaligned(x);
                    i += L;
                    not_across_vectors();
                }
                for i in i..args.inner {
                    let at = |p: *const T, vector: bool| *p.add(if vector { i } else { 0 });
                    d.add(i).write(F::of::<T, FUSED>(at(a, A), at(b, B), at(c, C)));
                }
            }
        }
    }
}

fn one<T: Real, const L: usize, F: Function1>(vector: bool, isa: Isa) -> Kernel {
    match vector {
        true => compiled!(isa, Loop1::<T, F, L, true>),
        false => compiled!(isa, Loop1::<T, F, L, false>),
    }
}

fn two<T: Real, const L: usize, F: Function2>(vector: &[bool], isa: Isa) -> Kernel {
    match vector {
        [true, true] => compiled!(isa, Loop2::<T, F, L, true, true>),
        [true, false] => compiled!(isa, Loop2::<T, F, L, true, false>),
        _ => compiled!(isa, Loop2::<T, F, L, false, true>),
    }
}

fn three<T: Real, const L: usize, F: Function3>(vector: &[bool], isa: Isa) -> Kernel {
    match vector {
        [true, true, true] => compiled!(isa, Loop3::<T, F, L, true, true, true>),
        [true, true, false] => compiled!(isa, Loop3::<T, F, L, true, true, false>),
        [true, false, true] => compiled!(isa, Loop3::<T, F, L, true, false, true>),
        _ => compiled!(isa, Loop3::<T, F, L, true, false, false>),
    }
}
