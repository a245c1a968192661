//! Wrong calls: each gives an error that says what was given, what was expected and where, and none panics.
//!
//! The table of calls and messages is one reviewed file, tests/snapshots/errors__messages.snap.

use std::panic::{AssertUnwindSafe, catch_unwind};

use yhat::{layers::Weights, optimizers::IntoOptimizer, prelude::*};

/// 8 rows of 2 numbers.
fn x() -> Array {
    Array::linspace(-1.0, 1.0, 16).reshape([8, 2]).unwrap()
}

/// 8 targets.
fn y() -> Array {
    Array::linspace(0.0, 1.0, 8)
}

/// 8 labels of 3 classes.
fn labels() -> Array {
    Array::from([0, 1, 2, 0, 1, 2, 0, 1])
}

/// 2-3-1, compiled and built.
fn net() -> Sequential {
    clear_session();
    set_seed(1);
    let mut net = Sequential::new();
    net.add(Dense::new(3).activation("relu").input_shape(2));
    net.add(Dense::new(1).activation("sigmoid"));
    net.compile(Sgd::new(0.1), "mse");
    net
}

/// 2-3 with probabilities.
fn classifier(loss: &str) -> Sequential {
    clear_session();
    set_seed(1);
    let mut net = Sequential::from_layers([Dense::new(3).activation("softmax")]);
    net.compile("sgd", loss);
    net
}

/// Not built, not compiled.
fn raw() -> Sequential {
    clear_session();
    set_seed(1);
    Sequential::from_layers([Dense::new(3), Dense::new(1)])
}

fn once<'a>() -> Fit<'a> {
    Fit::epochs(1)
}

/// A layer of a user's own with a mistake in its `call`.
struct Crooked;

impl Layer for Crooked {
    fn call(&self, x: &Tensor, _: &Weights) -> yhat::Result<Tensor> {
        Ok(x.matmul(Tensor::from([[1.0], [2.0], [3.0]])))
    }
}

