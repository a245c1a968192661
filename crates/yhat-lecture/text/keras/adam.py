# [record_both]
What_mse = record(tf.optimizers.Adam(0.1), mse_loss, [[-3.0], [-1.0]])
What_bce = record(tf.optimizers.Adam(0.1), bce_loss, [[-3.0], [-1.0]])
