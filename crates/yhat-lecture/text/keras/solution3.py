# [first_layer]
net = tf.keras.Sequential()
tf.random.set_seed(43053)
l1 = tf.keras.layers.Dense(2, input_shape=(1,))
a1 = tf.keras.layers.Activation(tf.nn.relu)
net.add(l1)
net.add(a1)

# [two_lines]
plt.plot(x, x)
plt.plot(x, l1(x), '--')

# [two_bent_lines]
plt.plot(x, x)
plt.plot(x, a1(l1(x)), '--')

# [second_layer]
# The same seed again: the second layer starts with the numbers that the first one starts with.
tf.random.set_seed(43053)
l2 = tf.keras.layers.Dense(1, input_shape=(2,))
net.add(l2)

# [fit]
net.compile(optimizer=tf.optimizers.SGD(0.1), loss='mse')
history = net.fit(x, y, epochs=1000, batch_size=100, verbose=0)

# [answer_fit]
plt.plot(x, y, '.')
plt.plot(x, net(x), '--')

# [inside]
u = l1(x)
v = a1(u)
yhat = l2(v)

# [lines]
plt.plot(x, y, '.')
plt.plot(x, l1(x), '--')

# [bent_lines]
plt.plot(x, y, '.')
plt.plot(x, a1(l1(x)), '--')

# [answer]
plt.plot(x, y, '.')
plt.plot(x, l2(a1(l1(x))), '--')

# [contributions]
(w1,), (w2,) = l2.get_weights()[0]
b, = l2.get_weights()[1]
fig, (ax1, ax2, ax3) = plt.subplots(1, 3, figsize=(12, 4))
ax1.plot(x, y, '.')
ax1.plot(x, v[:, 0], '--r')
ax1.plot(x, v[:, 1], '--b')
ax2.plot(x, y, '.')
ax2.plot(x, v[:, 0] * w1, '--r')
ax2.plot(x, v[:, 1] * w2 + b, '--b')
ax3.plot(x, y, '.')
ax3.plot(x, v[:, 0] * w1 + v[:, 1] * w2 + b, '--')
