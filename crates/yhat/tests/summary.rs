//! Summaries, character for character as Keras 2.8 and Keras 3.15 print them.

use yhat::prelude::*;

/// The text between the quotes, lines filled up with spaces to their width as Keras prints them.
fn filled(text: &str, width: usize) -> String {
    let fill = |line: &str| match line.starts_with([' ', '|']) || line.is_empty() {
        true => format!("{line:<width$}\n"),
        false => format!("{line}\n"),
    };
    text.trim_matches('\n').lines().map(fill).collect()
}

#[test]
fn the_lectures_two_tables() {
    clear_session();
    // Names as in the notebook, where other nets came before.
    (0..6).for_each(|_| drop(Sequential::new()));
    (0..7).for_each(|_| drop(Dense::new(1)));
    (0..5).for_each(|_| drop(Activation::new(relu)));
    let mut net3 = Sequential::new();
    net3.add(Dense::new(2).input_shape(1));
    net3.add(Activation::new(relu));
    net3.add(Dense::new(1).input_shape(2));
    let expected = r#"
Model: "sequential_6"
_________________________________________________________________
 Layer (type)                Output Shape              Param #
=================================================================
 dense_7 (Dense)             (None, 2)                 4

 activation_5 (Activation)   (None, 2)                 0

 dense_8 (Dense)             (None, 1)                 3

=================================================================
Total params: 7
Trainable params: 7
Non-trainable params: 0
_________________________________________________________________
"#;
    assert_eq!(net3.summary().to_string(), filled(expected, 65));

    clear_session();
    (0..4).for_each(|_| drop(Sequential::new()));
    (0..4).for_each(|_| drop(Dense::new(1)));
    let mut net4 = Sequential::new();
    net4.add(Dense::new(512).activation(relu));
    net4.add(Dense::new(1));
    net4.compile(Sgd::new(0.1), "mse");
    let x = Array::linspace(-1.0, 1.0, 100);
    net4.fit(&x, &x, Fit::epochs(1).batch_size(100)).unwrap();
    let expected = r#"
Model: "sequential_4"
_________________________________________________________________
 Layer (type)                Output Shape              Param #
=================================================================
 dense_4 (Dense)             (100, 512)                1024

 dense_5 (Dense)             (100, 1)                  513

=================================================================
Total params: 1,537
Trainable params: 1,537
Non-trainable params: 0
_________________________________________________________________
"#;
    assert_eq!(net4.summary().to_string(), filled(expected, 65));
}

/// The output shapes that Keras 2.8 shows for a net that was not told its input's shape, after these calls on 100 rows.
#[test]
fn rows_are_shown_while_they_are_always_as_many() {
    let x = Array::linspace(-1.0, 1.0, 100);
    let shape = |calls: &dyn Fn(&mut Sequential)| {
        let mut net = Sequential::from_layers([Dense::new(2)]);
        net.compile("sgd", "mse");
        calls(&mut net);
        let summary = net.summary().to_string();
        summary.split_once("(Dense)").unwrap().1.trim_start().split_once("  ").unwrap().0.to_string()
    };
    let y = Array::zeros([100, 2]);
    let fit = |net: &mut Sequential, batch| drop(net.fit(&x, &y, Fit::epochs(1).batch_size(batch)).unwrap());
    assert_eq!(shape(&|net| fit(net, 100)), "(100, 2)");
    assert_eq!(shape(&|net| fit(net, 32)), "(None, 2)");
    assert_eq!(shape(&|net| fit(net, 25)), "(25, 2)");
    assert_eq!(shape(&|net| fit(net, 200)), "(None, 2)");
    let then = |then: &dyn Fn(&mut Sequential)| {
        shape(&|net| {
            fit(net, 100);
            then(net);
        })
    };
    assert_eq!(then(&|net| drop(net.predict(&x).unwrap())), "(None, 2)");
    assert_eq!(then(&|net| drop(net.evaluate(&x, &y).unwrap())), "(None, 2)");
    assert_eq!(then(&|net| drop(net.call(&x).unwrap())), "(100, 2)");
    assert_eq!(then(&|net| drop(net.call([0.5]).unwrap())), "(None, 2)");
    assert_eq!(shape(&|net| net.build(1).unwrap()), "(None, 2)");
    assert_eq!(shape(&|net| drop(net.train_on_batch(x.rows(0, 9), y.rows(0, 9)).unwrap())), "(9, 2)");
    let half = || Fit::epochs(1).validation_split(0.5);
    assert_eq!(shape(&|net| drop(net.fit(&x, &y, half().batch_size(50)).unwrap())), "(50, 2)");
    let fifth = || Fit::epochs(1).validation_split(0.2);
    assert_eq!(shape(&|net| drop(net.fit(&x, &y, fifth().batch_size(80)).unwrap())), "(None, 2)");
}

fn every_layer() -> Sequential {
    clear_session();
    Sequential::from_layers([
        Dense::new(2).input_shape(1).with_trainable(false).any(),
        PReLU::new().any(),
        LeakyReLU::default().any(),
        Softmax::new().any(),
        Dense::new(1).use_bias(false).named("last").any(),
    ])
}

