# [with_ones]
X = np.concatenate([np.ones((2000, 1)), x], axis=1)

# [record]
def record(optimizer, loss, start):
    net = tf.keras.Sequential()
    net.add(tf.keras.layers.Dense(1, use_bias=False, activation='sigmoid'))
    net.compile(optimizer=optimizer, loss=loss)
    net.fit(X, y, epochs=1, batch_size=2000)
    net.set_weights([np.array(start)])

    path = net.get_weights()
    for k in range(29):
        net.fit(X, y, epochs=15, batch_size=2000, verbose=0)
        path += net.get_weights()
    return np.concatenate(path, axis=1)

# [record_both]
What_mse = record(tf.optimizers.SGD(0.1), mse_loss, [[-3.0], [-1.0]])
What_bce = record(tf.optimizers.SGD(0.1), bce_loss, [[-3.0], [-1.0]])

# [moving]
from matplotlib import animation
plt.rcParams['animation.html'] = 'jshtml'

def curve(w):
    return 1 / (1 + np.exp(-(X @ w)))

fig = plt.figure(figsize=(8, 8))
fig.suptitle('SGD, Winit=(-3,-1)')
lines = []
for i, (surface, path) in enumerate([(mse, What_mse), (bce, What_bce)]):
    ax = fig.add_subplot(2, 2, i + 1, projection='3d', elev=15, azim=75)
    ax.plot_surface(w0, w1, surface, cmap='viridis', alpha=0.8)
    ax = fig.add_subplot(2, 2, i + 3)
    ax.plot(x, y, ',')
    ax.plot(x, v, '--r')
    lines += ax.plot(x, curve(path[:, 0]), '--b')

def animate(i):
    for line, path in zip(lines, [What_mse, What_bce]):
        line.set_ydata(curve(path[:, i]))
    for ax, path, loss in zip([fig.axes[0], fig.axes[2]], [What_mse, What_bce], [mse_loss, bce_loss]):
        ax.scatter(*path[:, i], loss(y[:, 0], curve(path[:, i])), color='gray')

ani = animation.FuncAnimation(fig, animate, frames=30)
