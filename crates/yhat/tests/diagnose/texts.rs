//! What a student reads.

use super::*;
use yhat::diagnose::Language;

#[test]
fn every_sentence_is_whole_in_both_languages() {
    let (x, y) = (points(), noisy(4, 0.2, |x| x * if x < 0.0 { 1.0 } else { 3.5 }));
    let dead = net(
        [dense(2).activation("relu"), dense(1)],
        1,
        vec![Array::from([[1.0, -1.0]]), Array::from([-5.0, -5.0]), Array::ones([2, 1]), Array::zeros(1)],
    );
    for net in [least_squares(&x, &y), dead] {
        let diagnosis = net.diagnose(&x, &y).unwrap();
        for language in [Language::English, Language::Korean] {
            let text = diagnosis.text(language);
            assert!(!text.contains(['{', '}']), "{text}");
            for finding in diagnosis.findings.iter().chain(&diagnosis.unknown) {
                assert!(!finding.title(language).is_empty() && text.contains(&finding.title(language)));
                assert!(!finding.explanation(language).is_empty());
            }
        }
    }
}

#[test]
fn the_display_of_a_line_on_a_bend() {
    let (x, y) = (points(), noisy(4, 0.2, |x| x * if x < 0.0 { 1.0 } else { 3.5 }));
    let text = least_squares(&x, &y).diagnose(&x, &y).unwrap().to_string();
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    for words in [
        "Converged to a minimum\n  The slope has length",
        "Too simple for the data\n",
        "  Next: More units",
        "Not computed:\n",
    ] {
        assert!(text.contains(words), "{text}");
    }
}

/// Whatever the net is made of, there is a verdict: no error, no panic, no empty words.
#[test]
fn any_activation_loss_and_optimizer() {
    let mut rng = RandomState::new(3);
    let x = Array::from(rng.vec(60, RandomState::standard_normal)).reshape([30, 2]).unwrap();
    let labels = x.column(0).mapv(|x| f64::from(u8::from(x > 0.0)));
    let activations = [
        "elu",
        "exponential",
        "gelu",
        "hard_sigmoid",
        "leaky_relu",
        "linear",
        "relu",
        "relu6",
        "selu",
        "sigmoid",
        "softmax",
        "softplus",
        "softsign",
        "swish",
        "tanh",
    ];
    let losses = [
        "binary_crossentropy",
        "cosine_similarity",
        "hinge",
        "huber",
        "kl_divergence",
        "log_cosh",
        "mae",
        "mape",
        "mse",
        "msle",
        "poisson",
        "squared_hinge",
    ];
    let optimizers = ["adadelta", "adagrad", "adam", "adamax", "ftrl", "nadam", "rmsprop", "sgd"];
    for i in 0..activations.len() * 3 {
        let (activation, loss) = (activations[i % activations.len()], losses[i % losses.len()]);
        set_seed(i as i64);
        let hidden = Dense::new(5).activation(activation).kernel_regularizer("l2").activity_regularizer("l1");
        let mut net = Sequential::from_layers([hidden, Dense::new(3), Dense::new(1).activation("sigmoid")]);
        net.compile(optimizers[i % optimizers.len()], loss);
        net.fit(&x, &labels, Fit::epochs(5).verbose(0)).unwrap();
        let diagnosis = net.diagnose_with(&x, &labels, Diagnose::new().held_out(&x, &labels)).unwrap();
        let text = diagnosis.to_string();
        assert!(
            !diagnosis.findings.is_empty() && !text.contains(['{', '}']) && !text.contains("NaN"),
            "{loss}: {text}"
        );
    }
}

#[test]
fn classes_images_and_frozen_layers() {
    let mut rng = RandomState::new(4);
    let x = Array::from(rng.vec(40 * 12, RandomState::standard_normal)).reshape([40, 3, 4]).unwrap();
    let y = Array::from((0..40).map(|i| i % 3).collect::<Vec<i64>>());
    let frozen = Dense::new(6).activation("relu").with_trainable(false);
    let layers = [
        Flatten::new().any(),
        frozen.any(),
        Dense::new(4).activation("tanh").any(),
        Dense::new(3).activation("softmax").any(),
    ];
    let mut net = Sequential::from_layers(layers);
    net.compile("adam", "sparse_categorical_crossentropy");
    net.fit(&x, &y, Fit::epochs(3).verbose(0)).unwrap();
    let diagnosis = net.diagnose(&x, &y).unwrap();
    assert!(diagnosis.kinds().contains(&Kind::StillDescending), "{diagnosis}");
    assert_eq!(net.hessian(&x, &y).unwrap().size(), 6 * 4 + 4 + 4 * 3 + 3);
}

/// One of a student's own making: a layer, an activation and a loss that no table knows.
#[test]
fn parts_of_ones_own() {
    struct Twice;
    impl Layer for Twice {
        fn call(&self, x: &Tensor, _: &Weights) -> yhat::Result<Tensor> {
            Ok(x * 2.0)
        }
    }
    let mut net = Sequential::new();
    net.add(Dense::new(3).activation(|x: &Tensor| x.sin() + x));
    net.add(Twice);
    net.add(Dense::new(1));
    let target = Tensor::from(Array::ones([100, 1]).cast(DType::F32));
    // It takes all rows or none.
    net.compile(Sgd::new(0.01), move |y: &Tensor, yhat: &Tensor| ((y - yhat) * &target).square().mean());
    let (x, y) = (points(), noisy(4, 0.2, |x| 2.0 * x));
    net.fit(&x, &y, Fit::epochs(20).batch_size(100)).unwrap();
    let diagnosis = net.diagnose_with(&x, &y, Diagnose::new().held_out(&x, &y)).unwrap();
    assert_eq!(diagnosis.kinds(), [Kind::StillDescending], "{diagnosis}");
}
