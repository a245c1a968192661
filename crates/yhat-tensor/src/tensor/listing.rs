//! Expressions as text.

use std::{collections::HashMap, fmt};

use super::{Op, Tensor};

impl fmt::Display for Tensor {
    /// A constant as its array, anything else as a listing: one operation a line, operands before what uses them.
    ///
    /// ```
    /// use yhat_tensor::{DType, Tensor};
    /// let x = Tensor::input("x", [2], DType::F32);
    /// assert_eq!((x * 3.0).sum().to_string(), "\
    /// %0 = input 'x' : float32 (2,)
    /// %1 = constant 3. : float32 ()
    /// %2 = broadcast %1 : float32 (2,)
    /// %3 = mul %0 %2 : float32 (2,)
    /// %4 = sum over [0] %3 : float32 ()");
    /// ```
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Op::Constant(array) = self.op() {
            return fmt::Display::fmt(array, f);
        }
        let mut number = HashMap::new();
        for (i, tensor) in Tensor::topological(std::slice::from_ref(self)).iter().enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            write!(f, "%{i} = {}", described(tensor.op()))?;
            for operand in tensor.operands() {
                write!(f, " %{}", number[&operand.identity()])?;
            }
            write!(f, " : {} {}", tensor.dtype(), tensor.shape())?;
            number.insert(tensor.identity(), i);
        }
        Ok(())
    }
}

/// An operation with its own arguments.
fn described(op: &Op) -> String {
    let name = op.name();
    match op {
        Op::Constant(a) if a.size() <= 4 => format!("{name} {a}"),
        Op::Input(n) => format!("{name} '{n}'"),
        Op::Variable(v) => format!("{name} '{}'", v.name()),
        Op::Reduce(_, axes) => format!("{name} over {axes:?}"),
        Op::ArgMax(axis) | Op::Concat(axis) | Op::Gather(axis) | Op::ScatterAdd(axis) => format!("{name} axis {axis}"),
        Op::Transpose(axes) => format!("{name} {axes:?}"),
        Op::Slice(ranges) => format!("{name} {ranges:?}"),
        Op::Pad(starts) => format!("{name} at {starts:?}"),
        Op::MatMul { transpose_a, transpose_b } => {
            let t = |yes: &bool| if *yes { "T" } else { "_" };
            format!("{name} {}{}", t(transpose_a), t(transpose_b))
        }
        Op::Invalid(error) => format!("{name} ({error})"),
        _ => name.to_string(),
    }
}
