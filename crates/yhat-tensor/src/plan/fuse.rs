//! Which operations are computed together, and in what order.
//!
//! Every computed node gets a stage: one more than the latest of what it needs from memory. Nodes that loop over the
//! same rows in the same stage become one loop, whether or not they depend on each other; what they need from each
//! other row by row never goes through memory. A step depends only on earlier stages, so there can be no cycle.
//!
//! The updates of variables come last. Elementwise operations that only an update needs (an optimizer's formula) are
//! computed in one loop a variable, together with the assignment, after everything that reads the old value.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

use super::{
    graph::{Graph, Id},
    view::{Kept, Reading},
};
use crate::{DType, tensor::Op};

/// What is computed together.
#[derive(Debug)]
pub(super) enum Work {
    /// One pass over rows.
    Loop(LoopWork),
    /// One operation of another kind.
    Single(Id),
    /// A copy of a value that an update is about to overwrite.
    Snapshot(Id),
}

#[derive(Debug)]
pub(super) struct LoopWork {
    pub(super) dtype: DType,
    pub(super) nodes: Vec<Id>,
    /// Variable (its node) and its next value, for each update that the loop ends with.
    pub(super) assigns: Vec<(Id, Id)>,
}

/// A matrix product with what is computed while its result is in cache, by the node that it ends in.
#[derive(Debug)]
pub(super) struct Epilogue {
    pub(super) product: Id,
    pub(super) bias: Option<Id>,
    pub(super) activation: Option<Id>,
}

#[derive(Debug, Default)]
pub(super) struct Fusion {
    pub(super) work: Vec<Work>,
    pub(super) epilogues: HashMap<Id, Epilogue>,
    /// Nodes whose values must be in memory.
    pub(super) stored: HashSet<Id>,
    /// Which loop a node is computed in (a key, not an index into `work`).
    loop_of: HashMap<Id, LoopKey>,
    /// Variables to be read from a snapshot by these loops.
    pub(super) snapshots: HashSet<Id>,
}

/// Loops over the same rows, in the same type, in the same stage are one; an update's loop is its variable's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct LoopKey {
    stage: usize,
    rows: usize,
    dtype: DType,
    alone: Option<Id>,
}

/// The stage of updates.
const LAST: usize = usize::MAX;

struct Fuser<'a> {
    graph: &'a Graph,
    needed: Vec<bool>,
    consumers: Vec<Vec<Id>>,
    outputs: &'a [Id],
    updates: &'a [(Id, Id)],
    /// The update loop that a node belongs to.
    tails: HashMap<Id, Id>,
    absorbed: HashSet<Id>,
    stage: Vec<usize>,
    fusion: Fusion,
}

/// Groups all that `outputs` and `updates` (variable and value) need.
pub(super) fn fuse(graph: &Graph, outputs: &[Id], updates: &[(Id, Id)]) -> Fusion {
    let roots: Vec<Id> = outputs.iter().copied().chain(updates.iter().flat_map(|&(v, x)| [v, x])).collect();
    let needed = graph.needed(&roots);
    let mut consumers = vec![Vec::new(); graph.nodes.len()];
    for id in (0..graph.nodes.len()).filter(|&id| needed[id]) {
        graph.nodes[id].operands.iter().for_each(|&o| consumers[o].push(id));
    }
    let mut fuser = Fuser {
        graph,
        needed,
        consumers,
        outputs,
        updates,
        tails: HashMap::default(),
        absorbed: HashSet::default(),
        stage: vec![0; graph.nodes.len()],
        fusion: Fusion::default(),
    };
    fuser.find_tails();
    fuser.find_epilogues();
    fuser.assign_stages();
    fuser.sink_conditions();
    fuser.find_stored();
    fuser.collect();
    fuser.fusion
}

