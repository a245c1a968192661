"""What a net does around its training in Keras 2.8.0 / TensorFlow 2.8.0: callbacks, freezing, recompiling, nesting, progress.

    python3.10 -m venv v && v/bin/pip install tensorflow==2.8.0 'protobuf<3.21' 'numpy<1.24'
    v/bin/python gen_model_reference.py > model28.json     # reads keras28.json beside it for data and weights
"""
import contextlib, io, json, os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np, tensorflow as tf
from unittest import mock
from keras.utils import generic_utils
K, C = tf.keras, tf.keras.callbacks
here = os.path.dirname(os.path.abspath(__file__))
T = json.load(open(os.path.join(here, "keras28.json")))["training"]
x, y = np.array(T["x"], "float32"), np.array(T["y"], "float32")
W = [np.array(w, "float32") for w in T["weights"]]
L = lambda a: np.asarray(a, "float64").tolist()
out = {}

def net(optimizer=None, loss="mse", metrics=None):
    m = K.Sequential([K.layers.Dense(4, activation="tanh", input_shape=(3,)), K.layers.Dense(2)])
    m.set_weights(W)
    m.compile(optimizer or K.optimizers.SGD(.1), loss, metrics=metrics)
    return m

def record(m, *fits):
    columns = {}
    for kw in fits:
        for k, v in m.fit(x, y, shuffle=False, verbose=0, **kw).history.items():
            columns.setdefault(k, []).extend(L(v))
    return {"history": columns, "final": [L(w) for w in m.get_weights()]}

full = dict(batch_size=16)
val = dict(validation_data=(x[:6] * 2, y[:6]))
out["early_stopping"] = record(net(K.optimizers.SGD(.3)), dict(full, **val, epochs=60, callbacks=[C.EarlyStopping("val_loss", patience=3, min_delta=.001)]))
out["early_stopping_restored"] = record(net(K.optimizers.SGD(.3)), dict(full, **val, epochs=60, callbacks=[C.EarlyStopping("val_loss", patience=3, restore_best_weights=True)]))
out["reduce_lr"] = record(net(K.optimizers.SGD(.8)), dict(full, **val, epochs=30, callbacks=[C.ReduceLROnPlateau("val_loss", factor=.5, patience=2, cooldown=1, min_delta=.01)]))
out["schedule"] = record(net(), dict(full, epochs=8, callbacks=[C.LearningRateScheduler(lambda e, r: r * .7 if e % 2 else r)]))
out["adam_goes_on"] = record(net(K.optimizers.Adam(.05)), dict(full, epochs=5), dict(batch_size=7, epochs=3), dict(full, epochs=5))
m = net(K.optimizers.Adam(.05)); first = record(m, dict(full, epochs=5)); m.compile(K.optimizers.Adam(.05), "mse"); out["adam_recompiled"] = record(m, dict(full, epochs=5))
m = net(); m.layers[0].trainable = False; m.compile(K.optimizers.SGD(.1), "mse"); out["frozen"] = record(m, dict(full, epochs=5))
m = net(); m.layers[0].trainable = False; out["frozen_after_compile"] = record(m, dict(full, epochs=5))
m = net(); m.add(K.layers.Dense(2, kernel_initializer="ones")); m.compile(K.optimizers.SGD(.05), "mse"); out["added"] = record(m, dict(full, epochs=3))
inner = K.Sequential([K.layers.Dense(4, activation="tanh"), K.layers.Dense(2)])
m = K.Sequential([inner, K.layers.Dense(2, kernel_initializer="ones")]); m.build((None, 3)); inner.set_weights(W); m.compile(K.optimizers.SGD(.05), "mse"); out["nested"] = record(m, dict(full, epochs=3))
out["split"] = record(net(metrics=["mae"]), dict(batch_size=5, epochs=3, validation_split=.3))
out["initial_epoch"] = record(net(), dict(full, epochs=7, initial_epoch=4))
labels = np.arange(16) % 3
m = K.Sequential([K.layers.Dense(3, activation="softmax", input_shape=(3,), kernel_initializer="ones")]); m.compile(K.optimizers.SGD(.5), "sparse_categorical_crossentropy", metrics=["accuracy"])
h = m.fit(x, labels, epochs=4, batch_size=6, shuffle=False, verbose=0).history
out["sparse"] = {"history": {k: L(v) for k, v in h.items()}, "final": [L(w) for w in m.get_weights()]}
m = K.Sequential([K.layers.Dense(1, activation="sigmoid", input_shape=(3,), kernel_initializer="ones")]); m.compile("adam", "binary_crossentropy", metrics=["accuracy", "AUC"][:1])
h = m.fit(x, labels == 1, epochs=4, batch_size=6, shuffle=False, verbose=0).history
out["binary"] = {"history": {k: L(v) for k, v in h.items()}, "final": [L(w) for w in m.get_weights()]}

# Lines of the progress bar with the clock set: (steps, seconds at the end of each step, verbose, values)
def lines(target, times, verbose, values):
    clock = iter([1e6 + t for t in [0.0] + times + [times[-1]]])  # far from 0, as a clock is, so that the first update is drawn
    text = io.StringIO()
    with mock.patch.object(generic_utils.time, "time", lambda: next(clock)), mock.patch.object(generic_utils.io_utils, "print_msg", lambda s, line_break=True: text.write(s)):
        bar = generic_utils.Progbar(target, verbose=verbose, stateful_metrics=["loss", "mae"])
        for i, _ in enumerate(times):
            bar.update(i + 1, values, finalize=False)
        bar.update(target, values, finalize=True)
    return [line.strip("\r\b\n ") for line in text.getvalue().replace("\r", "\n").split("\n") if line.strip("\r\b\n ")]
out["progress"] = [{"target": t, "times": ts, "verbose": v, "values": vs, "lines": lines(t, ts, v, vs)} for t, ts, v, vs in [
    (1, [.103], 1, [["loss", .1625]]),
    (4, [.1, .16, .22, .28], 1, [["loss", .04891], ["mae", .0005]]),
    (10, [1.0 * i for i in range(1, 11)], 1, [["loss", 12.5]]),
    (100, [90.0 * i for i in range(1, 101)], 1, [["loss", 1234.56789], ["mae", -.25]]),
    (3, [1e-5, 3e-5, 5e-5], 1, [["loss", 1e-12]]),
    (4, [.1, .16, .22, 2.6], 2, [["loss", .04891], ["mae", .0005]]),
    (1, [.0123], 2, [["loss", .1625]])]]
json.dump(out, sys.stdout)
