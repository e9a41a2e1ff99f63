"""Writes decision_thresholds.json: precision and recall at every threshold, and the best thresholds. Run: python3 decision_thresholds.py

Made with scikit-learn 1.2.1 on Debian 12. scikit-learn predicts yes for scores of at least a threshold, and its thresholds rise. A chosen "score"
is the lowest score of the rows that are predicted as yes; of equally good ones it is the highest. Scores have few digits, so that many rows share one.
"""

import json
import pathlib

import numpy as np
from sklearn.metrics import confusion_matrix, f1_score, precision_recall_curve


def largest(values, allowed, thresholds):
    """The highest threshold among those with the largest value; None where none is allowed."""
    found = [(value, threshold) for value, ok, threshold in zip(values, allowed, thresholds) if ok]
    return max(found)[1] if found else None


def case(random, rows, digits, weighted):
    truth = random.integers(0, 2, rows)
    noise = random.normal(0, 0.25, rows)
    scores = np.clip(np.round(0.25 + 0.3 * truth + noise, digits), 0.01, 0.99).astype(np.float32)
    weights = random.choice([0.25, 0.5, 1, 2, 3], rows) if weighted else np.ones(rows)
    precision, recall, thresholds = precision_recall_curve(truth, scores, sample_weight=weights)
    precision, recall = precision[:-1], recall[:-1]  # the last point has no threshold
    f1 = [f1_score(truth, scores >= t, sample_weight=weights) for t in thresholds]
    costs = {}
    for cost in (1, 5, 0.2):
        total = []
        for t in thresholds:
            (_, fp), (fn, _) = confusion_matrix(truth, scores >= t, sample_weight=weights)
            total.append(-(cost * fn + fp))
        none = -cost * weights[truth == 1].sum()  # no row is predicted as yes
        costs[str(cost)] = None if none >= max(total) else largest(total, np.ones(len(total), bool), thresholds)
    everything = np.ones(len(thresholds), bool)
    return {
        "scores": scores.astype(float).tolist(),
        "truth": truth.tolist(),
        "weights": weights.tolist(),
        "precision": precision.tolist(),
        "recall": recall.tolist(),
        "thresholds": thresholds.astype(float).tolist(),
        "f1": largest(f1, everything, thresholds),
        "f1Value": max(f1),
        "precisionRules": {str(p): largest(recall, precision >= p, thresholds) for p in (0.6, 0.8, 0.9)},
        "costRules": costs,
    }


def plain(value):
    return float(value) if isinstance(value, np.floating) else value


random = np.random.default_rng(11)
cases = [case(random, rows, digits, weighted) for rows in (20, 60) for digits in (1, 2, 6) for weighted in (False, True)]
pathlib.Path(__file__).with_name("decision_thresholds.json").write_text(json.dumps({"cases": cases}, default=plain))
