//! Which operations are computed together, and in what order.
//!
//! Every computed node gets a stage: one more than the latest of what it needs from memory. Nodes that loop over the
//! same rows in the same stage become one loop, whether or not they depend on each other; what they need from each
//! other row by row never goes through memory. A step depends only on earlier stages, so there can be no cycle.
//!
//! The updates of variables come last. Elementwise operations that only an update needs (an optimizer's formula) are
//! computed together with the assignment, after everything that reads the old value (`updates`).

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

use super::{
    graph::{Graph, Id},
    small::{FEW_COLUMNS, LONG, Product},
    view::{Reading, domain},
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
    /// Those of them that lie there column by column.
    pub(super) by_columns: HashSet<Id>,
    /// Which loop a node is computed in (a key, not an index into `work`).
    loop_of: HashMap<Id, LoopKey>,
    /// Variables to be read from a snapshot by these loops.
    pub(super) snapshots: HashSet<Id>,
}

/// What a node is computed from: a value in memory or in the same loop.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source {
    pub(super) base: Id,
    /// How a loop reads it row by row; `None` if it has to be in memory.
    pub(super) reading: Option<Reading>,
    /// Rows and columns of the operand.
    pub(super) extent: (usize, usize),
}

/// Loops over the same rows, in the same type, in the same stage are one; an update's loop is its variable's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct LoopKey {
    pub(super) stage: usize,
    rows: usize,
    dtype: DType,
    alone: Option<Id>,
}

/// The stage of updates.
pub(super) const LAST: usize = usize::MAX;

pub(super) struct Fuser<'a> {
    pub(super) graph: &'a Graph,
    pub(super) needed: Vec<bool>,
    pub(super) consumers: Vec<Vec<Id>>,
    pub(super) outputs: &'a [Id],
    pub(super) updates: &'a [(Id, Id)],
    /// The update loop that a node belongs to.
    pub(super) tails: HashMap<Id, Id>,
    absorbed: HashSet<Id>,
    /// What steps compute, in an order in which they can.
    computed: Vec<Id>,
    stage: Vec<usize>,
    pub(super) fusion: Fusion,
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
        computed: Vec::new(),
        stage: vec![0; graph.nodes.len()],
        fusion: Fusion::default(),
    };
    fuser.find_tails();
    fuser.find_epilogues();
    fuser.share_tails();
    fuser.computed = fuser.in_order();
    fuser.assign_stages();
    fuser.sink_conditions();
    fuser.find_stored();
    fuser.collect();
    fuser.find_columns();
    fuser.fusion
}

