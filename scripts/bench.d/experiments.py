"""Seconds of the paper preset through the server beside `digitd study`, with as many workers as the study has jobs."""

import json
import time
from statistics import median

from bounds import hold
from isolation import finished, run_seconds, submit
from processes import output
from semeion import DATA
from server import serving

RATIO_LIMIT = 1.5
POLL_SECONDS = 0.1


def study_seconds(options):
    report_path = f"{options.scratch}/study.json"
    output([options.digitd, "study", "--data", DATA, "--jobs", str(options.jobs), "--report", report_path], 600)
    with open(report_path, encoding="utf-8") as file:
        return json.load(file)["wall_seconds"]


def server_seconds(port):
    """Of one experiment: from its start to its end as its document has them, and from the POST until it is seen to be over."""
    start = time.monotonic()
    document = finished(port, submit(port), POLL_SECONDS)
    return run_seconds(document), time.monotonic() - start


def measure(options):
    print(
        f"the 279 candidates of the paper preset on 10 folds: through the server with {options.jobs} workers, models refitted and stored, "
        f"beside digitd study with {options.jobs} jobs (its cross-validation alone), {options.rounds} rounds, alternating"
    )
    print(f"{'round':>5}{'server s':>10}{'POST to end s':>15}{'study s':>9}{'ratio':>7}")
    ratios = []
    with serving(options, more=("--workers", str(options.jobs))) as (_, port):
        for number in range(1, options.rounds + 1):
            ours, elapsed = server_seconds(port)
            theirs = study_seconds(options)
            ratios.append(ours / theirs)
            print(f"{number:>5}{ours:>10.2f}{elapsed:>15.2f}{theirs:>9.2f}{ratios[-1]:>7.2f}", flush=True)
    hold("seconds through the server over the study's (median of the rounds)", median(ratios), RATIO_LIMIT)
