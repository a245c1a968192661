//! The nodes of a loop as values of a block.
//!
//! A *narrow* value has a row in each lane: one vector for each of its columns. A *wide* one has a column in each lane: one
//! vector for each of the rows that a block works on.

use rustc_hash::FxHashMap as HashMap;

use super::{
    assembler::*,
    block::{Building, How, Predicate, Truth, Value, of_slot},
    layout::Layout,
};
use crate::{
    lane::{Lane, functions},
    plan::{
        graph::Id,
        small::Product,
        view::{Access, Reading},
    },
    tensor::{Binary, Op, Reduction, Unary},
};

/// Whose values a block computes.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Lanes {
    Rows,
    /// Columns of values of this width, in this phase.
    Columns {
        width: usize,
        phase: usize,
    },
}

pub(super) struct Scene<'s, 'l, 'a> {
    pub(super) layout: &'s Layout<'l, 'a>,
    pub(super) building: &'s Building,
    pub(super) lanes: Lanes,
    values: HashMap<(Id, usize), Value<'s>>,
}

impl<'s, 'l, 'a> Scene<'s, 'l, 'a> {
    pub(super) fn new(layout: &'s Layout<'l, 'a>, building: &'s Building, lanes: Lanes) -> Scene<'s, 'l, 'a> {
        Scene { layout, building, lanes, values: HashMap::default() }
    }

    pub(super) fn set(&mut self, id: Id, k: usize, value: Value<'s>) {
        self.values.insert((id, k), value);
    }

    pub(super) fn get(&self, id: Id, k: usize) -> Option<Value<'s>> {
        self.values.get(&(id, k)).copied()
    }

    /// The node's value: `k` is the column of a narrow one, the row of a wide one. `None` where no instructions are
    /// known for it.
    pub(super) fn value(&mut self, id: Id, k: usize) -> Option<Value<'s>> {
        if let Some(value) = self.get(id, k) {
            return Some(value);
        }
        if let Some(address) = self.layout.kept_wide(id, self.lanes, k) {
            let value = self.building.load(address, How::Vector);
            self.set(id, k, value);
            return Some(value);
        }
        let node = &self.layout.graph.nodes[id];
        let columns = self.layout.columns(id);
        let value = match &node.op {
            Op::MatMul { .. } => self.product(id, k)?,
            Op::Reduce(reduction, _) => self.row_reduction(id, *reduction)?,
            Op::Select => {
                let condition = self.truth(node.operands[0], k)?;
                let (yes, no) =
                    (self.operand(node.operands[1], columns, k)?, self.operand(node.operands[2], columns, k)?);
                Value::select(condition, yes, no)
            }
            Op::Cast => {
                let condition = self.truth(node.operands[0], k)?;
                Value::select(condition, self.building.number(1.0), self.building.number(0.0))
            }
            Op::Unary(op) => unary(*op, self.operand(node.operands[0], columns, k)?)?,
            Op::Binary(op) => {
                let (a, b) = (self.operand(node.operands[0], columns, k)?, self.operand(node.operands[1], columns, k)?);
                binary(*op, a, b)?
            }
            _ => return None,
        };
        self.set(id, k, value);
        Some(value)
    }

    /// One result for each row, of values that are narrow.
    fn row_reduction(&mut self, id: Id, reduction: Reduction) -> Option<Value<'s>> {
        let (operand, columns) = (self.layout.graph.nodes[id].operands[0], self.layout.extent(id));
        let mut total = self.operand(operand, columns, 0)?;
        for c in 1..columns {
            let x = self.operand(operand, columns, c)?;
            total = match reduction {
                Reduction::Sum => total + x,
                Reduction::Max => larger(total, x),
                Reduction::Min => smaller(total, x),
            };
        }
        Some(total)
    }

    /// Column `j` of a product with a matrix in memory: its terms in the order of the matrix's rows, each rounded together with
    /// the sum, as Eigen (TensorFlow's) and [`crate::kernels`] do.
    fn product(&mut self, id: Id, j: usize) -> Option<Value<'s>> {
        let Some(Product::Rows { k, transposed }) = self.layout.graph.product(id) else { return None };
        let node = &self.layout.graph.nodes[id];
        let matrix = of_slot(RDI, self.layout.slot(self.layout.graph.root(node.operands[1])));
        let mut total = None;
        for i in 0..k {
            let at = if transposed { j * k + i } else { i * node.shape[1] + j };
            let weight = self.building.load(matrix.plus(at * self.layout.size), How::Broadcast);
            let x = self.operand(node.operands[0], k, i)?;
            total = Some(total.map_or(x * weight, |total| x.fma(weight, total)));
        }
        total
    }

    /// An operand of a value of so many columns.
    pub(super) fn operand(&mut self, id: Id, columns: usize, k: usize) -> Option<Value<'s>> {
        let access = self.layout.graph.access(id);
        match self.layout.is_inside(access.base) {
            true => self.inside(access, k),
            false => self.in_memory(access, columns, k),
        }
    }

    fn inside(&mut self, access: Access, k: usize) -> Option<Value<'s>> {
        let (base, reading) = (access.base, access.reading);
        match (self.lanes, reading) {
            (Lanes::Rows, Reading::Row) => self.narrow(base, 0),
            (Lanes::Rows, Reading::Tile) => self.narrow(base, k),
            (Lanes::Columns { .. }, Reading::Row) => {
                let address = self.layout.kept_narrow(base, RBP)?.plus(k * self.layout.size);
                Some(self.building.load(address, How::Broadcast))
            }
            (Lanes::Columns { .. }, Reading::Tile) => self.value(base, k),
            _ => None,
        }
    }

    /// A narrow value that this block or an earlier one computes.
    fn narrow(&mut self, id: Id, k: usize) -> Option<Value<'s>> {
        match (self.get(id, k), self.layout.kept_narrow(id, RCX)) {
            (None, Some(address)) => {
                let value = self.building.load(address, How::Vector);
                self.set(id, k, value);
                Some(value)
            }
            (value, _) => value,
        }
    }

    fn in_memory(&self, access: Access, columns: usize, k: usize) -> Option<Value<'s>> {
        let (layout, building) = (self.layout, self.building);
        let (base, size) = (access.base, layout.size);
        if let Op::Constant(a) = &layout.graph.nodes[base].op
            && a.size() == 1
        {
            return Some(building.number(a.item()));
        }
        if layout.graph.nodes[base].dtype != layout.dtype {
            return None;
        }
        if let Some(column) = layout.column(base, k) {
            return Some(building.load(column, How::Vector));
        }
        let slot = layout.slot(base);
        let start = of_slot(RDI, slot);
        let (address, how) = match (access.reading, self.lanes) {
            (Reading::Scalar, _) => (start, How::Broadcast),
            (Reading::Column, Lanes::Rows) => (start.plus(k * size), How::Broadcast),
            (Reading::Column, Lanes::Columns { .. }) => (start.indexed(RAX, 1), How::Vector),
            (Reading::Row, Lanes::Columns { .. }) => (start.indexed(R10, size).plus(k * size), How::Broadcast),
            (Reading::Tile, Lanes::Columns { .. }) => (layout.wide_row(slot, columns, k), How::Vector),
            (Reading::Tile, Lanes::Rows) if columns > 1 => {
                (of_slot(layout.pointer(columns)?, slot).plus(k * size), How::Strided(columns))
            }
            (Reading::Row | Reading::Tile, Lanes::Rows) => (start.indexed(RSI, size), How::Vector),
        };
        Some(building.load(address, how))
    }

    /// A condition that this loop computes. It is compared again where another block needs it.
    fn truth(&mut self, id: Id, k: usize) -> Option<Truth<'s>> {
        let access = self.layout.graph.access(id);
        if !self.layout.is_inside(access.base) {
            return None;
        }
        let k = match (access.reading, self.lanes) {
            (Reading::Tile, _) => k,
            (Reading::Row, Lanes::Rows) => 0,
            _ => return None,
        };
        let node = &self.layout.graph.nodes[access.base];
        let columns = self.layout.columns(access.base);
        let [a, b] = match node.op {
            Op::Unary(Unary::IsNan) => return Some(self.operand(node.operands[0], columns, k)?.is_nan()),
            Op::Binary(Binary::And) => {
                return Some(self.truth(node.operands[0], k)?.and(self.truth(node.operands[1], k)?));
            }
            Op::Binary(Binary::Or) => {
                return Some(Value::or(self.truth(node.operands[0], k)?, self.truth(node.operands[1], k)?));
            }
            Op::Binary(_) => [self.operand(node.operands[0], columns, k)?, self.operand(node.operands[1], columns, k)?],
            _ => return None,
        };
        Some(match node.op {
            Op::Binary(Binary::Equal) => a.equal(b),
            Op::Binary(Binary::NotEqual) => a.compare(Predicate::NotEqual, b),
            Op::Binary(Binary::Less) => a.less(b),
            Op::Binary(Binary::LessEqual) => a.less_equal(b),
            Op::Binary(Binary::Greater) => b.less(a),
            Op::Binary(Binary::GreaterEqual) => b.less_equal(a),
            _ => return None,
        })
    }
}

