//! From the nodes of one loop to its instructions.
//!
//! A tile is some rows of every value. There are two ways to lay it out, so that instructions work on long segments:
//! - `Along::Rows`, for values of few columns: a segment is one column of the tile. What is the same for all rows
//!   (a weight) is one element per segment, what is the same for all columns is a segment that is read again.
//! - `Along::Columns`, for wide values: a segment is one row of the tile, and the roles are exchanged.
//!
//! So the 1-2-1 network runs as some twenty instructions on segments of 100 points, and the 1-512-1 network as the same
//! twenty on segments of 512 nodes.

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

use super::{
    draft::{Along, Draft, DraftInstruction, Kind, Place, Stride, Value},
    fuse::LoopWork,
    graph::Id,
    lower::Lowering,
    small::FEW_COLUMNS,
    view::{Access, Kept, Reading, domain},
};
use crate::{
    DType,
    kernels::{self, ALIGN, Count, Fold, LoopStep, Map},
    tensor::{Binary, Op, Reduction, Unary},
};

pub(super) struct Builder<'l, 'a> {
    pub(super) l: &'l mut Lowering<'a>,
    dtype: DType,
    along: Along,
    /// All values have the same columns and are read element by element: columns do not matter.
    flat: bool,
    nodes: HashSet<Id>,
    uses: HashMap<Id, usize>,
    /// Nodes that another node's instruction computes.
    pub(super) deferred: HashSet<Id>,
    places: HashMap<Id, Place>,
    /// Copies of values in memory, by how many columns they are read as.
    loaded: HashMap<(Id, usize), Place>,
    draft: Draft,
    assigned: HashMap<Id, Vec<Id>>,
}

/// The loop that computes `work`.
pub(super) fn lower(l: &mut Lowering<'_>, work: &LoopWork) -> LoopStep {
    let graph = l.graph;
    let flat = work.nodes.iter().all(|&id| {
        graph.kept(id).is_none_or(|k| k == Kept::Nothing)
            && graph.nodes[id]
                .operands
                .iter()
                .all(|&o| matches!(graph.access(o).reading, Reading::Tile | Reading::Scalar))
            && graph.loop_elements(id) == graph.loop_elements(work.nodes[0])
    });
    let first = work.nodes[0];
    let rows = if flat { graph.loop_elements(first) } else { graph.loop_extent(first).0 };
    let widest = work.nodes.iter().map(|&id| graph.loop_extent(id).1).max().unwrap_or(1);
    let along = if flat || widest <= FEW_COLUMNS { Along::Rows } else { Along::Columns };
    let mut assigned: HashMap<Id, Vec<Id>> = HashMap::default();
    for &(variable, value) in &work.assigns {
        assigned.entry(value).or_default().push(variable);
    }
    let mut builder = Builder {
        dtype: work.dtype,
        along,
        flat,
        nodes: work.nodes.iter().copied().collect(),
        uses: HashMap::default(),
        deferred: HashSet::default(),
        places: HashMap::default(),
        loaded: HashMap::default(),
        draft: Draft::default(),
        assigned,
        l,
    };
    builder.count_uses(work);
    builder.defer(work);
    for (i, &id) in work.nodes.iter().enumerate() {
        if !builder.deferred.contains(&id) {
            builder.node(id, &work.nodes[i + 1..]);
        }
    }
    builder.assign(work);
    let Builder { draft, .. } = builder;
    draft.finish(l, work.dtype, along, rows)
}

impl Builder<'_, '_> {
    pub(super) fn columns(&self, id: Id) -> usize {
        if self.flat { 1 } else { self.l.graph.loop_domain(id).1 }
    }

    fn count_uses(&mut self, work: &LoopWork) {
        for &id in &work.nodes {
            for &o in &self.l.graph.nodes[id].operands {
                *self.uses.entry(self.l.graph.access(o).base).or_default() += 1;
            }
        }
    }

    /// Whether a value is made here for one instruction only, so that the instruction may make it itself.
    pub(super) fn is_private(&self, id: Id) -> bool {
        self.nodes.contains(&id)
            && self.uses.get(&id) == Some(&1)
            && !self.l.fusion.stored.contains(&id)
            && !self.assigned.contains_key(&id)
    }

