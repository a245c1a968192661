# [build]
net = tf.keras.Sequential()
tf.random.set_seed(43053)
l1 = tf.keras.layers.Dense(1, input_shape=(1,))
a1 = tf.keras.layers.Activation(tf.nn.relu)
net.add(l1)
net.add(a1)

# [same]
same = (l1 is net.layers[0], a1 is net.layers[1])
first = net.get_weights()

# [look]
u = l1(x)
v = a1(u)

# [before]
plt.plot(x, x)
plt.plot(x, u, '--r')
plt.plot(x, v, '--b')

# [fit]
net.compile(optimizer=tf.optimizers.SGD(0.1), loss='mse')
history = net.fit(x, y, epochs=1000, batch_size=100, verbose=0)

# [ways]
weights = l1.weights
ways = [
    tf.nn.relu(x @ weights[0].numpy() + weights[1].numpy()),
    net.predict(x),
    net(x),
    a1(l1(x)),
    net.layers[1](net.layers[0](x)),
]

# [after]
plt.plot(x, y, '.')
plt.plot(x, ways[1], '--')