fn larger<'b>(a: Value<'b>, b: Value<'b>) -> Value<'b> {
    match b.is_number() {
        true => a.at_least(b),
        false => Value::select(Value::or(b.less_equal(a), a.is_nan()), a, b),
    }
}

fn smaller<'b>(a: Value<'b>, b: Value<'b>) -> Value<'b> {
    match b.is_number() {
        true => a.at_most(b),
        false => Value::select(Value::or(a.less_equal(b), a.is_nan()), a, b),
    }
}

fn unary<'b>(op: Unary, x: Value<'b>) -> Option<Value<'b>> {
    let zero = || x.number(0.0);
    Some(match op {
        Unary::Neg => -x,
        Unary::Abs => x.abs(),
        Unary::Sign => {
            let negative = Value::select(x.less(zero()), x.number(-1.0), x);
            Value::select(zero().less(x), x.number(1.0), negative)
        }
        Unary::Floor => x.floor(),
        Unary::Ceil => x.ceil(),
        Unary::Round => x.round_even(),
        Unary::Square => x * x,
        Unary::Sqrt => x.sqrt(),
        Unary::Exp => functions::exp(x),
        Unary::Expm1 => functions::expm1(x),
        Unary::Ln => functions::ln(x),
        Unary::Ln1p => functions::ln_1p(x),
        Unary::Tanh => functions::tanh(x),
        Unary::Sigmoid => functions::sigmoid(x),
        Unary::Softplus => functions::softplus(x),
        Unary::Erf if !x.is_double() => functions::erf(x),
        Unary::Relu => x.at_least(zero()),
        Unary::StopGradient => x,
        // Masks are made by `truth`; the rest are calls of the platform's library.
        Unary::IsNan | Unary::Not | Unary::Sin | Unary::Cos | Unary::Erf => return None,
    })
}

fn binary<'b>(op: Binary, a: Value<'b>, b: Value<'b>) -> Option<Value<'b>> {
    Some(match op {
        Binary::Add => a + b,
        Binary::Sub => a - b,
        Binary::Mul => a * b,
        Binary::Div => a / b,
        Binary::Maximum => larger(a, b),
        Binary::Minimum => smaller(a, b),
        _ => return None,
    })
}

/// Whether a value costs more than a few instructions.
pub(super) fn is_costly(op: &Op) -> bool {
    match op {
        Op::Unary(op) => {
            use Unary::*;
            matches!(op, Exp | Expm1 | Ln | Ln1p | Tanh | Sigmoid | Softplus | Erf | Sqrt)
        }
        Op::Binary(op) => matches!(op, Binary::Div | Binary::Maximum | Binary::Minimum),
        Op::Reduce(..) => true,
        _ => false,
    }
}
