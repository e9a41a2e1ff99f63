"""scikit-learn's HistGradientBoosting on one of the tables of benchmarks/run --tables.

Arguments: the directory of the tables, the name of a table, a seed, and "defaults" or "early-stopped". The features are those
of TreeFeatures.java: numbers as they are, codes of categories in the order of their frequency, parts of dates; gaps are NaN.
Categories are told to the trees as such, where a column has no more than scikit-learn takes.
"""

import collections
import csv
import datetime
import gzip
import json
import math
import os
import sys
import time

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # threads that spin take the cores from others; before the imports

import numpy as np
import rows
import sklearn
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

GAPS = {"", "na", "n/a", "nan", "null", "none", "?"}
TEST_FOLD = 4
MOST_CATEGORIES = 254  # one of the 255 bins is left to what is none of them
SCORED = 100_000  # rows at least, as Table.java has it
SECONDS = 1.0  # of scoring at least


def read(directory, name):
    with open(os.path.join(directory, "tables.json"), encoding="utf-8") as file:
        description = json.load(file)[name]
    with gzip.open(os.path.join(directory, description["file"]), "rt", encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    train = [row for row in table if int(row["fold"]) != TEST_FOLD]
    test = [row for row in table if int(row["fold"]) == TEST_FOLD]
    return description, train, test


def date(text):
    if not text.strip():
        return [math.nan] * 4
    moment = datetime.datetime.fromisoformat(text.replace("T", " "))
    return [(moment.date() - datetime.date(1970, 1, 1)).days, moment.month, moment.isoweekday(), moment.hour]


class Features:
    """Learns codes from the training rows."""

    def __init__(self, columns, train):
        self.columns = columns
        self.codes = {}
        self.categorical = []  # places among the features
        at = 0
        for column in columns:
            name, kind = column["name"], column["kind"]
            if kind == "category":
                counts = collections.Counter(row[name] for row in train if row[name].strip())
                order = sorted(counts, key=lambda text: (-counts[text], text))
                self.codes[name] = {text: code for code, text in enumerate(order)}
                if len(order) <= MOST_CATEGORIES:
                    self.categorical.append(at)
            at += 1 if kind in ("number", "category") else 4

    def encode(self, table):
        columns = []
        for column in self.columns:
            name, kind = column["name"], column["kind"]
            if kind == "number":
                columns.append([math.nan if row[name].strip().lower() in GAPS else float(row[name]) for row in table])
            elif kind == "category":
                codes = self.codes[name]
                columns.append([codes.get(row[name], math.nan) for row in table])
            else:
                columns.extend(zip(*(date(row[name]) for row in table)))
        return np.array(columns, dtype=np.float64).T


def model(description, features, seed, stops):
    kind = HistGradientBoostingRegressor if description["task"] == "regression" else HistGradientBoostingClassifier
    early = dict(max_iter=300, early_stopping=True, validation_fraction=0.2) if stops == "early-stopped" else {}
    return kind(random_state=seed, categorical_features=features.categorical or None, **early)


def main():
    directory, name, seed, stops = sys.argv[1:]
    description, train, test = read(directory, name)
    label = description["label"]
    numeric = description["task"] == "regression"
    of = (math.log if description["label_transform"] == "log" else float) if numeric else str
    targets = [np.array([of(float(row[label]) if numeric else row[label]) for row in part]) for part in (train, test)]
    rows.next_request()

    start = time.perf_counter()
    features = Features(description["columns"], train)
    fitted = model(description, features, int(seed), stops).fit(features.encode(train), targets[0])
    fit_seconds = time.perf_counter() - start
    answer = fitted.predict if numeric else fitted.predict_proba
    answers = answer(features.encode(test))
    if numeric:
        errors = answers - targets[1]
        loss, further = math.sqrt(np.mean(errors**2)), np.mean(np.abs(errors))
    else:
        places = np.searchsorted(fitted.classes_, targets[1])
        loss = -np.mean(np.log(np.maximum(1e-12, answers[np.arange(len(test)), places])))
        further = np.mean(answers.argmax(axis=1) == places)

    many = test * (1 + SCORED // len(test))
    answer(features.encode(many))
    start, scored, seconds = time.perf_counter(), 0, 0.0
    while seconds < SECONDS:
        answer(features.encode(many))
        scored += len(many)
        seconds = time.perf_counter() - start
    figures = {"loss": loss, "further": further, "fitSeconds": fit_seconds, "rowsPerSecond": scored / seconds}
    rows.answer({key: float(value) for key, value in figures.items()}, {"version": sklearn.__version__})


if __name__ == "__main__":
    main()
