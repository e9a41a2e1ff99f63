"""Writes training_losses.json.gz: values that PyTorch and scikit-learn compute in float64. Run: python3 training_losses.py

Made with PyTorch 2.15.0 and scikit-learn 1.9.1. Losses are sums over the rows and outputs; gradients are those of PyTorch's autograd. A
batch is a list of rows.
"""

import gzip
import json
import math
import pathlib

import numpy as np
import torch
import torch.nn.functional as F
from sklearn.metrics import (
    mean_gamma_deviance,
    mean_pinball_loss,
    mean_poisson_deviance,
    mean_tweedie_deviance,
)

torch.set_default_dtype(torch.float64)
random = np.random.default_rng(15)
cases = []


def rounded(values):
    """As float32, so that both sides compute with the same numbers."""
    return np.asarray(values, dtype=np.float32).astype(np.float64)


def add(loss, settings, z, target, function, reference=None, prediction=None):
    """A case. The reference is the same sum by another program."""
    x = torch.tensor(z, requires_grad=True)
    value = function(x, torch.tensor(target))
    value.backward()
    if reference is not None:
        assert abs(value.item() - reference) < 1e-9 * (1 + abs(reference)), (loss, value.item(), reference)
    case = {
        "name": loss,
        "loss": {"type": loss, **settings},
        "logits": z.tolist(),
        "target": target.tolist(),
        "sum": value.item(),
        "gradient": x.grad.tolist(),
    }
    if prediction is not None:
        case["prediction"] = prediction.tolist()
    cases.append(case)


def ones(rows, outputs):
    return random.integers(0, 2, (rows, outputs)).astype(np.float64)


logits = rounded(np.concatenate([random.normal(0, 3, (9, 3)), [[40, -40, 0], [-40, 40, 5]]]))
classes = random.integers(0, 3, len(logits)).astype(np.float64)
answers = ones(*logits.shape)

for smoothing in (0.05, 0.3):
    add(
        "softmax-cross-entropy", {"labelSmoothing": smoothing}, logits, classes[:, None],
        lambda z, t: F.cross_entropy(z, t[:, 0].long(), label_smoothing=smoothing, reduction="sum"),
    )
    add(
        "sigmoid-cross-entropy", {"labelSmoothing": smoothing}, logits, answers,
        lambda z, t: F.binary_cross_entropy_with_logits(z, t * (1 - smoothing) + smoothing / 2, reduction="sum"),
    )
    probabilities = rounded(random.uniform(0.02, 0.98, (7, 2)))
    add(
        "binary-cross-entropy", {"labelSmoothing": smoothing}, probabilities, ones(7, 2),
        lambda p, t: F.binary_cross_entropy(p, t * (1 - smoothing) + smoothing / 2, reduction="sum"),
    )


def sigmoid_focal(z, t, gamma, alpha):
    """sigmoid_focal_loss of torchvision."""
    p = torch.sigmoid(z)
    ce = F.binary_cross_entropy_with_logits(z, t, reduction="none")
    right = p * t + (1 - p) * (1 - t)
    return ((alpha * t + (1 - alpha) * (1 - t)) * ce * (1 - right) ** gamma).sum()


def softmax_focal(z, t, gamma):
    log_p = F.log_softmax(z, 1)[torch.arange(len(z)), t[:, 0].long()]
    return -((1 - log_p.exp()) ** gamma * log_p).sum()


moderate = rounded(np.concatenate([random.normal(0, 3, (9, 3)), [[12, -9, 0], [-12, 9, 5]]]))
for gamma in (0.0, 0.5, 1.0, 2.0, 5.0):
    add("softmax-focal", {"gamma": gamma}, moderate, classes[:, None], lambda z, t: softmax_focal(z, t, gamma))
    for alpha in (0.25, 0.9):
        add("sigmoid-focal", {"gamma": gamma, "alpha": alpha}, moderate, answers,
            lambda z, t: sigmoid_focal(z, t, gamma, alpha))

log_mean = rounded(random.normal(0, 1.5, (12, 1)))
amounts = rounded(random.gamma(1.5, 2, (12, 1)) + 0.01)
some = amounts * (random.uniform(size=(12, 1)) < 0.6)


def half(deviance, z, t, **settings):
    return deviance(t[:, 0], np.exp(z[:, 0]), **settings) * len(t) / 2