impl Fuser<'_> {
    pub(super) fn passes(&self) -> super::Passes {
        self.graph.passes()
    }

    /// Whether the plan itself needs the node's value.
    fn is_result(&self, id: Id) -> bool {
        self.outputs.contains(&id) || self.updates.iter().any(|u| u.1 == id)
    }

    /// Finds products that are followed by the addition of a row and by an elementwise function.
    fn find_epilogues(&mut self) {
        for id in (0..self.graph.nodes.len()).filter(|&id| self.needed[id]) {
            if !matches!(self.graph.nodes[id].op, Op::MatMul { .. }) || self.graph.product(id).is_some() {
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

    /// What `id` is computed from.
    pub(super) fn sources(&self, id: Id) -> Vec<Source> {
        let g = self.graph;
        let extent = |o: Id| domain(&g.nodes[o].shape);
        let in_memory = |o: Id| Source { base: g.root(o), reading: None, extent: extent(o) };
        if let Some(e) = self.fusion.epilogues.get(&id) {
            let [a, b] = g.nodes[e.product].operands[..] else { unreachable!("a product has two operands") };
            return [a, b].into_iter().chain(e.bias).map(in_memory).collect();
        }
        let in_loop = g.loop_type(id).is_some();
        let matrix = matches!(g.product(id), Some(Product::Rows { .. })).then(|| g.nodes[id].operands[1]);
        let source = |(k, &o): (usize, &Id)| match in_loop && (k == 0 || matrix.is_none()) {
            true => {
                let access = g.access(o);
                Source { base: access.base, reading: Some(access.reading), extent: extent(o) }
            }
            false => in_memory(o),
        };
        g.nodes[id].operands.iter().enumerate().map(source).collect()
    }

    /// The nodes that are computed by a step, operands before what uses them. What is summed over rows is summed as soon as
    /// it is there, so that nothing is kept for that.
    fn in_order(&self) -> Vec<Id> {
        let mut all = self.computed();
        all.sort_by_cached_key(|&id| match self.graph.is_total(id) {
            true => (self.sources(id).iter().map(|s| s.base).max().unwrap_or(id), id),
            false => (id, 0),
        });
        all
    }

    /// The nodes that are computed by a step: not those that are in memory from the start, read through, or absorbed.
    fn computed(&self) -> Vec<Id> {
        let g = self.graph;
        let stretched: HashSet<Id> = {
            let ids = (0..g.nodes.len()).filter(|&id| self.needed[id] && self.is_work(id));
            let read = ids.flat_map(|id| self.sources(id)).map(|s| s.base);
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

    /// Whether a loop finds the source's value, computed in the same loop, in a register.
    fn flows(&self, source: &Source) -> bool {
        let g = self.graph;
        let (rows, columns) = source.extent;
        let (base_rows, base_columns) = g.loop_domain(source.base);
        let fits = match source.reading {
            Some(Reading::Tile) => base_columns == columns,
            Some(Reading::Row) => base_columns == 1,
            Some(Reading::Column | Reading::Scalar) | None => false,
        };
        fits && rows == base_rows && !g.is_total(source.base)
    }

    fn assign_stages(&mut self) {
        let mut lengths: HashMap<LoopKey, usize> = HashMap::default();
        for id in self.computed.clone() {
            let key = |stage: usize| -> Option<LoopKey> {
                let dtype = self.graph.loop_type(id)?;
                if self.fusion.epilogues.contains_key(&id) {
                    return None;
                }
                match self.tails.get(&id) {
                    Some(&tail) => {
                        let rows = self.graph.nodes[id].shape.size();
                        Some(LoopKey { stage: LAST, rows, dtype, alone: Some(tail) })
                    }
                    None => {
                        let alone = (!self.passes().fuse).then_some(id);
                        Some(LoopKey { stage, rows: self.graph.loop_extent(id).0, dtype, alone })
                    }
                }
            };
            let mut stage = 1;
            for source in self.sources(id) {
                let base_stage = self.stage[source.base];
                let loop_of = self.fusion.loop_of.get(&source.base).copied();
                let joins = loop_of.is_some() && key(base_stage) == loop_of && self.flows(&source);
                if base_stage != LAST {
                    stage = stage.max(if joins { base_stage } else { base_stage + 1 });
                }
            }
            if self.graph.loop_extent(id).1 <= FEW_COLUMNS {
                let more = self.graph.instructions(id);
                let is_full = |key: LoopKey| lengths.get(&key).is_some_and(|n| n + more > LONG);
                while key(stage).filter(|k| k.stage != LAST).is_some_and(is_full) {
                    stage += 1;
                }
                key(stage).into_iter().for_each(|key| *lengths.entry(key).or_default() += more);
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
        for id in self.computed.clone().into_iter().rev().filter(|&id| self.graph.nodes[id].dtype == DType::Bool) {
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

    /// Whether `user` finds the source in a register of the loop that computes both.
    fn in_register(&self, source: &Source, user: Id) -> bool {
        let (a, b) = (self.fusion.loop_of.get(&source.base), self.fusion.loop_of.get(&user));
        a.is_some() && a == b && self.flows(source)
    }

    fn find_stored(&mut self) {
        let mut stored = HashSet::default();
        for &id in &self.computed {
            if !self.fusion.loop_of.contains_key(&id) || self.graph.is_total(id) {
                stored.insert(id);
            }
            let in_memory = self.sources(id).into_iter().filter(|source| !self.in_register(source, id));
            stored.extend(in_memory.map(|source| source.base));
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
        for &id in &self.computed {
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

    /// Finds the values that lie in memory column by column, where generated code reads and writes whole vectors of rows:
    /// those of several columns that only loops with rows in their lanes touch, element by element.
    fn find_columns(&mut self) {
        if !self.passes().small {
            return;
        }
        let g = self.graph;
        let mut columns: HashSet<Id> =
            self.fusion.stored.iter().copied().filter(|&id| g.may_lie_by_columns(id)).collect();
        for work in &self.fusion.work {
            let nodes = match work {
                Work::Loop(l) => &l.nodes[..],
                Work::Single(id) => std::slice::from_ref(id),
                Work::Snapshot(_) => &[],
            };
            let narrow = matches!(work, Work::Loop(_)) && g.are_narrow(nodes);
            for &id in nodes {
                if !narrow {
                    columns.remove(&id);
                }
                for source in self.sources(id).into_iter().filter(|source| !self.in_register(source, id)) {
                    let alike = source.extent == g.loop_domain(source.base) && source.reading == Some(Reading::Tile);
                    if !narrow || !alike {
                        columns.remove(&source.base);
                    }
                }
            }
        }
        let results = self.outputs.iter().copied().chain(self.updates.iter().map(|u| u.1));
        for id in results {
            columns.remove(&g.root(id));
        }
        self.fusion.by_columns = columns;
    }
}
