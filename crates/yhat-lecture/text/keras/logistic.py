# [draw]
x = np.linspace(-1, 1, 2000).reshape(2000, 1)
w0, w1 = -1, 5
v = 1 / (1 + np.exp(-(w0 + w1 * x)))
y = np.random.binomial(1, v).astype('float64')

# [labels_and_chance]
plt.plot(x, y, '.', alpha=0.02)
plt.plot(x, v, '--r')
