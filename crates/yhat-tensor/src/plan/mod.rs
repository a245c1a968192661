//! Plans: sets of expressions compiled once, run many times.
//!
//! The way there, one file each: `graph` imports and simplifies, `skinny` takes thin matrix products apart, `small` puts
//! those over few columns into loops, `fuse` decides what is computed together (with `view`, how a loop sees its operands), `lower` and `loops`
//! make steps of it (`crate::kernels` runs them), `buffers` places the memory.

mod buffers;
mod codegen;
mod draft;
mod fuse;
mod graph;
mod listing;
mod loops;
mod lower;
mod patterns;
mod skinny;
mod small;
mod updates;
mod view;
mod workspace;

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use graph::Graph;
use rustc_hash::FxHashSet as HashSet;
pub use workspace::Workspace;

use crate::{
    Array, DType, Error, Result, Shape, Tensor, Variable,
    kernels::{self, Isa, Slot, Step},
    tensor::Op,
};

/// Which passes the planner runs: all of them, unless a test switches one off. None changes a result beyond rounding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passes {
    /// Operations on constants are computed once, when the plan is made; `x * 1`, `x + 0` and their like vanish.
    pub fold: bool,
    /// Equal operations on equal operands are computed once.
    pub share: bool,
    /// Matrix products with a side of length 1 become multiplications and sums, which fuse.
    pub skinny: bool,
    /// Matrix products over few columns are computed in generated loops with what is around them.
    pub small: bool,
    /// Chains of elementwise operations and reductions become one pass over memory.
    pub fuse: bool,
    /// Bias and activation are computed with the matrix product that they follow.
    pub epilogue: bool,
    /// Buffers whose lifetimes do not meet share memory.
    pub reuse: bool,
    /// Loops become machine code, where the machine has AVX-512.
    pub codegen: bool,
}

impl Passes {
    /// Every pass.
    pub const ALL: Passes = Passes {
        fold: true,
        share: true,
        skinny: true,
        small: true,
        fuse: true,
        epilogue: true,
        reuse: true,
        codegen: true,
    };
    /// No pass at all: each operation is a step of its own.
    pub const NONE: Passes = Passes {
        fold: false,
        share: false,
        skinny: false,
        small: false,
        fuse: false,
        epilogue: false,
        reuse: false,
        codegen: false,
    };
}

impl Default for Passes {
    fn default() -> Self {
        Passes::ALL
    }
}

/// Where a value is in a workspace's memory.
#[derive(Clone, Debug)]
struct Place {
    slot: Slot,
    shape: Shape,
    dtype: DType,
}

/// A set of expressions compiled once: what to compute from which inputs, and which variables to update.
///
/// A plan is immutable and can be shared between threads; what changes while it runs lives in a [`Workspace`]. A run
/// calls the plan's steps in order. It allocates nothing, takes no lock and looks nothing up.
///
/// ```
/// use yhat_tensor::{gradient, Array, DType, Plan, Tensor, Variable};
/// let w = Variable::new("w", 0.0f32);
/// let x = Tensor::input("x", [4], DType::F32);
/// let loss = (&x * &w - 3.0).square().mean();
/// let slope = gradient(&loss, &[w.tensor()])?.remove(0);
///
/// let step = Plan::new(&[x], &[loss], &[(w.clone(), w.tensor() - slope * 0.1)])?;
/// let mut workspace = step.workspace();
/// workspace.set_input(0, &Array::from([1.0f32, 1.0, 1.0, 1.0]))?;
/// for _ in 0..100 {
///     step.run(&mut workspace)?;
/// }
/// workspace.store();
/// assert!((w.value().item() - 3.0).abs() < 1e-6);
/// # Ok::<(), yhat_tensor::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Plan {
    /// What tells this plan (and its clones) from others.
    id: u64,
    steps: Vec<Step>,
    bytes: usize,
    inputs: Vec<(String, Place)>,
    outputs: Vec<Place>,
    variables: Vec<(Variable, Place)>,
    updated: Vec<usize>,
    constants: Vec<(Array, Slot)>,
}

impl Plan {
    /// Compiles `outputs` and `updates` (a variable and its next value) over `inputs`, which are [`Tensor::input`]s.
    ///
    /// # Errors
    /// If an expression is wrong, needs an input that is not in `inputs`, or gives a variable a value of another shape
    /// (one of another type is cast).
    pub fn new(inputs: &[Tensor], outputs: &[Tensor], updates: &[(Variable, Tensor)]) -> Result<Plan> {
        Self::with_passes(inputs, outputs, updates, Passes::ALL)
    }

    /// [`Plan::new`] with some passes switched off.
    ///
    /// # Errors
    /// As [`Plan::new`].
    pub fn with_passes(
        inputs: &[Tensor],
        outputs: &[Tensor],
        updates: &[(Variable, Tensor)],
        passes: Passes,
    ) -> Result<Plan> {
        Self::for_isa(inputs, outputs, updates, passes, Isa::current())
    }

