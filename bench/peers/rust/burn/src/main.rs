//! Burn on its Flex backend: modules, autodiff and optimizers, as its users write them.

use burn::{
    module::{Module, Param},
    nn::{
        Linear,
        loss::{BinaryCrossEntropyLossConfig, CrossEntropyLossConfig, MseLoss, Reduction},
    },
    optim::{AdamConfig, GradientsParams, ModuleOptimizer, SgdConfig},
    tensor::{DType, Device, Int, Tensor, TensorData, activation},
};
use shared::{Array, Job, Net, Peer, Result, Run, Surfaces, Targets, clocked, elements, locked, serve};

fn main() -> Result<()> {
    serve(&Burn { device: Device::flex() })
}

struct Burn {
    device: Device,
}

impl Peer for Burn {
    fn version(&self) -> String {
        format!("Burn {} on Flex", locked("burn"))
    }

    fn train(&self, net: Net) -> Result<Job> {
        let (device, data) = (self.device.clone(), Data::new(&net, &self.device));
        Ok(Box::new(move || {
            let mut training = Training::new(&net, &device);
            training.epochs(&net, &data, 0, net.warm);
            clocked(|| Ok(training.epochs(&net, &data, net.warm, net.warm + net.epochs)))
        }))
    }

    fn plan(&self, net: Net) -> Result<Job> {
        let (device, data) = (self.device.clone(), Data::new(&net, &self.device));
        Ok(Box::new(move || {
            let model = Mlp::new(&net, &device.clone().autodiff());
            clocked(|| Ok(Training::of(model.clone(), &net).epochs(&net, &data, 0, 1)))
        }))
    }

    /// All nets in one, with an axis of nets before the others; the sum of their losses has each one's gradients.
    fn seeds(&self, net: Net) -> Result<Job> {
        let device = self.device.clone();
        let nets = net.weights[0].shape()[0];
        let Targets::Values(y) = &net.y else { return Err("the seeds train a regression".into()) };
        let constant =
            |values: Vec<f32>, shape: [usize; 3]| Tensor::<3>::from_data(TensorData::new(values, shape), &device);
        let column = [1, net.x.len(), 1];
        let (x, y) = (constant(elements(&net.x), column), constant(elements(y), column));
        let hidden = net.units[0];
        let shapes = [[nets, 1, hidden], [nets, 1, hidden], [nets, hidden, 1], [nets, 1, 1]];
        let first: Vec<_> = net.weights.iter().zip(shapes).map(|(w, shape)| constant(elements(w), shape)).collect();
        Ok(Box::new(move || {
            clocked(|| {
                let mut weights = first.clone();
                let mut last = None;
                for _ in 0..net.epochs {
                    let tracked: Vec<_> = weights.iter().map(|w| w.clone().autodiff().require_grad()).collect();
                    let [w1, b1, w2, b2] = [0, 1, 2, 3].map(|i| tracked[i].clone());
                    let yhat = activation::relu(x.clone() * w1 + b1).matmul(w2) + b2;
                    let losses = (yhat - y.clone()).square().mean_dim(1);
                    let mut slopes = losses.clone().sum().backward();
                    let slope = |w: &Tensor<3>| w.grad_remove(&mut slopes).expect("every weight has a slope");
                    let slopes: Vec<_> = tracked.iter().map(slope).collect();
                    weights = weights.into_iter().zip(slopes).map(|(w, slope)| w - slope * net.rate).collect();
                    last = Some(losses.inner());
                }
                Ok(f64::from(last.ok_or("no epochs")?.mean().into_scalar::<f32>()))
            })
        }))
    }

    fn predict(&self, net: Net, calls: usize) -> Result<Job> {
        let model = Mlp::new(&net, &self.device);
        let x = Data::new(&net, &self.device).x;
        Ok(Box::new(move || {
            let (seconds, output) = clocked(|| {
                let once = || model.output(&net, x.clone()).into_data();
                (1..calls).for_each(|_| drop(once()));
                Ok(once().try_to_vec::<f32>().map_err(|e| format!("{e:?}"))?)
            })?;
            Ok((seconds, output.iter().map(|p| f64::from(*p).powi(2)).sum()))
        }))
    }

    fn surfaces(&self, of: Surfaces) -> Result<Job> {
        let dtype = if of.double { DType::F64 } else { DType::F32 };
        let tensor = |values: Vec<f64>, shape: [usize; 2]| {
            Tensor::<2>::from_data(TensorData::new(values, shape), (&self.device, dtype))
        };
        let (points, samples) = (of.w0.len(), of.x.len());
        let (x, y) = (tensor(of.x, [1, samples]), tensor(of.y, [1, samples]));
        let (w0, w1) = (tensor(of.w0, [points, 1]), tensor(of.w1, [points, 1]));
        let against = y.clone().neg().add_scalar(1.0);
        Ok(Box::new(move || -> Result<Run> {
            let (seconds, surfaces) = clocked(|| {
                let yhat = activation::sigmoid(w0.clone() + w1.clone() * x.clone());
                let mse = (y.clone() - yhat.clone()).square().mean_dim(1);
                let (one, zero) = (yhat.clone().log(), yhat.neg().add_scalar(1.0).log());
                let bce = (y.clone() * one + against.clone() * zero).mean_dim(1).neg();
                Ok([mse, bce].map(Tensor::into_data))
            })?;
            let sum = |data: &TensorData| -> f64 { data.iter::<f64>().sum() };
            Ok((seconds, surfaces.iter().map(sum).sum()))
        }))
    }
}

