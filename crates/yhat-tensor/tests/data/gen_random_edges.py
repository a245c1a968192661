"""Digests of long draws, and short draws at the edges, from TensorFlow 2.8.0 and NumPy 1.23.5.

    python gen_random_edges.py [SALT] > random_edges.json

A digest is h = h * 0x5851f42d4c957f2d + bits (mod 2**64) over the 64-bit patterns of the numbers:
int64, or float64 to which float32 is widened. SALT (default 0) moves every seed.
"""
import json, os, random, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np, tensorflow as tf
salt = int(sys.argv[1]) if len(sys.argv) > 1 else 0
LONG = 20_011


def digest(numbers):
    a = np.asarray(numbers)
    bits = np.ascontiguousarray(a.astype(np.float64 if a.dtype.kind == "f" else np.int64)).view(np.uint64).ravel()
    powers = np.full(len(bits), 0x5851f42d4c957f2d, np.uint64)
    powers[:1] = 1
    with np.errstate(over="ignore"):
        return int(np.dot(bits, np.multiply.accumulate(powers)[::-1]))


def weights(n, r):
    p = r.random_sample(n) ** 3
    p[::3] = 0
    return p / p.sum()


out = {"versions": {"tensorflow": tf.__version__, "numpy": np.__version__}, "salt": salt}

# 1. NumPy: [method, arguments, how many, digest]
out["numpy"] = []
for seed in (0, 43052 + salt, 2**32 - 1 - salt):
    r, calls = np.random.RandomState(seed), []
    def call(method, args, n):
        calls.append([method, args, n, digest(getattr(r, method)(*args, n))])
    for n in (1, 2, 3, LONG): call("standard_normal", [], n)
    for low, high in ((-3., 4.), (5., -5.), (-1e300, 1e300)): call("uniform", [low, high], LONG)
    for loc, scale in ((2., .5), (-1e10, 1e-3), (1., 0.)): call("normal", [loc, scale], LONG)
    for scale in (0., .3): call("exponential", [scale], LONG)
    for n in (0, 1, 31, 60, 61, 100, 1000, 10**7, 2**40):
        for p in (0., 1e-3, .1, .45, .5, .6, .97, 1.): call("binomial", [n, p], 500)
    for low, high in ((5, 6), (-7, 9), (0, 2**31 - 1), (0, 2**31), (0, 2**31 + 1), (0, 2**32 - 1), (0, 2**32), (0, 2**32 + 1),
                      (0, 2**40), (-2**62, 2**62 + 5), (-2**63, 2**63 - 1)): call("randint", [low, high], 1000)
    for n in (0, 1, 2, 1000): calls.append(["permutation", [n], n, digest(r.permutation(n))])
    for n, size, replace in ((1, 5, True), (2**33, 100, True), (10, 10, False), (1000, 17, False), (7, 0, False)):
        calls.append(["choice", [n, replace], size, digest(r.choice(n, size, replace))])
    for n, size, replace in ((1, 3, True), (40, 1000, True), (1, 1, False), (40, 26, False), (40, 7, False), (40, 0, False)):
        p = weights(n, np.random.RandomState(n)) if n > 1 else np.ones(1)
        calls.append(["choice_weighted", [p.tolist(), replace], size, digest(r.choice(n, size, replace, p))])
    call("random_sample", [], LONG)
    out["numpy"].append({"seed": seed, "calls": calls})

# 2. CPython: randint(low, high) of random.Random(seed)
out["cpython"] = []
for seed in (0, 1, -1, 5 + salt, 2**31, 2**32, 2**40 + 3 + salt, -2**63, 2**63 - 1):
    for low, high in ((0, 2**31 - 1), (3, 3), (-10, 10), (0, 2**32 - 1), (0, 2**40), (-2**63, 2**63 - 2)):
        r = random.Random(seed)
        out["cpython"].append([seed, low, high, 1000, digest([r.randint(low, high) for _ in range(1000)])])

# 3. TensorFlow: [op, type, arguments, how many, digest]; "seed" follows the arguments of a seeded op
out["tensorflow"] = []
for seed in (None, 0, 43052 + salt, -5 - salt, 2**31 - 1, 2**31, 2**40 + 3, -2**63, 2**63 - 1):
    calls = []
    if seed is not None:
        tf.random.set_seed(seed)
        for n in (0, 1, 2, 3, 4, 5, 6, 7, 9, LONG):
            for dtype in ("float32", "float64"):
                calls.append(["uniform", dtype, [], n, digest(tf.random.uniform([n], dtype=dtype))])
                for op, a, b in (("uniform", -.05, .05), ("uniform", 2., -1.), ("normal", 0., 1.), ("normal", .3, .05), ("truncated_normal", 0., 1.), ("truncated_normal", -2., 3.7)):
                    calls.append([op, dtype, [a, b], n, digest(getattr(tf.random, op)([n], a, b, dtype))])
    seeded = []
    for op_seed in (0, 1, -3, 2**31 - 1, 2**33):
        for n in (5, 3, 2): seeded.append([op_seed, n, digest(tf.random.truncated_normal([n], seed=op_seed))])
    out["tensorflow"].append({"seed": seed, "calls": calls, "seeded_truncated_normals": seeded})

lines = [f'  "{key}": [\n' + ",\n".join("    " + json.dumps(row) for row in value) + "\n  ]" if isinstance(value, list) else f'  "{key}": {json.dumps(value)}' for key, value in out.items()]
print("{\n" + ",\n".join(lines) + "\n}")
