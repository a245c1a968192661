//! The chapters, in the order in which they are read.

use crate::Chapter;

macro_rules! chapters {
    ($($name:ident: $title:literal;)*) => {
        $(pub mod $name;)*

        /// All chapters, in order.
        pub const CHAPTERS: &[Chapter] = &[$(Chapter {
            name: stringify!($name),
            title: $title,
            source: include_str!(concat!(stringify!($name), ".rs")),
            keras: include_str!(concat!("../../text/keras/", stringify!($name), ".py")),
            words: [
                include_str!(concat!("../../text/en/", stringify!($name), ".md")),
                include_str!(concat!("../../text/ko/", stringify!($name), ".md")),
            ],
            compute: $name::run,
            page: $name::page,
        }),*];
    };
}

chapters! {
    data: "The data: two slopes that meet";
    solution1: "Solution 1: a straight line";
    relu: "ReLU: a function with a bend";
    solution2: "Solution 2: the line with a bend";
    solution3: "Solution 3: two bent lines";
    failure: "Solution 3 fails";
    solution4: "Solution 4: many bent lines";
    overfit: "Over-fit: learning noise";
    logistic: "Yes or no: data for logistic regression";
    bce: "Binary cross-entropy";
    mse: "Mean squared error";
    surfaces: "The two losses as surfaces";
    sgd: "Recording 1: gradient descent";
    adam: "Recording 2: Adam";
    adam_far: "Recording 3: Adam from far away";
    convex: "Convex or not: the Hessian";
}
