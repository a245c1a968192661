# [surfaces]
w0, w1 = np.meshgrid(np.arange(-10, 3, 0.2), np.arange(-1, 10, 0.2), indexing='ij')

def surface(loss):
    def height(w0, w1):
        u = w0 + w1 * x
        return loss(y, np.exp(u) / (np.exp(u) + 1)).numpy()
    return np.vectorize(height)(w0, w1)

mse, bce = surface(mse_loss), surface(bce_loss)

# [side_by_side]
fig = plt.figure(figsize=(9, 4.5))
for i, (name, loss) in enumerate([('MSE', mse), ('BCE', bce)]):
    ax = fig.add_subplot(1, 2, i + 1, projection='3d', elev=15, azim=75)
    ax.plot_surface(w0, w1, loss, cmap='viridis')
    ax.set(title=name, xlabel='w0', ylabel='w1')
