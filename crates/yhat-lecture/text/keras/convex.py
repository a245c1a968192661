# [hessian]
def smaller_eigenvalue(loss, w):
    w = tf.Variable(np.array(w))
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            height = loss(y[:, 0], tf.sigmoid(tf.linalg.matvec(X, w)))
        slope = inner.gradient(height, w)
    return np.linalg.eigvalsh(outer.jacobian(slope, w))[0]

def eigenvalues(loss):
    return np.vectorize(lambda a, b: smaller_eigenvalue(loss, [a, b]))(w0, w1)
