//! Nets around their training: handles, freezing, nesting, callbacks, progress; numbers are Keras 2.8's
//! (tests/reference/model28.json and the script that made it).

use yhat::prelude::*;

mod common;
use common::{case, close, numbers};

fn full<'a>(epochs: usize) -> Fit<'a> {
    Fit::epochs(epochs).batch_size(16)
}

#[test]
fn early_stopping_stops_where_keras_does() {
    let case = case();
    let (vx, vy) = case.validation();
    let mut net = case.net(Sgd::new(0.3));
    let mut early = EarlyStopping::new("val_loss").patience(3).min_delta(0.001);
    let history = case.fit(&mut net, full(60).validation_data(&vx, &vy).callback(&mut early));
    case.agrees("early_stopping", std::slice::from_ref(&history), &net);
    assert_eq!(early.stopped_epoch(), history.epoch.last().copied());

    let mut net = case.net(Sgd::new(0.3));
    let early = EarlyStopping::new("val_loss").patience(3).restore_best_weights(true);
    let history = case.fit(&mut net, full(60).validation_data(&vx, &vy).callback(early));
    case.agrees("early_stopping_restored", &[history], &net);
}

#[test]
fn learning_rates_change_as_in_keras() {
    let case = case();
    let (vx, vy) = case.validation();
    let mut net = case.net(Sgd::new(0.8));
    let reduce = ReduceLROnPlateau::new("val_loss").factor(0.5).patience(2).cooldown(1).min_delta(0.01);
    let history = case.fit(&mut net, full(30).validation_data(&vx, &vy).callback(reduce));
    case.agrees("reduce_lr", &[history], &net);

    let mut net = case.net(Sgd::new(0.1));
    let schedule = LearningRateScheduler::new(|epoch, rate| if epoch % 2 == 1 { rate * 0.7 } else { rate });
    let history = case.fit(&mut net, full(8).callback(schedule));
    case.agrees("schedule", &[history], &net);
}

#[test]
fn the_optimizer_goes_on_until_the_next_compile() {
    let case = case();
    let mut net = case.net(Adam::new(0.05));
    let histories = [full(5), Fit::epochs(3).batch_size(7), full(5)].map(|fit| case.fit(&mut net, fit));
    case.agrees("adam_goes_on", &histories, &net);
    let state = net.optimizer_state().unwrap().unwrap();
    assert_eq!(state.iterations().value().item(), 5.0 + 3.0 * 3.0 + 5.0);

    let mut net = case.net(Adam::new(0.05));
    case.fit(&mut net, full(5));
    net.compile(Adam::new(0.05), "mse");
    let history = case.fit(&mut net, full(5));
    case.agrees("adam_recompiled", &[history], &net);
}

#[test]
fn frozen_layers_stay_as_they_are_from_the_next_compile_on() {
    let case = case();
    let mut net = case.net(Sgd::new(0.1));
    net.layers()[0].set_trainable(false);
    assert_eq!(net.trainable_weights().unwrap().len(), 2);
    let history = case.fit(&mut net, full(5));
    case.agrees("frozen_after_compile", &[history], &net);

    let mut net = case.net(Sgd::new(0.1));
    net.layers()[0].set_trainable(false);
    net.compile(Sgd::new(0.1), "mse");
    let history = case.fit(&mut net, full(5));
    case.agrees("frozen", &[history], &net);
    assert_eq!(net.get_weights().unwrap()[0], case.weights[0].cast(DType::F32));
}

#[test]
fn layers_added_later_and_nets_within_nets() {
    let case = case();
    let mut net = case.net(Sgd::new(0.1));
    net.add(Dense::new(2).kernel_initializer("ones"));
    net.compile(Sgd::new(0.05), "mse");
    let history = case.fit(&mut net, full(3));
    case.agrees("added", &[history], &net);

    let inner = Sequential::from_layers([Dense::new(4).activation("tanh"), Dense::new(2)]);
    let mut net = Sequential::new();
    net.add(&inner);
    net.add(Dense::new(2).kernel_initializer("ones"));
    net.build(3).unwrap();
    inner.set_weights(&case.weights).unwrap();
    net.compile(Sgd::new(0.05), "mse");
    let history = case.fit(&mut net, full(3));
    case.agrees("nested", &[history], &net);
    // What the outer net trained, the inner one has.
    assert_eq!(inner.get_weights().unwrap()[..], net.get_weights().unwrap()[..4]);
    // Adding a layer without a new compile trains it too.
    net.add(Dense::new(2).kernel_initializer("ones"));
    let before = net.get_weights().unwrap();
    case.fit(&mut net, full(1));
    assert_ne!(net.get_weights().unwrap()[6], before[6]);
    let last = net.pop().unwrap();
    assert_eq!(last.get_weights().unwrap()[0].shape()[..], [2, 2]);
    case.fit(&mut net, full(1));
}

