//! The works: what is measured. This file is the only place where they are defined; the peers read them from the
//! `works.json` that [`crate::export`] writes beside the data.

use serde::Serialize;

/// One line of the table.
#[derive(Clone, Debug, Serialize)]
pub struct Work {
    /// What `--only` calls it.
    pub name: &'static str,
    /// What it is.
    pub title: &'static str,
    /// What the seconds of a run are divided by.
    pub count: usize,
    /// What the quotient is the time of.
    pub unit: &'static str,
    /// By how much results of two sides may differ, relatively: they sum in different orders.
    pub tolerance: f64,
    /// What is done.
    #[serde(flatten)]
    pub kind: Kind,
}

/// What is done in a run.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Kind {
    /// A new net is trained for some epochs that do not count and then for those that do. The result is the last loss.
    Train { net: Training },
    /// A new net on the first batch alone: from `compile` to the end of the first epoch, all that is done once
    /// included. The result is the loss.
    Plan { net: Training },
    /// The net with an activation and a loss that a user wrote (yhat), and with the library's own (its limit).
    Own { net: Training },
    /// Mean squared error and cross-entropy of a logistic model on the lecture's grid of parameters. The result is the
    /// sum over both surfaces.
    Surfaces { samples: usize, double: bool },
    /// The training once for every seed, on all cores. The result is the mean of the last losses.
    Seeds { net: Training, seeds: usize },
    /// The untrained net's output for the first rows, some times over. The result is the sum of all outputs' squares.
    Predict { net: Training, rows: usize, calls: usize },
    /// The loss on a plane of 65 x 55 points through the untrained net's weights, on all cores. The result is the mean loss.
    Landscape { net: Training },
    /// The training once for every seed by the library's own sweep. The result is the mean of the last losses.
    Sweep { net: Training, seeds: usize },
    /// The verdict on the trained net. The result is the loss that it names.
    Diagnose { net: Training },
    /// A new process that trains the net and ends.
    Start { net: Training },
    /// A new process that runs all chapters of the lecture and writes their numbers. The result is how much it wrote.
    Lecture,
}

/// A net, its data and how it is trained.
#[derive(Clone, Debug, Serialize)]
pub struct Training {
    /// The folder with data and initial weights.
    pub folder: &'static str,
    pub data: Dataset,
    /// Units of the dense layers, first to last.
    pub units: Vec<usize>,
    /// Activation of all layers but the last.
    pub hidden: &'static str,
    /// Activation of the last.
    pub output: &'static str,
    pub loss: &'static str,
    pub optimizer: &'static str,
    pub rate: f64,
    /// What the initial weights are drawn from, by `set_seed`.
    pub seed: i64,
    pub batch: usize,
    /// Epochs that do not count.
    pub warm: usize,
    /// Epochs that do.
    pub epochs: usize,
}

/// Data by their recipe.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Dataset {
    /// The lecture's broken line with noise, on [-1, 1].
    Line { rows: usize },
    /// The lecture's coins, whose probability is sigmoid(-1 + 5 x), for x on [-1, 1].
    Coins { rows: usize },
    /// Uniform features, and the class that a random linear teacher gives.
    Classes { rows: usize, features: usize, classes: usize },
    /// Normal features and a smooth function of them.
    Smooth { rows: usize, features: usize },
}

impl Dataset {
    pub fn rows(&self) -> usize {
        match *self {
            Dataset::Line { rows } | Dataset::Coins { rows } => rows,
            Dataset::Classes { rows, .. } | Dataset::Smooth { rows, .. } => rows,
        }
    }

    pub fn features(&self) -> usize {
        match *self {
            Dataset::Line { .. } | Dataset::Coins { .. } => 1,
            Dataset::Classes { features, .. } | Dataset::Smooth { features, .. } => features,
        }
    }
}

/// A regression of the broken line: the lecture's nets with `nodes` hidden nodes, on `rows` points at once.
pub fn line(folder: &'static str, nodes: usize, rows: usize, seed: i64) -> Training {
    Training {
        folder,
        data: Dataset::Line { rows },
        units: vec![nodes, 1],
        hidden: "relu",
        output: "linear",
        loss: "mse",
        optimizer: "sgd",
        rate: 0.1,
        seed,
        batch: rows,
        warm: 1,
        epochs: 1000,
    }
}

