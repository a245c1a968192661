//! What a net's output is made of: the share of each hidden unit.

use yhat_tensor::{Array, Plan, Tensor};

use crate::{
    Error, Result, Sequential,
    layers::AnyLayer,
    units::{Units, same, units},
};

/// The output of a layer as a sum over the units of the layer before it: `bias + sum_j weight_j v_j`, row by row.
///
/// Along one input, with the others as the rows have them, this is the picture of how a net makes a curve out of bends:
/// each unit of a relu layer adds a line that begins (or ends) at its kink.
///
/// ```
/// use yhat::prelude::*;
/// let mut net = Sequential::from_layers([Dense::new(2).activation("relu"), Dense::new(1)]);
/// net.build(1)?;
/// net.set_weights([Array::from([[1.0, -2.0]]), Array::from([0.5, 1.0]), Array::from([[3.0], [0.5]]), Array::from([-1.0])])?;
/// let parts = net.decomposition(Array::linspace(-1.0, 1.0, 5))?;
/// let largest = &parts.contributions[0];                       // 3 relu(x + 0.5)
/// assert_eq!((largest.unit, largest.weight), (0, 3.0));
/// assert_eq!(largest.values, [0.0, 0.0, 1.5, 3.0, 4.5]);
/// assert_eq!(largest.kinks, [-0.5]);
/// assert_eq!(parts.stacked()[2], parts.total);
/// # Ok::<(), yhat::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Decomposition {
    /// The layer whose units are told apart.
    pub layer: String,
    /// The layer whose weighted sum they make.
    pub of: String,
    /// Which of that layer's sums.
    pub output: usize,
    /// The input along which the rows go, and its value in each.
    pub input: usize,
    /// The value of that input in each row.
    pub x: Vec<f64>,
    /// What is the same in every row.
    pub bias: f64,
    /// The weighted sum in each row: before the layer's activation, if it has one.
    pub total: Vec<f64>,
    /// A part for each unit, the one that varies most first.
    pub contributions: Vec<Contribution>,
}

/// What one unit adds.
#[derive(Clone, Debug, PartialEq)]
pub struct Contribution {
    /// Which unit of its layer, from 0.
    pub unit: usize,
    /// What its value is multiplied by.
    pub weight: f64,
    /// What it adds in each row.
    pub values: Vec<f64>,
    /// The standard deviation of what it adds: what the parts are sorted by.
    pub spread: f64,
    /// Where on the input its weighted sum crosses 0, which is the kink of a relu and the middle of a sigmoid. Exact where
    /// the sum is straight between two rows.
    pub kinks: Vec<f64>,
}

impl Sequential {
    /// The last weighted sum of the net at rows `x`, taken apart by the units of its last hidden layer, along the first
    /// input.
    ///
    /// # Errors
    /// If the net has no hidden layer that enters a `Dense` directly, or the data do not fit it.
    pub fn decomposition(&self, x: impl Into<Array>) -> Result<Decomposition> {
        let (x, all) = self.traced_units(x.into())?;
        let last = all.len().saturating_sub(2);
        decompose(self, &x, &all, last, 0, 0)
    }

    /// [`Sequential::decomposition`] of hidden layer `layer` into sum `output` of the next, along input `input`.
    ///
    /// # Errors
    /// If there is no such layer, output or input.
    pub fn decomposition_of(
        &self,
        layer: &str,
        output: usize,
        input: usize,
        x: impl Into<Array>,
    ) -> Result<Decomposition> {
        let (x, all) = self.traced_units(x.into())?;
        let hidden = &all[..all.len().saturating_sub(1)];
        let names: Vec<&str> = hidden.iter().map(|u| u.layer.as_str()).collect();
        let at = names
            .iter()
            .position(|name| *name == layer)
            .ok_or_else(|| Error::unknown("hidden layer", layer, &names))?;
        decompose(self, &x, &all, at, output, input)
    }

    /// The rows as the net takes them, and its units on them.
    fn traced_units(&self, x: Array) -> Result<(Array, Vec<Units>)> {
        let x = if x.shape().rank() == 1 { x.reshape([x.size(), 1])? } else { x };
        let x = if x.dtype().is_float() { x.cast(self.dtype()) } else { x };
        self.call(&x)?;
        let all = units(&self.layers(), &Tensor::from(&x))?;
        Ok((x, all))
    }
}

