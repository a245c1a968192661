//! candle on the processor: variables, backward and optimizers, as its users write them.

use std::{env, thread};

use candle_core::{D, DType, Device, Tensor, Var};
use candle_nn::{AdamW, Linear, Module, Optimizer, ParamsAdamW, SGD, loss, ops};
use shared::{Array, Job, Net, Peer, Result, Run, Surfaces, Targets, clocked, elements, locked, serve};

fn main() -> Result<()> {
    // Unless it is told a number of threads, candle reads /proc/cpuinfo in every product: 0.1 ms (2026-11-25).
    if env::var_os("RAYON_NUM_THREADS").is_none() {
        let cores = thread::available_parallelism()?;
        // SAFETY: there is no other thread yet.
        unsafe { env::set_var("RAYON_NUM_THREADS", cores.to_string()) };
    }
    serve(&Candle)
}

struct Candle;

impl Peer for Candle {
    fn version(&self) -> String {
        format!("candle {}", locked("candle-core"))
    }

    fn train(&self, net: Net) -> Result<Job> {
        let data = Data::new(&net)?;
        Ok(Box::new(move || {
            let model = Mlp::new(&net)?;
            let mut optimizer = Either::new(&net, model.variables.clone())?;
            epochs(&net, &model, &mut optimizer, &data, 0, net.warm)?;
            clocked(|| epochs(&net, &model, &mut optimizer, &data, net.warm, net.warm + net.epochs))
        }))
    }

    fn plan(&self, net: Net) -> Result<Job> {
        let data = Data::new(&net)?;
        Ok(Box::new(move || {
            let model = Mlp::new(&net)?;
            clocked(|| {
                let mut optimizer = Either::new(&net, model.variables.clone())?;
                epochs(&net, &model, &mut optimizer, &data, 0, 1)
            })
        }))
    }

    /// All nets in one, with an axis of nets before the others; the sum of their losses has each one's gradients.
    fn seeds(&self, net: Net) -> Result<Job> {
        let nets = net.weights[0].shape()[0];
        let Targets::Values(y) = &net.y else { return Err("the seeds train a regression".into()) };
        let (x, y) = (tensor(&net.x)?.unsqueeze(0)?, tensor(y)?.unsqueeze(0)?);
        let hidden = net.units[0];
        let shapes = [[nets, 1, hidden], [nets, 1, hidden], [nets, hidden, 1], [nets, 1, 1]];
        let weights = net.weights.iter().zip(shapes).map(|(w, shape)| Ok(tensor(w)?.reshape(&shape)?));
        let first = weights.collect::<Result<Vec<_>>>()?;
        Ok(Box::new(move || {
            clocked(|| {
                let weights = first.iter().map(|w| Ok(Var::from_tensor(w)?)).collect::<Result<Vec<_>>>()?;
                let mut optimizer = SGD::new(weights.clone(), net.rate)?;
                let [w1, b1, w2, b2] = [0, 1, 2, 3].map(|i| weights[i].as_tensor());
                let mut last = f64::NAN;
                for _ in 0..net.epochs {
                    let hidden = x.broadcast_mul(w1)?.broadcast_add(b1)?.relu()?;
                    let yhat = hidden.matmul(w2)?.broadcast_add(b2)?;
                    let losses = yhat.broadcast_sub(&y)?.sqr()?.mean(1)?;
                    optimizer.backward_step(&losses.sum_all()?)?;
                    last = f64::from(losses.mean_all()?.to_scalar::<f32>()?);
                }
                Ok(last)
            })
        }))
    }

    fn predict(&self, net: Net, calls: usize) -> Result<Job> {
        let (model, x) = (Mlp::new(&net)?, tensor(&net.x)?);
        Ok(Box::new(move || {
            let (seconds, output) = clocked(|| {
                let mut output = Vec::new();
                for _ in 0..calls {
                    output = model.output(&net, &x)?.flatten_all()?.to_vec1::<f32>()?;
                }
                Ok(output)
            })?;
            Ok((seconds, output.iter().map(|p| f64::from(*p).powi(2)).sum()))
        }))
    }

    fn surfaces(&self, of: Surfaces) -> Result<Job> {
        let dtype = if of.double { DType::F64 } else { DType::F32 };
        let tensor = |values: &[f64], shape: (usize, usize)| Tensor::from_slice(values, shape, &CPU)?.to_dtype(dtype);
        let (points, samples) = (of.w0.len(), of.x.len());
        let (x, y) = (tensor(&of.x, (1, samples))?, tensor(&of.y, (1, samples))?);
        let (w0, w1) = (tensor(&of.w0, (points, 1))?, tensor(&of.w1, (points, 1))?);
        let against = y.affine(-1.0, 1.0)?;
        Ok(Box::new(move || -> Result<Run> {
            let (seconds, surfaces) = clocked(|| {
                let yhat = ops::sigmoid(&w1.broadcast_mul(&x)?.broadcast_add(&w0)?)?;
                let mse = yhat.broadcast_sub(&y)?.sqr()?.mean(D::Minus1)?;
                let one = yhat.log()?.broadcast_mul(&y)?;
                let zero = yhat.affine(-1.0, 1.0)?.log()?.broadcast_mul(&against)?;
                Ok([mse, (one + zero)?.mean(D::Minus1)?.neg()?])
            })?;
            let sum = |t: &Tensor| Ok(t.to_dtype(DType::F64)?.to_vec1::<f64>()?.iter().sum::<f64>());
            Ok((seconds, surfaces.iter().map(sum).sum::<Result<f64>>()?))
        }))
    }
}