impl Fuser<'_> {
    fn passes(&self) -> super::Passes {
        self.graph.passes()
    }

    /// Whether the plan itself needs the node's value.
    fn is_result(&self, id: Id) -> bool {
        self.outputs.contains(&id) || self.updates.iter().any(|u| u.1 == id)
    }

    /// Finds the elementwise nodes that only updates need, and joins those that depend on each other.
    fn find_tails(&mut self) {
        if !self.passes().fuse {
            return;
        }
        let values: HashMap<Id, Id> = self.updates.iter().map(|&(v, x)| (x, v)).collect();
        for id in (0..self.graph.nodes.len()).rev() {
            if !self.needed[id] {
                continue;
            }
            let node = &self.graph.nodes[id];
            let first_user = self.consumers[id].first().and_then(|c| self.tails.get(c)).copied();
            let Some(tail) = values.get(&id).copied().or(first_user) else { continue };
            let same_shape = |c: &Id| self.tails.contains_key(c) && self.graph.nodes[*c].shape == node.shape;
            let alone = self.consumers[id].iter().all(same_shape) && !self.outputs.contains(&id);
            if alone && node.dtype.is_float() && self.graph.is_flat(id) {
                self.tails.insert(id, tail);
                for c in self.consumers[id].clone() {
                    self.join_tails(self.tails[&c], tail);
                }
            }
        }
    }

    fn join_tails(&mut self, from: Id, to: Id) {
        if from != to {
            self.tails.values_mut().filter(|t| **t == from).for_each(|t| *t = to);
        }
    }

    /// Finds products that are followed by the addition of a row and by an elementwise function.
    fn find_epilogues(&mut self) {
        for id in (0..self.graph.nodes.len()).filter(|&id| self.needed[id]) {
            if !matches!(self.graph.nodes[id].op, Op::MatMul { .. }) {
                continue;
            }
            let (mut last, mut bias, mut activation) = (id, None, None);
            if self.passes().epilogue {
                if let Some((sum, row)) = self.only_user(last).and_then(|sum| Some((sum, self.bias_of(sum, last)?))) {
                    self.absorbed.insert(last);
                    (last, bias) = (sum, Some(row));
                }
                let unary =
                    |u: &Id| matches!(self.graph.nodes[*u].op, Op::Unary(_)) && self.graph.nodes[*u].dtype.is_float();
                if let Some(f) = self.only_user(last).filter(unary) {
                    self.absorbed.insert(last);
                    (last, activation) = (f, Some(f));
                }
            }
            self.tails.remove(&last);
            self.fusion.epilogues.insert(last, Epilogue { product: id, bias, activation });
        }
    }

    fn only_user(&self, id: Id) -> Option<Id> {
        match self.consumers[id][..] {
            [user] if !self.is_result(id) && !self.tails.contains_key(&user) => Some(user),
            _ => None,
        }
    }

    /// The row that `sum` adds to `product`.
    fn bias_of(&self, sum: Id, product: Id) -> Option<Id> {
        let node = &self.graph.nodes[sum];
        let Op::Binary(crate::tensor::Binary::Add) = node.op else { return None };
        let other = node.operands.iter().copied().find(|&o| o != product)?;
        let access = self.graph.access(other);
        (access.reading == Reading::Column).then_some(access.base)
    }

    /// The nodes in memory or in the same loop that `id` is computed from, and how each is read.
    fn sources(&self, id: Id) -> Vec<(Id, Option<Reading>)> {
        let g = self.graph;
        if let Some(e) = self.fusion.epilogues.get(&id) {
            let [a, b] = g.nodes[e.product].operands[..] else { unreachable!("a product has two operands") };
            return [a, b].into_iter().chain(e.bias).map(|o| (g.root(o), None)).collect();
        }
        let in_loop = g.loop_type(id).is_some();
        let source = |&o: &Id| match in_loop {
            true => {
                let access = g.access(o);
                (access.base, Some(access.reading))
            }
            false => (g.root(o), None),
        };
        g.nodes[id].operands.iter().map(source).collect()
    }

    /// The nodes that are computed by a step: not those that are in memory from the start, read through, or absorbed.
    fn computed(&self) -> Vec<Id> {
        let g = self.graph;
        let stretched: HashSet<Id> = {
            let ids = (0..g.nodes.len()).filter(|&id| self.needed[id] && self.is_work(id));
            let read = ids.flat_map(|id| self.sources(id)).map(|s| s.0);
            let results = self.outputs.iter().chain(self.updates.iter().map(|u| &u.1)).map(|&id| g.root(id));
            let mut all: HashSet<Id> =
                read.chain(results).filter(|&id| matches!(g.nodes[id].op, Op::Broadcast)).collect();
            // What a stretched value in memory is stretched from may itself be stretched.
            let mut new: Vec<Id> = all.iter().copied().collect();
            while let Some(id) = new.pop() {
                let from = g.root(g.nodes[id].operands[0]);
                if matches!(g.nodes[from].op, Op::Broadcast) && all.insert(from) {
                    new.push(from);
                }
            }
            all
        };
        (0..g.nodes.len()).filter(|&id| self.needed[id] && (self.is_work(id) || stretched.contains(&id))).collect()
    }

    fn is_work(&self, id: Id) -> bool {
        let op = &self.graph.nodes[id].op;
        let given = matches!(op, Op::Constant(_) | Op::Input(_) | Op::Variable(_));
        !given && !matches!(op, Op::Reshape | Op::Broadcast) && !self.absorbed.contains(&id)
    }

    /// Whether a loop over the rows of `user` finds the value of `base`, computed in the same loop, in a register.
    fn flows(&self, base: Id, user: Id, reading: Reading) -> bool {
        let g = self.graph;
        let (rows, columns) = g.loop_extent(user);
        let (base_rows, base_columns) = g.loop_domain(base);
        let whole = !matches!(g.kept(base), Some(Kept::Columns | Kept::Nothing));
        let fits = match reading {
            Reading::Tile => base_columns == columns,
            Reading::Row => base_columns == 1,
            Reading::Column | Reading::Scalar => false,
        };
        whole && fits && rows == base_rows
    }

    fn assign_stages(&mut self) {
        for id in self.computed() {
            let key = |stage: usize| -> Option<LoopKey> {
                let dtype = self.graph.loop_type(id)?;
                if self.fusion.epilogues.contains_key(&id) {
                    return None;
                }
                match self.tails.get(&id) {
                    Some(&tail) => {
                        Some(LoopKey { stage: LAST, rows: self.graph.loop_extent(id).0, dtype, alone: Some(tail) })
                    }
                    None => {
                        let alone = (!self.passes().fuse).then_some(id);
                        Some(LoopKey { stage, rows: self.graph.loop_extent(id).0, dtype, alone })
                    }
                }
            };
            let mut stage = 1;
            for (base, reading) in self.sources(id) {
                let base_stage = self.stage[base];
                let joins = match (self.fusion.loop_of.get(&base), reading) {
                    (Some(loop_of), Some(reading)) => {
                        key(base_stage) == Some(*loop_of) && self.flows(base, id, reading)
                    }
                    _ => false,
                };
                if base_stage != LAST {
                    stage = stage.max(if joins { base_stage } else { base_stage + 1 });
                }
            }
            if let Some(key) = key(stage) {
                self.stage[id] = key.stage;
                self.fusion.loop_of.insert(id, key);
            } else {
                self.stage[id] = stage;
            }
        }
    }

    /// Moves conditions into the loop that uses them, where it is one: there they need no memory. (The gradient of a relu
    /// layer compares its output long after that was computed.)
    fn sink_conditions(&mut self) {
        if !self.passes().fuse {
            return;
        }
        for id in self.computed().into_iter().rev().filter(|&id| self.graph.nodes[id].dtype == DType::Bool) {
            let Some(own) = self.fusion.loop_of.get(&id).copied() else { continue };
            let users = self.consumers[id].iter().map(|user| (user, self.fusion.loop_of.get(user)));
            let reads_tile = |user: Id| {
                let mut readings = self.graph.nodes[user].operands.iter().map(|&o| self.graph.access(o));
                readings.all(|access| access.base != id || access.reading == Reading::Tile)
            };
            let theirs: HashSet<Option<LoopKey>> =
                users.map(|(&user, key)| key.copied().filter(|_| reads_tile(user))).collect();
            let mut theirs = theirs.into_iter();
            let (Some(Some(key)), None) = (theirs.next(), theirs.next()) else { continue };
            let alike = key.rows == own.rows && key.dtype == own.dtype && key.stage != LAST;
            if alike && key.stage > own.stage && !self.is_result(id) {
                self.stage[id] = key.stage;
                self.fusion.loop_of.insert(id, key);
            }
        }
    }

    /// Whether `user` finds `base` in a register of the loop that computes both.
    fn in_register(&self, base: Id, user: Id, reading: Option<Reading>) -> bool {
        let (a, b) = (self.fusion.loop_of.get(&base), self.fusion.loop_of.get(&user));
        a.is_some() && a == b && reading.is_some_and(|r| self.flows(base, user, r))
    }

    fn find_stored(&mut self) {
        let mut stored = HashSet::default();
        for id in self.computed() {
            let reduced = matches!(self.graph.kept(id), Some(Kept::Columns | Kept::Nothing));
            if !self.fusion.loop_of.contains_key(&id) || reduced {
                stored.insert(id);
            }
            for (base, reading) in self.sources(id) {
                if !self.in_register(base, id, reading) {
                    stored.insert(base);
                }
            }
        }
        stored.extend(self.outputs.iter().map(|&id| self.graph.root(id)));
        for &(_, value) in self.updates {
            if !self.tails.contains_key(&value) {
                stored.insert(self.graph.root(value));
            }
        }
        self.fusion.stored = stored;
    }

    /// Lists the work in the order of stages.
    fn collect(&mut self) {
        let mut loops: BTreeMap<LoopKey, LoopWork> = BTreeMap::new();
        let mut singles = Vec::new();
        for id in self.computed() {
            match self.fusion.loop_of.get(&id) {
                Some(key) => {
                    let new = || LoopWork { dtype: key.dtype, nodes: Vec::new(), assigns: Vec::new() };
                    loops.entry(*key).or_insert_with(new).nodes.push(id);
                }
                None => singles.push((self.stage[id], id)),
            }
        }
        for &(variable, value) in self.updates {
            match self.fusion.loop_of.get(&value).filter(|key| key.stage == LAST) {
                Some(key) => loops.get_mut(key).expect("its value's loop").assigns.push((variable, value)),
                None => {
                    let (rows, dtype) = (self.graph.nodes[value].shape.size(), self.graph.nodes[value].dtype);
                    let key = LoopKey { stage: LAST, rows, dtype, alone: Some(variable) };
                    let new = || LoopWork { dtype, nodes: Vec::new(), assigns: Vec::new() };
                    loops.entry(key).or_insert_with(new).assigns.push((variable, value));
                }
            }
        }
        self.find_snapshots(&loops);
        let mut work: Vec<(usize, Id, Work)> = singles.into_iter().map(|(s, id)| (s, id, Work::Single(id))).collect();
        work.extend(self.fusion.snapshots.iter().map(|&v| (LAST - 1, v, Work::Snapshot(v))));
        for (key, l) in loops {
            let first = l.nodes.first().copied().unwrap_or(usize::MAX);
            work.push((key.stage, first, Work::Loop(l)));
        }
        work.sort_by_key(|(stage, first, _)| (*stage, *first));
        self.fusion.work = work.into_iter().map(|w| w.2).collect();
    }

    /// A variable that one update assigns while another still reads it is copied first.
    fn find_snapshots(&mut self, loops: &BTreeMap<LoopKey, LoopWork>) {
        let writer: HashMap<Id, LoopKey> =
            loops.iter().flat_map(|(key, l)| l.assigns.iter().map(|(v, _)| (*v, *key))).collect();
        for (key, l) in loops.iter().filter(|(key, _)| key.stage == LAST) {
            let read = l.nodes.iter().flat_map(|&id| self.sources(id)).map(|s| s.0);
            let copied =
                l.assigns.iter().filter(|(_, x)| !self.tails.contains_key(x)).map(|(_, x)| self.graph.root(*x));
            for base in read.chain(copied).collect::<Vec<_>>() {
                let foreign = writer.get(&base).is_some_and(|w| w != key);
                let moved = l.assigns.iter().any(|&(v, x)| self.graph.root(x) == base && v != base);
                if foreign || (moved && writer.contains_key(&base)) {
                    self.fusion.snapshots.insert(base);
                }
            }
        }
    }
}