#[test]
fn validation_split_and_initial_epoch() {
    let case = case();
    let mut net = case.net(Sgd::new(0.1));
    net.metrics(["mae"]);
    let history = case.fit(&mut net, Fit::epochs(3).batch_size(5).validation_split(0.3));
    case.agrees("split", &[history], &net);

    let mut net = case.net(Sgd::new(0.1));
    let history = case.fit(&mut net, full(7).initial_epoch(4));
    assert_eq!(history.epoch, [4, 5, 6]);
    case.agrees("initial_epoch", &[history], &net);
    let history = case.fit(&mut net, full(7).initial_epoch(7));
    assert!(history["loss"].is_empty() && history.last("loss").is_nan());
    assert!(case.fit(&mut net, full(0)).epoch.is_empty());
}

#[test]
fn labels() {
    let case = case();
    let labels: Vec<i64> = (0..16).map(|i| i % 3).collect();
    let mut net =
        Sequential::from_layers([Dense::new(3).activation("softmax").kernel_initializer("ones").input_shape(3)]);
    net.compile(Sgd::new(0.5), "sparse_categorical_crossentropy").metrics(["accuracy"]);
    let history = net.fit(&case.x, &labels, Fit::epochs(4).batch_size(6).shuffle(false)).unwrap();
    case.agrees("sparse", &[history], &net);

    let ones: Vec<bool> = labels.iter().map(|label| *label == 1).collect();
    let mut net =
        Sequential::from_layers([Dense::new(1).activation("sigmoid").kernel_initializer("ones").input_shape(3)]);
    net.compile("adam", "binary_crossentropy").metrics(["accuracy"]);
    let history = net.fit(&case.x, &ones, Fit::epochs(4).batch_size(6).shuffle(false)).unwrap();
    case.agrees("binary", &[history], &net);
}

#[test]
fn the_order_of_rows_depends_on_the_seed_and_the_epochs_trained() {
    let case = case();
    let train = |fits: &[(usize, u64)]| {
        let mut net = case.net(Sgd::new(0.1));
        for (epochs, seed) in fits {
            net.fit(&case.x, &case.y, Fit::epochs(*epochs).batch_size(3).shuffle_seed(*seed)).unwrap();
        }
        net.get_weights().unwrap()
    };
    assert_eq!(train(&[(4, 7)]), train(&[(4, 7)]), "a seed repeats");
    assert_eq!(train(&[(4, 7)]), train(&[(1, 7), (3, 7)]), "and does not care where a fit ended");
    assert_ne!(train(&[(4, 7)]), train(&[(4, 8)]));
    let mut net = case.net(Sgd::new(0.1));
    case.fit(&mut net, Fit::epochs(4).batch_size(3));
    assert_ne!(train(&[(4, 0)]), net.get_weights().unwrap(), "shuffled is not unshuffled");
    // One batch with every row is not shuffled, so not even the last digits differ.
    let whole = |fit: Fit| {
        let mut net = case.net(Sgd::new(0.1));
        net.fit(&case.x, &case.y, fit).unwrap();
        net.get_weights().unwrap()
    };
    assert_eq!(whole(full(5).shuffle_seed(3)), whole(full(5).shuffle(false)));
}

#[test]
fn every_way_through_the_epochs_computes_the_same_bits() {
    let case = case();
    let trained = |fit: Fit| {
        let mut net = case.net(Adam::new(0.05));
        net.metrics(["mae"]);
        let history = net.fit(&case.x, &case.y, fit).unwrap();
        (history["loss"].to_vec(), history["mae"].to_vec(), net.get_weights().unwrap())
    };
    let plain = trained(full(6));
    let (vx, vy) = case.validation();
    assert_eq!(plain, trained(full(6).on_epoch_end(|_, _, _| Ok(()))), "with a callback");
    assert_eq!(plain, trained(full(6).callback(LambdaCallback::new().on_batch_end(|_, _, _| Ok(())))), "every batch");
    assert_eq!(plain, trained(full(6).validation_data(vx, vy)), "with validation");
    assert_eq!(plain, trained(full(6).verbose(1).output(Vec::new())), "with progress");
    assert_eq!(plain, trained(full(6).verbose(2).output(Vec::new())), "with lines");
}

