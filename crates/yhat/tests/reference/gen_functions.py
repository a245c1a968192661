"""More values from TensorFlow 2.8.0 / Keras 2.8.0, for tests/functions: options, edges and gradients.

    v/bin/python gen_functions.py > functions28.json      (v as in gen_reference.py, keras28.json beside this file)
"""
import json, os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np, tensorflow as tf
K, L, V = tf.keras, tf.keras.losses, lambda a: np.asarray(a).tolist()
base = json.load(open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "keras28.json")))
out, r = {}, np.random.RandomState(28)

# Activations and the gradients of their sums (not at the corners of hard_sigmoid, where 0.2 x + 0.5 is 0 or not by its rounding)
z = tf.constant(base["activations"]["x"] + [-2.4, 2.6, 6.0, 6.5, -3.0])
out["activations"] = {"x": V(z)}
acts = {n: K.activations.get(n) for n in ["relu", "sigmoid", "tanh", "softplus", "softsign", "elu", "selu", "gelu", "swish", "exponential", "hard_sigmoid", "linear", "leaky_relu", "relu6", "silu"]}
acts["gelu_tanh"] = lambda x: K.activations.gelu(x, approximate=True)
for name, f in acts.items():
    with tf.GradientTape() as t:
        t.watch(z); y = f(z)
    out["activations"][name] = {"y": V(y), "gradient": V(t.gradient(y, z))}
z = tf.constant([[1., 2., 3.], [-1000., 0., 1000.], [88., 89., 90.], [0., 0., 0.]]); c = tf.constant(r.normal(0, 1, (4, 3)).astype("f"))
out["rows"] = {"x": V(z), "c": V(c)}
for name in ["softmax", "log_softmax"]:
    with tf.GradientTape() as t:
        t.watch(z); y = getattr(tf.nn, name)(z); s = tf.reduce_sum(y * c)
    out["rows"][name] = {"y": V(y), "gradient": V(t.gradient(s, z))}

# Losses: a value for each sample, and the gradient of their sum with respect to yhat
out["losses"] = []
def loss(rust, f, y, p, through=None):
    y, p = tf.constant(y), tf.constant(np.asarray(p, "f"))
    with tf.GradientTape() as t:
        t.watch(p); v = f(y, through(p) if through else p)
    out["losses"].append({"loss": rust, "y": V(y), "yhat": V(p), "through": through.__name__ if through else None, "values": V(v), "gradient": V(t.gradient(v, p))})
f32 = lambda a: np.asarray(a, "float32")
y, p = f32(r.normal(0, 2, (5, 3))), f32(r.normal(0, 2, (5, 3))); p[0] = y[0]; y[1] = 0; p[2] = 0
prob = f32(r.rand(5, 3)); prob[0, 0], prob[1, 1], prob[2, 2], prob[3, 0] = 0, 1, 1e-9, 1 - 1e-8
bits = f32(r.rand(5, 3) > .5); hot = np.eye(3, dtype="f")[[0, 1, 2, 1, 0]]; soft = f32(r.dirichlet([1, 1, 1], 5)); logits = f32(r.normal(0, 30, (5, 3))); logits[0] = 0; label = np.array([0, 1, 2, 1, 0])
for name in ["mean_squared_error", "mean_absolute_error", "mean_absolute_percentage_error", "huber", "log_cosh", "cosine_similarity"]: loss(name, getattr(L, name), y, p)
loss("mean_squared_logarithmic_error", L.mean_squared_logarithmic_error, np.abs(y), np.abs(p) + .1)
loss("huber(0.3)", lambda a, b: L.huber(a, b, delta=.3), y, p)
for name in ["kl_divergence", "poisson"]: loss(name, getattr(L, name), soft, prob)
for name in ["hinge", "squared_hinge"]: loss(name, getattr(L, name), bits, p); loss(name, getattr(L, name), 2 * bits - 1, p); loss(name, getattr(L, name), soft, p)
loss("categorical_hinge", L.categorical_hinge, hot, p)
loss("binary_crossentropy", L.binary_crossentropy, bits, prob); loss("binary_crossentropy", L.binary_crossentropy, soft, prob)
loss("binary_crossentropy(0.2)", lambda a, b: L.binary_crossentropy(a, b, label_smoothing=.2), bits, prob)
loss("binary_crossentropy(logits)", lambda a, b: L.binary_crossentropy(a, b, from_logits=True), bits, logits)
loss("binary_crossentropy", L.binary_crossentropy, bits, logits, K.activations.sigmoid)
for q in [prob]:
    loss("categorical_crossentropy", L.categorical_crossentropy, hot, q); loss("categorical_crossentropy", L.categorical_crossentropy, soft, q)
loss("categorical_crossentropy(0.2)", lambda a, b: L.categorical_crossentropy(a, b, label_smoothing=.2), hot, prob)
loss("categorical_crossentropy(logits)", lambda a, b: L.categorical_crossentropy(a, b, from_logits=True), soft, logits)
loss("categorical_crossentropy", L.categorical_crossentropy, hot, logits, K.activations.softmax)
loss("sparse_categorical_crossentropy", L.sparse_categorical_crossentropy, label, prob)
loss("sparse_categorical_crossentropy", L.sparse_categorical_crossentropy, label[:, None], prob)
loss("sparse_categorical_crossentropy(logits)", lambda a, b: L.sparse_categorical_crossentropy(a, b, from_logits=True), label, logits)
loss("sparse_categorical_crossentropy", L.sparse_categorical_crossentropy, label, logits, K.activations.softmax)

