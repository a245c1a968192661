//! Random well-typed expressions.
//!
//! A [`Program`] is a list of genes, each a kind and a few numbers. Whatever the numbers are, each gene finds operands
//! that fit on the stack of what was built before and pushes its result; so any sublist is a program too, and proptest
//! shrinks by dropping genes and lowering numbers.

use proptest::prelude::*;
use yhat_tensor::{Array, DType, Shape, Tensor, Variable, gradient, tensor::Op};

use crate::bounds::topological;

/// What to build; small numbers are simple choices.
#[derive(Clone, Debug)]
pub struct Program {
    /// Seeds the values of inputs, constants and variables.
    pub data: u64,
    /// Rows, columns, further columns, batches: indices into lists of lengths.
    pub lengths: [u8; 4],
    /// Whether floats are float64.
    pub double: bool,
    /// Whether some elements of inputs are NaN, infinite or -0.
    pub specials: bool,
    pub genes: Vec<Gene>,
    /// How the variables are updated.
    pub update: u8,
    pub outputs: u8,
}

#[derive(Clone, Copy, Debug)]
pub struct Gene {
    pub kind: u8,
    pub a: u8,
    pub b: u8,
    pub c: u8,
}

pub fn programs() -> impl Strategy<Value = Program> {
    let gene = (0..KINDS.len() as u8, any::<u8>(), any::<u8>(), any::<u8>());
    let genes = prop::collection::vec(gene.prop_map(|(kind, a, b, c)| Gene { kind, a, b, c }), 1..40);
    let specials = prop::bool::weighted(0.1);
    (any::<u64>(), any::<[u8; 4]>(), prop::bool::weighted(0.2), specials, genes, any::<u8>(), any::<u8>()).prop_map(
        |(data, lengths, double, specials, genes, update, outputs)| Program {
            data,
            lengths,
            double,
            specials,
            genes,
            update,
            outputs,
        },
    )
}

/// Expressions with arrays for their inputs.
pub struct Built {
    pub inputs: Vec<Tensor>,
    /// The inputs' arrays for a first and a second run.
    pub arrays: [Vec<Array>; 2],
    pub outputs: Vec<Tensor>,
    pub updates: Vec<(Variable, Tensor)>,
}

impl Built {
    /// Outputs, then updates.
    pub fn roots(&self) -> Vec<Tensor> {
        self.outputs.iter().cloned().chain(self.updates.iter().map(|u| u.1.clone())).collect()
    }
}

/// How many elements all expressions of a program may have together, and how long the longest matrix product may take.
const ELEMENTS: usize = 30_000;
const PRODUCT: usize = 150_000;
/// Values are kept below this, so that no rounding is blown up.
const BOUND: f64 = 8.0;

/// An expression and a bound on its elements' magnitudes.
#[derive(Clone)]
struct Item {
    t: Tensor,
    bound: f64,
}

struct Builder {
    random: u64,
    float: DType,
    specials: bool,
    lengths: [usize; 4],
    stack: Vec<Item>,
    inputs: Vec<(Tensor, [Array; 2])>,
    variables: Vec<Variable>,
    elements: usize,
}

type Kind = fn(&mut Builder, Gene) -> Option<Item>;
/// Simple kinds first: shrinking goes towards them. Leaves are listed more than once to be drawn more often.
const KINDS: &[Kind] = &[
    Builder::leaf,
    Builder::leaf,
    Builder::leaf,
    Builder::unary,
    Builder::unary,
    Builder::unary,
    Builder::scalar_arithmetic,
    Builder::arithmetic,
    Builder::arithmetic,
    Builder::arithmetic,
    Builder::compare,
    Builder::select,
    Builder::reduce,
    Builder::reduce,
    Builder::normalize,
    Builder::dense,
    Builder::dense,
    Builder::product,
    Builder::reorder,
    Builder::slice_or_pad,
    Builder::join,
    Builder::index,
    Builder::cast,
    Builder::twice,
    Builder::slope,
];