fn decompose(
    net: &AnyLayer,
    x: &Array,
    all: &[Units],
    at: usize,
    output: usize,
    input: usize,
) -> Result<Decomposition> {
    let what = |part: &str| format!("decomposition of '{}'{part}", net.name());
    let (Some(hidden), Some(next)) = (all.get(at), all.get(at + 1)) else {
        return Err(Error::argument(what(""), "a net with a hidden layer", format!("{} with weights", all.len())));
    };
    let Some(kernel) = next.kernel.as_ref().filter(|_| same(&next.input, &hidden.v) && hidden.u.rank() == 2) else {
        let expected = format!("'{}' directly before a Dense layer", hidden.layer);
        return Err(Error::argument(what(""), expected, format!("something between it and '{}'", next.layer)));
    };
    let (columns, outputs) = (x.size() / x.shape()[0].max(1), next.count());
    for (part, index, count) in [(", output", output, outputs), (", input", input, columns)] {
        if index >= count {
            return Err(Error::argument(what(part), format!("a number from 0 to {}", count - 1), index));
        }
    }
    let plan = Plan::new(&[], &[hidden.u.clone(), hidden.v.clone(), next.u.clone()], &[])?;
    let mut workspace = plan.workspace();
    plan.run(&mut workspace)?;
    let (u, v, total) = (workspace.output(0), workspace.output(1), workspace.output(2).column(output).to_vec());
    let weights = kernel.value().column(output).to_vec();
    let x: Vec<f64> = x.to_vec().into_iter().skip(input).step_by(columns).collect();
    let mut contributions: Vec<Contribution> = weights
        .into_iter()
        .enumerate()
        .map(|(unit, weight)| {
            let values: Vec<f64> = v.column(unit).to_vec().into_iter().map(|v| weight * v).collect();
            Contribution {
                unit,
                weight,
                spread: spread(&values),
                values,
                kinks: crossings(&x, &u.column(unit).to_vec()),
            }
        })
        .collect();
    contributions.sort_by(|a, b| b.spread.total_cmp(&a.spread));
    let bias = next.bias.as_ref().map_or(0.0, |b| b.value().to_vec()[output]);
    Ok(Decomposition {
        layer: hidden.layer.clone(),
        of: next.layer.clone(),
        output,
        input,
        x,
        bias,
        total,
        contributions,
    })
}

impl Decomposition {
    /// The bias, then the bias with the first contribution added, then with the second, and so on up to the total: the
    /// borders of a stacked picture, which has an area for each unit.
    pub fn stacked(&self) -> Vec<Vec<f64>> {
        let mut level = vec![self.bias; self.x.len()];
        let mut levels = vec![level.clone()];
        for (i, part) in self.contributions.iter().enumerate() {
            level.iter_mut().zip(&part.values).for_each(|(sum, x)| *sum += x);
            // The last one is the total in every bit, whatever the order of summing.
            let last = i + 1 == self.contributions.len();
            levels.push(if last { self.total.clone() } else { level.clone() });
        }
        levels
    }

    /// The least number of units whose contributions, with the rest taken at their means, come as near to the total as a
    /// part `tolerance` of its spread (standard deviation of the difference over that of the total).
    ///
    /// ```
    /// use yhat::prelude::*;
    /// set_seed(43056);
    /// let mut net = Sequential::from_layers([Dense::new(512).activation("relu"), Dense::new(1)]);
    /// net.build(1)?;
    /// let parts = net.decomposition(Array::linspace(-1.0, 1.0, 100))?;
    /// assert!((1..512).contains(&parts.enough(0.05)));
    /// # Ok::<(), yhat::Error>(())
    /// ```
    pub fn enough(&self, tolerance: f64) -> usize {
        let mut rest = self.total.clone();
        let all = spread(&rest);
        for (i, part) in self.contributions.iter().enumerate() {
            if spread(&rest) <= tolerance * all {
                return i;
            }
            rest.iter_mut().zip(&part.values).for_each(|(rest, x)| *rest -= x);
        }
        self.contributions.len()
    }
}

fn spread(values: &[f64]) -> f64 {
    let n = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / n;
    (values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt()
}

/// Where `u` is 0 along `x`, on straight lines between the points.
fn crossings(x: &[f64], u: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..x.len()).collect();
    order.sort_by(|&i, &j| x[i].total_cmp(&x[j]));
    let mut found = Vec::new();
    for pair in order.windows(2) {
        let ((x0, u0), (x1, u1)) = ((x[pair[0]], u[pair[0]]), (x[pair[1]], u[pair[1]]));
        if (u0 > 0.0) != (u1 > 0.0) {
            found.push(x0 + (x1 - x0) * (u0 / (u0 - u1)));
        }
    }
    found
}
