//! What a fit prints. The numbers in the lines are of Keras 2.8 (keras28.json), the lines' form is held to Keras's own
//! progress bar in src/model/progress.rs.

use yhat::prelude::*;

/// The reference net and its data.
fn regression() -> (Sequential, Array, Array) {
    let path = format!("{}/tests/reference/keras28.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap().replace("NaN", "null").replace("Infinity", "0");
    let training = serde_json::from_str::<serde_json::Value>(&text).unwrap()["training"].take();
    let array = |value: &serde_json::Value, shape: &[usize]| {
        let text = value.to_string().replace(['[', ']'], "");
        Array::new(shape, text.split(',').map(|x| x.parse::<f64>().unwrap()).collect()).unwrap()
    };
    let mut net = Sequential::from_layers([Dense::new(4).activation("tanh").input_shape(3), Dense::new(2)]);
    let shapes: [&[usize]; 4] = [&[3, 4], &[4], &[4, 2], &[2]];
    net.set_weights((0..4).map(|i| array(&training["weights"][i], shapes[i]))).unwrap();
    net.compile(Sgd::new(0.1), "mse");
    (net, array(&training["x"], &[16, 3]), array(&training["y"], &[16, 2]))
}

fn validation() -> (Array, Array) {
    let (_, x, y) = regression();
    (x.rows(0, 6).mapv(|x| 2.0 * x), y.rows(0, 6))
}

/// What a fit prints, without the times.
fn printed(verbose: i64, terminal: bool, fit: Fit) -> String {
    let (mut net, x, y) = regression();
    let mut text = Vec::new();
    let fit = fit.verbose(verbose).shuffle(false);
    let fit = if terminal { fit.terminal(&mut text) } else { fit.output(&mut text) };
    net.fit(&x, &y, fit).unwrap();
    let text = String::from_utf8(text).unwrap();
    // A number and a unit of time: a T.
    let mut clean = String::new();
    for word in text.split_inclusive(' ') {
        let time = ["s/step", "s/epoch"].iter().find(|end| word.trim_end().ends_with(*end));
        match time {
            Some(end) => clean.push_str(&format!("T{end}{}", &word[word.trim_end().len()..])),
            None => clean.push_str(word),
        }
    }
    clean
}

#[test]
fn progress_in_a_pipe_is_keras_text_without_control_characters() {
    let expected = "\
Epoch 1/2
4/4 [==============================] - 0s Ts/step - loss: 1.8475
Epoch 2/2
4/4 [==============================] - 0s Ts/step - loss: 1.6871
";
    assert_eq!(printed(1, false, Fit::epochs(2).batch_size(5)), expected);
    // One epoch has no headline.
    let one = "1/1 [==============================] - 0s Ts/step - loss: 1.8620 - val_loss: 1.8223\n";
    let (vx, vy) = validation();
    assert_eq!(printed(1, false, Fit::epochs(1).batch_size(16).validation_data(vx, vy)), one);
    let lines = printed(2, false, Fit::epochs(2).batch_size(5));
    assert!(lines.starts_with("Epoch 1/2\n4/4 - 0s - loss: 1.8475 - Ts/epoch - "), "{lines}");
    assert_eq!(printed(0, false, Fit::epochs(2).batch_size(16)), "");
}

#[test]
fn progress_on_a_terminal_redraws_its_line() {
    let text = printed(1, true, Fit::epochs(1).batch_size(5));
    let draws: Vec<&str> = text.trim_end_matches('\n').split('\r').filter(|draw| !draw.is_empty()).collect();
    assert!(draws[0].starts_with("1/4 [======>.......................] - ETA: 0s - loss: "), "{text}");
    let last = draws.last().unwrap().trim_end();
    assert_eq!(last, "4/4 [==============================] - 0s Ts/step - loss: 1.8475");
    assert!(text.ends_with('\n') && text.matches('\n').count() == 1);
}