const CPU: Device = Device::Cpu;

fn tensor(array: &Array) -> Result<Tensor> {
    Ok(Tensor::from_vec(elements(array), array.shape(), &CPU)?)
}

/// The rows and what is wanted for them.
struct Data {
    x: Tensor,
    y: Tensor,
}

impl Data {
    fn new(net: &Net) -> Result<Data> {
        let y = match &net.y {
            Targets::Values(y) => tensor(y)?,
            Targets::Classes(y) => Tensor::from_slice(y, y.len(), &CPU)?.to_dtype(DType::U32)?,
        };
        Ok(Data { x: tensor(&net.x)?, y })
    }

    fn select(&self, rows: &[i64]) -> Result<Data> {
        let rows = Tensor::from_slice(rows, rows.len(), &CPU)?;
        Ok(Data { x: self.x.index_select(&rows, 0)?, y: self.y.index_select(&rows, 0)? })
    }
}

struct Mlp {
    layers: Vec<Linear>,
    variables: Vec<Var>,
}

impl Mlp {
    fn new(net: &Net) -> Result<Mlp> {
        let (mut layers, mut variables) = (Vec::new(), Vec::new());
        for pair in net.weights.chunks(2) {
            let weight = Var::from_tensor(&tensor(&pair[0])?.t()?.contiguous()?)?;
            let bias = Var::from_tensor(&tensor(&pair[1])?)?;
            layers.push(Linear::new(weight.as_tensor().clone(), Some(bias.as_tensor().clone())));
            variables.extend([weight, bias]);
        }
        Ok(Mlp { layers, variables })
    }

    /// What comes before the last activation, which the losses take in.
    fn forward(&self, net: &Net, x: &Tensor) -> Result<Tensor> {
        let mut x = x.clone();
        for (i, (layer, activation)) in self.layers.iter().zip(net.activations()).enumerate() {
            x = layer.forward(&x)?;
            x = match activation {
                _ if i + 1 == self.layers.len() => x,
                "relu" => x.relu()?,
                "swish" if net.own => (&x * ops::sigmoid(&x)?)?,
                "swish" => x.silu()?,
                other => return Err(format!("no activation {other}").into()),
            };
        }
        Ok(x)
    }

    fn output(&self, net: &Net, x: &Tensor) -> Result<Tensor> {
        let z = self.forward(net, x)?;
        Ok(match net.activations().last() {
            Some("softmax") => ops::softmax_last_dim(&z)?,
            Some("sigmoid") => ops::sigmoid(&z)?,
            _ => z,
        })
    }

    fn loss(&self, net: &Net, data: &Data) -> Result<Tensor> {
        let z = self.forward(net, &data.x)?;
        Ok(match net.loss.as_str() {
            _ if net.own => (&data.y - z)?.sqr()?.mean_all()?,
            "mse" => loss::mse(&z, &data.y)?,
            "binary_crossentropy" => loss::binary_cross_entropy_with_logit(&z, &data.y)?,
            "sparse_categorical_crossentropy" => loss::cross_entropy(&z, &data.y)?,
            other => return Err(format!("no loss {other}").into()),
        })
    }
}

enum Either {
    Sgd(SGD),
    Adam(AdamW),
}

impl Either {
    /// Adam is its AdamW without the decay.
    fn new(net: &Net, variables: Vec<Var>) -> Result<Either> {
        let adam = ParamsAdamW { lr: net.rate, eps: 1e-7, weight_decay: 0.0, ..ParamsAdamW::default() };
        Ok(match net.optimizer.as_str() {
            "adam" => Either::Adam(AdamW::new(variables, adam)?),
            _ => Either::Sgd(SGD::new(variables, net.rate)?),
        })
    }

    fn backward_step(&mut self, loss: &Tensor) -> Result<()> {
        match self {
            Either::Sgd(sgd) => sgd.backward_step(loss)?,
            Either::Adam(adam) => adam.backward_step(loss)?,
        }
        Ok(())
    }
}

/// The mean of the last epoch's losses over its rows.
fn epochs(net: &Net, model: &Mlp, optimizer: &mut Either, data: &Data, from: usize, to: usize) -> Result<f64> {
    let mut step = |data: &Data| -> Result<f64> {
        let loss = model.loss(net, data)?;
        optimizer.backward_step(&loss)?;
        Ok(f64::from(loss.to_scalar::<f32>()?))
    };
    let mut last = f64::NAN;
    for epoch in from..to {
        last = if net.full() {
            step(data)?
        } else {
            let mut total = 0.0;
            for rows in net.orders[epoch].chunks(net.batch) {
                total += step(&data.select(rows)?)? * rows.len() as f64;
            }
            total / net.rows() as f64
        };
    }
    Ok(last)
}
