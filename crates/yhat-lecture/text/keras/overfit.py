# [noise]
np.random.seed(43052)
x = np.linspace(0, 1, 100).reshape(100, 1)
y = np.random.normal(loc=0, scale=0.001, size=(100, 1))

# [only_noise]
plt.plot(x, y)

# [fit]
tf.random.set_seed(43052)
net = tf.keras.Sequential()
net.add(tf.keras.layers.Dense(512, activation='relu'))
net.add(tf.keras.layers.Dense(1))
net.compile(optimizer=tf.optimizers.SGD(0.5), loss='mse')
history = net.fit(x, y, epochs=1000, batch_size=100, verbose=0)

# [chased]
plt.plot(x, y)
plt.plot(x, net(x), '--')

# [new_noise]
fresh = np.random.RandomState(1).normal(0, 0.001, size=(100, 1))
fresh_loss = net.evaluate(x, fresh, batch_size=100, verbose=0)
fresh_truth = np.mean(fresh ** 2)
