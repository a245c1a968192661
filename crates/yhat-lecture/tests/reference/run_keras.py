"""Runs the Keras tabs of the course's page, one after another, and compares what they learn with the lecture's numbers.

    python run_keras.py out/lecture/numbers.json

With CPython 3.10, tensorflow 2.8.0, numpy 1.23.5, matplotlib 3.5. Prints the largest difference of each key.
"""

import json
import sys
from pathlib import Path

import matplotlib
import numpy as np

matplotlib.use("Agg")
PROGRAMS = Path(__file__).parents[2] / "text" / "keras"
NUMBERS = json.loads(Path(sys.argv[1]).read_text())
scope = {}
far = 0


def run(chapter):
    exec(compile((PROGRAMS / f"{chapter}.py").read_text(), chapter, "exec"), scope)


def compare(key, got, tolerance=2e-5):
    global far
    flat = lambda arrays: np.concatenate([np.ravel(np.asarray(array, dtype=float)) for array in arrays])
    expected = NUMBERS[key]
    difference = np.abs(flat(got) - flat(expected if isinstance(expected, list) else [expected])).max()
    far += not difference <= tolerance
    print(f"{key:14} {difference:.2e}", "" if difference <= tolerance else "  is too much")


weights = lambda: scope["net"].get_weights()
losses = lambda: [scope["history"].history["loss"][0], scope["history"].history["loss"][-1]]
after = {
    "data": lambda: compare("y", [scope["y"]], 0),
    "solution1": lambda: compare("sol1", weights()),
    "relu": lambda: None,
    "solution2": lambda: (compare("sol2", weights()), compare("sol2_ways", scope["ways"])),
    "solution3": lambda: (compare("sol3", weights()), compare("sol3_yhat", [scope["yhat"]])),
    "failure": lambda: (compare("fail", weights()), compare("tape", scope["gradient"], 1e-12)),
    "solution4": lambda: compare("sol4_loss", losses()),
    "overfit": lambda: compare("overfit_loss", losses(), 1e-8),
    "logistic": lambda: compare("bin_sum", [scope["y"].sum()], 0),
    "bce": lambda: compare("bce", weights()),
    "mse": lambda: compare("mse", weights()),
    "surfaces": lambda: (compare("surface_mse", [scope["mse"]], 1e-12), compare("surface_bce", [scope["bce"]], 1e-12)),
    "sgd": lambda: (scope["animate"](29), compare("ex1_mse", [scope["What_mse"]]), compare("ex1_bce", [scope["What_bce"]])),
    "adam": lambda: (compare("ex2_mse", [scope["What_mse"]]), compare("ex2_bce", [scope["What_bce"]])),
    "adam_far": lambda: (compare("ex3_mse", [scope["What_mse"]]), compare("ex3_bce", [scope["What_bce"]])),
    "convex": lambda: [print(loss, scope["smaller_eigenvalue"](scope[loss], [-10.0, -1.0])) for loss in ("mse_loss", "bce_loss")],
}
for chapter, check in after.items():
    run(chapter)
    check()
sys.exit(far)
