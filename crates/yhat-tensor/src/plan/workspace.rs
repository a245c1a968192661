//! What changes while a plan runs.

use std::{fmt, sync::Arc};

use super::{Place, Plan};
use crate::{
    Array, DType, Element, Error, Result, Variable,
    array::with_elements,
    kernels::{self, Arena},
};

/// The memory that a [`Plan`] runs in: variables, inputs, outputs and all that is between.
///
/// Variables' values are copied in by [`Workspace::load`] (and when the workspace is made) and back by
/// [`Workspace::store`]; between the two, runs change the workspace's own.
pub struct Workspace {
    arena: Arena,
    plan: Arc<Plan>,
    /// Inputs that were given.
    set: Vec<bool>,
    /// The version of each variable that is in memory, where it is one of the variable's own values.
    held: Vec<Option<u64>>,
    /// Whether the variables that the plan updates have other values here than their own.
    changed: bool,
}

/// Elements of a batch that a thread copies, at least: some five microseconds.
const COPIED: usize = 1 << 15;

impl Workspace {
    pub(super) fn new(plan: &Plan) -> Workspace {
        let plan = Arc::new(Plan { steps: Vec::new(), ..plan.clone() });
        let mut workspace = Workspace {
            arena: Arena::new(plan.bytes),
            set: vec![false; plan.inputs.len()],
            held: vec![None; plan.variables.len()],
            changed: false,
            plan,
        };
        for (array, slot) in &Arc::clone(&workspace.plan).constants {
            workspace.write(slot.offset(), array);
        }
        workspace.load();
        workspace
    }

    /// The arena, for a run of `plan`, if every input has an array.
    pub(super) fn ready(&mut self, plan: &Plan) -> Result<&mut Arena> {
        assert!(plan.id == self.plan.id, "the workspace was made by another plan");
        match self.set.iter().position(|set| !set) {
            Some(i) => Err(Error::MissingInput { name: self.plan.inputs[i].0.clone() }),
            None => {
                self.changed = true;
                Ok(&mut self.arena)
            }
        }
    }

    fn write(&mut self, offset: usize, array: &Array) {
        with_elements!(array.data(), v => {
            let to = self.arena.slice_mut(offset, v.len());
            kernels::copy(v, to);
        });
    }

    fn read(&self, place: &Place) -> Array {
        fn of<T: Element>(w: &Workspace, p: &Place) -> Array {
            Array::raw(&p.shape, w.arena.slice::<T>(p.slot.offset(), p.shape.size()).to_vec())
        }
        match place.dtype {
            DType::Bool => of::<bool>(self, place),
            DType::I64 => of::<i64>(self, place),
            DType::F32 => of::<f32>(self, place),
            DType::F64 => of::<f64>(self, place),
        }
    }

    /// Gives input `i` its array, which is cast to the input's type, for all runs until the next.
    ///
    /// # Errors
    /// If the shape is another.
    pub fn set_input(&mut self, i: usize, array: &Array) -> Result<()> {
        let plan = Arc::clone(&self.plan);
        let (name, place) = &plan.inputs[i];
        if array.shape() != &place.shape {
            let (expected, got) = (place.shape.clone(), array.shape().clone());
            return Err(Error::Shape { what: format!("input '{name}'"), expected, got });
        }
        match array.dtype() == place.dtype {
            true => self.write(place.slot.offset(), array),
            false => self.write(place.slot.offset(), &array.cast(place.dtype)),
        }
        self.set[i] = true;
        Ok(())
    }

    /// Gives input `i` the given rows of `array`, in that order: one batch.
    ///
    /// # Errors
    /// If the input has another number of rows, or its rows another shape or type.
    ///
    /// # Panics
    /// If there is no such row.
    pub fn set_input_rows(&mut self, i: usize, array: &Array, rows: &[usize]) -> Result<()> {
        let plan = Arc::clone(&self.plan);
        let (name, place) = &plan.inputs[i];
        let what = || format!("input '{name}'");
        let got = std::iter::once(rows.len()).chain(array.shape().iter().copied().skip(1)).collect();
        if got != place.shape {
            return Err(Error::Shape { what: what(), expected: place.shape.clone(), got });
        }
        if array.dtype() != place.dtype {
            return Err(Error::DType { what: what(), expected: place.dtype, got: array.dtype() });
        }
        // Here, since a panic on another thread would be lost.
        let last = rows.iter().max();
        assert!(last.is_none_or(|&row| row < array.shape()[0]), "row {last:?} of {} rows", array.shape()[0]);
        let width = place.shape[1..].iter().product::<usize>().max(1);
        with_elements!(array.data(), v => {
            let to = self.arena.slice_mut(place.slot.offset(), place.shape.size());
            // Rows come from all over memory: two threads wait for it half as long.
            let together = (COPIED / width).max(1);
            kernels::parallel_chunks(to, together * width, &|first, chunk| {
                for (to, &row) in chunk.chunks_exact_mut(width).zip(&rows[first / width..]) {
                    to.copy_from_slice(&v[row * width..(row + 1) * width]);
                }
            });
        });
        self.set[i] = true;
        Ok(())
    }

