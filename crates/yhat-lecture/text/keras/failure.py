# [fit]
tf.random.set_seed(43054)
net = tf.keras.Sequential()
net.add(tf.keras.layers.Dense(2))
net.add(tf.keras.layers.Activation('relu'))
net.add(tf.keras.layers.Dense(1))
net.compile(optimizer=tf.optimizers.SGD(0.1), loss='mse')
history = net.fit(x, y, epochs=1000, batch_size=100, verbose=0)
yhat_early = net.predict(x)

# [early]
plt.plot(x, y, '.')
plt.plot(x, yhat_early, '--')

# [longer]
late = net.fit(x, y, epochs=10000, batch_size=100, verbose=0)

# [late]
plt.plot(x, y, '.')
plt.plot(x, net(x), '--')

# [inside]
l1, a1, l2 = net.layers
u = l1(x)
v = a1(u)

# [four_panels]
(w1,), (w2,) = l2.get_weights()[0]
b, = l2.get_weights()[1]
fig, (ax1, ax2, ax3, ax4) = plt.subplots(1, 4, figsize=(16, 4))
ax1.plot(x, y, '.')
ax1.plot(x, u[:, 0], '--r')
ax1.plot(x, u[:, 1], '--b')
ax2.plot(x, y, '.')
ax2.plot(x, v[:, 0], '--r')
ax2.plot(x, v[:, 1], '--b')
ax3.plot(x, y, '.')
ax3.plot(x, v[:, 0] * w1, '--r')
ax3.plot(x, v[:, 1] * w2 + b, '--b')
ax4.plot(x, y, '.')
ax4.plot(x, v[:, 0] * w1 + v[:, 1] * w2 + b, '--')

# [tape]
W1 = tf.Variable(np.array([[-0.03077251, 1.8713338]]))
b1 = tf.Variable(np.array([-0.04834982, 0.3259186]))
W2 = tf.Variable(np.array([[0.65121335], [1.8592643]]))
b2 = tf.Variable(np.array([-0.60076195]))

with tf.GradientTape() as tape:
    u = tf.constant(x) @ W1 + b1
    v = tf.nn.relu(u)
    yhat = v @ W2 + b2
    loss = tf.losses.mse(y, yhat)
gradient = tape.gradient(loss, [W1, b1, W2, b2])
