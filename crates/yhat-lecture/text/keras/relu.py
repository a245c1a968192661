# [apply]
_x = np.linspace(-1, 1, 100)
v = tf.nn.relu(_x)

# [bend]
plt.plot(_x, _x)
plt.plot(_x, v)
