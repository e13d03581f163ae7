"""Models fitted once on an unbalanced part of Semeion, with the numbers that say what was fitted."""

import numpy as np
from sklearn.svm import SVC

# Rows of each digit to train on, the first ones of the file.
ROWS_OF_DIGIT = [150, 8, 90, 12, 30, 60, 5, 20, 120, 15]

MACHINES = (
    {"kernel": "rbf", "C": 1, "gamma": 0.01},
    {"kernel": "rbf", "C": 1, "gamma": 0.01, "class_weight": "balanced"},
    {"kernel": "rbf", "C": 0.3, "gamma": 0.01, "class_weight": "balanced", "break_ties": True},
    {"kernel": "rbf", "C": 0.2, "gamma": 0.01, "break_ties": True},
    {"kernel": "poly", "C": 0.5, "gamma": 0.02, "degree": 4, "coef0": 0.5},
    {"kernel": "poly", "C": 1, "gamma": 0.01, "degree": 1, "coef0": -1},
    {"kernel": "sigmoid", "C": 2, "gamma": 0.005, "coef0": -0.5, "class_weight": "balanced"},
)


def training_rows(labels):
    return np.sort(np.concatenate([np.flatnonzero(labels == digit)[:count] for digit, count in enumerate(ROWS_OF_DIGIT)]))


def fits(semeion):
    rows = training_rows(semeion.labels)
    pixels, labels = semeion.pixels[rows], semeion.labels[rows]
    return {"training_rows": rows.tolist(), "svm": [machine_fit(params, pixels, labels, semeion) for params in MACHINES]}


def machine_fit(params, pixels, labels, semeion):
    fitted = SVC(**params).fit(pixels, labels)
    return {
        "classifier": "svm",
        "params": params,
        "support_count": fitted.n_support_.tolist(),
        "intercept": fitted.intercept_.round(6).tolist(),
        "predictions": "".join(map(str, fitted.predict(semeion.pixels))),
    }
