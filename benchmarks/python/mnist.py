"""MNIST from its four files, and what a fit to an accuracy answers."""

import gzip
import os

import numpy as np
import rows

TARGET, LESSER_TARGET, MOST_EPOCHS, WARMUP_EPOCHS = 0.97, 0.95, 40, 2


def read(directory, name):
    """Pictures [rows x 784] in float32 from 0 to 1, labels [rows] in int64."""
    with gzip.open(os.path.join(directory, name + "-images-idx3-ubyte.gz")) as file:
        x = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 784).astype(np.float32) / np.float32(255)
    with gzip.open(os.path.join(directory, name + "-labels-idx1-ubyte.gz")) as file:
        y = np.frombuffer(file.read(), np.uint8, offset=8).astype(np.int64)
    return x, y


class Watch:
    """Adds up the seconds of epochs until the target."""

    def __init__(self, figure, wanted):
        self.figure, self.limit = figure, MOST_EPOCHS if wanted > 0 else WARMUP_EPOCHS
        self.seconds, self.epochs, self.accuracy, self.figures = 0.0, 0, 0.0, {}

    def epoch(self, seconds, accuracy):
        """Returns whether the fit has ended."""
        self.seconds += seconds
        self.epochs += 1
        self.accuracy = accuracy
        if accuracy >= LESSER_TARGET:
            self.figures.setdefault(self.figure + " (95 %)", self.seconds)
        if accuracy >= TARGET:
            self.figures.setdefault(self.figure, self.seconds)
        return accuracy >= TARGET or self.epochs >= self.limit

    def answer(self):
        figures = self.figures or {self.figure + " (target not reached)": self.seconds}
        rows.answer(figures, {"epochs": self.epochs, "accuracy": self.accuracy})
