# [loss]
def mse_loss(y, yhat):
    return tf.reduce_mean((y - yhat) ** 2)

# [fit]
tf.random.set_seed(43052)
net = tf.keras.Sequential()
net.add(tf.keras.layers.Dense(1, activation='sigmoid'))
net.compile(optimizer=tf.optimizers.SGD(0.1), loss=mse_loss)
history = net.fit(x, y, epochs=1000, batch_size=2000, verbose=0)

# [fitted]
plt.plot(x, y, '.', alpha=0.1)
plt.plot(x, v, '--r')
plt.plot(x, net(x), '--b')
