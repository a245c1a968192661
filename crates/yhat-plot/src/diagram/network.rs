//! What a diagram is drawn from.

use yhat::{Array, Error, Result, Sequential, Shape};

/// A network as a list of layers, with or without weights.
///
/// ```
/// use yhat::prelude::*;
/// use yhat_plot::diagram::Network;
///
/// let mut net = Sequential::new();
/// net.add(Dense::new(2).activation("relu"));
/// net.add(Dense::new(1));
/// net.build(1)?;
/// let network = Network::of(&net)?;
/// assert_eq!(network.layers()[0].activation.as_deref(), Some("relu"));
/// assert_eq!(network.layers()[1].kernel.as_ref().unwrap().shape()[..], [2, 1]);
/// # Ok::<(), yhat::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    input: Shape,
    layers: Vec<NetworkLayer>,
}

/// One layer of a [`Network`].
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkLayer {
    /// Its name, `dense_1`.
    pub name: String,
    /// Its class, `Dense`.
    pub kind: String,
    /// The shape of one row of what it gives.
    pub output: Shape,
    /// The function that it ends with; `None` for the identity.
    pub activation: Option<String>,
    /// The weights between its inputs and its outputs, shape `(inputs, outputs)`.
    pub kernel: Option<Array>,
    /// What it adds, a number for each output.
    pub bias: Option<Array>,
    /// Whether each output is computed from all inputs, as in a dense layer.
    pub connected: bool,
    /// Whether something is added to the weighted sums.
    pub uses_bias: bool,
}

impl Network {
    /// A network without layers, for rows of `inputs` numbers.
    pub fn new(inputs: usize) -> Network {
        Network { input: Shape::from(inputs), layers: Vec::new() }
    }

    /// With one more dense layer, of which no weights are known. The activation `"linear"` is the identity.
    ///
    /// ```
    /// use yhat_plot::diagram::Network;
    /// let wide = Network::new(1).dense(512, "relu").dense(1, "linear");
    /// assert_eq!(wide.layers()[1].name, "dense_1");
    /// ```
    pub fn dense(mut self, units: usize, activation: &str) -> Network {
        let name = match self.layers.len() {
            0 => "dense".to_string(),
            n => format!("dense_{n}"),
        };
        self.layers.push(NetworkLayer {
            name,
            kind: "Dense".to_string(),
            output: Shape::from(units),
            activation: not_linear(activation),
            kernel: None,
            bias: None,
            connected: true,
            uses_bias: true,
        });
        self
    }

    /// The layers of a net with the weights that they have now.
    ///
    /// # Errors
    /// If the net has no weights yet, or a mistake in its making is still to be reported.
    pub fn of(net: &Sequential) -> Result<Network> {
        net.weights()?;
        let input = net.input_row().ok_or_else(|| {
            Error::argument(format!("diagram of '{}'", net.name()), "a net that knows the shape of its input", "none")
        })?;
        let mut row = input.clone();
        let mut layers = Vec::new();
        for layer in net.layers() {
            row = layer.output_row(&row)?;
            let variables = layer.weights()?;
            let named = |name: &str| {
                let found = variables.iter().find(|v| v.name().contains(&format!("/{name}")));
                found.map(|v| v.value())
            };
            let kernel = named("kernel").filter(|kernel| kernel.shape().len() == 2);
            let bias = named("bias").filter(|_| kernel.is_some());
            layers.push(NetworkLayer {
                name: layer.name().to_string(),
                kind: layer.kind().to_string(),
                output: row.clone(),
                activation: layer.activation_name().and_then(not_linear),
                connected: kernel.is_some(),
                uses_bias: bias.is_some(),
                kernel,
                bias,
            });
        }
        Ok(Network { input, layers })
    }

    /// The layers, first to last.
    pub fn layers(&self) -> &[NetworkLayer] {
        &self.layers
    }

    /// The shape of one row of what the network is given.
    pub fn input(&self) -> &Shape {
        &self.input
    }

    /// The columns of the views: every layer that has weights, with the functions that follow it.
    pub(super) fn stages(&self) -> Vec<Stage> {
        let mut stages = vec![Stage { units: self.input.size(), ..Stage::default() }];
        for layer in &self.layers {
            let units = layer.output.size();
            let same = stages.len() > 1 && stages.last().is_some_and(|stage| stage.units == units);
            if layer.connected || !same {
                stages.push(Stage { units, connected: layer.connected, ..Stage::default() });
            }
            let Some(stage) = stages.last_mut() else { continue };
            if layer.connected {
                stage.kernel = layer.kernel.clone();
                stage.bias = layer.bias.clone();
                stage.uses_bias = layer.uses_bias;
            }
            match &layer.activation {
                Some(name) => stage.functions.push(name.clone()),
                None if !layer.connected && layer.kind != "Activation" => stage.functions.push(layer.kind.clone()),
                None => {}
            }
        }
        stages
    }
}

fn not_linear(name: &str) -> Option<String> {
    (name != "linear").then(|| name.to_string())
}

/// A column of units; the first one is the input.
#[derive(Clone, Debug, Default)]
pub(super) struct Stage {
    pub units: usize,
    /// Whether each unit is computed from all of the stage before, else from the one with its number.
    pub connected: bool,
    pub functions: Vec<String>,
    pub kernel: Option<Array>,
    pub bias: Option<Array>,
    pub uses_bias: bool,
}

impl Stage {
    /// Its functions as one word, if it has any.
    pub fn function(&self) -> Option<String> {
        (!self.functions.is_empty()).then(|| self.functions.join(", "))
    }
}
