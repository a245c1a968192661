"""Writes matplotlib.json: ticks, limits, projections and contour levels as matplotlib itself has them.

    pip install matplotlib==3.11.2
    python gen_matplotlib.py > matplotlib.json
"""
import json

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
import numpy as np
from mpl_toolkits.mplot3d import proj3d

RANGES = [
    (0, 1), (-1, 1), (-1.1, 1.1), (-1.6800, 4.1199), (0.03, 0.97), (0, 1000), (-10.65, 3.45), (1e-7, 3e-6), (-2.5e-6, 2.2e-6),
    (-0.0026, 0.0021), (0, 2e6), (1.2e9, 1.3e9), (1000.01, 1000.05), (-1000.05, -1000.01), (3, 3.0004), (0.1, 0.55), (99.5, 100.5),
    (0, 37), (12345, 12399), (-4e-5, 9e-5), (0.30, 4.4), (-273.15, 0), (0, 7e-4), (5, 5.5e5), (1, 999999), (0, 1.0000001e6),
    (1e15, 1.5e15), (-3, 17), (0.5, 29.5), (0, 435), (0, 11000), (123456.7, 123456.9),
]
LOG_RANGES = [(1e-3, 1), (0.9e-4, 1.2), (0.02, 30), (2, 7), (0.3, 2.5), (1e-12, 1e3), (1, 100), (0.12, 0.19)]


def ticks(low, high, width, log):
    fig = plt.figure(figsize=(width, 4.8))
    ax = fig.add_subplot()
    if log:
        ax.set_xscale("log")
    ax.set_xlim(low, high)
    fig.canvas.draw()
    inside = lambda ts: [[t.get_loc(), t.label1.get_text()] for t in ts if low <= t.get_loc() <= high]
    out = {
        "low": low, "high": high, "log": log, "space": int(ax.xaxis.get_tick_space()),
        "major": inside(ax.xaxis.get_major_ticks()), "minor": [t[0] for t in inside(ax.xaxis.get_minor_ticks())] if log else [],
        "offset": ax.xaxis.get_offset_text().get_text(),
    }
    plt.close(fig)
    return out


def limits(ys, log):
    fig, ax = plt.subplots()
    ax.plot(range(len(ys)), ys)
    if log:
        ax.set_yscale("log")
    out = {"y": ys, "log": log, "x": list(ax.get_xlim()), "limits": list(ax.get_ylim())}
    plt.close(fig)
    return out


def projection(elev, azim):
    ax = plt.figure().add_subplot(projection="3d")
    ax.set(xlim=(-10, 3), ylim=(-1, 10), zlim=(0.05, 0.6))
    ax.elev, ax.azim = elev, azim
    points = [(-10, -1, 0.05), (3, 10, 0.6), (-3, -1, 0.3), (-1, 5, 0.09), (0, 0, 0), (2.8, -1, 0.55)]
    ax.M = ax.get_proj()
    seen = [[float(v) for v in proj3d.proj_transform(*p, ax.M)[:2]] for p in points]
    highs = [bool(h) for h in ax.xaxis._get_coord_info()[3]]
    plt.close()
    return {"elev": elev, "azim": azim, "points": points, "seen": seen, "high_walls": highs}


def limits_3d(scattered):
    ax = plt.figure().add_subplot(projection="3d")
    if scattered:
        ax.scatter([0, 10], [0, 20], [0, 30])
    else:
        x, y = np.meshgrid([0.0, 10.0], [0.0, 20.0])
        ax.plot_surface(x, y, 1.5 * y)
    out = {"scattered": scattered, "limits": [[float(v) for v in lim] for lim in (ax.get_xlim(), ax.get_ylim(), ax.get_zlim())]}
    plt.close()
    return out


def levels(low, high, n, filled):
    fig, ax = plt.subplots()
    z = np.linspace(low, high, 12).reshape(3, 4)
    drawn = (ax.contourf if filled else ax.contour)(z, levels=n)
    plt.close(fig)
    return {"low": low, "high": high, "n": n, "filled": filled, "levels": [float(v) for v in drawn.levels]}


print(json.dumps({
    "matplotlib": matplotlib.__version__,
    "ticks": [ticks(a, b, w, False) for a, b in RANGES for w in (2.0, 6.4, 12.0)] + [ticks(a, b, w, True) for a, b in LOG_RANGES for w in (3.0, 6.4)],
    "limits": [limits(y, False) for y in ([0.0, 1.0], [-0.88, 3.86, 1.0], [2.0, 2.0], [0.0, 0.0], [1e-9, 2e-9])]
        + [limits(y, True) for y in ([0.1, 0.001], [3.0, 3.0])],
    "projections": [projection(e, a) for e, a in [(30, -60), (15, 75), (0, 0), (-20, 130), (89, 45), (45, -135), (10, 200)]],
    "limits_3d": [limits_3d(s) for s in (True, False)],
    "levels": [levels(a, b, n, f) for a, b in [(0.09, 0.55), (0.3, 4.3), (-1, 1), (0, 12345)] for n in (5, 8, 10) for f in (False, True)],
}, separators=(",", ":")))
