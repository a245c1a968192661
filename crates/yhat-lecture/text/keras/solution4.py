# [fit]
tf.random.set_seed(43056)
net = tf.keras.Sequential()
net.add(tf.keras.layers.Dense(512, activation='relu'))
net.add(tf.keras.layers.Dense(1))
net.compile(optimizer=tf.optimizers.SGD(0.1), loss='mse')
history = net.fit(x, y, epochs=1000, batch_size=100, verbose=0)

# [many]
plt.plot(x, y, '.')
plt.plot(x, net(x), '--')