#[test]
fn trainable_column_and_narrow_lines() {
    let net = every_layer();
    let expected = r#"
Model: "sequential"
____________________________________________________________________________
 Layer (type)                Output Shape              Param #   Trainable
============================================================================
 dense (Dense)               (None, 2)                 4         N

 p_re_lu (PReLU)             (None, 2)                 2         Y

 leaky_re_lu (LeakyReLU)     (None, 2)                 0         Y

 softmax (Softmax)           (None, 2)                 0         Y

 last (Dense)                (None, 1)                 2         Y

============================================================================
Total params: 8
Trainable params: 4
Non-trainable params: 4
____________________________________________________________________________
"#;
    assert_eq!(net.summary().show_trainable(true).to_string(), filled(expected, 76));
    let expected = r#"
Model: "sequential"
________________________________________
 Layer (type)     Output Shape    Param
                                  #
========================================
 dense (Dense)    (None, 2)       4

 p_re_lu (PReLU)  (None, 2)       2

 leaky_re_lu (Lea  (None, 2)      0
 kyReLU)

 softmax (Softmax  (None, 2)      0
 )

 last (Dense)     (None, 1)       2

========================================
Total params: 8
Trainable params: 4
Non-trainable params: 4
________________________________________
"#;
    assert_eq!(net.summary().line_length(40).to_string(), filled(expected, 40));
}

fn nested() -> Sequential {
    clear_session();
    let outer = Sequential::new();
    let mut outer = outer.named("outer");
    let inner = Sequential::new().named("inner");
    let mut inner = inner;
    outer.add(Dense::new(3).input_shape(2));
    inner.add(Dense::new(4));
    inner.add(Activation::new("tanh"));
    outer.add(&inner);
    outer.add(Dense::new(1));
    outer
}

#[test]
fn nets_within_nets() {
    let expected = r#"
Model: "outer"
_________________________________________________________________
 Layer (type)                Output Shape              Param #
=================================================================
 dense (Dense)               (None, 3)                 9

 inner (Sequential)          (None, 4)                 16
|¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯|
| dense_1 (Dense)           (None, 4)                 16        |
|                                                               |
| activation (Activation)   (None, 4)                 0         |
¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯
 dense_2 (Dense)             (None, 1)                 5

=================================================================
Total params: 30
Trainable params: 30
Non-trainable params: 0
_________________________________________________________________
"#;
    assert_eq!(nested().summary().expand_nested(true).to_string(), filled(expected, 65));
}

#[test]
fn the_box_of_keras_3() {
    let expected = r#"
Model: "outer"
┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━┓
┃ Layer (type)                         ┃ Output Shape                ┃         Param # ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━┩
│ dense (Dense)                        │ (None, 3)                   │               9 │
├──────────────────────────────────────┼─────────────────────────────┼─────────────────┤
│ inner (Sequential)                   │ (None, 4)                   │              16 │
├──────────────────────────────────────┼─────────────────────────────┼─────────────────┤
│    └ dense_1 (Dense)                 │ (None, 4)                   │              16 │
├──────────────────────────────────────┼─────────────────────────────┼─────────────────┤
│    └ activation (Activation)         │ (None, 4)                   │               0 │
├──────────────────────────────────────┼─────────────────────────────┼─────────────────┤
│ dense_2 (Dense)                      │ (None, 1)                   │               5 │
└──────────────────────────────────────┴─────────────────────────────┴─────────────────┘
 Total params: 30 (120.00 B)
 Trainable params: 30 (120.00 B)
 Non-trainable params: 0 (0.00 B)
"#;
    let summary = nested().summary().keras3().expand_nested(true).line_length(88).to_string();
    assert_eq!(summary, expected.trim_start_matches('\n'));

    let expected = r#"
Model: "sequential"
┏━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━┳━━━━━━━┓
┃                 ┃ Output     ┃ Param ┃
┃ Layer (type)    ┃ Shape      ┃     # ┃
┡━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━╇━━━━━━━┩
│ dense (Dense)   │ (None, 2)  │     4 │
├─────────────────┼────────────┼───────┤
│ activation      │ (None, 2)  │     0 │
│ (Activation)    │            │       │
├─────────────────┼────────────┼───────┤
│ dense_1 (Dense) │ (None, 1)  │     3 │
└─────────────────┴────────────┴───────┘
 Total params: 7 (28.00 B)
 Trainable params: 3 (12.00 B)
 Non-trainable params: 4 (16.00 B)
"#;
    clear_session();
    let first = Dense::new(2).input_shape(1);
    let net = Sequential::from_layers([first.any(), Activation::new(relu).any(), Dense::new(1).any()]);
    first.set_trainable(false);
    assert_eq!(net.summary().keras3().line_length(40).to_string(), expected.trim_start_matches('\n'));

    let trainable = net.summary().keras3().show_trainable(true).line_length(100).to_string();
    assert!(trainable.contains(
        "│ dense (Dense)                         │ (None, 2)                     │              4 │    N    │"
    ));
    assert!(trainable.contains("┃        Param # ┃ Traina… ┃"));
}

#[test]
fn the_optimizers_numbers_are_in_keras_3s_box() {
    let mut net = Sequential::from_layers([Dense::new(300).input_shape(1000)]);
    net.compile("adam", "mse");
    net.fit(Array::zeros([4, 1000]), Array::zeros([4, 300]), Fit::epochs(1)).unwrap();
    let summary = net.summary().keras3().to_string();
    let totals = " Total params: 900,902 (3.44 MB)\n Trainable params: 300,300 (1.15 MB)\n \
                  Non-trainable params: 0 (0.00 B)\n Optimizer params: 600,602 (2.29 MB)\n";
    assert!(summary.ends_with(totals), "{summary}");
}

#[test]
fn a_net_that_is_not_built_says_so() {
    clear_session();
    let mut net = Sequential::from_layers([Dense::new(2)]);
    let summary = net.summary().to_string();
    assert!(summary.contains(" dense (Dense)               ?                         ?"), "{summary}");
    assert!(summary.ends_with(
        "Not built yet: there are no weights, they are made when the net first sees data, or by build(...).\n"
    ));
    net.add(Dense::new(2).activation("Relu"));
    let summary = net.summary().to_string();
    assert!(summary.ends_with("Mistake: unknown activation 'Relu'; did you mean 'relu'?\n"), "{summary}");
}
