"""Makes the reference numbers of Tests/Fixtures/reference again, and says what differs. See scripts/reference."""

import argparse
import json
import os
import platform
import sys

import sklearn

from details import details
from differences import report
from fits import fits
from search import search, start_workers
from seeds import CLASSIFIERS as SEEDED
from seeds import variation
from semeion import make_folds, read_semeion
from study import BEYOND_THE_STUDY, GRIDS

FIXTURES = "Tests/Fixtures/reference"


def folds_document(options, semeion):
    return {
        "what": "fold of each row of semeion.data: StratifiedKFold(10, shuffle=True, random_state=0)",
        "fold": make_folds(semeion.labels).tolist(),
    }


def grid_document(options, semeion):
    start_workers(options.jobs)
    seconds, results = {}, []
    for classifier in options.classifiers:
        seconds[classifier], found = search(classifier, GRIDS[classifier], semeion, options.jobs)
        results += found
        print(f"  {classifier}: {len(found)} candidates in {seconds[classifier]:.1f} s", flush=True)
    return {
        "what": f"scikit-learn GridSearchCV on semeion.data, folds-seed0.json, {options.jobs} worker processes",
        "scikit_learn": sklearn.__version__,
        "python": platform.python_version(),
        "candidates": len(results),
        "wall_seconds": {classifier: round(value, 3) for classifier, value in seconds.items()},
        "wall_seconds_total": round(sum(seconds.values()), 3),
        "results": results,
    }


def beyond_document(options, semeion):
    start_workers(options.jobs)
    results = []
    for classifier, grid in BEYOND_THE_STUDY:
        results += search(classifier, grid, semeion, options.jobs)[1]
    return {
        "what": "scikit-learn GridSearchCV on semeion.data, folds-seed0.json, of what the study did not have",
        "scikit_learn": sklearn.__version__,
        "results": results,
    }


def seeds_document(options, semeion):
    return {
        "what": f"cross-validated accuracy of the seeded classifiers over {options.seeds} seeds "
        f"(random_state 0 to {options.seeds - 1}), semeion.data, folds-seed0.json",
        "scikit_learn": sklearn.__version__,
        "results": variation(options.classifiers, semeion, options.jobs, options.seeds),
    }


def details_document(options, semeion):
    return {
        "what": "scikit-learn SVC details on semeion.data: fitted on all rows (support counts, intercepts, one-versus-one decision "
        "values), and out-of-fold predictions on folds-seed0.json; PCA",
        "scikit_learn": sklearn.__version__,
        **details(semeion),
    }


def fits_document(options, semeion):
    return {
        "what": "scikit-learn models fitted on an unbalanced part of semeion.data: what was fitted, and predictions for all rows",
        "scikit_learn": sklearn.__version__,
        **fits(semeion),
    }


DOCUMENTS = {
    "folds": ("folds-seed0.json", folds_document),
    "grid": ("sklearn-grid.json", grid_document),
    "beyond": ("sklearn-beyond.json", beyond_document),
    "seeds": ("sklearn-seeds.json", seeds_document),
    "details": ("sklearn-details.json", details_document),
    "fits": ("sklearn-fits.json", fits_document),
}


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/reference", description=__doc__)
    parser.add_argument("documents", nargs="*", metavar="DOCUMENT", help=f"which to make: {', '.join(DOCUMENTS)} (default: all)")
    parser.add_argument("--classifier", action="append", choices=GRIDS, help="only this one, in grid and seeds; may be repeated")
    parser.add_argument("--seeds", type=int, default=10, help="number of seeds (default: 10)")
    parser.add_argument("--jobs", type=int, default=2, help="worker processes (default: 2)")
    parser.add_argument("--output", default="data/reference", help="folder to write to (default: %(default)s)")
    options = parser.parse_args()
    for name in options.documents:
        if name not in DOCUMENTS:
            parser.error(f"{name} is none of {', '.join(DOCUMENTS)}")
    options.documents = options.documents or list(DOCUMENTS)
    options.classifiers = [classifier for classifier in GRIDS if options.classifier is None or classifier in options.classifier]
    if options.documents == ["seeds"] and not set(options.classifiers) & set(SEEDED):
        parser.error(f"seeds are of {' and '.join(SEEDED)}")
    return options


def main():
    options = arguments()
    os.makedirs(options.output, exist_ok=True)
    semeion = read_semeion()
    differ = False
    for name in options.documents:
        file_name, make = DOCUMENTS[name]
        print(f"{name}:", flush=True)
        document = make(options, semeion)
        path = f"{options.output}/{file_name}"
        with open(path, "w", encoding="utf-8") as file:
            json.dump(document, file, separators=(",", ":"))
        with open(f"{FIXTURES}/{file_name}", encoding="utf-8") as file:
            unlike = report(document, json.load(file))
        print(f"  wrote {path}: {'see above for what differs' if unlike else 'the same numbers'}", flush=True)
        differ |= unlike
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