    /// [`Plan::with_passes`] with the kernels of `isa`, which the machine must have.
    ///
    /// # Errors
    /// As [`Plan::new`].
    ///
    /// # Panics
    /// If the machine does not have the instruction set.
    pub fn for_isa(
        inputs: &[Tensor],
        outputs: &[Tensor],
        updates: &[(Variable, Tensor)],
        passes: Passes,
        isa: Isa,
    ) -> Result<Plan> {
        assert!(Isa::all_available().contains(&isa), "this machine has no {isa:?}");
        check_updates(updates)?;
        // Products are put into loops of generated code alone.
        let small = passes.small && passes.codegen && isa.has_codegen();
        let mut graph = Graph::new(Passes { small, ..passes });
        let updated = updates.iter().flat_map(|(v, value)| [v.tensor(), value.cast(v.dtype())]);
        let roots: Vec<Tensor> = inputs.iter().chain(outputs).cloned().chain(updated).collect();
        let mut ids = graph.import(&roots)?;
        let update_ids: Vec<_> =
            ids.split_off(inputs.len() + outputs.len()).chunks(2).map(|pair| (pair[0], pair[1])).collect();
        let output_ids = ids.split_off(inputs.len());
        let input_ids = ids;
        let given = given(&graph, &input_ids, &output_ids, &update_ids)?;
        let mut lowered = loop {
            let fusion = fuse::fuse(&graph, &output_ids, &update_ids);
            match lower::lower(&graph, &fusion, &given, &output_ids, isa) {
                Ok(lowered) => break lowered,
                Err(nodes) => graph.without_code.extend(nodes),
            }
        };
        let place = |id: usize, slot: Slot| {
            let node = &graph.nodes[id];
            Place { slot, shape: node.shape.clone(), dtype: node.dtype }
        };
        let name = |t: &Tensor| match t.op() {
            Op::Input(name) => name.clone(),
            op => op.name().to_string(),
        };
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let mut plan = Plan {
            id: NEXT.fetch_add(1, Relaxed),
            steps: lowered.steps,
            bytes: 0,
            inputs: input_ids.iter().zip(inputs).map(|(&id, t)| (name(t), place(id, lowered.slots[&id]))).collect(),
            outputs: output_ids.iter().zip(&lowered.outputs).map(|(&id, &slot)| place(id, slot)).collect(),
            variables: Vec::new(),
            updated: Vec::new(),
            constants: Vec::new(),
        };
        let updated: HashSet<usize> = update_ids.iter().map(|u| u.0).collect();
        for &id in &given {
            match &graph.nodes[id].op {
                Op::Constant(array) => plan.constants.push((array.clone(), lowered.slots[&id])),
                Op::Variable(v) => {
                    if updated.contains(&id) {
                        plan.updated.push(plan.variables.len());
                    }
                    plan.variables.push((v.clone(), place(id, lowered.slots[&id])));
                }
                _ => {}
            }
        }
        let fixed = plan
            .inputs
            .iter_mut()
            .map(|(_, p)| &mut p.slot)
            .chain(plan.outputs.iter_mut().map(|p| &mut p.slot))
            .chain(plan.variables.iter_mut().map(|(_, p)| &mut p.slot))
            .chain(plan.constants.iter_mut().map(|(_, slot)| slot));
        plan.bytes = std::mem::take(&mut lowered.buffers).place(&mut plan.steps, fixed.collect(), passes.reuse);
        match kernels::install(&mut plan.steps) {
            true => Ok(plan),
            // A system that gives no executable memory, or more memory than code can address.
            false => Self::for_isa(inputs, outputs, updates, Passes { codegen: false, ..passes }, isa),
        }
    }

    /// Memory to run in, with the variables' current values.
    pub fn workspace(&self) -> Workspace {
        Workspace::new(self)
    }

    /// One run in a workspace of this plan: all outputs, then all updates, which are computed from the values that the
    /// variables have before the run.
    ///
    /// # Errors
    /// If an input has no array, or an index that the expressions compute or are given is out of range; the variables
    /// are then as they were.
    ///
    /// # Panics
    /// If the workspace was made by another plan.
    pub fn run(&self, workspace: &mut Workspace) -> Result<()> {
        kernels::run(&self.steps, workspace.ready(self)?)
    }

    /// Whether a run has steps that several threads share; if not, several runs can be made at once.
    pub fn is_shared(&self) -> bool {
        kernels::threads() > 1 && self.steps.iter().any(|step| step.parts() > 1)
    }

    /// Bytes of a workspace.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Steps of a run.
    pub fn steps(&self) -> usize {
        self.steps.len()
    }
}

fn check_updates(updates: &[(Variable, Tensor)]) -> Result<()> {
    for (variable, value) in updates {
        value.check()?;
        if value.shape() != variable.shape() {
            let (expected, got) = (variable.shape().clone(), value.shape().clone());
            let what = format!("the next value of variable '{}'", variable.name());
            return Err(Error::Shape { what, expected, got });
        }
    }
    Ok(())
}

/// The nodes that are in memory from the start; updated variables first, in order, so that a workspace's state lies
/// together.
fn given(graph: &Graph, inputs: &[usize], outputs: &[usize], updates: &[(usize, usize)]) -> Result<Vec<usize>> {
    let mut all: Vec<usize> = updates.iter().map(|u| u.0).chain(inputs.iter().copied()).collect();
    let roots: Vec<usize> = outputs.iter().copied().chain(updates.iter().map(|u| u.1)).collect();
    let needed = graph.needed(&roots);
    for (id, node) in graph.nodes.iter().enumerate().filter(|(id, _)| needed[*id]) {
        match &node.op {
            Op::Input(name) if !inputs.contains(&id) => return Err(Error::MissingInput { name: name.clone() }),
            Op::Constant(_) | Op::Variable(_) => all.push(id),
            _ => {}
        }
    }
    let mut seen = HashSet::default();
    all.retain(|id| seen.insert(*id));
    Ok(all)
}
