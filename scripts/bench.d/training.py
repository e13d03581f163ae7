"""Seconds of cross-validating the candidates of a grid file: digitd beside scikit-learn, same folds, same number of jobs."""

import json
import os
import time
from statistics import median

import sklearn
import yaml

from processes import output
from search import search, start_workers
from semeion import DATA, FOLDS, read_semeion
from study import grids_of

GRID = "config/grids/tuned.yaml"


def digitd_search(options, classifier, grid):
    """Returns the seconds of the search, those of the whole command (start, search, refit, writing), and the best accuracy."""
    folder = f"{options.scratch}/trained"
    os.makedirs(folder, exist_ok=True)
    grid_path, report_path = f"{options.scratch}/grid.yaml", f"{options.scratch}/report.json"
    with open(grid_path, "w", encoding="utf-8") as file:
        yaml.safe_dump({"search": [{"classifier": classifier, "grid": grid}]}, file)
    command = [options.digitd, "train", "--data", DATA, "--output", folder, "--grid", grid_path, "--folds", FOLDS]
    start = time.perf_counter()
    output([*command, "--jobs", str(options.jobs), "--report", report_path], 600)
    seconds = time.perf_counter() - start
    with open(report_path, encoding="utf-8") as file:
        report = json.load(file)
    return report["wall_seconds"], seconds, report["best"][0]["mean_test_score"]


def measure(options):
    semeion = read_semeion()
    grids = grids_of(GRID)
    print(
        f"cross-validation of {GRID}, {len(semeion.splits)} folds, {options.jobs} jobs each: digitd beside scikit-learn "
        f"{sklearn.__version__} (GridSearchCV, refit=False, its processes started before the clock)"
    )
    head = f"{'round':>5}  {'classifier':<15}{'candidates':>10}{'digitd s':>10}{'command s':>11}{'best':>8}"
    print(f"{head}{'scikit-learn s':>16}{'best':>8}{'ratio':>7}")
    start_workers(options.jobs)
    ours = {classifier: [] for classifier, _ in grids}
    theirs = {classifier: [] for classifier, _ in grids}
    for number in range(1, options.rounds + 1):
        for classifier, grid in grids:
            seconds, command_seconds, best = digitd_search(options, classifier, grid)
            their_seconds, results = search(classifier, grid, semeion, options.jobs)
            their_best = max(result["mean_accuracy"] for result in results)
            ours[classifier].append(seconds)
            theirs[classifier].append(their_seconds)
            print(
                f"{number:>5}  {classifier:<15}{len(results):>10}{seconds:>10.3f}{command_seconds:>11.3f}{best:>8.2%}"
                f"{their_seconds:>16.2f}{their_best:>8.2%}{their_seconds / seconds:>7.0f}",
                flush=True,
            )
    for classifier, _ in grids:
        summarize(classifier, ours[classifier], theirs[classifier])
    summarize("together", *([sum(round_) for round_ in zip(*times.values(), strict=True)] for times in (ours, theirs)))


def summarize(name, ours, theirs):
    print(f"{name}: digitd {median(ours):.3f} s, scikit-learn {median(theirs):.2f} s (medians), {median(theirs) / median(ours):.0f} times")