#[test]
fn callbacks_see_and_change_the_net_that_is_being_fit() {
    let case = case();
    let mut net = case.net(Sgd::new(0.1));
    let kept = net.layers()[0].clone();
    let mut rows = Vec::new();
    let watched = LambdaCallback::new().on_batch_end(|batch, logs, training| {
        // A handle that was kept from before has the current weights, the net can be evaluated meanwhile.
        assert_eq!(kept.get_weights()?[0], training.net().get_weights()?[0]);
        rows.push((batch, logs["loss"], training.net().evaluate(&case.x, &case.y)?["loss"]));
        Ok(())
    });
    case.fit(&mut net, Fit::epochs(2).batch_size(5).callback(watched));
    assert_eq!(rows.iter().map(|r| r.0).collect::<Vec<_>>(), [0, 1, 2, 3, 0, 1, 2, 3]);
    assert!(rows.windows(2).all(|pair| pair[0].2 != pair[1].2), "every batch changed the net");
    assert_eq!(rows[7].2, net.evaluate(&case.x, &case.y).unwrap()["loss"]);

    // Weights given in a callback are what training goes on from.
    let mut net = case.net(Sgd::new(0.1));
    let back = full(4).on_epoch_end(|_, _, training| training.net().set_weights(&case.weights));
    let history = case.fit(&mut net, back);
    assert!(history["loss"].iter().all(|loss| *loss == history["loss"][0]));
    assert_eq!(net.get_weights().unwrap()[0], case.weights[0].cast(DType::F32));

    // A stop after a batch leaves the rest of the epoch out, as in Keras.
    let mut net = case.net(Sgd::new(0.1));
    let stop = LambdaCallback::new().on_batch_end(|batch, _, training| {
        if batch == 1 {
            training.stop();
        }
        Ok(())
    });
    let history = case.fit(&mut net, Fit::epochs(9).batch_size(5).callback(stop));
    assert_eq!(history.epoch, [0]);
    assert_eq!(net.optimizer_state().unwrap().unwrap().iterations().value().item(), 2.0);

    // One's own columns, and the stop.
    let mut net = case.net(Sgd::new(0.1));
    let own = full(9).on_epoch_end(|epoch, _, training| {
        training.log("double", 2.0 * epoch as f64);
        if epoch == 3 {
            training.stop();
        }
        Ok(())
    });
    let history = case.fit(&mut net, own);
    assert_eq!(history["double"], [0.0, 2.0, 4.0, 6.0]);
    assert_eq!(history.epoch.len(), 4);
}

#[test]
fn handles_are_the_same_net() {
    let case = case();
    let mut net = case.net(Sgd::new(0.1));
    let other = net.clone();
    assert_eq!(net, other);
    case.fit(&mut net, full(3));
    assert_eq!(other.get_weights().unwrap(), net.get_weights().unwrap());
    // One layer in two nets: what one trains, the other has.
    let shared = net.layers()[0].clone();
    let half = Sequential::from_layers([shared.clone()]);
    let before = half.predict(&case.x).unwrap();
    case.fit(&mut net, full(3));
    assert_ne!(half.predict(&case.x).unwrap(), before);
    assert_eq!(half.layers()[0], net.get_layer(shared.name()).unwrap());
    assert_eq!(net.predict(&case.x).unwrap(), other.predict(&case.x).unwrap());
}

/// A narrow net's parts are computed side by side, a wide one's by all threads together; new weights reach them all.
#[test]
fn predictions_of_many_rows_are_those_of_few() {
    for (units, rows) in [(3, 9_000), (300, 5_000)] {
        let x = Array::linspace(-1.0, 1.0, rows * 20).reshape([rows, 20]).unwrap();
        set_seed(7);
        let mut net = Sequential::new();
        net.add(Dense::new(units).activation(relu));
        net.add(Dense::new(2).activation(softmax));
        for _ in 0..2 {
            let all = net.predict(&x).unwrap();
            assert_eq!(all.shape()[..], [rows, 2]);
            for from in [0, rows / 2, rows - 7] {
                assert_eq!(net.predict(x.rows(from, from + 7)).unwrap(), all.rows(from, from + 7), "{units}, {from}");
            }
            assert_eq!(net.predict_with(&x, 1_000).unwrap(), all, "{units}");
            let halves = net.get_weights().unwrap().iter().map(|w| w.mapv(|w| w / 2.0)).collect::<Vec<_>>();
            net.set_weights(halves).unwrap();
        }
    }
}

#[test]
fn predictions_do_not_depend_on_batches() {
    let case = case();
    let net = case.net(Sgd::new(0.1));
    let whole = net.predict(&case.x).unwrap();
    assert_eq!(whole.shape()[..], [16, 2]);
    for batch in [1, 3, 16, 100] {
        let got = net.predict_with(&case.x, batch).unwrap();
        close(&format!("batches of {batch}"), &got.to_vec(), &whole.to_vec());
    }
    close("call", &net.call(&case.x).unwrap().eval().unwrap().to_vec(), &whole.to_vec());
}