# A last layer that has saturated, in fit: which form of the cross-entropies Keras takes
out["saturated"] = []
x = f32([[1.], [-1.], [.01], [.5]])
for act, name, y in [("sigmoid", "binary_crossentropy", f32([[0], [1], [0], [1]])), (None, "binary_crossentropy", f32([[0], [1], [0], [1]])),
        ("softmax", "categorical_crossentropy", np.eye(3, dtype="f")[[0, 1, 2, 0]]), ("softmax", "sparse_categorical_crossentropy", np.array([0, 1, 2, 0])),
        ("softmax", "kl_divergence", np.eye(3, dtype="f")[[0, 1, 2, 0]])]:
    n = 1 if name[0] == "b" else 3
    m = K.Sequential([K.layers.Dense(n, activation=act, input_shape=(1,))]); W = [np.linspace(-200, 300, n, dtype="f").reshape(1, n), np.zeros(n, "f")]; m.set_weights(W)
    m.compile(K.optimizers.SGD(10.), name)
    h = m.fit(x, y, epochs=3, batch_size=4, shuffle=False, verbose=0).history["loss"]
    out["saturated"].append({"activation": act or "linear", "loss": name, "x": V(x), "y": V(y), "weights": [V(w) for w in W], "history": h, "final": [V(w) for w in m.get_weights()]})

# Metrics as evaluate() reports them
out["metrics"] = []
for name, y, p in [("accuracy", f32(bits[:, :1]), prob[:, :1]), ("acc", bits[:, 0], prob[:, :1]), ("accuracy", hot, prob), ("accuracy", label, prob), ("acc", label[:, None], prob),
        ("accuracy", bits[:, :1].astype(int), prob[:, :1]), ("binary_accuracy", bits, prob), ("crossentropy", label, prob), ("ce", hot, prob), ("mae", bits, prob), ("kullback_leibler_divergence", soft, prob)]:
    m = K.Sequential([K.layers.Lambda(lambda t: t * 1.)]); m.compile(loss=lambda a, b: tf.reduce_mean(b), metrics=[name])
    e = m.evaluate(p, y, batch_size=5, verbose=0, return_dict=True); e.pop("loss")
    out["metrics"].append({"metric": name, "y": V(y), "integers": y.dtype.kind == "i", "yhat": V(p), "history": e})

# Initializers: other shapes, float64, options
out["initializers"] = []
I = K.initializers
made = {n: I.get(n) for n in ["glorot_uniform", "he_normal", "lecun_uniform", "random_normal", "truncated_normal", "random_uniform", "constant"]}
for mode in ["fan_in", "fan_out", "fan_avg"]:
    for d in ["uniform", "truncated_normal", "untruncated_normal"]: made[f"{mode} {d}"] = I.VarianceScaling(.7, mode, d)
for i, (name, init) in enumerate(made.items()):
    for shape, dtype in [([7], "float32"), ([], "float32"), ([2, 3, 4, 5], "float32"), ([3, 2, 5], "float64"), ([6, 1], "float64")]:
        tf.random.set_seed(300 + i); out["initializers"].append({"name": name, "seed": 300 + i, "shape": shape, "dtype": dtype, "values": V(init(shape, dtype=dtype))})

# Optimizers with other options and for longer, on the network of keras28.json
t = base["training"]; x, y, W = f32(t["x"]), f32(t["y"]), [f32(w) for w in t["weights"]]; O = K.optimizers; out["training"] = []
# (centered RMSprop turns the last bit of one weight into 4e-3 of the loss by epoch 60, so it stops at 40)
for name, epochs, kw in [("Adam", 300, dict(learning_rate=.01)), ("Adam", 40, dict(learning_rate=.02, beta_1=.5, beta_2=.9, epsilon=.01)), ("Nadam", 200, dict(learning_rate=.01)), ("Adamax", 200, dict(learning_rate=.01)),
        ("RMSprop", 40, dict(learning_rate=.01, centered=True)), ("RMSprop", 60, dict(learning_rate=.01, momentum=.9, rho=.8)), ("Adadelta", 100, dict(learning_rate=.5, rho=.9, epsilon=1e-6)),
        ("Ftrl", 60, dict(learning_rate=.2, l1_regularization_strength=.05, l2_regularization_strength=.01)), ("Ftrl", 60, dict(learning_rate=.2, l2_shrinkage_regularization_strength=.02, beta=.3)),
        ("Ftrl", 60, dict(learning_rate=.05, learning_rate_power=-.3, initial_accumulator_value=.5)), ("Adagrad", 60, dict(learning_rate=.2, initial_accumulator_value=0., epsilon=1e-3)),
        ("SGD", 60, dict(learning_rate=.3, clipnorm=.2)), ("SGD", 60, dict(learning_rate=.3, momentum=.5, clipvalue=.05)), ("SGD", 60, dict(learning_rate=.3, global_clipnorm=.3))]:
    m = K.Sequential([K.layers.Dense(4, activation="tanh", input_shape=(3,)), K.layers.Dense(2)]); m.set_weights(W)
    m.compile(getattr(O, name)(**kw), "mse")
    h = m.fit(x, y, epochs=epochs, batch_size=16, shuffle=False, verbose=0).history
    out["training"].append({"optimizer": name, "args": kw, "loss": h["loss"], "final": [V(w) for w in m.get_weights()], "names": [w.name for w in m.optimizer.weights]})
json.dump(out, sys.stdout)
