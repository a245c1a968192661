"""JAX: a whole training is one compiled program, a lax.fori_loop over epochs or a lax.scan over batches."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from peer import clocked, serve

ACTIVATIONS = {
    "relu": jax.nn.relu,
    "swish": lambda z: z * jax.nn.sigmoid(z),  # which is all that jax.nn.silu is
    "linear": lambda z: z,
    # Losses take what comes before these two.
    "sigmoid": lambda z: z,
    "softmax": lambda z: z,
}
OUTPUTS = {"sigmoid": jax.nn.sigmoid, "softmax": jax.nn.softmax, "linear": lambda z: z}


def mse(y, z):
    return jnp.mean((y - z) ** 2)


def binary_crossentropy(y, z):
    return jnp.mean(jnp.maximum(z, 0) - z * y + jnp.log1p(jnp.exp(-jnp.abs(z))))


def sparse_categorical_crossentropy(y, z):
    return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(z), y[:, None], axis=1))


LOSSES = {f.__name__: f for f in (mse, binary_crossentropy, sparse_categorical_crossentropy)}


def apply(net, weights, x):
    for i, activation in enumerate(net.activations):
        x = ACTIVATIONS[activation](x @ weights[2 * i] + weights[2 * i + 1])
    return x


def sgd(rate, state, slopes):
    return [w - rate * g for w, g in zip(state, slopes)]


def adam(rate, state, slopes, b1=0.9, b2=0.999, epsilon=1e-7):
    weights, m, v, t = state
    t = t + 1
    m = [m + (1 - b1) * (g - m) for m, g in zip(m, slopes)]
    v = [v + (1 - b2) * (g * g - v) for v, g in zip(v, slopes)]
    step = rate * jnp.sqrt(1 - b2**t) / (1 - b1**t)
    weights = [w - step * m / (jnp.sqrt(v) + epsilon) for w, m, v in zip(weights, m, v)]
    return weights, m, v, t


def start(net, weights):
    weights = [jnp.asarray(w) for w in weights]
    if net.optimizer == "sgd":
        return weights
    zeros = [jnp.zeros_like(w) for w in weights]
    return weights, zeros, zeros, jnp.float32(0)


def step(net, state, x, y):
    """One update; the loss before it."""
    weights = state if net.optimizer == "sgd" else state[0]
    value = lambda weights: LOSSES[net.loss](y, apply(net, weights, x))
    loss, slopes = jax.value_and_grad(value)(weights)
    return (sgd if net.optimizer == "sgd" else adam)(net.rate, state, slopes), loss


def full_epochs(net, state, x, y, epochs):
    body = lambda _, carry: step(net, carry[0], x, y)
    return lax.fori_loop(0, epochs, body, (state, jnp.float32(0)))


def batched_epoch(net, state, x, y, order):
    """One pass in the given order; the mean of the losses over the rows."""
    whole = net.rows // net.batch
    parts = order[: whole * net.batch].reshape(whole, net.batch)
    state, losses = lax.scan(lambda state, rows: step(net, state, x[rows], y[rows]), state, parts)
    total, rest = losses.sum() * net.batch, net.rows - whole * net.batch
    if rest:
        rows = order[whole * net.batch :]
        state, loss = step(net, state, x[rows], y[rows])
        total += loss * rest
    return state, total / net.rows


class Jax:
    version = f"JAX {jax.__version__}"

    def train(self, net):
        x, y, first = jnp.asarray(net.x), jnp.asarray(net.y), start(net, net.weights)
        full = jax.jit(functools.partial(full_epochs, net))
        batched = jax.jit(functools.partial(batched_epoch, net))
        orders = None if net.full else [jnp.asarray(order) for order in net.orders]

        def epochs(state, begin, end):
            if net.full:
                return jax.block_until_ready(full(state, x, y, end - begin))
            for epoch in range(begin, end):
                state, loss = batched(state, x, y, orders[epoch])
            return jax.block_until_ready((state, loss))

        def run():
            state, _ = epochs(first, 0, net.warm)
            seconds, (_, loss) = clocked(lambda: epochs(state, net.warm, net.warm + net.epochs))
            return seconds, loss

        return run

    def plan(self, net):
        def once():
            compiled = jax.jit(functools.partial(full_epochs, net))
            return jax.block_until_ready(compiled(start(net, net.weights), net.x, net.y, 1))[1]

        def run():
            jax.clear_caches()
            return clocked(once)

        return run

    def seeds(self, net):
        x, y = jnp.asarray(net.x), jnp.asarray(net.y)
        one = lambda weights: full_epochs(net, weights, x, y, net.epochs)[1]
        all_seeds = jax.jit(jax.vmap(one))
        first = start(net, net.weights)
        return lambda: clocked(lambda: float(all_seeds(first).mean()))

    def predict(self, net, x, calls):
        weights = start(net, net.weights) if net.optimizer == "sgd" else start(net, net.weights)[0]
        f = jax.jit(lambda x: OUTPUTS[net.output](apply(net, weights, x)))

        def once():
            for _ in range(calls):
                output = np.asarray(f(x))
            return output

        def run():
            seconds, output = clocked(once)
            return seconds, (output.astype(np.float64) ** 2).sum()

        return run

    def surfaces(self, x, y, w0, w1):
        def both(x, y, w0, w1):
            yhat = jax.nn.sigmoid(w0[:, None] + w1[:, None] * x)
            bce = -(y * jnp.log(yhat) + (1 - y) * jnp.log(1 - yhat)).mean(axis=1)
            return ((y - yhat) ** 2).mean(axis=1), bce

        with jax.enable_x64(x.dtype == np.float64):
            f, arrays = jax.jit(both), [jnp.asarray(a) for a in (x, y, w0, w1)]

        def run():
            with jax.enable_x64(x.dtype == np.float64):
                seconds, (mse, bce) = clocked(lambda: [np.asarray(a) for a in f(*arrays)])
            return seconds, mse.sum(dtype=np.float64) + bce.sum(dtype=np.float64)

        return run


serve(Jax)
