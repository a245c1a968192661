"""What all peers in Python share: the works, their arrays, and the lines that bench/src/peers.rs describes.

A peer is a class with a method for each kind of work that it does. A method gets the work as works.json has it, prepares
whatever a run does not do, and returns a function that does one run and returns (seconds, result).
"""

import json
import pathlib
import sys
import time

import numpy as np


class Net:
    """A training: what works.json says of it, and its arrays."""

    def __init__(self, data, spec):
        folder = data / spec["folder"]
        self.__dict__.update(spec)
        self.x, self.y = np.load(folder / "x.npy"), np.load(folder / "y.npy")
        self.weights = [np.load(folder / f"p{i}.npy") for i in range(2 * len(self.units))]
        self.rows = len(self.x)
        self.full = self.batch >= self.rows
        self.orders = None if self.full else np.load(folder / "order.npy").astype(np.int32)
        self.own = False  # whether activation and loss are to be what a user writes of the library's operations
        self.activations = [self.hidden] * (len(self.units) - 1) + [self.output]

    def first_batch(self):
        """The same net on the rows of the first batch alone."""
        self.x, self.y, self.rows, self.full = self.x[: self.batch], self.y[: self.batch], self.batch, True
        return self


def clocked(f):
    """The seconds that f takes, and what it returns."""
    start = time.perf_counter()
    result = f()
    return time.perf_counter() - start, result


def serve(make):
    """Does what the command line, or the lines of the standard input, ask for."""
    data = pathlib.Path(sys.argv[1])
    works = {work["name"]: work for work in json.loads((data / "works.json").read_text())}
    if len(sys.argv) > 2:
        seconds, result = job(make(), works[sys.argv[2]], data)()
        print(float(result))
        return
    peer, run = make(), None
    for line in sys.stdin:
        match line.split():
            case ["version"]:
                answer = {"version": peer.version}
            case ["ready", name]:
                run = None  # the last work's memory is free before the next is made
                run = job(peer, works[name], data)
                answer = {"ready": run is not None}
            case ["run"]:
                seconds, result = run()
                answer = {"seconds": seconds, "result": float(result)}
        print(json.dumps(answer), flush=True)


def job(peer, work, data):
    kind = work["kind"]
    if kind == "start":
        return lambda: None
    if not hasattr(peer, "train" if kind == "own" else kind):
        return None
    if kind == "surfaces":
        dtype = np.float64 if work["double"] else np.float32
        arrays = [np.load(data / "w4" / f"{name}.npy").astype(dtype) for name in ("x", "y", "w0", "w1")]
        return peer.surfaces(*arrays)
    net = Net(data, work["net"])
    match kind:
        case "predict":
            return peer.predict(net, net.x[: work["rows"]], work["calls"])
        case "seeds":
            net.weights = [np.load(data / work["name"] / f"p{i}.npy") for i in range(len(net.weights))]
            return peer.seeds(net)
        case "plan":
            return peer.plan(net.first_batch())
        case "own":
            net.own = True
            return peer.train(net)
        case "train":
            return peer.train(net)
