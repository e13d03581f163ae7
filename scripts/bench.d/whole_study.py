"""Seconds of the whole study, the 279 candidates of config/grids/paper.yaml: digitd beside scikit-learn, same folds, same jobs."""

import json
import time
from statistics import median

import sklearn
import yaml

from processes import output
from search import search, start_workers
from semeion import DATA, FOLDS, read_semeion
from study import grids_of

GRID = "config/grids/paper.yaml"
DIGITD_RUNS = 5
"""Runs of digitd a round: each takes a second, where scikit-learn takes minutes."""


def digitd_study(options, grids):
    """Cross-validates the candidates of some classifiers once. Returns the seconds and the accuracy of every candidate."""
    grid_path, report_path = f"{options.scratch}/grid.yaml", f"{options.scratch}/report.json"
    with open(grid_path, "w", encoding="utf-8") as file:
        yaml.safe_dump({"search": [{"classifier": classifier, "grid": grid} for classifier, grid in grids]}, file)
    command = [options.digitd, "study", "--data", DATA, "--grid", grid_path, "--folds", FOLDS, "--jobs", str(options.jobs)]
    output([*command, "--report", report_path], 600)
    with open(report_path, encoding="utf-8") as file:
        report = json.load(file)
    return report["wall_seconds"], report["cv_results"]["mean_test_score"]


def digitd_median(options, grids):
    runs = [digitd_study(options, grids) for _ in range(DIGITD_RUNS)]
    if any(accuracies != runs[0][1] for _, accuracies in runs):
        raise RuntimeError("two runs of digitd gave different accuracies")
    return median(seconds for seconds, _ in runs), runs[0][1]


def measure(options):
    semeion = read_semeion()
    grids = grids_of(GRID)
    print(
        f"cross-validation of {GRID}, {len(semeion.splits)} folds, {options.jobs} jobs each: digitd (median of {DIGITD_RUNS} runs, each "
        f"a process of its own) beside scikit-learn {sklearn.__version__} (GridSearchCV, refit=False, its processes started before the clock)"
    )
    print(f"{'round':>5}  {'classifier':<29}{'candidates':>10}{'digitd s':>10}{'best':>8}{'scikit-learn s':>16}{'best':>8}{'ratio':>8}")
    start_workers(options.jobs)
    start = time.monotonic()
    for number in range(1, options.rounds + 1):
        rows = [compare(options, number, semeion, [grid]) for grid in grids]
        their_seconds = {classifier: theirs for (classifier, _), (_, theirs) in zip(grids, rows, strict=True)}
        for name, part in (("all", grids), ("all but adaboost", [entry for entry in grids if entry[0] != "adaboost"])):
            ours, accuracies = digitd_median(options, part)
            theirs = sum(their_seconds[classifier] for classifier, _ in part)
            print_row(number, name, len(accuracies), (ours, max(accuracies)), (theirs, None))
    print(f"measured in {time.monotonic() - start:.0f} s")


def compare(options, number, semeion, grids):
    """One classifier, by both. Returns the seconds of each."""
    (classifier, grid), = grids
    ours, accuracies = digitd_median(options, grids)
    theirs, results = search(classifier, grid, semeion, options.jobs)
    best = max(result["mean_accuracy"] for result in results)
    print_row(number, classifier, len(results), (ours, max(accuracies)), (theirs, best))
    return ours, theirs


def print_row(number, name, candidate_count, ours, theirs):
    their_best = "" if theirs[1] is None else f"{theirs[1]:.2%}"
    print(
        f"{number:>5}  {name:<29}{candidate_count:>10}{ours[0]:>10.3f}{ours[1]:>8.2%}{theirs[0]:>16.2f}{their_best:>8}"
        f"{theirs[0] / ours[0]:>8.0f}",
        flush=True,
    )