#[test]
fn train_and_test_on_batch() {
    let case = case();
    let mut net = case.net(Sgd::new(0.1));
    net.metrics(["mae"]);
    let run = &case.runs["frozen_after_compile"]["history"];
    let first = net.train_on_batch(&case.x, &case.y).unwrap();
    close("first", &[first["loss"]], &numbers(&run["loss"])[..1]);
    let test = net.test_on_batch(&case.x, &case.y).unwrap();
    assert_eq!(test.names(), first.names());
    let second = net.train_on_batch(&case.x, &case.y).unwrap();
    close("test is before second", test.values(), second.values());
    close("second", &[second["loss"]], &numbers(&run["loss"])[1..2]);
}

#[test]
fn metrics_are_functions_names_and_closures() {
    let case = case();
    let mut net = case.net(Sgd::new(0.1));
    fn worst(y: &Tensor, yhat: &Tensor) -> Tensor {
        (y - yhat).abs().max()
    }
    let half = ("half", |y: &Tensor, yhat: &Tensor| (y - yhat).square().mean() / 2.0);
    net.metrics([Metric::from("mae"), Metric::from(mean_squared_error), Metric::from(worst), Metric::from(half)]);
    let result = net.evaluate(&case.x, &case.y).unwrap();
    assert_eq!(result.names(), ["loss", "mae", "mean_squared_error", "worst", "half"]);
    assert_eq!(result["loss"], result["mean_squared_error"]);
    assert!((result["half"] - result["loss"] / 2.0).abs() < 1e-7);
}

#[test]
fn nets_train_on_several_threads_side_by_side() {
    let case = std::sync::Arc::new(case());
    let alone = {
        let mut net = case.net(Adam::new(0.05));
        case.fit(&mut net, Fit::epochs(20).batch_size(5));
        net.get_weights().unwrap()
    };
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let case = case.clone();
            std::thread::spawn(move || {
                let mut net = case.net(Adam::new(0.05));
                case.fit(&mut net, Fit::epochs(20).batch_size(5));
                net.get_weights().unwrap()
            })
        })
        .collect();
    for thread in threads {
        assert_eq!(thread.join().unwrap(), alone);
    }
}

/// A net that nobody holds any more is gone, with its layers, weights and plans: training in a loop needs no more memory
/// for every net.
#[test]
fn nets_go_away() {
    struct Witness(std::sync::Arc<()>);
    impl Layer for Witness {
        fn call(&self, x: &Tensor, _: &Weights) -> yhat::Result<Tensor> {
            let _ = &self.0;
            Ok(x.clone())
        }
    }
    let witness = std::sync::Arc::new(());
    let case = case();
    let mut inner = Sequential::new();
    inner.add(Witness(witness.clone()));
    let mut net = Sequential::new();
    net.add(&inner);
    net.add(Dense::new(2));
    net.compile(Adam::new(0.1), "mse");
    case.fit(
        &mut net,
        Fit::epochs(2).batch_size(5).validation_split(0.5).on_epoch_end(|_, _, training| {
            training.net().predict(&case.x)?;
            training.net().evaluate(&case.x, &case.y).map(drop)
        }),
    );
    net.compile(Adam::new(0.1), "mse");
    case.fit(&mut net, full(2));
    drop((net, inner));
    assert_eq!(std::sync::Arc::strong_count(&witness), 1);
}

#[test]
fn mistakes_can_be_mended() {
    let case = case();
    let mut net = case.net(Sgd::new(0.1));
    net.add(Dense::new(1).activation("Relu"));
    assert!(net.predict(&case.x).is_err());
    assert!(net.pop().is_err(), "takes the failed layer back");
    assert_eq!(net.predict(&case.x).unwrap().shape()[..], [16, 2]);
    net.compile("sdg", "mse");
    assert!(net.evaluate(&case.x, &case.y).is_err());
    net.compile("sgd", "mse");
    net.evaluate(&case.x, &case.y).unwrap();
}

/// What happens to a net within a net, the outer one notices.
#[test]
fn plans_are_made_anew_when_a_net_within_changes() {
    let case = case();
    let mut inner = Sequential::from_layers([Dense::new(2).kernel_initializer("ones")]);
    let mut net = Sequential::new();
    net.add(&inner);
    net.compile("sgd", "mse");
    let before = net.predict(&case.x).unwrap();
    inner.add(Activation::new(|x: &Tensor| x * 2.0));
    let after = net.predict(&case.x).unwrap();
    close("doubled", &after.to_vec(), &before.mapv(|y| 2.0 * y).to_vec());
}
