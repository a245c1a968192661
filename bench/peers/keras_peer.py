"""Keras 3 on TensorFlow: compile and fit, as its users write it."""

import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf

from peer import clocked, serve

# Each net has functions of its own, which TensorFlow takes for one that is traced too often.
tf.get_logger().setLevel("ERROR")


def own_swish(x):
    return x * keras.ops.sigmoid(x)


def own_mse(y, yhat):
    return keras.ops.mean((y - yhat) ** 2)


def model(net):
    layers = [keras.Input([net.x.shape[1]])]
    activations = [own_swish if net.own and a == "swish" else a for a in net.activations]
    layers += [keras.layers.Dense(units, activation=a) for units, a in zip(net.units, activations)]
    model = keras.Sequential(layers)
    model.set_weights(net.weights)
    return model


def compile(net, model):
    optimizer = keras.optimizers.SGD(net.rate) if net.optimizer == "sgd" else keras.optimizers.Adam(net.rate)
    model.compile(optimizer=optimizer, loss=own_mse if net.own else net.loss)


def fit(net, model, begin, end):
    """With the rows in the given order, which is not counted."""
    if net.full:
        # Arrays would have a new tf.data iterator made for every epoch, which takes far longer than the epoch.
        data = tf.data.Dataset.from_tensors((net.x, net.y)).repeat()
        options = dict(steps_per_epoch=1, epochs=end, initial_epoch=begin, verbose=0, shuffle=False)
        seconds, history = clocked(lambda: model.fit(data, **options))
        return seconds, history.history["loss"][-1]
    seconds = 0.0
    for order in net.orders[begin:end]:
        x, y = net.x[order], net.y[order]
        more, history = clocked(lambda: model.fit(x, y, net.batch, verbose=0, shuffle=False))
        seconds += more
    return seconds, history.history["loss"][-1]


class Keras:
    version = f"Keras {keras.__version__} on TensorFlow {tf.__version__}"

    def train(self, net):
        def run():
            keras.backend.clear_session()
            trained = model(net)
            compile(net, trained)
            fit(net, trained, 0, net.warm)
            return fit(net, trained, net.warm, net.warm + net.epochs)

        return run

    def plan(self, net):
        def run():
            keras.backend.clear_session()
            planned = model(net)
            seconds, _ = clocked(lambda: compile(net, planned))
            more, loss = fit(net, planned, 0, 1)
            return seconds + more, loss

        return run

    def predict(self, net, x, calls):
        trained = model(net)
        # The fastest way: predict() itself takes 30 ms a call. More rows than a few are its own business.
        call = tf.function(trained, reduce_retracing=True)

        def once():
            for _ in range(calls):
                output = call(x).numpy()
            return output

        def run():
            seconds, output = clocked(once)
            return seconds, (output.astype(np.float64) ** 2).sum()

        return run

    def surfaces(self, *arrays):
        x, y, w0, w1 = (tf.constant(a) for a in arrays)

        @tf.function(jit_compile=True)
        def both():
            yhat = tf.sigmoid(w0[:, None] + w1[:, None] * x)
            bce = -tf.reduce_mean(y * tf.math.log(yhat) + (1 - y) * tf.math.log(1 - yhat), axis=1)
            return tf.reduce_mean((y - yhat) ** 2, axis=1), bce

        def run():
            seconds, (mse, bce) = clocked(lambda: [a.numpy() for a in both()])
            return seconds, mse.sum(dtype=np.float64) + bce.sum(dtype=np.float64)

        return run


serve(Keras)