    /// Whether the operand varies along a segment of a value of so many columns.
    pub(super) fn varies(&self, access: Access, columns: usize) -> bool {
        let one_column = columns == 1;
        match access.reading {
            Reading::Tile => true,
            Reading::Scalar => false,
            Reading::Row => one_column || self.along == Along::Rows,
            Reading::Column => !one_column && self.along == Along::Columns,
        }
    }

    /// Segments of a value of so many columns.
    fn segments(&self, columns: usize) -> (Count, Count) {
        match self.along {
            _ if columns == 1 => (Count::Fixed(1), Count::Rows),
            Along::Rows => (Count::Fixed(columns), Count::Rows),
            Along::Columns => (Count::Rows, Count::Fixed(columns)),
        }
    }

    /// A place laid out as a tile of so many columns.
    fn tile(&self, place: Place, columns: usize) -> Value {
        let (stride, row_step) = match (place, self.along) {
            (Place::Register(_), _) if columns == 1 => (Stride::Fixed(0), 0),
            (Place::Register(_), Along::Rows) => (Stride::Tile, 0),
            (Place::Register(_), Along::Columns) => (Stride::Fixed(columns), 0),
            (Place::Memory(_), _) => {
                let stride = if columns == 1 { 0 } else { columns };
                (Stride::Fixed(stride), columns * self.dtype.size())
            }
        };
        Value { place, row_step, stride, vector: true }
    }

    /// The operand as an instruction on a value of `columns` columns reads it.
    fn operand(&mut self, access: Access, columns: usize) -> Value {
        let place = self.place(access.base);
        let vector = self.varies(access, columns);
        let fixed = |stride: usize| Value { place, row_step: 0, stride: Stride::Fixed(stride), vector };
        match access.reading {
            Reading::Scalar => fixed(0),
            Reading::Column if columns == 1 => fixed(0),
            Reading::Column => fixed(if vector { 0 } else { 1 }),
            Reading::Row | Reading::Tile => {
                let own = if access.reading == Reading::Row { 1 } else { columns };
                let place = self.loaded(access.base, place, own);
                let tile = self.tile(place, own);
                match own < columns && !vector {
                    true => Value { stride: Stride::Fixed(1), vector, ..tile },
                    false => Value { vector, ..tile },
                }
            }
        }
    }

    fn place(&mut self, id: Id) -> Place {
        match self.places.get(&id) {
            Some(&place) => place,
            None => Place::Memory(self.l.snapshots.get(&id).copied().unwrap_or_else(|| self.l.slot(id))),
        }
    }

    /// A value in memory whose elements do not lie as the tile's do, copied into a register.
    fn loaded(&mut self, id: Id, place: Place, columns: usize) -> Place {
        let Place::Memory(_) = place else { return place };
        let from = self.l.memory_type(id);
        if from == self.dtype && (columns == 1 || self.along == Along::Columns) {
            return place;
        }
        if let Some(&register) = self.loaded.get(&(id, columns)) {
            return register;
        }
        let register = Place::Register(self.draft.register(columns));
        self.convert(place, register, columns, (from, self.dtype));
        self.loaded.insert((id, columns), register);
        register
    }

    /// Copies a tile between memory, row by row, and a register.
    fn convert(&mut self, from: Place, to: Place, columns: usize, types: (DType, DType)) {
        let (outer, inner) = self.segments(columns);
        let is_memory = |place| matches!(place, Place::Memory(_));
        // Between segments and between neighbours, in elements.
        let strides = |place| match self.along {
            _ if columns == 1 => (Stride::Fixed(0), Stride::Fixed(1)),
            Along::Rows if is_memory(place) => (Stride::Fixed(1), Stride::Fixed(columns)),
            Along::Rows => (Stride::Tile, Stride::Fixed(1)),
            Along::Columns => (Stride::Fixed(columns), Stride::Fixed(1)),
        };
        let side = |place, dtype: DType| {
            let row_step = if is_memory(place) { columns * dtype.size() } else { 0 };
            Value { place, row_step, stride: strides(place).0, vector: true }
        };
        let walk = [strides(from).0, strides(from).1, strides(to).1];
        let (dst, src) = (side(to, types.1), side(from, types.0));
        self.draft.push(DraftInstruction {
            name: "move",
            kernel: kernels::convert(types.0, types.1),
            dst,
            src: vec![src],
            outer,
            inner,
            kind: Kind::Move(walk),
        });
    }

