"""The rows, and the conversation with the comparison, that all Python peers share. See SyntheticRows.java for the formula."""

import argparse
import json
import sys

import numpy as np


def uniform(indices):
    """u(i) of the formula, for an array of uint64; float32."""
    with np.errstate(over="ignore"):
        z = (indices + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z ^= z >> np.uint64(31)
    return (z >> np.uint64(40)).astype(np.float32) * np.float32(2.0**-24)


def synthetic(rows, features, classes):
    """Features [rows x features] in float32, labels [rows] in int64."""
    x = np.empty((rows, features), np.float32)
    for start in range(0, rows, 5000):  # a few megabytes at a time
        stop = min(rows, start + 5000)
        x[start:stop] = uniform(np.arange(start * features, stop * features, dtype=np.uint64)).reshape(-1, features)
    directions = uniform(np.uint64(1 << 40) + np.arange(classes * features, dtype=np.uint64)).astype(np.float64) - 0.5
    directions = directions.reshape(classes, features)
    y = np.empty(rows, np.int64)
    for start in range(0, rows, 5000):
        part = x[start : start + 5000].astype(np.float64) - 0.5
        y[start : start + 5000] = (part @ directions.T).argmax(axis=1)
    return x, y


def arguments(*more, **typed):
    """The arguments that every peer takes, further integer ones, and ones of other types."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--figure", required=True)
    parser.add_argument("--layers", required=True, type=lambda text: [int(part) for part in text.split(",")])
    parser.add_argument("--rows", required=True, type=int)
    parser.add_argument("--batch", required=True, type=int)
    parser.add_argument("--optimizer", default="sgd", choices=["sgd", "adam"])
    for name in more:
        parser.add_argument("--" + name, type=int, default=1)
    for name, kind in typed.items():
        parser.add_argument("--" + name, type=kind, required=True)
    return parser.parse_args()


def next_request():
    """(warm-up seconds, seconds) of the next request, or None at the end."""
    words = sys.stdin.readline().split()
    return (float(words[1]), float(words[2])) if words else None


def answer(figures, notes):
    print(json.dumps({"figures": figures, "notes": {name: str(value) for name, value in notes.items()}}), flush=True)