fn logistic() -> Training {
    Training {
        data: Dataset::Coins { rows: 2000 },
        units: vec![1],
        output: "sigmoid",
        loss: "binary_crossentropy",
        batch: 2000,
        ..line("w3", 1, 2000, 43052)
    }
}

fn classes(folder: &'static str, batch: usize) -> Training {
    Training {
        folder,
        data: Dataset::Classes { rows: 12_800, features: 784, classes: 10 },
        units: vec![512, 512, 10],
        hidden: "relu",
        output: "softmax",
        loss: "sparse_categorical_crossentropy",
        optimizer: "adam",
        rate: 0.001,
        seed: 43052,
        batch,
        warm: 1,
        epochs: 1,
    }
}

fn own() -> Training {
    Training {
        folder: "w11",
        data: Dataset::Smooth { rows: 512, features: 8 },
        units: vec![64, 1],
        hidden: "swish",
        output: "linear",
        loss: "mse",
        optimizer: "adam",
        rate: 0.01,
        seed: 43052,
        batch: 512,
        warm: 1,
        epochs: 200,
    }
}

/// What a landscape is drawn of.
fn smooth(hidden: &'static str) -> Training {
    Training {
        data: Dataset::Smooth { rows: 1000, features: 2 },
        units: vec![8, 8, 1],
        hidden,
        ..line("w12", 8, 1000, 43053)
    }
}

/// All of them, in the table's order.
pub fn all() -> Vec<Work> {
    let (w1, w2) = (line("w1", 2, 100, 43053), line("w2", 512, 100, 43056));
    let w5 = classes("w5", 128);
    let surfaces = |double| Kind::Surfaces { samples: 2000, double };
    let predict = |rows, calls| Kind::Predict { net: w5.clone(), rows, calls };
    let plan = |net: &Training| Kind::Plan { net: net.clone() };
    let work = |name, title, count, unit, tolerance, kind| Work { name, title, count, unit, tolerance, kind };
    vec![
        work("w1", "1-2-1 relu, 100 points", 1000, "epoch", 1e-4, Kind::Train { net: w1.clone() }),
        work("w2", "1-512-1 relu, 100 points", 1000, "epoch", 1e-3, Kind::Train { net: w2.clone() }),
        work("w3", "logistic, 2,000 points", 1000, "epoch", 1e-4, Kind::Train { net: logistic() }),
        work("w4", "two loss surfaces, float64", 1, "both", 1e-9, surfaces(true)),
        work("w4-f32", "two loss surfaces, float32", 1, "both", 1e-4, surfaces(false)),
        work("w5", "784-512-512-10, Adam, batch 128", 1, "epoch", 5e-2, Kind::Train { net: w5.clone() }),
        work("w5-1024", "the same, batch 1,024", 1, "epoch", 5e-2, Kind::Train { net: classes("w5-1024", 1024) }),
        work("w6", "1,000 seeds of w1, all cores", 1, "all", 1e-2, Kind::Seeds { net: w1.clone(), seeds: 1000 }),
        work("w7", "the whole lecture to numbers", 1, "process", 0.0, Kind::Lecture),
        work("w8", "process start to a trained w1", 1, "process", 1e-4, Kind::Start { net: w1.clone() }),
        work("w9", "predict one row, w5's net", 200, "call", 1e-4, predict(1, 200)),
        work("w9-10000", "predict 10,000 rows, w5's net", 1, "call", 1e-4, predict(10_000, 1)),
        work("w10-w1", "compile and first epoch, w1", 1, "once", 1e-4, plan(&w1)),
        work("w10-w2", "compile and first epoch, w2", 1, "once", 1e-4, plan(&w2)),
        work("w10-w5", "compile and first batch, w5", 1, "once", 1e-4, plan(&w5)),
        work("w11", "own loss and activation, 8-64-1", 200, "epoch", 1e-2, Kind::Own { net: own() }),
        work("w12", "landscape, 2-8-8-1 relu", 1, "all", 1e-4, Kind::Landscape { net: smooth("relu") }),
        work("w12-tanh", "landscape, 2-8-8-1 tanh", 1, "all", 1e-4, Kind::Landscape { net: smooth("tanh") }),
        work("w13", "verdict on w2's net", 1, "all", 1e-4, Kind::Diagnose { net: w2.clone() }),
        work("w14", "1,000 seeds of w1 by Sweep", 1, "all", 1e-2, Kind::Sweep { net: w1.clone(), seeds: 1000 }),
    ]
}
