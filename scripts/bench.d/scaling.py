"""How training grows with rows: seconds and memory of one fit on synthetic digits, doubling, digitd beside scikit-learn."""

import json
import math
import subprocess
import sys

from processes import output

FIRST_ROWS = 1_593
DOUBLINGS = 6
LONGEST_SECONDS = 600
"""scikit-learn is measured up to the size where a fit passes this."""

FITS = {
    "svm": ["--param", "C=10", "--param", "gamma=0.03"],
    "random-forest": ["--param", "n_estimators=100"],
}

THEIRS = """
import json, sys, time
import numpy as np
sys.path.append("scripts/scikit")
from study import estimator
table = np.loadtxt(sys.argv[1], delimiter=",", skiprows=1)
pixels, labels = table[:, :256], table[:, 256].astype(int)
del table
machine = estimator(sys.argv[2], json.loads(sys.argv[3]))
start = time.perf_counter()
machine.fit(pixels, labels)
seconds = time.perf_counter() - start
with open("/proc/self/status", encoding="utf-8") as file:
    peak = next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM:"))
print(json.dumps({"seconds": seconds, "peak": peak}))
"""

THEIR_PARAMETERS = {"svm": {"C": 10, "gamma": 0.03}, "random-forest": {"n_estimators": 100}}


def measure(options):
    sizes = [FIRST_ROWS << doubling for doubling in range(DOUBLINGS + 1)]
    print(
        f"one fit on synthetic digits, one thread each; peak is the process's resident memory. scikit-learn as far as a fit takes at most "
        f"{LONGEST_SECONDS} s"
    )
    print(f"{'classifier':<15}{'rows':>9}{'digitd s':>10}{'us/row':>9}{'peak MB':>9}{'bytes/row':>11}{'scikit-learn s':>16}{'peak MB':>9}")
    for classifier in FITS:
        ours, theirs = [], []
        for rows in sizes:
            packed, text = f"{options.scratch}/synthetic.bin", f"{options.scratch}/synthetic.csv"
            output([options.digitd, "dataset", "synthesize", "--rows", str(rows), "--seed", "1", packed], 600)
            ours.append((rows, *digitd_fit(options, classifier, packed)))
            if len(theirs) == len(ours) - 1 and (not theirs or theirs[-1][1] <= LONGEST_SECONDS):
                output([options.digitd, "dataset", "convert", packed, text], 600)
                found = scikit_fit(classifier, text)
                if found:
                    theirs.append((rows, *found))
            print_row(classifier, ours[-1], theirs[-1] if theirs and theirs[-1][0] == rows else None)
        print(f"{classifier}: digitd's seconds grow as rows^{exponent(ours):.2f}, scikit-learn's as rows^{exponent(theirs):.2f}")


def digitd_fit(options, classifier, path):
    """Seconds and peak resident bytes of one fit."""
    found = json.loads(output([options.digitd_bench, "fit", classifier, path, *FITS[classifier]], 3600))
    return found["seconds"], found["peakBytes"]


def scikit_fit(classifier, path):
    """As `digitd_fit`; None where it takes longer than it may."""
    command = [sys.executable, "-c", THEIRS, path, classifier, json.dumps(THEIR_PARAMETERS[classifier])]
    try:
        found = json.loads(output(command, LONGEST_SECONDS + 120))
    except subprocess.TimeoutExpired:
        return None
    return found["seconds"], found["peak"]


def print_row(classifier, ours, theirs):
    rows, seconds, peak = ours
    their_columns = f"{theirs[1]:>16.2f}{theirs[2] / 1e6:>9.0f}" if theirs else f"{'-':>16}{'-':>9}"
    print(
        f"{classifier:<15}{rows:>9,}{seconds:>10.3f}{seconds / rows * 1e6:>9.1f}{peak / 1e6:>9.0f}{peak / rows:>11,.0f}{their_columns}",
        flush=True,
    )


def exponent(points):
    """The slope of log seconds over log rows, by least squares."""
    if len(points) < 2:
        return math.nan
    logs = [(math.log(rows), math.log(seconds)) for rows, seconds, _ in points]
    x_mean = sum(x for x, _ in logs) / len(logs)
    y_mean = sum(y for _, y in logs) / len(logs)
    return sum((x - x_mean) * (y - y_mean) for x, y in logs) / sum((x - x_mean) ** 2 for x, _ in logs)
