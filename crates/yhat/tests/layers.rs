//! Every layer, held to what all layers must do, and to Keras 2.8's values.

use yhat::{prelude::*, regularizers::Regularizer};

/// What every layer must do on rows of shape `row`: shapes, types, handles, weights, gradients, training.
fn conforms(make: &dyn Fn() -> AnyLayer, row: &[usize]) {
    for dtype in [DType::F32, DType::F64] {
        yhat::set_floatx(dtype).unwrap();
        let layer = make();
        assert_eq!(layer.dtype(), dtype);
        let shape: Vec<usize> = [&[4], row].concat();
        let size: usize = shape.iter().product();
        // Numbers on both sides of 0, none so near a kink that a difference would cross it.
        let x = Array::new(&shape[..], (0..size).map(|i| (i as f64 * 1.7).sin() + 0.03).collect()).unwrap();
        keeps_shape_and_type(&layer, &x, dtype);
        weights_come_and_go(&layer, &x);
        if dtype == DType::F64 {
            slopes_are_those_of_differences(&layer, &x);
        }
        trains(&make(), &x);
        as_part_of_a_net(&make(), &x);
    }
    yhat::set_floatx(DType::F32).unwrap();
}

fn keeps_shape_and_type(layer: &AnyLayer, x: &Array, dtype: DType) {
    assert!(!layer.is_built());
    let y = layer.call(x).unwrap();
    assert!(layer.is_built(), "{layer:?} is built by its first call");
    assert_eq!((y.shape()[0], y.dtype()), (4, dtype), "{layer:?}");
    let value = y.eval().unwrap();
    assert_eq!((value.shape(), value.dtype()), (y.shape(), dtype), "{layer:?}");
    assert!(value.all_finite());
    // A handle is the same layer, and rows do not depend on their neighbours.
    let twin = layer.clone();
    assert_eq!(twin, *layer);
    assert_eq!(twin.call(x.rows(1, 3)).unwrap().eval().unwrap(), value.rows(1, 3), "{layer:?}");
}

fn weights_come_and_go(layer: &AnyLayer, x: &Array) {
    let weights = layer.get_weights().unwrap();
    assert_eq!(layer.count_params().unwrap(), weights.iter().map(Array::size).sum::<usize>());
    for variable in layer.weights().unwrap() {
        let owners = [vec![layer.clone()], layer.layers()].concat();
        assert!(owners.iter().any(|l| variable.name().starts_with(&format!("{}/", l.name()))), "{variable}");
        assert_eq!(variable.dtype(), layer.dtype());
    }
    let before = layer.call(x).unwrap().eval().unwrap();
    layer.set_weights(weights.iter().map(|w| w.mapv(|w| w + 0.5))).unwrap();
    if !weights.is_empty() {
        assert_ne!(layer.call(x).unwrap().eval().unwrap(), before, "{layer:?} uses its weights");
    }
    layer.set_weights(&weights).unwrap();
    assert_eq!(layer.call(x).unwrap().eval().unwrap(), before, "{layer:?}");
    assert!(layer.set_weights([Array::zeros(7), Array::zeros(7), Array::zeros(7)]).is_err());
}

/// The gradient of a sum of squares of the output against central differences, for the input and all weights.
fn slopes_are_those_of_differences(layer: &AnyLayer, x: &Array) {
    let input = Variable::new("x", x);
    let loss = || (layer.call(input.tensor()).unwrap() + 0.3).square().sum();
    let variables: Vec<Variable> = std::iter::once(input.clone()).chain(layer.weights().unwrap()).collect();
    let tensors: Vec<Tensor> = variables.iter().map(Variable::tensor).collect();
    let slopes = GradientTape::new().gradient(&loss(), &tensors).unwrap();
    for (variable, slope) in variables.iter().zip(&slopes) {
        let value = variable.value().to_vec();
        for i in 0..value.len() {
            let at = |step: f64| {
                let mut moved = value.clone();
                moved[i] += step;
                variable.assign(Array::new(variable.shape(), moved).unwrap()).unwrap();
                loss().eval().unwrap().item()
            };
            let expected = (at(1e-6) - at(-1e-6)) / 2e-6;
            let got = slope.to_vec()[i];
            assert!(
                (got - expected).abs() < 1e-6 * (1.0 + expected.abs()),
                "{layer:?} {variable:?}[{i}]: {got} {expected}"
            );
        }
        variable.assign(Array::new(variable.shape(), value).unwrap()).unwrap();
    }
}

/// One step of training in a net with another layer lowers the loss, and changes the layer's weights.
fn trains(layer: &AnyLayer, x: &Array) {
    set_seed(3);
    let mut net = Sequential::from_layers([layer.clone(), Flatten::new().any(), Dense::new(1).any()]);
    net.compile(Sgd::new(0.01), "mse");
    net.build(&x.shape()[1..]).unwrap();
    let before = layer.get_weights().unwrap();
    let history = net.fit(x, [0.3, -0.1, 0.7, 0.2], Fit::epochs(2).batch_size(4)).unwrap();
    assert!(history["loss"][1] < history["loss"][0], "{layer:?}: {:?}", &history["loss"]);
    assert!(before.is_empty() || layer.get_weights().unwrap() != before, "{layer:?}");
}