    /// An elementwise instruction for a value of `columns` columns.
    fn map(&mut self, op: Map, dst: Value, mut src: Vec<Value>, columns: usize) {
        if src.len() == 3 && !src[0].vector {
            src[0] = self.spread(src[0], columns);
        }
        if src.len() == 2 && !src[0].vector && !src[1].vector {
            src[0] = self.spread(src[0], columns);
        }
        let vector: Vec<bool> = src.iter().map(|d| d.vector).collect();
        let (outer, inner) = self.segments(columns);
        let inner = match (inner, self.along) {
            (Count::Rows, Along::Rows) => Count::PaddedRows(ALIGN / self.dtype.size()),
            _ => inner,
        };
        let kernel = kernels::map(op, self.dtype, &vector, self.l.isa);
        self.draft.push(DraftInstruction { name: op.name(), kernel, dst, src, outer, inner, kind: Kind::Elementwise });
    }

    /// What is constant along segments, as a value that is not.
    fn spread(&mut self, from: Value, columns: usize) -> Value {
        let register = Place::Register(self.draft.register(columns));
        let to = self.tile(register, columns);
        self.map(Map::Unary(Unary::StopGradient), to, vec![from], columns);
        to
    }

    /// The instructions of one node; `later` are the nodes after it.
    fn node(&mut self, id: Id, later: &[Id]) {
        match self.l.graph.kept(id) {
            None => self.elementwise(id, later),
            Some(kept) => self.reduction(id, kept),
        }
    }

    /// Where a node's value goes: to memory at once where it is needed there and lies there as in a tile.
    fn target(&mut self, id: Id, later: &[Id]) -> Place {
        let columns = self.columns(id);
        let lies_alike = columns == 1 || self.along == Along::Columns;
        let plain = self.l.memory_type(id) == self.dtype && lies_alike;
        if plain && self.l.fusion.stored.contains(&id) {
            return Place::Memory(self.l.slot(id));
        }
        if let (true, Some(&[variable])) = (lies_alike, self.assigned.get(&id).map(Vec::as_slice)) {
            // Over the old value, if nothing reads that any more.
            let reads = |n: &Id| self.reads(*n, variable);
            let now_reads = self.deferred_reads(id, variable);
            if !later.iter().any(reads) && !now_reads {
                return Place::Memory(self.l.slot(variable));
            }
        }
        Place::Register(self.draft.register(columns))
    }

    fn reads(&self, id: Id, base: Id) -> bool {
        self.l.graph.nodes[id].operands.iter().any(|&o| {
            let read = self.l.graph.access(o).base;
            read == base || (self.deferred.contains(&read) && self.reads(read, base))
        })
    }

    /// Whether the instruction for `id` reads `base` otherwise than element by element at its own place.
    fn deferred_reads(&self, id: Id, base: Id) -> bool {
        let g = self.l.graph;
        g.nodes[id].operands.iter().any(|&o| {
            let access = g.access(o);
            access.base == base && access.reading != Reading::Tile
        })
    }

    fn elementwise(&mut self, id: Id, later: &[Id]) {
        let columns = self.columns(id);
        let g = self.l.graph;
        let (op, operands) = self.instruction(id);
        let mut src = Vec::new();
        for o in operands {
            src.push(self.operand(g.access(o), columns));
        }
        let place = self.target(id, later);
        let dst = self.tile(place, columns);
        let into_variable =
            matches!(place, Place::Memory(_)) && self.assigned.contains_key(&id) && !self.l.fusion.stored.contains(&id);
        self.map(op, dst, src, columns);
        self.places.insert(id, place);
        if into_variable {
            self.assigned.remove(&id);
        }
        if matches!(place, Place::Register(_)) && self.l.fusion.stored.contains(&id) {
            let slot = Place::Memory(self.l.slot(id));
            self.convert(place, slot, columns, (self.dtype, self.l.memory_type(id)));
        }
    }

