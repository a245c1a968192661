"""Eigenvalues from LAPACK (NumPy) and Hessians from JAX in float64.

    python3.11 -m venv v && v/bin/pip install 'jax[cpu]'
    v/bin/python gen_eigen.py > eigen.json

Matrices are given whole; nets by their data and weights, so that nothing of ours takes part.
"""
import json
import numpy as np, jax, jax.numpy as jnp

jax.config.update("jax_enable_x64", True)
rng = np.random.default_rng(5)
L = lambda a: np.asarray(a).tolist()
out = {"versions": {"numpy": np.__version__, "jax": jax.__version__}, "matrices": [], "nets": []}


def matrix(name, a):
    a = (a + a.T) / 2
    out["matrices"].append({"name": name, "n": len(a), "a": L(a.ravel()), "eigenvalues": L(np.linalg.eigvalsh(a))})


for n in (1, 2, 3, 7, 24):
    matrix(f"normal {n}", rng.normal(size=(n, n)))
matrix("zeros", np.zeros((5, 5)))
matrix("diagonal", np.diag([3.0, -1.0, 3.0, 0.0, 1e-9, -1e6]))
matrix("ones: one eigenvalue, the others equal", np.ones((12, 12)))
q, _ = np.linalg.qr(rng.normal(size=(16, 16)))
matrix("clusters", q @ np.diag([1.0] * 8 + [1.0 + 1e-9] * 4 + [-2.0] * 4) @ q.T)
matrix("twenty magnitudes", q[:16] @ np.diag(10.0 ** np.linspace(-10, 10, 16)) @ q.T)
matrix("Wilkinson 21", np.diag(np.abs(np.arange(-10.0, 11))) + np.diag(np.ones(20), 1) + np.diag(np.ones(20), -1))
matrix("tiny", 1e-160 * rng.normal(size=(4, 4)))
matrix("rank 2", (lambda b: b @ b.T)(rng.normal(size=(9, 2))))


def net(name, shapes, activation, loss, rows):
    x = rng.normal(size=(rows, shapes[0]))
    y = np.sin(x.sum(axis=1, keepdims=True)) if loss == "mse" else (x.sum(axis=1, keepdims=True) > 0) * 1.0
    weights = []
    for a, b in zip(shapes, shapes[1:]):
        weights += [rng.normal(size=(a, b)) * 0.7, rng.normal(size=b) * 0.3]
    sizes = [w.size for w in weights]

    def value(flat):
        parts, h = np.split(np.arange(sum(sizes)), np.cumsum(sizes)[:-1]), jnp.asarray(x)
        w = [flat[p].reshape(v.shape) for p, v in zip(parts, weights)]
        for i in range(0, len(w), 2):
            h = h @ w[i] + w[i + 1]
            if i + 2 < len(w):
                h = {"tanh": jnp.tanh, "relu": jax.nn.relu}[activation](h)
        if loss == "mse":
            return jnp.mean((h - y) ** 2)
        return jnp.mean(jnp.logaddexp(0.0, h) - y * h)

    flat = jnp.concatenate([jnp.ravel(w) for w in weights])
    hessian = np.asarray(jax.hessian(value)(flat))
    out["nets"].append({
        "name": name, "shapes": shapes, "activation": activation, "loss": loss, "x": L(x), "y": L(y),
        "weights": [L(w.ravel()) for w in weights], "value": float(value(flat)),
        "gradient": L(jax.grad(value)(flat)), "eigenvalues": L(np.linalg.eigvalsh(hessian)),
    })


net("2-4-1 tanh, mse", [2, 4, 1], "tanh", "mse", 30)
net("1-6-1 relu, mse", [1, 6, 1], "relu", "mse", 40)
net("3-5-1 tanh, bce over sigmoid", [3, 5, 1], "tanh", "bce", 25)
net("4-12-10-1 tanh, mse", [4, 12, 10, 1], "tanh", "mse", 50)
print(json.dumps(out))