/// In a net: by hand the same as through the net.
fn as_part_of_a_net(layer: &AnyLayer, x: &Array) {
    let mut net = Sequential::new();
    net.add(layer);
    let y = net.predict(x).unwrap();
    assert_eq!(net.layers()[0], *layer);
    let by_hand = layer.call(x).unwrap().eval().unwrap();
    for (a, b) in y.to_vec().iter().zip(by_hand.to_vec()) {
        assert!((a - b).abs() <= 1e-6 * b.abs().max(1.0), "{layer:?}: {a} {b}");
    }
}

/// `x + inner(x)`, with a factor of its own.
struct Residual(Dense);

impl Layer for Residual {
    fn build(&self, _: &Shape, weights: &mut Weights) -> yhat::Result<()> {
        weights.add("factor", (), "ones")
    }
    fn call(&self, x: &Tensor, weights: &Weights) -> yhat::Result<Tensor> {
        Ok(x + self.0.call(x)? * &weights["factor"])
    }
    fn layers(&self) -> Vec<AnyLayer> {
        vec![self.0.any()]
    }
}

#[test]
fn every_layer_conforms() {
    conforms(&|| Dense::new(3).any(), &[2]);
    conforms(&|| Dense::new(3).activation("tanh").any(), &[2, 5]);
    conforms(&|| Dense::new(1).use_bias(false).activation("sigmoid").any(), &[4]);
    conforms(&|| Dense::new(2).kernel_regularizer(l2(0.1)).bias_regularizer("l1").any(), &[2]);
    conforms(&|| Dense::new(2).activity_regularizer(l2(0.1)).bias_initializer("ones").any(), &[2]);
    conforms(&|| Activation::new(relu).any(), &[3]);
    conforms(&|| Activation::new("softplus").any(), &[2, 2]);
    conforms(&|| LeakyReLU::new(0.2).any(), &[3]);
    conforms(&|| PReLU::new().any(), &[3]);
    conforms(&|| PReLU::new().alpha_initializer("glorot_uniform").any(), &[2, 3]);
    conforms(&|| ELU::new(0.7).any(), &[3]);
    conforms(&|| ReLU::new().any(), &[3]);
    conforms(&|| ReLU::new().max_value(0.5).negative_slope(0.1).threshold(0.2).any(), &[4]);
    conforms(&|| Softmax::new().any(), &[3]);
    conforms(&|| Flatten::new().any(), &[2, 3]);
    conforms(&|| Sequential::from_layers([Dense::new(3).any(), ELU::default().any(), Dense::new(2).any()]).any(), &[2]);
}

#[test]
fn layers_of_ones_own_conform() {
    // The factor is of the outer layer, the rest of the inner one; only the names of the inner start with its own.
    let block = AnyLayer::new(Residual(Dense::new(3)));
    let x = Array::linspace(-1.0, 1.0, 12).reshape([4, 3]).unwrap();
    assert_eq!(block.name(), "residual");
    assert_eq!(block.call(&x).unwrap().shape()[..], [4, 3]);
    let names: Vec<String> = block.weights().unwrap().iter().map(Variable::name).collect();
    assert_eq!((names.len(), names[0].as_str()), (3, "residual/factor"));
    trains(&block, &x);
    yhat::set_floatx(DType::F64).unwrap();
    let block = AnyLayer::new(Residual(Dense::new(3)));
    block.build(3).unwrap();
    slopes_are_those_of_differences(&block, &x);
    yhat::set_floatx(DType::F32).unwrap();
}

/// Values of Keras 2.8's layers on these numbers (float32).
#[test]
fn values_of_keras() {
    let x = [-2.0f32, -0.5, 0.0, 0.7, 3.0];
    let values = |layer: AnyLayer| -> Vec<f32> {
        layer.call(Array::from(x).reshape([1, 5]).unwrap()).unwrap().eval().unwrap().elements().unwrap().to_vec()
    };
    let close = |layer: AnyLayer, expected: [f32; 5]| {
        let got = values(layer.clone());
        assert!(got.iter().zip(expected).all(|(g, e)| (g - e).abs() <= 2e-7 * e.abs()), "{layer:?}: {got:?}");
    };
    close(LeakyReLU::default().any(), [-0.6, -0.15, 0.0, 0.7, 3.0]);
    close(ELU::new(0.5).any(), [-0.432_332_37, -0.196_734_67, 0.0, 0.7, 3.0]);
    close(ReLU::new().max_value(2.0).any(), [0.0, 0.0, 0.0, 0.7, 2.0]);
    close(ReLU::new().negative_slope(0.1).threshold(0.5).any(), [-0.25, -0.1, -0.05, 0.7, 3.0]);
    close(Softmax::new().any(), [0.005_676_540_5, 0.025_440_49, 0.041_944_277, 0.084_465_41, 0.842_473_3]);
    close(PReLU::new().alpha_initializer("ones").any(), [-2.0, -0.5, 0.0, 0.7, 3.0]);
}