/// The rows and what is wanted for them. They need no gradients, so they are not on the autodiff device.
struct Data {
    x: Tensor<2>,
    y: Wanted,
}

#[derive(Clone)]
enum Wanted {
    Values(Tensor<2>),
    ZerosOrOnes(Tensor<2, Int>),
    Classes(Tensor<1, Int>),
}

impl Data {
    fn new(net: &Net, device: &Device) -> Data {
        let rows = net.rows();
        let matrix = |v: Vec<f32>| TensorData::new(v.clone(), [rows, v.len() / rows]);
        let y = match &net.y {
            Targets::Classes(y) => Wanted::Classes(Tensor::from_data(TensorData::new(y.clone(), [rows]), device)),
            Targets::Values(y) if net.loss == "binary_crossentropy" => {
                Wanted::ZerosOrOnes(Tensor::<2>::from_data(matrix(elements(y)), device).int())
            }
            Targets::Values(y) => Wanted::Values(Tensor::from_data(matrix(elements(y)), device)),
        };
        Data { x: Tensor::from_data(matrix(elements(&net.x)), device), y }
    }

    fn select(&self, rows: &[i64]) -> Data {
        let rows = Tensor::<1, Int>::from_data(rows, &self.x.device());
        let y = match &self.y {
            Wanted::Values(y) => Wanted::Values(y.clone().select(0, rows.clone())),
            Wanted::ZerosOrOnes(y) => Wanted::ZerosOrOnes(y.clone().select(0, rows.clone())),
            Wanted::Classes(y) => Wanted::Classes(y.clone().select(0, rows.clone())),
        };
        Data { x: self.x.clone().select(0, rows), y }
    }
}

#[derive(Module, Debug)]
struct Mlp {
    layers: Vec<Linear>,
}

impl Mlp {
    fn new(net: &Net, device: &Device) -> Mlp {
        let layer = |pair: &[Array]| {
            let data = |w: &Array| TensorData::new(elements(w), w.shape());
            let (weight, bias) = (data(&pair[0]), data(&pair[1]));
            Linear { weight: Param::from_data(weight, device), bias: Some(Param::from_data(bias, device)) }
        };
        Mlp { layers: net.weights.chunks(2).map(layer).collect() }
    }

    /// What comes before the last activation, which the losses take in.
    fn forward(&self, net: &Net, mut x: Tensor<2>) -> Tensor<2> {
        for (i, (layer, activation)) in self.layers.iter().zip(net.activations()).enumerate() {
            x = layer.forward(x);
            x = match activation {
                _ if i + 1 == self.layers.len() => x,
                "relu" => activation::relu(x),
                "swish" if net.own => x.clone() * activation::sigmoid(x),
                "swish" => activation::silu(x),
                other => panic!("no activation {other}"),
            };
        }
        x
    }

    fn output(&self, net: &Net, x: Tensor<2>) -> Tensor<2> {
        let z = self.forward(net, x);
        match net.activations().last() {
            Some("softmax") => activation::softmax(z, 1),
            Some("sigmoid") => activation::sigmoid(z),
            _ => z,
        }
    }

    fn loss(&self, net: &Net, data: Data) -> Tensor<1> {
        let z = self.forward(net, data.x);
        match data.y {
            Wanted::Values(y) if net.own => (y - z).square().mean(),
            Wanted::Values(y) => MseLoss::new().forward(z, y, Reduction::Mean),
            Wanted::ZerosOrOnes(y) => {
                BinaryCrossEntropyLossConfig::new().with_logits(true).init(&z.device()).forward(z, y)
            }
            Wanted::Classes(y) => CrossEntropyLossConfig::new().init(&z.device()).forward(z, y),
        }
    }
}

struct Training {
    model: Option<Mlp>,
    optimizer: ModuleOptimizer,
}

impl Training {
    fn new(net: &Net, device: &Device) -> Training {
        Training::of(Mlp::new(net, &device.clone().autodiff()), net)
    }

    fn of(model: Mlp, net: &Net) -> Training {
        let optimizer = match net.optimizer.as_str() {
            "adam" => AdamConfig::new().with_epsilon(1e-7).init(),
            _ => SgdConfig::new().init(),
        };
        Training { model: Some(model), optimizer }
    }

    /// The mean of the last epoch's losses over its rows.
    fn epochs(&mut self, net: &Net, data: &Data, from: usize, to: usize) -> f64 {
        let mut last = f64::NAN;
        for epoch in from..to {
            last = if net.full() {
                self.step(net, Data { x: data.x.clone(), y: data.y.clone() })
            } else {
                let batches = net.orders[epoch].chunks(net.batch);
                let total: f64 = batches.map(|rows| self.step(net, data.select(rows)) * rows.len() as f64).sum();
                total / net.rows() as f64
            };
        }
        last
    }

    /// One update; the loss before it.
    fn step(&mut self, net: &Net, batch: Data) -> f64 {
        let model = self.model.take().expect("a step gives the model back");
        let loss = model.loss(net, batch);
        let slopes = GradientsParams::from_grads(loss.backward(), &model);
        self.model = Some(self.optimizer.step(net.rate, model, slopes));
        f64::from(loss.into_scalar::<f32>())
    }
}
