//! Instruction sets.

use std::sync::OnceLock;

/// The instruction set that kernels are compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Isa {
    /// What every machine of the target has.
    Portable,
    /// AVX2 with fused multiply-add.
    Avx2,
    /// AVX-512 F, BW, DQ, VL.
    Avx512,
}

impl Isa {
    /// The best that this machine has, or what `YHAT_SIMD` (`portable`, `avx2`, `avx512`) allows of it.
    pub fn current() -> Isa {
        static CURRENT: OnceLock<Isa> = OnceLock::new();
        *CURRENT.get_or_init(|| {
            let wanted = match std::env::var("YHAT_SIMD").as_deref() {
                Ok("portable") => Isa::Portable,
                Ok("avx2") => Isa::Avx2,
                _ => Isa::Avx512,
            };
            [Isa::Avx512, Isa::Avx2]
                .into_iter()
                .find(|i| i.rank() <= wanted.rank() && i.available())
                .unwrap_or(Isa::Portable)
        })
    }

    /// Every one that this machine has.
    pub fn all_available() -> Vec<Isa> {
        [Isa::Portable, Isa::Avx2, Isa::Avx512].into_iter().filter(|i| i.available()).collect()
    }

    /// Whether loops can be generated for it on this machine.
    pub(crate) fn has_codegen(self) -> bool {
        #[cfg(target_arch = "x86_64")]
        return self == Isa::Avx512 && is_x86_feature_detected!("bmi2");
        #[cfg(not(target_arch = "x86_64"))]
        false
    }

    fn rank(self) -> u8 {
        self as u8
    }

    #[cfg(target_arch = "x86_64")]
    fn available(self) -> bool {
        match self {
            Isa::Portable => true,
            Isa::Avx2 => is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma"),
            Isa::Avx512 => {
                Isa::Avx2.available()
                    && is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512vl")
            }
        }
    }

    #[cfg(not(target_arch = "x86_64"))]
    fn available(self) -> bool {
        self == Isa::Portable
    }
}

/// Compiles the generic loop `$body` for every instruction set and gives the version for `$isa`. The last const
/// parameter of the loop says whether fused multiply-add is there.
macro_rules! compiled {
    ($isa:expr, $body:ident::<$($g:tt),*>) => {{
        #[cfg(target_arch = "x86_64")]
        {
            use $crate::kernels::dispatch::{avx2, avx512, portable};
            match $isa {
                Isa::Avx512 => avx512::<$body<$($g),*>> as Kernel,
                Isa::Avx2 => avx2::<$body<$($g),*>> as Kernel,
                Isa::Portable => portable::<$body<$($g),*>> as Kernel,
            }
        }
        #[cfg(not(target_arch = "x86_64"))]
        {
            let _ = $isa;
            $crate::kernels::dispatch::portable::<$body<$($g),*>> as Kernel
        }
    }};
}
pub(super) use compiled;

use super::Args;

/// A generic loop, as a type, so that it can be compiled for several instruction sets.
pub(super) trait Loop {
    /// # Safety
    /// As for [`Kernel`](super::Kernel).
    unsafe fn run<const FUSED: bool>(args: &Args);
}

pub(super) unsafe fn portable<B: Loop>(args: &Args) {
    // SAFETY: the caller's promise.
    unsafe { B::run::<false>(args) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
pub(super) unsafe fn avx2<B: Loop>(args: &Args) {
    // SAFETY: the caller's promise.
    unsafe { B::run::<true>(args) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")]
pub(super) unsafe fn avx512<B: Loop>(args: &Args) {
    // SAFETY: the caller's promise.
    unsafe { B::run::<true>(args) }
}
