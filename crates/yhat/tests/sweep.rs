//! Sweeps: against TensorFlow, against programs that train one net, and against themselves on other threads, killed, resumed.

mod common;

use std::{
    fs,
    path::PathBuf,
    process::{Command, Stdio},
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    time::Duration,
};

use common::{numbers, reference};
use yhat::{
    optimizers::IntoOptimizer,
    prelude::*,
    sweep::{Criterion, Rate, Sweep, Swept},
};

/// The lecture's hundred points.
fn lecture() -> (Array, Array) {
    let mut rng = RandomState::new(43052);
    let x = Array::linspace(-1.0, 1.0, 100);
    let y = x.mapv(|x| x * if x < 0.0 { 1.0 } else { 3.5 } + rng.normal(0.0, 1.0) * 0.3);
    (x, y)
}

fn net(hidden: usize, optimizer: impl IntoOptimizer) -> Sequential {
    let mut net = Sequential::from_layers([Dense::new(hidden).activation(relu), Dense::new(1)]);
    net.compile(optimizer, "mse");
    net
}

/// A sweep of several nets, some with batches, callbacks and metrics.
fn some<'a>() -> Sweep<'a> {
    let fit = || Fit::epochs(30).batch_size(32).callback(EarlyStopping::new("loss").patience(4));
    let mut sweep = Sweep::new(100..112, fit);
    for hidden in [1, 3] {
        for optimizer in ["sgd", "adam"] {
            sweep.add(&[("hidden", &hidden), ("optimizer", &optimizer)], move || net(hidden, optimizer));
        }
    }
    sweep
}

/// Every bit of what a sweep found.
fn bits(swept: &Swept) -> String {
    let trial = |t: &yhat::sweep::Trial| format!("{t:?}").replace('\n', "");
    swept.variants.iter().map(|v| v.title() + &v.trials.iter().map(trial).collect::<String>()).collect()
}

fn file(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_file(&path);
    path
}

/// The seed of the success rate: the same nets from the same seeds, trained by TensorFlow 2.8.
#[test]
fn seeds_end_where_they_end_in_tensorflow() {
    let reference = reference("sweep28.json");
    let expected = numbers(&reference["loss"]);
    let (x, y) = lecture();
    let mut sweep = Sweep::new(0..200, || Fit::epochs(1000).batch_size(100));
    sweep.add(&[], || net(2, Sgd::new(0.1)));
    let swept = sweep.run(&x, &y).unwrap();
    for (trial, expected) in swept.variants[0].trials.iter().zip(&expected) {
        let apart = (trial.loss() - expected).abs() / expected;
        assert!(apart < 1e-3, "seed {}: {} and {expected}", trial.seed, trial.loss());
    }
    let successes = expected.iter().filter(|loss| **loss < 0.1).count();
    assert_eq!(swept.rates(Criterion::below(0.1)), [Rate { successes, fits: 200 }]);
    assert_eq!(successes, 46);
}

/// What a fit of a sweep is: a program of its own.
#[test]
fn a_fit_is_that_of_a_program_of_its_own() {
    let (x, y) = lecture();
    let nested = || {
        let inner = Sequential::from_layers([Dense::new(3).activation("tanh").kernel_initializer("he_normal")]);
        let first = Dense::new(2).input_shape(1).activation(relu).bias_initializer("random_normal");
        let mut net = Sequential::from_layers([first.any(), inner.any(), Dense::new(1).any()]);
        net.compile(Adam::new(0.01), "mse").metrics(["mae"]);
        net
    };
    let fit = || Fit::epochs(12).batch_size(30).validation_split(0.2);
    let mut sweep = Sweep::new([7, -3, 43054], fit);
    sweep.add(&[("net", &"plain")], || net(2, Sgd::new(0.1).momentum(0.9))).add(&[("net", &"nested")], nested);
    set_seed(5);
    let swept = sweep.run(&x, &y).unwrap();
    let after = net(1, "sgd").call([[1.0]]).unwrap().eval().unwrap();
    set_seed(5);
    let alone = net(1, "sgd").call([[1.0]]).unwrap().eval().unwrap();
    assert_eq!(after, alone, "the caller's random stream goes on as if there had been no sweep");

    for (v, variant) in swept.variants.iter().enumerate() {
        for trial in &variant.trials {
            set_seed(trial.seed);
            let mut net = if v == 0 { net(2, Sgd::new(0.1).momentum(0.9)) } else { nested() };
            let history = net.fit(&x, &y, fit()).unwrap();
            assert_eq!(trial.weights, Some(net.get_weights().unwrap()), "{} {}", variant.title(), trial.seed);
            for (name, value) in trial.logs.iter() {
                assert_eq!(value, history.last(name), "{name}");
            }
            assert_eq!(trial.logs.names().len(), if v == 0 { 2 } else { 4 });
            assert!(trial.curve.iter().all(|(epoch, loss)| history["loss"][epoch - 1] == *loss));
            assert_eq!(trial.curve.last().unwrap().0, 12);
            let replayed = sweep.replay(v, trial.seed, &x, &y).unwrap();
            assert_eq!(replayed.0.get_weights().ok(), trial.weights);
        }
    }
}

