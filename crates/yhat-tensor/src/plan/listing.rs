//! Plans as text.

use std::fmt;

use super::Plan;
use crate::kernels::{Count, LoopStep, Operand, Step};

impl fmt::Display for Plan {
    /// One line a step, below a loop one line an instruction: `@` is the offset in the workspace's memory.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "plan of {} steps in {} bytes", self.steps.len(), self.bytes)?;
        for step in &self.steps {
            match step {
                Step::Loop(l) => write_loop(f, l)?,
                Step::Code(c) => {
                    let (rows, tile, chunks) = (c.rows, c.tile, c.chunks);
                    writeln!(f, "code over {rows} rows, {tile} at a time, in {chunks} chunks: {}", c.names.join(" "))?;
                }
                Step::MatMul(m) => {
                    let (p, with) =
                        (&m.product, [("bias", m.bias.is_some()), ("activation", m.relu || m.activation.is_some())]);
                    let with: Vec<&str> = with.into_iter().filter_map(|(name, is)| is.then_some(name)).collect();
                    writeln!(f, "matmul {} times {} x {} x {} {}", m.batch, p.m, p.k, p.n, with.join(" and "))?;
                }
                Step::Copy { walk, dst, .. } => writeln!(f, "copy {:?} -> @{}", walk.shape, dst.offset())?,
                Step::Clear { bytes, dst } => writeln!(f, "clear {bytes} bytes @{}", dst.offset())?,
                Step::Reduce { walk, dst, .. } => writeln!(f, "reduce {:?} -> @{}", walk.shape, dst.offset())?,
                Step::Cast { from, to, n, dst, .. } => writeln!(f, "cast {n} {from} to {to} -> @{}", dst.offset())?,
                Step::Integers { op, n, dst, .. } => writeln!(f, "{} of {n} -> @{}", op.name(), dst.offset())?,
                Step::ArgMax { length, dst, .. } => writeln!(f, "argmax over {length} -> @{}", dst.offset())?,
                Step::Gather { dst, .. } => writeln!(f, "gather -> @{}", dst.offset())?,
                Step::ScatterAdd { dst, .. } => writeln!(f, "scatter_add -> @{}", dst.offset())?,
            }
        }
        Ok(())
    }
}

fn write_loop(f: &mut fmt::Formatter<'_>, l: &LoopStep) -> fmt::Result {
    writeln!(f, "loop over {} rows, {} at a time, in {} chunks", l.rows, l.tile, l.chunks)?;
    let count = |c: Count| match c {
        Count::Fixed(n) => n.to_string(),
        Count::Rows | Count::PaddedRows(_) => "rows".to_string(),
    };
    for i in l.instructions.iter().chain(&l.last) {
        let at = |o: &Operand| format!("@{}", o.slot.offset() + o.start);
        let sources: Vec<String> = i.src.iter().map(at).collect();
        let added = if i.accumulate { " added up" } else { "" };
        writeln!(
            f,
            "  {} {} -> {} ({} x {}){added}",
            i.name,
            sources.join(" "),
            at(&i.dst),
            count(i.outer),
            count(i.inner)
        )?;
    }
    Ok(())
}
