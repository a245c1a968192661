//! The loops in which variables are updated.
//!
//! Elementwise operations that only an update needs (an optimizer's formula) are a *tail*: they are computed in one loop
//! with the assignment, after everything that reads the old value. Tails of small variables of one size share a loop.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

use super::{
    fuse::{Fuser, LAST, LoopKey, LoopWork},
    graph::Id,
};
use crate::DType;

/// Elements of the largest variable whose update shares a loop, and the operations of such a loop, at most.
const SMALL: usize = 256;
const MOST_OPERATIONS: usize = 500;

impl Fuser<'_> {
    /// Finds the elementwise nodes that only updates need, and joins those that depend on each other.
    pub(super) fn find_tails(&mut self) {
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

    /// Puts the tails of small variables of one size, which read no variable of another's, into loops that they share: a
    /// call takes as long as the update of a hundred elements. (50 layers of two nodes take 2.5 us an epoch instead of
    /// 3.4; 2026-11-27.)
    pub(super) fn share_tails(&mut self) {
        let nodes: Vec<Id> = (0..self.graph.nodes.len()).filter(|id| self.tails.contains_key(id)).collect();
        let owner: HashMap<Id, Option<Id>> =
            self.updates.iter().map(|&(v, x)| (v, self.tails.get(&x).copied())).collect();
        let mut alone = HashSet::default();
        let mut operations: HashMap<Id, usize> = HashMap::default();
        for &id in &nodes {
            let tail = self.tails[&id];
            *operations.entry(tail).or_default() += 1;
            let foreign = |base: Id| owner.get(&base).is_some_and(|&owner| owner != Some(tail));
            if self.sources(id).iter().any(|source| foreign(source.base)) {
                alone.insert(tail);
            }
        }
        let mut shared: HashMap<(usize, DType), (Id, usize)> = HashMap::default();
        let mut joined: HashMap<Id, Id> = HashMap::default();
        for id in nodes {
            let (tail, size) = (self.tails[&id], self.graph.nodes[id].shape.size());
            if size > SMALL || alone.contains(&tail) {
                continue;
            }
            let to = *joined.entry(tail).or_insert_with(|| {
                let (first, n) = shared.entry((size, self.graph.nodes[id].dtype)).or_insert((tail, 0));
                if *n + operations[&tail] > MOST_OPERATIONS {
                    (*first, *n) = (tail, 0);
                }
                *n += operations[&tail];
                *first
            });
            self.tails.insert(id, to);
        }
    }

    /// A variable that one update assigns while another still reads it is copied first.
    pub(super) fn find_snapshots(&mut self, loops: &BTreeMap<LoopKey, LoopWork>) {
        let writer: HashMap<Id, LoopKey> =
            loops.iter().flat_map(|(key, l)| l.assigns.iter().map(|(v, _)| (*v, *key))).collect();
        for (key, l) in loops.iter().filter(|(key, _)| key.stage == LAST) {
            let read = l.nodes.iter().flat_map(|&id| self.sources(id)).map(|s| s.base);
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
