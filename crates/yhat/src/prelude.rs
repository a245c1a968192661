//! What a program about networks needs: `use yhat::prelude::*`.
//!
//! Layers, optimizers, activations, losses, callbacks and the types that they work on. Where a loss and a metric have
//! one name, it is the loss. Initializers, regularizers and what is rarer are in their modules.

pub use crate::{
    Array, DType, GradientTape, Shape, Tensor, Variable,
    activations::{
        elu, exponential, gelu, hard_sigmoid, leaky_relu, linear, log_softmax, mish, relu, relu6, selu, sigmoid, silu,
        softmax, softplus, softsign, swish, tanh,
    },
    callbacks::{
        Callback, CsvLogger, EarlyStopping, LambdaCallback, LearningRateScheduler, Recorder, ReduceLROnPlateau,
        TerminateOnNaN,
    },
    clear_session, gradient,
    layers::{Activation, AnyLayer, Dense, ELU, Flatten, Input, Layer, LeakyReLU, PReLU, ReLU, Softmax, Weights},
    losses::{
        BinaryCrossentropy, CategoricalCrossentropy, Huber, Loss, SparseCategoricalCrossentropy, binary_crossentropy,
        categorical_crossentropy, categorical_hinge, cosine_similarity, hinge, huber, kl_divergence, log_cosh,
        mean_absolute_error, mean_absolute_percentage_error, mean_squared_error, mean_squared_logarithmic_error,
        poisson, sparse_categorical_crossentropy, squared_hinge,
    },
    metrics::{Metric, accuracy, binary_accuracy, categorical_accuracy, sparse_categorical_accuracy},
    model::{Fit, History, Logs, Sequential, Summary, Training, Verbose},
    optimizers::{Adadelta, Adagrad, Adam, Adamax, Ftrl, Nadam, Optimizer, RmsProp, Sgd},
    random::{RandomState, set_seed},
    regularizers::{l1, l1_l2, l2},
};
