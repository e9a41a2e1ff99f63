"""Writes temperature.json: the temperature that SciPy finds for some logits, in float64. Run: python3 temperature.py

Made with SciPy 1.17.1. A row is a list of logits; the labels are drawn from the softmax (the sigmoid, for one logit) of the logits divided by
another temperature, so that the best one is not 1. Losses are the mean log-loss of the labels.
"""

import json
import math
import pathlib

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import expit, log_expit, logsumexp, softmax


def log_loss(logits, labels, temperature):
    z = logits / temperature
    if z.shape[1] == 1:
        z = z[:, 0]
        return -np.mean(np.where(labels == 1, log_expit(z), log_expit(-z)))
    return np.mean(logsumexp(z, axis=1) - z[np.arange(len(z)), labels])


def case(random, classes, spread, truth):
    logits = random.normal(0, spread, (60, classes)).astype(np.float32).astype(np.float64)
    if classes == 1:
        labels = (random.random(60) < expit(logits[:, 0] / truth)).astype(int)
    else:
        labels = np.array([random.choice(classes, p=p) for p in softmax(logits / truth, axis=1)])
    best = minimize_scalar(
        lambda u: log_loss(logits, labels, math.exp(u)), bounds=(-4, 4), method="bounded", options={"xatol": 1e-10}
    )
    return {
        "logits": logits.tolist(),
        "labels": labels.tolist(),
        "temperature": math.exp(best.x),
        "before": log_loss(logits, labels, 1),
        "after": best.fun,
    }


random = np.random.default_rng(5)
cases = [case(random, classes, 3, truth) for classes in (1, 2, 4) for truth in (0.5, 1.5, 4)]
pathlib.Path(__file__).with_name("temperature.json").write_text(json.dumps({"cases": cases}))
