"""Writes isotonic.json: isotonic regressions of yes and no on scores. Run: python3 isotonic.py

Made with scikit-learn 1.2.1 on Debian 12. Scores have few digits, so that rows share them; the function is given by its values on a grid, and by the
points that scikit-learn keeps.
"""

import json
import pathlib

import numpy as np
from sklearn.isotonic import IsotonicRegression


def case(random, rows, digits, weighted):
    scores = np.round(random.random(rows), digits).astype(np.float32).astype(float)
    truth = (random.random(rows) < scores**2).astype(int)
    weights = random.choice([0.25, 0.5, 1, 2, 3], rows) if weighted else np.ones(rows)
    fitted = IsotonicRegression(out_of_bounds="clip").fit(scores, truth, sample_weight=weights)
    grid = np.linspace(0, 1, 41)
    return {
        "scores": scores.tolist(),
        "truth": truth.tolist(),
        "weights": weights.tolist(),
        "grid": grid.tolist(),
        "values": fitted.predict(grid).tolist(),
        "x": fitted.X_thresholds_.tolist(),
        "y": fitted.y_thresholds_.tolist(),
    }


random = np.random.default_rng(12)
cases = [case(random, rows, digits, weighted) for rows in (5, 40, 150) for digits in (1, 6) for weighted in (False, True)]
pathlib.Path(__file__).with_name("isotonic.json").write_text(json.dumps({"cases": cases}))
