"""Final losses of the lecture's networks under TensorFlow's seeds 0 to 199, in Keras 2.8.0 / TensorFlow 2.8.0.

    python3.10 -m venv v && v/bin/pip install tensorflow==2.8.0 'protobuf<3.21' 'numpy<1.24'
    v/bin/python gen_sweep.py > sweep28.json

Each net is the notebook's: set_seed(seed), Dense(2), relu, Dense(1), SGD(0.1), mse, 1000 epochs of one batch with all 100
points. So that 200 seeds take a minute, the epochs are one tf.while_loop over the same operations; the first seeds are
also trained with net.fit, and the script ends if the two differ by more than float32's rounding.
"""
import json, os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np, tensorflow as tf
K = tf.keras
EPOCHS, SEEDS, CHECKED = 1000, 200, 8

np.random.seed(43052)
x = np.linspace(-1, 1, 100)
y = np.array([a * (1.0 if a < 0 else 3.5) + np.random.normal() * 0.3 for a in x])
X, Y = x.reshape(100, 1), y.reshape(100, 1)
x32, y32 = tf.constant(X, tf.float32), tf.constant(Y, tf.float32)


def net(seed):
    tf.random.set_seed(seed)
    m = K.Sequential([K.layers.Dense(2), K.layers.Activation("relu"), K.layers.Dense(1)])
    m.compile(loss="mse", optimizer=K.optimizers.SGD(0.1))
    return m


@tf.function
def train(w1, b1, w2, b2):
    """The last epoch's loss (before its update, as fit reports it) and the weights after it."""
    def step(i, w1, b1, w2, b2, loss):
        with tf.GradientTape() as tape:
            weights = [w1, b1, w2, b2]
            tape.watch(weights)
            yhat = tf.nn.relu(x32 @ w1 + b1) @ w2 + b2
            loss = tf.reduce_mean(tf.math.squared_difference(yhat, y32))
        slopes = tape.gradient(loss, weights)
        return [i + 1] + [w - 0.1 * g for w, g in zip(weights, slopes)] + [loss]
    out = tf.while_loop(lambda i, *_: i < EPOCHS, step, [tf.constant(0), w1, b1, w2, b2, tf.constant(0.0)])
    return out[5], out[1:5]


L = lambda a: np.asarray(a).tolist()
losses, weights, worst = [], [], 0.0
for seed in range(SEEDS):
    m = net(seed)
    m.build((None, 1))
    loss, last = train(*[tf.constant(w) for w in m.get_weights()])
    losses.append(float(loss)); weights.append([L(w) for w in last])
    if seed < CHECKED:
        m = net(seed)
        fitted = m.fit(X, Y, epochs=EPOCHS, batch_size=100, verbose=0).history["loss"][-1]
        worst = max(worst, abs(fitted - losses[-1]) / fitted)
        print(seed, fitted, losses[-1], file=sys.stderr)
assert worst < 1e-4, worst
print(json.dumps({"versions": {"tensorflow": tf.__version__, "numpy": np.__version__}, "epochs": EPOCHS,
                  "fit_against_loop": worst, "loss": losses, "weights": weights}))
