"""PyTorch, eager: every epoch is a loop in Python."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from peer import clocked, serve

ACTIVATIONS = {"relu": nn.ReLU, "swish": nn.SiLU}
OUTPUTS = {"sigmoid": torch.sigmoid, "softmax": lambda z: torch.softmax(z, 1), "linear": lambda z: z}
CORES = torch.get_num_threads()
LOSSES = {
    "mse": F.mse_loss,
    "binary_crossentropy": F.binary_cross_entropy_with_logits,
    "sparse_categorical_crossentropy": F.cross_entropy,
}


class OwnSwish(nn.Module):
    def forward(self, x):
        return x * torch.sigmoid(x)


def own_mse(yhat, y):
    return ((y - yhat) ** 2).mean()


def module(net):
    """The layers without the last activation, which the losses take in."""
    layers = []
    for i, activation in enumerate(net.activations):
        kernel, bias = torch.from_numpy(net.weights[2 * i]), torch.from_numpy(net.weights[2 * i + 1])
        layer = nn.Linear(*kernel.shape)
        with torch.no_grad():
            layer.weight.copy_(kernel.T)
            layer.bias.copy_(bias)
        layers.append(layer)
        if activation in ACTIVATIONS:
            layers.append(OwnSwish() if net.own else ACTIVATIONS[activation]())
    return nn.Sequential(*layers)


def optimizer(net, model):
    if net.optimizer == "sgd":
        return torch.optim.SGD(model.parameters(), lr=net.rate, fused=True)
    return torch.optim.Adam(model.parameters(), lr=net.rate, eps=1e-7, fused=True)


def train(net, model, steps, x, y, begin, end):
    """The mean of the last epoch's losses over its rows."""
    value = own_mse if net.own else LOSSES[net.loss]
    for epoch in range(begin, end):
        order = None if net.full else torch.from_numpy(net.orders[epoch]).long()
        total = 0.0
        for at in range(0, net.rows, net.batch):
            bx, by = (x, y) if net.full else (x[order[at : at + net.batch]], y[order[at : at + net.batch]])
            steps.zero_grad(set_to_none=True)
            loss = value(model(bx), by)
            loss.backward()
            steps.step()
            total += loss.detach() * len(bx)
    return float(total) / net.rows


def threads(net):
    """Small nets are faster on one thread."""
    small = net.full and net.rows * max(w.size for w in net.weights) < 1_000_000
    torch.set_num_threads(1 if small else CORES)


class Torch:
    version = f"PyTorch {torch.__version__}"

    def train(self, net):
        threads(net)
        x, y = torch.from_numpy(net.x), torch.from_numpy(net.y)

        def run():
            model = module(net)
            steps = optimizer(net, model)
            train(net, model, steps, x, y, 0, net.warm)
            return clocked(lambda: train(net, model, steps, x, y, net.warm, net.warm + net.epochs))

        return run

    def plan(self, net):
        threads(net)
        x, y = torch.from_numpy(net.x), torch.from_numpy(net.y)

        def run():
            model = module(net)
            return clocked(lambda: train(net, model, optimizer(net, model), x, y, 0, 1))

        return run

    def seeds(self, net):
        """All nets in one, with an axis of nets before the others; the sum of their losses has each one's gradients."""
        torch.set_num_threads(CORES)
        x, y = torch.from_numpy(net.x), torch.from_numpy(net.y)

        def once():
            w1, b1, w2, b2 = weights = [torch.from_numpy(w).clone().requires_grad_() for w in net.weights]
            steps = torch.optim.SGD(weights, lr=net.rate, fused=True)
            for _ in range(net.epochs):
                steps.zero_grad(set_to_none=True)
                yhat = torch.baddbmm(b2[:, None], torch.relu(x * w1 + b1[:, None]), w2)
                losses = ((yhat - y) ** 2).mean(dim=(1, 2))
                losses.sum().backward()
                steps.step()
            return float(losses.detach().mean())

        return lambda: clocked(once)

    def predict(self, net, x, calls):
        torch.set_num_threads(CORES)
        model = module(net)
        output = OUTPUTS[net.output]

        @torch.inference_mode()
        def once():
            for _ in range(calls):
                result = output(model(torch.from_numpy(x))).numpy()
            return result

        def run():
            seconds, result = clocked(once)
            return seconds, (result.astype(np.float64) ** 2).sum()

        return run

    def surfaces(self, *arrays):
        torch.set_num_threads(CORES)
        x, y, w0, w1 = (torch.from_numpy(a) for a in arrays)

        @torch.inference_mode()
        def once():
            yhat = torch.sigmoid(torch.addcmul(w0[:, None], w1[:, None], x))
            bce = -(y * torch.log(yhat) + (1 - y) * torch.log(1 - yhat)).mean(dim=1)
            return ((y - yhat) ** 2).mean(dim=1).numpy(), bce.numpy()

        def run():
            seconds, (mse, bce) = clocked(once)
            return seconds, mse.sum(dtype=np.float64) + bce.sum(dtype=np.float64)

        return run


serve(Torch)
