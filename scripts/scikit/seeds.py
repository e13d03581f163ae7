"""How much the seeded classifiers vary: the accuracy of trees and forests over several seeds."""

import numpy as np
from joblib import Parallel, delayed
from sklearn.model_selection import ParameterGrid, cross_val_score

from study import GRIDS, estimator

CLASSIFIERS = ("decision-tree", "random-forest")


def mean_accuracy(candidate, seed, semeion):
    scores = cross_val_score(estimator(*candidate, seed), semeion.pixels, semeion.labels, cv=semeion.splits, error_score="raise")
    return scores.mean()


def variation(classifiers, semeion, jobs, seed_count):
    """Mean and standard deviation (of the sample) of each candidate's accuracy over seeds 0 to seed_count - 1."""
    # `auto` is `sqrt` once more.
    candidates = [
        (classifier, params)
        for classifier in CLASSIFIERS
        if classifier in classifiers
        for params in ParameterGrid(GRIDS[classifier])
        if params["max_features"] != "auto"
    ]
    accuracies = Parallel(n_jobs=jobs)(
        delayed(mean_accuracy)(candidate, seed, semeion) for candidate in candidates for seed in range(seed_count)
    )
    table = np.array(accuracies).reshape(len(candidates), seed_count)
    return [
        {
            "classifier": classifier,
            "params": params,
            "mean": round(float(row.mean()), 6),
            "standard_deviation": round(float(row.std(ddof=1)), 6),
        }
        for (classifier, params), row in zip(candidates, table, strict=True)
    ]