/// Prints what a sweep finds; [`threads_do_not_change_a_bit`] reads it from processes of this test, and
/// [`killed_and_resumed`] lets it write a file and kills it.
#[test]
fn digest() {
    let (x, y) = lecture();
    let mut sweep = some();
    if let Some(path) = std::env::var_os("SWEEP_FILE") {
        sweep.file(path);
    }
    if std::env::var_os("SWEEP_SLOWLY").is_some() {
        sweep.on_progress(|_| std::thread::sleep(Duration::from_millis(20)));
    }
    println!("\nbits={}", bits(&sweep.run(&x, &y).unwrap()));
}

fn process(threads: &str) -> Command {
    let mut test = Command::new(std::env::current_exe().unwrap());
    test.args(["--exact", "digest", "--nocapture"]).env("YHAT_THREADS", threads).stdout(Stdio::piped());
    test
}

#[test]
fn threads_do_not_change_a_bit() {
    let digest = |threads: &str| {
        let path = file(&format!("threads{threads}.csv"));
        let output = process(threads).env("SWEEP_FILE", &path).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let bits = text.lines().find_map(|line| line.strip_prefix("bits=")).expect("a digest").to_string();
        (bits, fs::read(path).unwrap())
    };
    let one = digest("1");
    let (x, y) = lecture();
    assert!(one.0 == bits(&some().run(&x, &y).unwrap()));
    for threads in ["1", "2", "5"] {
        assert!(digest(threads) == one, "{threads} threads");
    }
}

#[test]
fn killed_and_resumed() {
    let (x, y) = lecture();
    let (whole, path) = (file("whole.csv"), file("killed.csv"));
    let expected = some().file(&whole).run(&x, &y).unwrap();
    let expected_file = fs::read(&whole).unwrap();

    let mut child = process("2").env("SWEEP_FILE", &path).env("SWEEP_SLOWLY", "1").spawn().unwrap();
    while fs::metadata(&path).map_or(0, |m| m.len()) < 2000 && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let swept = some().file(&path).run(&x, &y).unwrap();
    assert!(bits(&swept) == bits(&expected));
    assert!(fs::read(&path).unwrap() == expected_file, "the file as if it had been written at once");

    // Wherever the power went off.
    for cut in (0..expected_file.len()).step_by(expected_file.len() / 37) {
        fs::write(&path, &expected_file[..cut]).unwrap();
        let mut found = Vec::new();
        let swept = some().file(&path).on_progress(|p| found.push(p.found)).run(&x, &y).unwrap();
        let lines = expected_file[..cut].iter().filter(|b| **b == b'\n').count();
        assert_eq!(found[0], lines.saturating_sub(1), "whole lines are not repeated");
        assert!(bits(&swept) == bits(&expected));
        assert!(fs::read(&path).unwrap() == expected_file, "cut at {cut}");
    }
}