struct Failing(&'static str);

impl Callback for Failing {
    fn on_epoch_end(&mut self, _: usize, _: &Logs, training: &mut Training) -> yhat::Result<()> {
        match self.0 {
            "panic" => panic!("no such file"),
            "rate" => training.set_learning_rate(-1.0),
            _ => training.net().set_weights([1.0, 2.0]),
        }
    }
}

type Table = Vec<(String, String)>;

/// Runs a wrong call and writes it down with what it says.
macro_rules! wrong {
    ($table:ident: $($call:tt)*) => {
        let result = catch_unwind(AssertUnwindSafe(|| -> yhat::Result<()> { { $($call)* }.map(drop) }));
        let said = match result {
            Ok(Err(error)) => error.to_string(),
            Ok(Ok(())) => "NO ERROR".into(),
            Err(_) => "PANIC".into(),
        };
        // The place in this file moves with every edit.
        let said = said.split(" (at ").next().unwrap().to_string() + if said.contains(" (at ") { " (at ...)" } else { "" };
        let call = stringify!($($call)*).split_whitespace().collect::<Vec<_>>().join(" ");
        $table.push((call, said));
    };
}

fn layers(t: &mut Table) {
    wrong!(t: Dense::new(0).call(x()));
    wrong!(t: Dense::new(2).activation("Relu").call(x()));
    wrong!(t: Dense::new(2).kernel_initializer("glorot").call(x()));
    wrong!(t: Dense::new(2).kernel_regularizer("L2").call(x()));
    wrong!(t: Dense::new(2).kernel_regularizer(l2(-1.0)).call(x()));
    wrong!(t: Dense::new(2).with_dtype(DType::I64).call(x()));
    wrong!(t: Dense::new(2).named("").call(x()));
    wrong!(t: Dense::new(usize::MAX / 2).call(x()));
    wrong!(t: Dense::new(2).call(y()));
    wrong!(t: Dense::new(2).call(1.0));
    wrong!(t: Dense::new(2).call(Array::zeros([4, 0])));
    wrong!(t: Dense::new(2).input_shape(3).call(x()));
    wrong!(t: Dense::new(2).kernel_initializer(Array::from([1.0, 2.0])).call(x()));
    wrong!(t: Dense::new(2).activation(|x: &Tensor| x.reshape([5])).call(x()));
    wrong!(t: Activation::new("sigmoit").call(x()));
    wrong!(t: Dense::new(2).weights());
    wrong!(t: Dense::new(2).count_params());
    wrong!(t: AnyLayer::new(Crooked).call(x()));
    wrong!(t: let l = Dense::new(2); l.call(x())?; l.call(Array::zeros([8, 5])));
    wrong!(t: let l = Dense::new(2); l.build(2)?; l.set_weights([Array::zeros([2, 2])]));
    wrong!(t: let l = Dense::new(2); l.build(2)?; l.set_weights([Array::zeros([3, 2]), Array::zeros(2)]));
}

fn nets(t: &mut Table) {
    wrong!(t: Sequential::new().build(2));
    wrong!(t: Sequential::new().predict(x()));
    wrong!(t: Sequential::new().pop());
    wrong!(t: raw().weights());
    wrong!(t: raw().get_weights());
    wrong!(t: raw().set_weights([1.0]));
    wrong!(t: raw().count_params());
    wrong!(t: raw().fit(x(), y(), once()));
    wrong!(t: raw().evaluate(x(), y()));
    wrong!(t: raw().learning_rate());
    wrong!(t: let mut n = net(); n.add(Dense::new(1).activation("tanhh")); n.predict(x()));
    wrong!(t: let mut n = net(); n.add(Dense::new(1).named("dense")); n.predict(x()));
    wrong!(t: let mut n = net(); let l = n.layers()[0].clone(); n.add(&l); n.predict(x()));
    wrong!(t: let mut n = net(); let itself = n.clone(); n.add(itself); n.predict(x()));
    wrong!(t: let mut n = net(); n.add(Input::new(2)); n.predict(x()));
    wrong!(t: let mut n = net(); n.add(Dense::new(1).input_shape(4)); n.predict(x()));
    wrong!(t: net().get_layer("denes_1"));
    wrong!(t: net().set_weights([Array::zeros([2, 3])]));
    wrong!(t: let n = net(); let mut w = n.get_weights()?; w[2] = Array::zeros([1, 3]); n.set_weights(w));
    wrong!(t: net().predict(Array::zeros([8, 3])));
    wrong!(t: net().predict(1.0));
    wrong!(t: net().predict(Array::zeros([0, 2])));
    wrong!(t: net().predict_with(x(), 0));
    wrong!(t: net().call(Array::zeros([8, 3])));
}

fn compiling(t: &mut Table) {
    wrong!(t: let mut n = net(); n.compile("adamm", "mse"); n.fit(x(), y(), once()));
    wrong!(t: let mut n = net(); n.compile("adam", "mean_square_error"); n.fit(x(), y(), once()));
    wrong!(t: let mut n = net(); n.compile("adam", "zzz"); n.fit(x(), y(), once()));
    wrong!(t: let mut n = net(); n.compile("adam", "mse").metrics(["acuracy"]); n.fit(x(), y(), once()));
    wrong!(t: let mut n = net(); n.compile("adam", "mse").metrics(["mae", "mae"]); n.fit(x(), y(), once()));
    wrong!(t: let mut n = raw(); n.metrics(["mae"]); n.fit(x(), y(), once()));
    wrong!(t: let mut n = net(); n.compile(Sgd::new(-0.1), "mse"); n.fit(x(), y(), once()));
    wrong!(t: let mut n = net(); n.compile(Sgd::new(f64::NAN), "mse"); n.fit(x(), y(), once()));
    wrong!(t: let mut n = net(); n.compile(Sgd::new(0.1).momentum(1.5), "mse"); n.fit(x(), y(), once()));
    wrong!(t: net().set_learning_rate(f64::INFINITY));
    wrong!(t: "sdg".into_optimizer().check());
    wrong!(t: yhat::set_floatx(DType::I64));
}

fn data(t: &mut Table) {
    wrong!(t: net().fit(x(), y().rows(0, 7), once()));
    wrong!(t: net().fit(1.0, y(), once()));
    wrong!(t: net().fit(x(), 1.0, once()));
    wrong!(t: net().fit(Array::zeros([0, 2]), Array::zeros(0), once()));
    wrong!(t: net().fit(Array::zeros([8, 3]), y(), once()));
    wrong!(t: net().fit(x().mapv(|x| if x > 0.9 { f64::NAN } else { x }), y(), once()));
    wrong!(t: net().fit(x(), y().mapv(|y| 1.0 / y), once()));
    wrong!(t: net().fit(x().mapv(|x| x * 1e300), y(), once()));
    wrong!(t: net().fit(x(), Array::zeros([8, 2]), once()));
    wrong!(t: net().evaluate(x(), Array::zeros([8, 2])));
    wrong!(t: net().evaluate_with(x(), y(), 0));
    wrong!(t: net().evaluate(x(), y().rows(0, 3)));
    wrong!(t: classifier("sparse_categorical_crossentropy").fit(x(), labels().mapv(|l| l + 1.0), once()));
    wrong!(t: classifier("sparse_categorical_crossentropy").fit(x(), labels().mapv(|l| l - 0.5), once()));
    wrong!(t: classifier("sparse_categorical_crossentropy").fit(x(), Array::zeros([8, 3]), once()));
    wrong!(t: classifier("categorical_crossentropy").fit(x(), labels(), once()));
    wrong!(t: let mut n = net(); n.compile("sgd", "bce"); n.fit(x(), y().mapv(|y| y * 2.0), once()));
    wrong!(t: let mut n = net(); n.compile("sgd", |y: &Tensor, yhat: &Tensor| y.matmul(yhat)); n.fit(x(), y(), once()));
    wrong!(t: let mut n = net(); n.compile("sgd", "mse").metrics([|_: &Tensor, p: &Tensor| p.sum_axis(7)]);
              n.fit(x(), y(), once()));
}

fn options(t: &mut Table) {
    wrong!(t: net().fit(x(), y(), once().batch_size(0)));
    wrong!(t: net().fit(x(), y(), Fit::epochs(2).initial_epoch(5)));
    wrong!(t: net().fit(x(), y(), once().validation_split(1.0)));
    wrong!(t: net().fit(x(), y(), once().validation_split(f64::NAN)));
    wrong!(t: net().fit(x(), y(), once().validation_split(0.99)));
    wrong!(t: net().fit(x(), y(), once().validation_data(Array::zeros([4, 3]), Array::zeros(4))));
    wrong!(t: net().fit(x(), y(), once().validation_data(x(), Array::zeros(4))));
    wrong!(t: net().fit(x(), y(), once().verbose(3)));
    wrong!(t: net().fit(x(), y(), once().callback(EarlyStopping::new("val_loss"))));
    wrong!(t: net().fit(x(), y(), once().validation_split(0.5).callback(EarlyStopping::new("val_los"))));
    wrong!(t: net().fit(x(), y(), once().callback(ReduceLROnPlateau::new("loss").factor(2.0))));
    wrong!(t: net().fit(x(), y(), once().callback(LearningRateScheduler::new(|_, _| f64::NAN))));
    wrong!(t: net().fit(x(), y(), once().callback(CsvLogger::new("no/such/folder/log.csv"))));
    wrong!(t: net().fit(x(), y(), once().callback(Failing("panic"))));
    wrong!(t: net().fit(x(), y(), once().callback(Failing("rate"))));
    wrong!(t: net().fit(x(), y(), once().callback(Failing("weights"))));
    wrong!(t: let mut n = net(); let mut again = n.clone();
              n.fit(x(), y(), once().on_epoch_end(|_, _, _| again.fit(x(), y(), once()).map(drop))));
    wrong!(t: let history = net().fit(x(), y(), once())?; history.get("los").map(drop));
    wrong!(t: net().evaluate(x(), y())?.get("accuracy"));
}

#[test]
fn messages() {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let mut text = String::new();
    let mut count = 0;
    for (title, fill) in [
        ("Layers", layers as fn(&mut Table)),
        ("Nets", nets),
        ("Compiling", compiling),
        ("Data", data),
        ("Options and callbacks", options),
    ] {
        let mut table = Table::new();
        fill(&mut table);
        count += table.len();
        text.push_str(&format!("\n# {title}\n"));
        for (call, said) in table {
            text.push_str(&format!("\n{call}\n    {said}\n"));
        }
    }
    std::panic::set_hook(hook);
    assert!(!text.contains("NO ERROR") && !text.contains("PANIC"), "{text}");
    assert!(count >= 40);
    insta::assert_snapshot!(text);
}

/// What a wrong call leaves behind: nothing. The net trains afterwards as one that never met it.
#[test]
fn bad_input_loses_nothing() {
    let trained = |between: &dyn Fn(&mut Sequential)| {
        let mut net = raw();
        net.compile(Adam::new(0.1), "mse");
        between(&mut net);
        net.fit(x(), y(), Fit::epochs(2).batch_size(3)).unwrap();
        between(&mut net);
        net.fit(x(), y(), Fit::epochs(2).batch_size(3)).unwrap();
        net.get_weights().unwrap()
    };
    let undisturbed = trained(&|_| {});
    let disturbed = trained(&|net| {
        assert!(net.fit(x(), Array::zeros([8, 2]), once()).is_err());
        assert!(net.fit(x(), y().rows(0, 3), once()).is_err());
        assert!(net.fit(x(), y(), once().validation_data(x(), Array::zeros([8, 3]))).is_err());
        assert!(net.fit(x().mapv(|_| f64::NAN), y(), once()).is_err());
        assert!(net.fit(x(), y(), once().batch_size(0)).is_err());
        assert!(net.evaluate(x(), Array::zeros([8, 2])).is_err());
        assert!(net.predict(1.0).is_err());
        assert!(net.set_weights([1.0, 2.0, 3.0]).is_err());
        assert!(net.set_learning_rate(f64::NAN).is_err());
        assert!(net.get_layer("dens").is_err());
    });
    assert_eq!(undisturbed, disturbed);
}

/// A failed build takes back the weights that it had made and the random numbers that it had drawn.
#[test]
fn a_failed_build_is_undone() {
    let mut net = Sequential::from_layers([Dense::new(3).any(), AnyLayer::new(Crooked), Dense::new(1).any()]);
    set_seed(5);
    // Crooked wants rows of 3 and gets them, but the last layer never sees a wrong net again.
    net.build(2).unwrap();
    set_seed(5);
    let mut wrong = Sequential::from_layers([Dense::new(4).any(), AnyLayer::new(Crooked)]);
    assert!(wrong.build(2).is_err());
    assert!(wrong.layers()[0].weights().is_err(), "no weights are left");
    let after = Dense::new(3);
    after.build(2).unwrap();
    assert_eq!(after.get_weights().unwrap(), net.layers()[0].get_weights().unwrap(), "nor are numbers drawn");
}

/// A fit that a callback ends with an error has trained as far as it came, and the next one goes on from there.
#[test]
fn an_error_in_a_callback_keeps_what_was_learned() {
    let mut net = net();
    let before = net.get_weights().unwrap();
    let mut seen = Vec::new();
    let fit = Fit::epochs(5).on_epoch_end(|epoch, _, training| {
        seen = training.net().get_weights()?;
        if epoch == 2 { training.net().set_weights([1.0]) } else { Ok(()) }
    });
    assert!(net.fit(x(), y(), fit).is_err());
    assert_ne!(net.get_weights().unwrap(), before);
    assert_eq!(net.get_weights().unwrap(), seen);
    net.fit(x(), y(), once()).unwrap();
}
