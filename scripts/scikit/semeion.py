"""The Semeion digits and their folds, as scikit-learn wants them."""

import json

import numpy as np
from sklearn.model_selection import StratifiedKFold

FOLD_COUNT = 10


def digits(path):
    """Reads semeion.data: pixels (1593 x 256 of 0.0 and 1.0) and labels (1593 of 0 to 9)."""
    table = np.loadtxt(path)
    return table[:, :256], table[:, 256:].argmax(axis=1)


def make_folds(labels):
    """The study's protocol, seeded: the fold of every row."""
    fold = np.empty(len(labels), dtype=int)
    splitter = StratifiedKFold(FOLD_COUNT, shuffle=True, random_state=0)
    for number, (_, test) in enumerate(splitter.split(np.zeros(len(labels)), labels)):
        fold[test] = number
    return fold


def splits(path):
    """Reads a fold file: one pair of training rows and test rows for each fold, in order."""
    with open(path, encoding="utf-8") as file:
        fold = np.array(json.load(file)["fold"])
    return [(np.flatnonzero(fold != number), np.flatnonzero(fold == number)) for number in range(fold.max() + 1)]