    /// Copies the variables' values into the workspace, those that it does not hold already.
    pub fn load(&mut self) {
        self.load_where(|_| true);
    }

    /// As [`Workspace::load`], but variables that runs in `other` have changed since it was stored get their values from there:
    /// for two plans that train the same variables in turn.
    ///
    /// ```
    /// use yhat_tensor::{Plan, Variable};
    /// let w = Variable::new("w", 1.0f32);
    /// let add = Plan::new(&[], &[], &[(w.clone(), w.tensor() + 1.0)])?;
    /// let double = Plan::new(&[], &[], &[(w.clone(), w.tensor() * 2.0)])?;
    /// let (mut one, mut two) = (add.workspace(), double.workspace());
    /// add.run(&mut one)?;
    /// two.load_from(&one);
    /// double.run(&mut two)?;
    /// assert_eq!(w.value().item(), 1.0);
    /// two.store();
    /// assert_eq!(w.value().item(), 4.0);
    /// # Ok::<(), yhat_tensor::Error>(())
    /// ```
    pub fn load_from(&mut self, other: &Workspace) {
        let plan = Arc::clone(&self.plan);
        let mut given = vec![None; plan.variables.len()];
        if other.changed {
            for (n, (variable, from)) in other.plan.updated.iter().map(|&i| &other.plan.variables[i]).enumerate() {
                // Plans of one net update the same variables in the same order.
                let alike = plan.updated.get(n).copied().filter(|&i| plan.variables[i].0 == *variable);
                let place = alike.or_else(|| plan.variables.iter().position(|(v, _)| v == variable));
                place.into_iter().for_each(|i| given[i] = Some(from.slot.offset()));
            }
        }
        self.load_where(|i| given[i].is_none());
        for (i, from) in given.into_iter().enumerate().filter_map(|(i, from)| Some((i, from?))) {
            let place = &plan.variables[i].1;
            let bytes = place.shape.size() * place.dtype.size();
            self.arena.copy_from(place.slot.offset(), &other.arena, from, bytes);
            self.held[i] = None;
            self.changed = true;
        }
    }

    fn load_where(&mut self, wanted: impl Fn(usize) -> bool) {
        let plan = Arc::clone(&self.plan);
        if std::mem::take(&mut self.changed) {
            plan.updated.iter().for_each(|&i| self.held[i] = None);
        }
        for (i, (variable, place)) in plan.variables.iter().enumerate().filter(|(i, _)| wanted(*i)) {
            if self.held[i] != Some(variable.version()) {
                let (value, version) = variable.versioned();
                self.write(place.slot.offset(), &value);
                self.held[i] = Some(version);
            }
        }
    }

    /// Copies the values of the variables that the plan updates back to them.
    pub fn store(&mut self) {
        self.changed = false;
        for &i in &self.plan.updated {
            let (variable, place) = &self.plan.variables[i];
            self.held[i] = Some(variable.replace(|value| value.read_from(&self.arena, place.slot.offset())));
        }
    }

    /// Gives `variable` a value for the runs to come, in this workspace alone; a variable that the plan does not use is
    /// passed over.
    ///
    /// ```
    /// use yhat_tensor::{Array, Plan, Variable};
    /// let w = Variable::new("w", 3.0f32);
    /// let plan = Plan::new(&[], &[w.tensor().square()], &[])?;
    /// let mut workspace = plan.workspace();
    /// workspace.set_variable(&w, &Array::from(5.0f32))?;
    /// plan.run(&mut workspace)?;
    /// assert_eq!((workspace.scalar(0), w.value().item()), (25.0, 3.0));
    /// # Ok::<(), yhat_tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// If the shape is another.
    pub fn set_variable(&mut self, variable: &Variable, value: &Array) -> Result<()> {
        if value.shape() != variable.shape() {
            let (expected, got) = (variable.shape().clone(), value.shape().clone());
            return Err(Error::Shape { what: format!("variable '{}'", variable.name()), expected, got });
        }
        if let Some(i) = self.plan.variables.iter().position(|(v, _)| v == variable) {
            self.write(self.plan.variables[i].1.slot.offset(), &value.cast(variable.dtype()));
            self.held[i] = None;
        }
        Ok(())
    }

    /// Output `i` of the last run.
    pub fn output(&self, i: usize) -> Array {
        self.read(&self.plan.outputs[i])
    }

    /// The first element of output `i` of the last run, as a double; it is not allocated for.
    pub fn scalar(&self, i: usize) -> f64 {
        let place = &self.plan.outputs[i];
        let offset = place.slot.offset();
        match place.dtype {
            DType::Bool => self.arena.slice::<bool>(offset, 1)[0].to_f64(),
            DType::I64 => self.arena.slice::<i64>(offset, 1)[0].to_f64(),
            DType::F32 => self.arena.slice::<f32>(offset, 1)[0].to_f64(),
            DType::F64 => self.arena.slice::<f64>(offset, 1)[0],
        }
    }
}

impl fmt::Debug for Workspace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Workspace({} bytes)", self.arena.bytes())
    }
}