#[test]
fn stopped_and_taken_up_by_a_larger_one() {
    let (x, y) = lecture();
    let path = file("stopped.csv");
    let stop = AtomicBool::new(false);
    let mut sweep = some();
    let swept = sweep
        .file(&path)
        .stop_when(&stop)
        .on_progress(|progress| stop.store(progress.done >= 1, Relaxed))
        .run(&x, &y)
        .unwrap();
    let done: usize = swept.variants.iter().map(|v| v.trials.len()).sum();
    assert!(!swept.complete || done == 48);
    drop(sweep);

    // Another net between the others, and more seeds.
    let larger = |path: Option<&PathBuf>| {
        let fit = || Fit::epochs(30).batch_size(32).callback(EarlyStopping::new("loss").patience(4));
        let mut sweep = Sweep::new(99..115, fit);
        for hidden in [1, 2, 3] {
            for optimizer in ["sgd", "adam"] {
                sweep.add(&[("hidden", &hidden), ("optimizer", &optimizer)], move || net(hidden, optimizer));
            }
        }
        if let Some(path) = path {
            sweep.file(path);
        }
        sweep.run(&x, &y).unwrap()
    };
    let at_once = file("at_once.csv");
    assert!(bits(&larger(Some(&path))) == bits(&larger(None)));
    larger(Some(&at_once));
    assert!(fs::read(&path).unwrap() == fs::read(&at_once).unwrap());
}

#[test]
fn files_of_other_sweeps_are_left_alone() {
    let (x, y) = lecture();
    let path = file("other.csv");
    some().file(&path).run(&x, &y).unwrap();
    let before = fs::read(&path).unwrap();
    let refused = |sweep: &mut Sweep, y: &Array, part: &str| {
        let message = sweep.file(&path).run(&x, y).unwrap_err().to_string();
        assert!(message.contains(part) && message.contains("other.csv"), "{message}");
        assert!(fs::read(&path).unwrap() == before);
    };
    refused(&mut some(), &y.mapv(|y| y + 1e-9), "hidden=1 optimizer=sgd seed=100 was trained on other data");
    let mut fewer = Sweep::new(100..111, || Fit::epochs(30).batch_size(32).callback(EarlyStopping::new("loss")));
    fewer.add(&[("hidden", &1), ("optimizer", &"sgd")], || net(1, "sgd"));
    refused(&mut fewer, &y, "hidden=1 optimizer=adam seed=100 is not of this sweep");
    let mut columns = Sweep::new(0..3, || Fit::epochs(3));
    columns.add(&[("width", &1)], || net(1, "sgd"));
    refused(&mut columns, &y, "expected a sweep with columns width,seed,epochs,loss,curve,weights,sweep, got hidden,");
    let text = file("notes.txt");
    fs::write(&text, "my notes\non something").unwrap();
    assert!(some().file(&text).run(&x, &y).is_err());
    assert_eq!(fs::read_to_string(&text).unwrap(), "my notes\non something");
    let nowhere = some().file("/nowhere/at/all.csv").run(&x, &y).unwrap_err().to_string();
    assert!(nowhere.starts_with("/nowhere/at/all.csv: "), "{nowhere}");
}