add("gamma", {}, log_mean, amounts, lambda z, t: (t / z.exp() - torch.log(t / z.exp()) - 1).sum(),
    half(mean_gamma_deviance, log_mean, amounts), np.exp(log_mean))
for p in (1.1, 1.5, 1.9):
    add(
        "tweedie", {"power": p}, log_mean, some,
        lambda z, t: (t ** (2 - p) / ((1 - p) * (2 - p)) - t * ((1 - p) * z).exp() / (1 - p)
                      + ((2 - p) * z).exp() / (2 - p)).sum(),
        half(mean_tweedie_deviance, log_mean, some, power=p), np.exp(log_mean),
    )

labels = rounded(random.normal(0, 2, (11, 1)))
for levels in ([0.5], [0.1, 0.5, 0.9], [0.05, 0.25, 0.3, 0.8]):
    z = rounded(random.normal(0, 1.5, (11, len(levels))))

    def quantiles(z):
        return torch.cumsum(torch.cat([z[:, :1], F.softplus(z[:, 1:])], 1), 1)

    def pinball(z, t):
        r = t - quantiles(z)
        tau = torch.tensor(levels)
        return torch.maximum(tau * r, (tau - 1) * r).mean(1).sum()

    q = quantiles(torch.tensor(z)).numpy()
    reference = np.mean([mean_pinball_loss(labels[:, 0], q[:, k], alpha=levels[k]) for k in range(len(levels))])
    add("pinball", {"levels": levels}, z, labels, pinball, reference * len(labels), q)

for floor in (0.001, 0.25):
    z = rounded(random.normal(0, 2, (11, 2)))

    def deviation(z):
        return floor + F.softplus(z[:, 1:])

    def negative_log_likelihood(z, t):
        return F.gaussian_nll_loss(z[:, :1], t, deviation(z) ** 2, full=True, reduction="sum")

    x = torch.tensor(z)
    add("normal", {"minimumDeviation": floor}, z, labels, negative_log_likelihood,
        prediction=torch.cat([x[:, :1], deviation(x)], 1).numpy())

weights = rounded(random.uniform(0.5, 3, 12))
means = rounded(np.exp(log_mean))
q = np.sort(rounded(random.normal(0, 2, (12, 3))), axis=1)
observed = rounded(random.normal(0, 2, 12))
metrics = {
    "prediction": means.tolist(),
    "target": amounts.tolist(),
    "weights": weights.tolist(),
    "gamma-deviance": mean_gamma_deviance(amounts[:, 0], means[:, 0], sample_weight=weights),
    "poisson-deviance": mean_poisson_deviance(amounts[:, 0], means[:, 0], sample_weight=weights),
    "tweedie-deviance": mean_tweedie_deviance(amounts[:, 0], means[:, 0], sample_weight=weights, power=1.5),
    "tweedie-1.9-deviance": mean_tweedie_deviance(amounts[:, 0], means[:, 0], sample_weight=weights, power=1.9),
    "quantiles": q.tolist(),
    "observed": observed[:, None].tolist(),
    "levels": [0.1, 0.5, 0.9],
    "pinball-loss": np.mean(
        [mean_pinball_loss(observed, q[:, k], alpha=a, sample_weight=weights) for k, a in enumerate((0.1, 0.5, 0.9))]
    ),
    "coverage": np.average((q[:, 0] <= observed) & (observed <= q[:, 2]), weights=weights),
}

schedules = []
for name, rate in {
    "flat-cosine": lambda t: 0.5 * (1 + math.cos(math.pi * (max(1, 2 * t) - 1))),
    "coslog4": lambda t: 0.5 * (1 - math.cos(2 * math.pi * math.log2(1 + 15 * t))),
}.items():
    schedules.append({"name": name, "eta0": 0.04, "eta": [0.04 * rate(t / 60) for t in range(61)]})

text = json.dumps({
    "topic": "losses, metrics and schedules of training",
    "tolerance": {"relative": 1e-12, "absolute": 1e-15},
    "cases": cases,
    "metrics": metrics,
    "schedules": schedules,
})
path = pathlib.Path(__file__).with_name("training_losses.json.gz")
path.write_bytes(gzip.compress(text.encode(), mtime=0))
