//! What a fit prints. The numbers in the lines are of Keras 2.8 (keras28.json), the lines' form is held to Keras's own
//! progress bar in src/model/progress.rs.

use yhat::prelude::*;

mod common;
use common::case;

/// What a fit prints, without the times.
fn printed(verbose: i64, terminal: bool, fit: Fit) -> String {
    let case = case();
    let mut net = case.net(Sgd::new(0.1));
    let mut text = Vec::new();
    let fit = fit.verbose(verbose).shuffle(false);
    let fit = if terminal { fit.terminal(&mut text) } else { fit.output(&mut text) };
    net.fit(&case.x, &case.y, fit).unwrap();
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
    let (vx, vy) = case().validation();
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
