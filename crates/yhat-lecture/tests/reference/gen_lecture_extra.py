"""What the lecture's reference leaves open: points of both loss surfaces, and how far rounding takes a recording.

    v/bin/python gen_lecture_extra.py > lecture_extra.json     (TensorFlow 2.8.0, NumPy 1.23.5)

surfaces: the notebook's two functions, in NumPy float64, at every 8th w0 and every 6th w1 of the grid.
ex1_mse: the first recording's path with MSE, as in the notebook but for one thing each: "float32" nothing,
"float32_rows_reversed" the same 2,000 rows in reverse order, "float64" all weights and arithmetic in float64.
"""
import json, os
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np, tensorflow as tf

np.random.seed(43052)
np.random.normal(size=100)
x = np.linspace(-1, 1, 2000)
y = np.random.binomial(1, tf.nn.sigmoid(-1 + x * 5).numpy()).astype(float)
assert y.sum() == 810

def losses(w0, w1):
    u = w0 + w1 * x
    yhat = np.exp(u) / (np.exp(u) + 1)
    return np.mean((y - yhat) ** 2), -np.mean(y * np.log(yhat) + (1 - y) * np.log(1 - yhat))

w0, w1 = np.arange(-10, 3, 0.2), np.arange(-1, 10, 0.2)
rows, columns = range(0, len(w0), 8), range(0, len(w1), 6)
surfaces = np.array([[losses(w0[i], w1[j]) for j in columns] for i in rows])

def recording(dtype, rows):
    K = tf.keras
    K.backend.set_floatx(dtype)
    X = np.stack([np.ones(2000), x], axis=1)[rows]
    net = K.Sequential([K.layers.Dense(1, use_bias=False, activation="sigmoid")])
    net.compile(optimizer=tf.optimizers.SGD(0.1), loss=lambda y, yhat: tf.reduce_mean((y - yhat) ** 2))
    fit = lambda epochs: net.fit(X, y[rows].reshape(-1, 1), epochs=epochs, batch_size=2000, verbose=0)
    fit(1)
    net.set_weights([np.array([[-3.0], [-1.0]], dtype=dtype)])
    path = net.get_weights()
    for _ in range(29):
        fit(15)
        path += net.get_weights()
    return np.concatenate(path, axis=1).tolist()

forwards, backwards = np.arange(2000), np.arange(2000)[::-1]
print(json.dumps({
    "surface_rows": list(rows), "surface_columns": list(columns),
    "surface_mse": surfaces[..., 0].tolist(), "surface_bce": surfaces[..., 1].tolist(),
    "ex1_mse": {"float32": recording("float32", forwards), "float32_rows_reversed": recording("float32", backwards),
                "float64": recording("float64", forwards)}}))