impl Program {
    pub fn build(&self) -> Built {
        let pick = |list: &[usize], i: u8| list[i as usize % list.len()];
        let lengths = [
            pick(&[3, 1, 2, 5, 8, 17, 33, 64, 100, 300], self.lengths[0]),
            pick(&[2, 1, 3, 7, 8, 15, 16, 17, 64, 130], self.lengths[1]),
            pick(&[3, 1, 2, 7, 8, 15, 16, 17, 64, 130], self.lengths[2]),
            pick(&[2, 1, 3], self.lengths[3]),
        ];
        let mut builder = Builder {
            random: self.data,
            float: if self.double { DType::F64 } else { DType::F32 },
            specials: self.specials,
            lengths,
            stack: Vec::new(),
            inputs: Vec::new(),
            variables: Vec::new(),
            elements: 0,
        };
        let first = builder.input(Shape::from([lengths[0], lengths[1]]));
        builder.stack.push(first);
        for gene in &self.genes {
            if let Some(item) = KINDS[gene.kind as usize](&mut builder, *gene) {
                builder.push(item);
            }
        }
        builder.finish(self.update, self.outputs)
    }
}

fn product_size(t: &Tensor) -> usize {
    match t.op() {
        Op::MatMul { transpose_a, .. } => {
            let a = t.operands()[0].shape();
            t.shape().size() * a[a.len() - if *transpose_a { 2 } else { 1 }]
        }
        _ => 0,
    }
}

