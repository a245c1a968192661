# [data]
x = x.reshape(100, 1)
y = y.reshape(100, 1)

# [fit]
net = tf.keras.Sequential()
net.add(tf.keras.layers.Dense(1))
net.compile(optimizer=tf.optimizers.SGD(0.1), loss='mse')
history = net.fit(x, y, epochs=1000, batch_size=100, verbose=0)

# [by_hand]
slope, intercept = [w.item() for w in net.get_weights()]
by_hand = slope * x + intercept
yhat = net.predict(x)

# [two_ways]
plt.plot(x, by_hand, 'r')
plt.plot(x, yhat, 'b')

# [line]
plt.plot(x, y, '.')
plt.plot(x, yhat, '--')
