"""Grid searches as the reference makes them: GridSearchCV, without the final refit."""

import time

from joblib import Parallel, delayed
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import GridSearchCV, ParameterGrid
from sklearn.pipeline import Pipeline

from study import estimator


def start_workers(jobs):
    """Starts joblib's processes and has them import scikit-learn, which is not to count as search time."""
    Parallel(n_jobs=jobs)(delayed(estimator)("svm", {}) for _ in range(4 * jobs))


def search(classifier, grid, semeion, jobs):
    """Cross-validates every candidate of a grid. Returns the seconds it took and a result for each, in scikit-learn's order of grids."""
    candidates = list(ParameterGrid(grid))
    # The estimator is the one parameter searched over, so that a candidate need not carry scikit-learn's spelling of it.
    machine = GridSearchCV(
        Pipeline([("classifier", DummyClassifier())]),
        {"classifier": [estimator(classifier, candidate) for candidate in candidates]},
        scoring="accuracy",
        n_jobs=jobs,
        cv=semeion.splits,
        refit=False,
        error_score="raise",
    )
    start = time.perf_counter()
    machine.fit(semeion.pixels, semeion.labels)
    seconds = time.perf_counter() - start
    columns = machine.cv_results_
    results = [
        {
            "classifier": classifier,
            "params": candidate,
            "fold_accuracy": [round(float(columns[f"split{fold}_test_score"][index]), 6) for fold in range(len(semeion.splits))],
            "mean_accuracy": round(float(columns["mean_test_score"][index]), 6),
            "mean_fit_seconds": round(float(columns["mean_fit_time"][index]), 5),
            "mean_score_seconds": round(float(columns["mean_score_time"][index]), 5),
        }
        for index, candidate in enumerate(candidates)
    ]
    return seconds, results