    fn reduction(&mut self, id: Id, kept: Kept) {
        let g = self.l.graph;
        let node = &g.nodes[id];
        let Op::Reduce(reduction, _) = node.op else { unreachable!("a reduction") };
        let operand = node.operands[0];
        let columns = if self.flat { 1 } else { domain(&g.nodes[operand].shape).1 };
        let access = g.access(operand);
        let (fold, sources) = match self.deferred.contains(&access.base) {
            true => (Fold::Dot, g.nodes[access.base].operands.iter().map(|&o| g.access(o)).collect()),
            false => (Fold::Reduction(reduction), vec![access]),
        };
        let mut src = Vec::new();
        for access in sources {
            src.push(self.operand(access, columns));
        }
        if !src[0].vector {
            src.reverse();
            if !src[0].vector {
                src[0] = self.spread(src[0], columns);
            }
        }
        match kept {
            Kept::Rows => {
                let place = match self.l.fusion.stored.contains(&id) {
                    true => Place::Memory(self.l.slot(id)),
                    false => Place::Register(self.draft.register(1)),
                };
                self.fold_rows(fold, src, columns, place);
                self.places.insert(id, place);
            }
            Kept::Columns => self.fold_columns(fold, src, columns, id),
            Kept::Pairs => unreachable!("a product in a loop has generated code"),
            Kept::Nothing if columns == 1 => self.fold_columns(fold, src, 1, id),
            Kept::Nothing => {
                let rows = Place::Register(self.draft.register(1));
                self.fold_rows(fold, src, columns, rows);
                let src = vec![self.tile(rows, 1)];
                self.fold_columns(Fold::Reduction(reduction), src, 1, id);
            }
        }
    }

    /// One result for each row.
    fn fold_rows(&mut self, fold: Fold, src: Vec<Value>, columns: usize, place: Place) {
        let dst = self.tile(place, 1);
        if columns == 1 {
            let op = if fold == Fold::Dot { Map::Binary(Binary::Mul) } else { Map::Unary(Unary::StopGradient) };
            return self.map(op, dst, src, 1);
        }
        let varies = src.last().is_none_or(|d| d.vector);
        let (dtype, isa) = (self.dtype, self.l.isa);
        let segments = self.segments(columns);
        let (kernel, dst) = match self.along {
            Along::Rows => (kernels::fold_outer(fold, dtype, varies, isa), dst),
            Along::Columns => {
                (kernels::fold_inner(fold, dtype, varies, isa), Value { stride: Stride::Fixed(1), ..dst })
            }
        };
        let (outer, inner) = segments;
        self.draft.push(DraftInstruction { name: fold.name(), kernel, dst, src, outer, inner, kind: Kind::Other });
    }

    /// One result for each column, added up over the tiles.
    fn fold_columns(&mut self, fold: Fold, src: Vec<Value>, columns: usize, id: Id) {
        let place = Place::Memory(self.l.slot(id));
        let dst = Value { place, row_step: 0, stride: Stride::Fixed(1), vector: true };
        let varies = src.last().is_none_or(|d| d.vector);
        let (dtype, isa) = (self.dtype, self.l.isa);
        let segments = self.segments(columns);
        let kernel = match self.along {
            Along::Columns if columns > 1 => kernels::fold_outer(fold, dtype, varies, isa),
            _ => kernels::fold_inner(fold, dtype, varies, isa),
        };
        let sums = match fold {
            Fold::Dot => Reduction::Sum,
            Fold::Reduction(reduction) => reduction,
        };
        self.draft.push(DraftInstruction {
            name: fold.name(),
            kernel,
            dst,
            src,
            outer: segments.0,
            inner: segments.1,
            kind: Kind::Total(sums, columns),
        });
    }

    /// Writes what is not yet in the variables.
    fn assign(&mut self, work: &LoopWork) {
        for &(variable, value) in &work.assigns {
            if !self.assigned.get(&value).is_some_and(|v| v.contains(&variable)) {
                continue;
            }
            let columns = self.columns(value);
            let from = self.operand(Access { base: value, reading: Reading::Tile }, columns);
            let place = Place::Memory(self.l.slot(variable));
            match columns == 1 || self.along == Along::Columns {
                true => {
                    let dst = self.tile(place, columns);
                    self.map(Map::Unary(Unary::StopGradient), dst, vec![from], columns);
                }
                false => self.convert(from.place, place, columns, (self.dtype, self.dtype)),
            }
        }
    }
}
