"""The Semeion digits and their folds, as scikit-learn wants them."""

import json
from typing import NamedTuple

import numpy as np
from sklearn.model_selection import StratifiedKFold

DATA = "data/semeion.data"
FOLDS = "Tests/Fixtures/reference/folds-seed0.json"


class Semeion(NamedTuple):
    """Pixels (1593 x 256 of 0.0 and 1.0), labels (1593 of 0 to 9), and a pair of training rows and test rows for each fold."""

    pixels: np.ndarray
    labels: np.ndarray
    splits: list


def read_semeion():
    """Reads the data set and the committed folds."""
    table = np.loadtxt(DATA)
    with open(FOLDS, encoding="utf-8") as file:
        fold = np.array(json.load(file)["fold"])
    splits = [(np.flatnonzero(fold != number), np.flatnonzero(fold == number)) for number in range(fold.max() + 1)]
    return Semeion(table[:, :256], table[:, 256:].argmax(axis=1), splits)


def make_folds(labels):
    """The study's protocol, seeded: the fold of every row."""
    fold = np.empty(len(labels), dtype=int)
    splitter = StratifiedKFold(10, shuffle=True, random_state=0)
    for number, (_, test) in enumerate(splitter.split(np.zeros(len(labels)), labels)):
        fold[test] = number
    return fold
