"""How much the seeded classifiers vary: the accuracy of trees and forests over several seeds."""

import numpy as np
from joblib import Parallel, delayed
from sklearn.model_selection import ParameterGrid, cross_val_score

from study import GRIDS, estimator

CLASSIFIERS = ("decision-tree", "random-forest")


def mean_accuracy(classifier, candidate, seed, pixels, labels, splits):
    return cross_val_score(estimator(classifier, candidate, seed), pixels, labels, cv=splits, error_score="raise").mean()


def variation(classifiers, pixels, labels, splits, jobs, seed_count):
    """Mean and standard deviation (of the sample) of each candidate's accuracy over seeds 0 to seed_count - 1."""
    # `auto` is `sqrt` once more.
    candidates = [
        (classifier, candidate)
        for classifier in CLASSIFIERS
        if classifier in classifiers
        for candidate in ParameterGrid(GRIDS[classifier])
        if candidate["max_features"] != "auto"
    ]
    accuracies = Parallel(n_jobs=jobs)(
        delayed(mean_accuracy)(classifier, candidate, seed, pixels, labels, splits)
        for classifier, candidate in candidates
        for seed in range(seed_count)
    )
    table = np.array(accuracies).reshape(len(candidates), seed_count)
    return [
        {
            "classifier": classifier,
            "params": candidate,
            "mean": round(float(row.mean()), 6),
            "standard_deviation": round(float(row.std(ddof=1)), 6),
        }
        for (classifier, candidate), row in zip(candidates, table, strict=True)
    ]
