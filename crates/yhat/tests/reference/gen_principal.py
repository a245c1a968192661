"""Principal directions of planted records by NumPy's singular value decomposition (1.23.5).

    python gen_principal.py > principal.json
"""
import json
import numpy as np

cases = []
for n, hidden in [(10, 2), (40, 2), (5, 6), (60, 40), (30, 12)]:
    p = 3 * hidden + 1
    a = np.array([[np.sin(3.0 * i + j) * (j + 1) + (j == 0) * i * i / 20 for j in range(p)] for i in range(n)])
    _, s, vt = np.linalg.svd(a - a.mean(0))
    cases.append({"n": n, "hidden": hidden, "shares": (s**2 / (s**2).sum())[:2].tolist(), "directions": vt[:2].tolist()})
print(json.dumps(cases))