impl Builder {
    /// SplitMix64.
    fn next(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.random ^ (self.random >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn uniform(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Numbers in -2..2; some arrays are of quarters only, so that there are ties and exact zeros.
    fn numbers(&mut self, shape: &Shape) -> Array {
        let quarters = self.next().is_multiple_of(4);
        let one = |s: &mut Self| {
            let x = s.uniform() * 4.0 - 2.0;
            if quarters { (x * 4.0).round() / 4.0 } else { x }
        };
        let v: Vec<f64> = (0..shape.size()).map(|_| one(self)).collect();
        Array::new(shape, v).unwrap().cast(self.float)
    }

    fn integers(&mut self, shape: &Shape, below: u64) -> Array {
        Array::new(shape, (0..shape.size()).map(|_| (self.next() % below) as i64).collect()).unwrap()
    }

    fn input(&mut self, shape: Shape) -> Item {
        let t = Tensor::input(format!("x{}", self.inputs.len()), &shape, self.float);
        let arrays = [self.numbers(&shape), self.numbers(&shape)].map(|a| {
            if !self.specials {
                return a;
            }
            let special = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0, 0.0];
            a.mapv(|x| if self.next().is_multiple_of(16) { special[self.next() as usize % 5] } else { x })
                .cast(self.float)
        });
        self.inputs.push((t.clone(), arrays));
        Item { t, bound: 2.0 }
    }

    fn variable(&mut self, shape: &Shape) -> Tensor {
        // A variable of this shape may be there already: then it is used twice.
        if let Some(v) = self.variables.iter().find(|v| v.shape() == shape && v.dtype() == self.float)
            && self.random.is_multiple_of(3)
        {
            let v = v.tensor();
            self.next();
            return v;
        }
        let v = Variable::new(format!("v{}", self.variables.len()), self.numbers(shape));
        self.variables.push(v.clone());
        v.tensor()
    }

    fn push(&mut self, item: Item) {
        item.t.check().unwrap_or_else(|e| panic!("the generator made a wrong expression: {e}"));
        self.elements += item.t.shape().size();
        self.stack.push(item);
    }

    /// Whether another expression of this size may be made.
    fn room(&self, size: usize) -> Option<()> {
        (self.elements + size <= ELEMENTS).then_some(())
    }

    /// What `i` points to: mostly one of the latest.
    fn item(&self, i: u8) -> Item {
        let n = self.stack.len();
        let reach = if i.is_multiple_of(4) { n } else { n.min(3) };
        self.stack[n - 1 - (i as usize / 4) % reach].clone()
    }

    /// The same as a float no larger than `bound`.
    fn float(&self, i: u8, bound: f64) -> Item {
        let item = self.item(i);
        let t = if item.t.dtype().is_float() { item.t } else { item.t.cast(self.float) };
        limit(Item { t, bound: item.bound }, bound, i)
    }

    /// The first item from `i` on that `fits`.
    fn fitting(&self, i: u8, fits: impl Fn(&Tensor) -> bool) -> Option<Item> {
        let n = self.stack.len();
        (0..n).map(|k| &self.stack[(n - 1 + 2 * n - i as usize % n - k) % n]).find(|item| fits(&item.t)).cloned()
    }

    fn leaf(&mut self, g: Gene) -> Option<Item> {
        let [n, c, d, b] = self.lengths;
        let shape: Shape = match g.a % 12 {
            0 | 1 => [n, c].into(),
            2 => [n, 1].into(),
            3 => c.into(),
            4 => ().into(),
            5 => n.into(),
            6 => [b, n, c].into(),
            7 => [1, c].into(),
            8 => [c, d].into(),
            9 => [n, d].into(),
            10 => [b, 1, c].into(),
            _ => [b, c, d].into(),
        };
        self.room(shape.size())?;
        Some(match g.b % 8 {
            0..3 => self.input(shape),
            3..5 => Item { t: self.variable(&shape), bound: 2.0 },
            5 => Item { t: Tensor::from(self.numbers(&shape)), bound: 2.0 },
            6 => {
                // Labels: int64, 0 to c - 1.
                let t = Tensor::input(format!("x{}", self.inputs.len()), &shape, DType::I64);
                let arrays = [self.integers(&shape, c as u64), self.integers(&shape, c as u64)];
                self.inputs.push((t.clone(), arrays));
                Item { t, bound: c as f64 }
            }
            _ => Item { t: Tensor::from(self.integers(&shape, 2).cast(DType::Bool)), bound: 1.0 },
        })
    }

    fn unary(&mut self, g: Gene) -> Option<Item> {
        let x = self.float(g.a, BOUND);
        self.room(2 * x.t.shape().size())?;
        let bound = x.bound;
        let (t, bound) = match g.b % 24 {
            0 => (x.t.relu(), bound),
            1 => (x.t.tanh(), 1.0),
            2 => (x.t.sigmoid(), 1.0),
            3 => (x.t.exp(), bound.exp()),
            4 => (x.t.square(), bound * bound),
            5 => (-&x.t, bound),
            6 => (x.t.abs(), bound),
            7 => (x.t.softplus(), bound + 1.0),
            8 => (x.t.erf(), 1.0),
            9 => (x.t.sin(), 1.0),
            10 => (x.t.cos(), 1.0),
            11 => ((x.t.abs() + 0.1).sqrt(), bound.sqrt() + 1.0),
            12 => ((x.t.square() + 0.1).ln(), bound + 3.0),
            13 => (x.t.abs().ln_1p(), bound),
            14 => (x.t.tanh().expm1(), 2.0),
            15 => (x.t.sign(), 1.0),
            16 => (x.t.floor(), bound + 1.0),
            17 => (x.t.ceil(), bound + 1.0),
            18 => (x.t.round(), bound + 1.0),
            19 => (x.t.is_nan(), 1.0),
            20 => (self.item(g.a).t.logical_not(), 1.0),
            21 => (x.t.stop_gradient(), bound),
            22 => (x.t.clip(-1.0, 0.5), 1.0),
            _ => ((x.t.abs() + 0.5).powf([3.0, 0.5, -1.0, 1.7, 2.0][g.c as usize % 5]), (bound + 0.5).powf(3.0)),
        };
        Some(Item { t, bound })
    }

    /// With numbers, some of which change nothing.
    fn scalar_arithmetic(&mut self, g: Gene) -> Option<Item> {
        let Item { t: x, bound } = self.float(g.a, 1e3);
        self.room(x.shape().size())?;
        let (t, bound) = match g.b % 16 {
            0 => (x + 1.0, bound + 1.0),
            1 => (x * 2.0, bound * 2.0),
            2 => (x / 3.0, bound),
            3 => (1.0 - x, bound + 1.0),
            4 => (x * 1.0, bound),
            5 => (x + 0.0, bound),
            6 => (x - 0.0, bound),
            7 => (x / 1.0, bound),
            8 => (x * 0.0, 0.0),
            9 => (0.0 - x, bound),
            10 => (x * -1.0, bound),
            11 => (x.maximum(0.0), bound),
            12 => (x.minimum(1.0), bound.max(1.0)),
            13 => (0.5 * x * 2.0 - 0.25, bound + 1.0),
            14 => (x.powf(1.0), bound),
            // A constant part, which is folded.
            _ => (x * (Tensor::from(0.25f32) + 0.5).exp(), bound * 3.0),
        };
        Some(Item { t, bound })
    }

    /// Two items whose shapes broadcast.
    fn two(&mut self, g: Gene) -> Option<(Item, Item)> {
        let a = self.item(g.a);
        let b = self.fitting(g.b, |t| t.shape().broadcast(a.t.shape()).is_some())?;
        let shape = a.t.shape().broadcast(b.t.shape())?;
        self.room(2 * shape.size())?;
        Some((a, b))
    }

    fn arithmetic(&mut self, g: Gene) -> Option<Item> {
        let (a, b) = self.two(g)?;
        let (x, y) = (a.bound, b.bound);
        let (a, b) = (&a.t, &b.t);
        let (t, bound) = match g.c % 8 {
            0 | 1 => (a + b, x + y),
            2 => (a - b, x + y),
            3 | 4 => (a * b, x * y),
            5 => (a / (b.abs() + 0.5), x * 2.0),
            6 => (a.maximum(b), x.max(y)),
            _ => (a.minimum(b), x.max(y)),
        };
        Some(limit(Item { t, bound }, 1e3, g.b))
    }

    fn compare(&mut self, g: Gene) -> Option<Item> {
        let (a, b) = self.two(g)?;
        let (a, b) = (&a.t, &b.t);
        let t = match g.c % 10 {
            0 => a.greater(b),
            1 => a.less(b),
            2 => a.equal(b),
            3 => a.not_equal(b),
            4 => a.greater_equal(b),
            5 => a.less_equal(b),
            6 => a.logical_and(b),
            7 => a.logical_or(b),
            8 => a.greater(0.0),
            _ => a.less(b).logical_not(),
        };
        Some(Item { t, bound: 1.0 })
    }

    fn select(&mut self, g: Gene) -> Option<Item> {
        let (a, b) = self.two(g)?;
        let shape = a.t.shape().broadcast(b.t.shape())?;
        let condition = self
            .fitting(g.c, |t| t.dtype() == DType::Bool && t.shape().broadcast(&shape).as_ref() == Some(&shape))
            .map(|item| item.t)
            .unwrap_or_else(|| a.t.greater(&b.t));
        let t = match g.c % 4 {
            0 => Tensor::select(&condition, &a.t, 0.0),
            1 => Tensor::select(&condition, 1.0, &b.t),
            _ => Tensor::select(&condition, &a.t, &b.t),
        };
        Some(Item { t, bound: a.bound.max(b.bound).max(1.0) })
    }

    /// The axes that the bits of `bits` choose, at least one.
    fn axes(t: &Tensor, bits: u8) -> Vec<isize> {
        let axes: Vec<isize> = (0..t.rank() as isize).filter(|i| bits >> i & 1 == 1).collect();
        if axes.is_empty() { vec![-1] } else { axes }
    }

    fn reduce(&mut self, g: Gene) -> Option<Item> {
        let x = self.item(g.a);
        if x.t.rank() == 0 {
            return None;
        }
        let axes = Self::axes(&x.t, g.b);
        let n: usize = axes.iter().map(|&i| x.t.shape()[if i < 0 { x.t.rank() - 1 } else { i as usize }]).product();
        let keepdims = g.b & 64 != 0;
        let n = n as f64;
        self.room(x.t.shape().size() / 2)?;
        let (t, bound) = match g.c % 6 {
            0 | 1 => (x.t.sum_axes(&axes, keepdims), x.bound * n),
            2 | 3 => (x.t.mean_axes(&axes, keepdims), x.bound),
            4 => (x.t.max_axes(&axes, keepdims), x.bound),
            _ => (x.t.min_axes(&axes, keepdims), x.bound),
        };
        Some(limit(Item { t, bound }, 1e3, g.b))
    }

    /// Softmax, its logarithm, and layer normalization.
    fn normalize(&mut self, g: Gene) -> Option<Item> {
        let x = self.float(g.a, BOUND);
        if x.t.rank() == 0 {
            return None;
        }
        self.room(4 * x.t.shape().size())?;
        let axes = &if g.b.is_multiple_of(4) { vec![-1] } else { Self::axes(&x.t, g.b) };
        let shifted = &x.t - x.t.max_axes(axes, true);
        let (t, bound) = match g.c % 4 {
            0 | 1 => (shifted.exp() / shifted.exp().sum_axes(axes, true), 1.0),
            2 => (&shifted - shifted.exp().sum_axes(axes, true).ln(), 2.0 * x.bound + 11.0),
            _ => {
                let centred = &x.t - x.t.mean_axes(axes, true);
                let variance = centred.square().mean_axes(axes, true);
                (centred / (variance + 0.01).sqrt(), 40.0)
            }
        };
        Some(Item { t, bound })
    }

    /// A layer: `activation(x w + b)`.
    fn dense(&mut self, g: Gene) -> Option<Item> {
        let x = self.float(g.a, 2.0);
        if x.t.rank() == 0 {
            return None;
        }
        let k = *x.t.shape().last()?;
        let n = [1, self.lengths[2], 2, self.lengths[1], 10][g.b as usize % 5];
        let outer = x.t.shape().size() / k;
        if outer * n * k > PRODUCT {
            return None;
        }
        self.room(3 * outer * n + k * n)?;
        let w = self.variable(&[k, n].into());
        let z = x.t.matmul(&w);
        let z = match g.c % 4 {
            0..3 => z + self.variable(&n.into()),
            _ => z,
        };
        let bound = x.bound * 2.0 * k as f64 + 2.0;
        let item = match g.c / 4 % 6 {
            0 => Item { t: z.relu(), bound },
            1 => Item { t: z.tanh(), bound: 1.0 },
            2 => Item { t: z.sigmoid(), bound: 1.0 },
            3 => Item { t: Tensor::select(&z.greater(0.0), &z, &z * 0.1), bound },
            4 => Item { t: limit(Item { t: z, bound }, BOUND, g.b).t.softplus(), bound: BOUND + 1.0 },
            _ => Item { t: z, bound },
        };
        Some(limit(item, 1e3, g.b / 8))
    }

    /// Of any two that fit, some transposed.
    fn product(&mut self, g: Gene) -> Option<Item> {
        let mut a = self.float(g.a, 4.0);
        if a.t.rank() == 0 {
            return None;
        }
        if g.c & 1 == 1 && a.t.rank() >= 2 {
            a.t = swapped(&a.t);
        }
        let shape_of = |t: &Tensor| if g.c & 2 == 2 && t.rank() >= 2 { swapped(t) } else { t.clone() };
        let fits = |t: &Tensor| {
            if t.rank() == 0 || !t.dtype().is_float() {
                return false;
            }
            let p = a.t.matmul(shape_of(t));
            p.check().is_ok() && p.shape().size() * a.t.shape()[a.t.rank() - 1] <= PRODUCT
        };
        let b = self.fitting(g.b, fits)?;
        let b = limit(Item { t: shape_of(&b.t), bound: b.bound }, 4.0, g.c);
        let k = a.t.shape()[a.t.rank() - 1];
        let t = a.t.matmul(&b.t);
        self.room(2 * t.shape().size() + a.t.shape().size() + b.t.shape().size())?;
        Some(limit(Item { t, bound: a.bound * b.bound * k as f64 }, 1e3, g.b))
    }

    fn reorder(&mut self, g: Gene) -> Option<Item> {
        let Item { t: x, bound } = self.item(g.a);
        self.room(x.shape().size())?;
        let rank = x.rank();
        let t = match g.b % 8 {
            0 => x.transpose(),
            1 if rank == 3 => x.permute(&[[1, 0, 2], [2, 0, 1], [0, 2, 1], [1, 2, 0]][g.c as usize % 4]),
            1 => x.transpose(),
            2 => x.flatten(),
            3 => x.expand_dims((g.c as usize % (rank + 1)) as isize),
            4 => match x.shape().iter().position(|&n| n == 1) {
                Some(axis) => x.squeeze(axis as isize),
                None => x.flatten(),
            },
            5 => {
                // Two axes of one.
                let size = x.shape().size();
                let first = (2..20).find(|n| size.is_multiple_of(*n)).unwrap_or(1);
                x.reshape([first, size / first])
            }
            6 => {
                let target = self.fitting(g.c, |t| x.shape().broadcast(t.shape()).as_ref() == Some(t.shape()))?;
                self.room(target.t.shape().size())?;
                x.broadcast_to(target.t.shape())
            }
            _ => {
                let shape: Vec<usize> = [2].into_iter().chain(x.shape().iter().copied()).collect();
                self.room(2 * x.shape().size())?;
                if rank > 3 { x } else { x.broadcast_to(shape) }
            }
        };
        (t.rank() <= 4).then_some(Item { t, bound })
    }

    fn slice_or_pad(&mut self, g: Gene) -> Option<Item> {
        let Item { t: x, bound } = self.item(g.a);
        let rank = x.rank();
        if rank == 0 {
            return None;
        }
        self.room(2 * x.shape().size())?;
        let axis = g.b as usize % rank;
        let n = x.shape()[axis];
        let t = if g.b & 64 == 0 {
            let start = g.c as usize % n;
            let length = 1 + (g.c as usize / 7) % (n - start);
            x.slice(axis as isize, start..start + length)
        } else {
            let mut amounts = vec![(0, 0); rank];
            amounts[axis] = (g.c as usize % 3, g.c as usize / 3 % 3);
            x.pad(&amounts)
        };
        Some(Item { t, bound })
    }

    fn join(&mut self, g: Gene) -> Option<Item> {
        let a = self.item(g.a);
        if a.t.rank() == 0 || a.t.rank() > 3 {
            return None;
        }
        let axis = g.c as usize % a.t.rank();
        let others = |t: &Tensor| {
            let mut shape = t.shape().to_vec();
            if axis < shape.len() {
                shape.remove(axis);
            }
            (t.rank(), shape)
        };
        let b = self.fitting(g.b, |t| others(t) == others(&a.t))?;
        self.room(2 * (a.t.shape().size() + b.t.shape().size()))?;
        let bound = a.bound.max(b.bound);
        let t = if g.c & 16 != 0 && a.t.shape() == b.t.shape() {
            Tensor::stack(&[a.t, b.t], axis as isize)
        } else if g.c & 32 != 0 {
            Tensor::concat(&[a.t.clone(), b.t, a.t], axis as isize)
        } else {
            Tensor::concat(&[a.t, b.t], axis as isize)
        };
        Some(Item { t, bound })
    }

    /// Gather, one-hot, argmax.
    fn index(&mut self, g: Gene) -> Option<Item> {
        let x = self.item(g.a);
        if x.t.rank() == 0 || x.t.rank() > 3 {
            return None;
        }
        let axis = g.b as usize % x.t.rank();
        let n = x.t.shape()[axis];
        match g.c % 4 {
            0 => Some(Item { t: x.t.argmax(axis as isize), bound: n as f64 }),
            1 => {
                let labels = self.fitting(g.c / 4, |t| t.dtype() == DType::I64 && t.rank() < 3)?;
                let depth = self.lengths[1].min(17);
                self.room(labels.t.shape().size() * depth)?;
                Some(Item { t: labels.t.one_hot(depth, self.float), bound: 1.0 })
            }
            c => {
                let shape: Shape = if c == 2 { 5.into() } else { [2, 3].into() };
                let inner = x.t.shape().size() / n;
                self.room(inner * shape.size())?;
                let indices = self.integers(&shape, n as u64);
                Some(Item { t: x.t.gather(&Tensor::from(indices), axis as isize), bound: x.bound })
            }
        }
    }

    fn cast(&mut self, g: Gene) -> Option<Item> {
        let x = self.item(g.a);
        self.room(x.t.shape().size())?;
        let dtype = [DType::F32, DType::F64, DType::I64, DType::Bool][g.b as usize % 4];
        let bound = if dtype == DType::Bool { 1.0 } else { x.bound };
        Some(Item { t: x.t.cast(dtype), bound })
    }

    /// The same computation made twice and used twice.
    fn twice(&mut self, g: Gene) -> Option<Item> {
        let x = self.float(g.a, BOUND);
        self.room(4 * x.t.shape().size())?;
        let f = |t: &Tensor| match g.b % 3 {
            0 => t.tanh() * 0.5,
            1 => (t * t).sigmoid(),
            _ => t.sin() + 1.0,
        };
        Some(match g.c % 3 {
            0 => Item { t: f(&x.t) + f(&x.t), bound: 4.0 },
            1 => Item { t: f(&x.t) * (&x.t - 1.0).relu() + f(&x.t), bound: 2.0 * (BOUND + 2.0) },
            _ => Item { t: f(&(&x.t + 1.0)) - f(&(&x.t + 1.0)), bound: 4.0 },
        })
    }

    /// The gradient of a scalar made of one item with respect to another.
    fn slope(&mut self, g: Gene) -> Option<Item> {
        let y = self.float(g.a, BOUND);
        let x = self.fitting(g.b, |t| t.dtype().is_float())?;
        let loss = match g.c % 3 {
            0 => y.t.square().mean(),
            1 => y.t.sum(),
            _ => (y.t.sin() * &y.t).mean(),
        };
        let slope = gradient(&loss, &[x.t]).unwrap().swap_remove(0);
        let (mut elements, mut longest) = (0, 0);
        for t in topological(std::slice::from_ref(&slope)) {
            elements += t.shape().size();
            longest = longest.max(product_size(&t));
        }
        if longest > PRODUCT {
            return None;
        }
        self.room(elements / 4)?;
        self.elements += elements / 8;
        Some(Item { t: slope.clip(-BOUND, BOUND), bound: BOUND })
    }

    fn finish(mut self, update: u8, outputs: u8) -> Built {
        let last = self.stack.len() - 1;
        let mut chosen: Vec<Tensor> =
            (0..=outputs as usize % 4).map(|k| self.stack[last - (k * 3).min(last)].t.clone()).collect();
        let y = self.float(4, BOUND).t;
        let loss = if outputs & 16 == 0 { y.square().mean() } else { y.tanh().sum() };
        let mut used: Vec<Variable> = Vec::new();
        for t in topological(std::slice::from_ref(&loss)) {
            if let Op::Variable(v) = t.op()
                && v.dtype().is_float()
                && !used.contains(v)
            {
                used.push(v.clone());
            }
        }
        used.truncate(6);
        let wrt: Vec<Tensor> = used.iter().map(Variable::tensor).collect();
        let slopes = gradient(&loss, &wrt).unwrap();
        let small = slopes.iter().all(|s| {
            let order = topological(std::slice::from_ref(s));
            order.iter().all(|t| product_size(t) <= PRODUCT)
                && order.iter().map(|t| t.shape().size()).sum::<usize>() < 3 * ELEMENTS
        });
        let mut updates = Vec::new();
        if small {
            updates = self.updates(update, &loss, used.into_iter().zip(slopes).collect());
            if outputs & 32 != 0 {
                chosen.push(loss);
            }
            if outputs & 64 != 0 {
                // What is read beside its own update: the value from before the run.
                chosen.extend(updates.first().map(|(v, next)| v.tensor().cast(next.dtype()) + next));
                chosen.extend(updates.last().map(|(v, _)| v.tensor()));
            }
        }
        let (inputs, arrays): (Vec<Tensor>, Vec<[Array; 2]>) = self.inputs.into_iter().unzip();
        let arrays = [0, 1].map(|run| arrays.iter().map(|a: &[Array; 2]| a[run].clone()).collect());
        Built { inputs, arrays, outputs: chosen, updates }
    }

    fn updates(&mut self, kind: u8, loss: &Tensor, slopes: Vec<(Variable, Tensor)>) -> Vec<(Variable, Tensor)> {
        let mut updates = Vec::new();
        let steps = Variable::new("steps", 3i64);
        let rate = Variable::new("rate", Array::from(0.1).cast(self.float));
        let next_step = steps.tensor() + Tensor::from(1i64);
        for (v, g) in slopes {
            let (w, zeros) = (v.tensor(), Array::zeros(v.shape()).cast(self.float));
            match kind % 7 {
                0 => {}
                1 => updates.push((v, &w - g * 0.1)),
                2 => updates.push((v, &w - rate.tensor() * &g)),
                3 => {
                    let m = Variable::new(format!("{}/m", v.name()), self.numbers(v.shape()));
                    let velocity = m.tensor() * 0.9 - &g * 0.1;
                    updates.push((v, &w + &velocity));
                    updates.push((m, velocity));
                }
                4 => {
                    let m = Variable::new(format!("{}/m", v.name()), &zeros);
                    let s = Variable::new(
                        format!("{}/s", v.name()),
                        self.numbers(v.shape()).mapv(f64::abs).cast(self.float),
                    );
                    let first = m.tensor() * 0.9 + &g * 0.1;
                    let second = s.tensor() * 0.999 + g.square() * 0.001;
                    let t = next_step.cast(self.float);
                    let one = Tensor::from(Array::from(1.0).cast(self.float));
                    let step = rate.tensor() * (&one - (&one * 0.999).pow(&t)).sqrt() / (&one - (&one * 0.9).pow(&t));
                    updates.push((v, &w - step * &first / (second.sqrt() + 1e-3)));
                    updates.push((m, first));
                    updates.push((s, second));
                }
                5 => {
                    // Two variables change places.
                    let other = Variable::new(format!("{}/other", v.name()), self.numbers(v.shape()));
                    updates.push((v, other.tensor()));
                    updates.push((other, w));
                }
                _ => {
                    // Weight decay and clipping; the update hangs on the loss itself.
                    let norm = (g.square().sum() + 1e-3).sqrt();
                    let clipped = &g / norm.maximum(1.0);
                    updates.push((v, &w * 0.99 - clipped * loss.tanh()));
                }
            }
        }
        if kind % 7 == 4 || kind & 64 != 0 {
            updates.push((steps, next_step));
        }
        updates
    }
}

/// The same with elements no larger than `bound`, by one of several ways.
fn limit(item: Item, bound: f64, how: u8) -> Item {
    if item.bound <= bound || item.t.dtype() == DType::Bool {
        return item;
    }
    let t = match how % 3 {
        0 => &item.t * (bound / item.bound),
        1 => item.t.clip(-bound, bound),
        _ => item.t.tanh() * bound,
    };
    Item { t, bound }
}

/// The last two axes swapped.
fn swapped(t: &Tensor) -> Tensor {
    let rank = t.rank();
    let mut axes: Vec<usize> = (0..rank).collect();
    axes.swap(rank - 1, rank - 2);
    t.permute(&axes)
}

/// The names of the operations in `roots`, for counting what was tested.
pub fn operations(roots: &[Tensor]) -> Vec<&'static str> {
    topological(roots).iter().map(|t| t.op().name()).collect()
}
