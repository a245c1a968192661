# [draw]
import numpy as np
import matplotlib.pyplot as plt
import tensorflow as tf

np.random.seed(43052)
x = np.linspace(-1, 1, 100)
y = np.array([x_i * (1.0 if x_i < 0 else 3.5) + np.random.normal() * 0.3 for x_i in x])

# [points]
plt.plot(x, y, '.')