#[test]
fn names_count_as_in_keras() {
    clear_session();
    assert_eq!(Dense::new(1).name(), "dense");
    // A name of its own gives the number back.
    assert_eq!(Dense::new(1).activation("relu").named("hidden").name(), "hidden");
    assert_eq!(Dense::new(1).name(), "dense_1");
    assert_eq!(Activation::new(relu).name(), "activation");
    assert_eq!(LeakyReLU::default().name(), "leaky_re_lu");
    assert_eq!(PReLU::new().name(), "p_re_lu");
    assert_eq!(ReLU::new().name(), "re_lu");
    assert_eq!(ELU::default().name(), "elu");
    assert_eq!(Sequential::new().name(), "sequential");
    assert_eq!(Sequential::new().name(), "sequential_1");
    let l = Dense::new(2);
    l.build(3).unwrap();
    let names: Vec<String> = l.weights().unwrap().iter().map(Variable::name).collect();
    assert_eq!(names, ["dense_2/kernel", "dense_2/bias"]);
}

#[test]
fn settings_on_a_layer_in_use_make_a_new_layer() {
    clear_session();
    let first = Dense::new(2).kernel_initializer("ones");
    let mut net = Sequential::new();
    net.add(&first);
    let second = first.clone().activation("relu");
    assert_ne!(first, second);
    assert_eq!((first.name(), second.name()), ("dense", "dense_1"));
    net.add(second.named("second"));
    net.build(2).unwrap();
    assert_eq!(net.layers()[0], first);
    // The new layer has the old one's settings.
    assert_eq!(net.layers()[1].get_weights().unwrap()[0].to_vec(), [1.0; 4]);
}

#[test]
fn float64_layers_compute_in_float64() {
    let third = Dense::new(1).with_dtype(DType::F64).use_bias(false).kernel_initializer("ones");
    assert_eq!(third.call([[1.0 / 3.0]]).unwrap().eval().unwrap().item(), 1.0 / 3.0);
    let mut net = Sequential::from_layers([third]);
    net.compile("sgd", "mse");
    assert_eq!(net.predict([1.0 / 3.0]).unwrap().item(), 1.0 / 3.0);
    assert_eq!(net.evaluate([1.0 / 3.0], [0.0]).unwrap()["loss"], 1.0 / 9.0);
    // A float32 layer casts, as Keras does.
    assert_eq!(Activation::new("linear").call([1.0 / 3.0]).unwrap().eval().unwrap().item(), (1.0f32 / 3.0) as f64);
}

#[test]
fn weights_are_drawn_in_the_order_in_which_layers_are_built() {
    set_seed(43053);
    let (late, early) = (Dense::new(2), Dense::new(2));
    early.build(1).unwrap();
    late.build(1).unwrap();
    let first = [0.340_653_06f32, -0.753_380_3];
    assert_eq!(early.get_weights().unwrap()[0].elements::<f32>().unwrap(), first);
    assert_ne!(late.get_weights().unwrap()[0].elements::<f32>().unwrap(), first);
}

#[test]
fn regularizers_are_part_of_the_loss() {
    // 2 * 3 = 6 for every row; penalties 0.5 * 2^2 on the kernel, and 0.1 * 6^2 a row on the output.
    let own = Regularizer::from(|y: &Tensor| y.square().sum() * 0.1);
    let dense = Dense::new(1).kernel_initializer(Array::from([[2.0]])).kernel_regularizer(l2(0.5));
    let mut net = Sequential::from_layers([dense.activity_regularizer(own)]);
    net.compile("sgd", "mse").metrics(["mse"]);
    let result = net.evaluate([3.0, 3.0, 3.0], [6.0, 6.0, 6.0]).unwrap();
    assert_eq!(result["mse"], 0.0);
    assert!((result["loss"] - (2.0 + 3.6)).abs() < 1e-6, "{result}");
    assert_eq!(net.losses().unwrap().len(), 1);
    // Keras 2.8 with the same layer: fit(x, 2 * x, batch_size=2, epochs=3, shuffle=False).
    let history = net.fit([3.0, 3.0, 3.0], [6.0, 6.0, 6.0], Fit::epochs(3).batch_size(2).shuffle(false)).unwrap();
    for (column, expected) in [
        ("loss", [5.503_069_400_787_353_5, 5.100_202_560_424_805, 4.953_886_508_941_65]),
        ("mse", [0.010_800_036_601_722_24, 0.128_104_433_417_320_25, 0.280_863_523_483_276_3]),
    ] {
        let close = history[column].iter().zip(expected).all(|(g, e)| (g - e).abs() < 1e-5 * e);
        assert!(close, "{column}: {:?}", &history[column]);
    }
    let result = net.evaluate([3.0, 3.0, 3.0], [6.0, 6.0, 6.0]).unwrap();
    // In a batch of one row and a batch of two: the activity's penalty is a mean over rows.
    let batches = net.evaluate_with([3.0, 3.0, 3.0], [6.0, 6.0, 6.0], 2).unwrap();
    assert!((batches["loss"] - result["loss"]).abs() < 1e-6);
}