#[test]
fn mistakes_are_named() {
    let (x, y) = lecture();
    let message = |sweep: &mut Sweep| sweep.run(&x, &y).unwrap_err().to_string();
    let mut empty = Sweep::new(0..3, || Fit::epochs(1));
    assert_eq!(message(&mut empty), "sweep has no network yet: add one with Sweep::add");
    let mut twice = Sweep::new([1, 2, 1], || Fit::epochs(1));
    assert_eq!(message(twice.add(&[], || net(1, "sgd"))), "Sweep::new(seeds): expected every seed once, got 1 twice");
    let mut twins = Sweep::new(0..3, || Fit::epochs(1));
    twins.add(&[("n", &1)], || net(1, "sgd")).add(&[("n", &1)], || net(2, "sgd"));
    assert_eq!(message(&mut twins), "Sweep::add(labels): expected labels that tell networks apart, got n=1 twice");
    let mut wrong = Sweep::new(0..3, || Fit::epochs(1));
    wrong.add(&[("optimizer", &"adan")], || net(1, "adan"));
    assert_eq!(message(&mut wrong), "sweep, optimizer=adan: unknown optimizer 'adan'; did you mean 'adam'?");
    let mut none = Sweep::new(3..4, || Fit::epochs(0));
    assert_eq!(
        message(none.add(&[("n", &1)], || net(1, "sgd"))),
        "sweep, n=1 seed=3: Fit::epochs: expected at least one epoch, got 0"
    );
    let mut reserved = Sweep::new(0..3, || Fit::epochs(1));
    let names = "Sweep::add(labels): expected names that are no columns of the table, got loss";
    assert_eq!(message(reserved.add(&[("loss", &1)], || net(1, "sgd"))), names);
    // The first seed that fails, whatever the threads do.
    let mut failing = Sweep::new(0..50, || {
        Fit::epochs(1).on_epoch_end(|_, _, training| match training.net().get_weights()?[0].at(&[0, 0]) > 0.0 {
            true => Err(yhat::Error::argument("me", "you", "them")),
            false => Ok(()),
        })
    });
    failing.add(&[], || net(1, "sgd"));
    let first = message(&mut failing);
    assert!((0..5).all(|_| message(&mut failing) == first), "{first}");
    let mut panicking = Sweep::new(0..50, || panic!("no fit"));
    let _ = panicking.add(&[], || net(1, "sgd"));
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| message(&mut panicking)));
    assert!(panicked.is_err(), "asked on the caller's thread, it is the caller's panic");
    // Nobody's thread has died of it.
    assert!(some().run(&x, &y).is_ok());
}

/// A rate of learning that is far too high: losses that are no numbers.
#[test]
fn divergence_is_no_success_and_survives_a_file() {
    let (x, y) = lecture();
    let path = file("diverged.csv");
    let swept = |path: &PathBuf| {
        let mut sweep = Sweep::new(0..6, || Fit::epochs(60).batch_size(100));
        sweep.add(&[("rate", &1e6)], || net(2, Sgd::new(1e6))).add(&[("rate", &0.1)], || net(2, Sgd::new(0.1)));
        sweep.file(path).run(&x, &y).unwrap()
    };
    let (first, again) = (swept(&path), swept(&path));
    assert!(bits(&first) == bits(&again));
    let lost = first.variants[0].trials.iter().filter(|t| t.loss().is_nan()).count();
    assert!(lost > 0);
    let rates = first.rates(Criterion::below(1e30));
    assert_eq!((rates[0].successes, rates[1].successes), (6 - lost, 6));
    assert_eq!(first.variants[0].minima(0.05).unwrap().diverged.len(), lost);
    assert!(first.table(Criterion::within(2.0)).contains("diverged"), "{}", first.table(Criterion::within(2.0)));
}

/// `numpy.quantile([[4, 3], [1, 2], [2, 8], [7, 1]], q, axis=0)`, with losses that are planted.
#[test]
fn quantiles_are_numpys() {
    let weights = [2.0, 1.0, 2f64.sqrt(), 7f64.sqrt()];
    let start = move |_: &yhat::Shape| {
        let seed = yhat_tensor::random::tf::op_seeds().seed().unwrap_or(0) as usize;
        Array::from([[weights[seed]]])
    };
    let mut sweep = Sweep::new(0..4, || Fit::epochs(2));
    sweep.add(&[], move || {
        let mut net = Sequential::from_layers([Dense::new(1).use_bias(false).kernel_initializer(start)]);
        net.compile(Sgd::new(0.0), "mse");
        net
    });
    let swept = sweep.run([1.0], [0.0]).unwrap();
    let curves = swept.variants[0].curves(&[0.0, 0.1, 0.5, 0.75, 1.0]);
    assert_eq!(curves.epochs, [1, 2]);
    for (loss, expected) in curves.loss.iter().zip([1.0, 1.3, 3.0, 4.75, 7.0]) {
        assert!((loss[0] - expected).abs() < 1e-6 && loss[1] == loss[0], "{loss:?} {expected}");
    }
    assert!((swept.variants[0].quantile(0.75) - 4.75).abs() < 1e-6);
    assert_eq!(swept.variants[0].best().unwrap().seed, 1);
}
