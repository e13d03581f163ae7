"""Measures digitd; run by scripts/bench, which builds what is measured."""

import argparse
import os
import platform
import signal
import subprocess
import sys
import tempfile

sys.path.append(os.path.join(os.path.dirname(__file__), "..", "scikit"))

import batches
import experiments
import isolation
import scaling
import startup
import throughput
import training
import whole_study
from bounds import BoundMissed
from processes import output


def predict(options):
    print(output([options.digitd_bench, "predict", "Models"], 300), end="")


MEASUREMENTS = {
    "predict": (predict, "microseconds of one prediction, in process"),
    "http": (throughput.measure, "requests per second of POST /predict beside a bare libmicrohttpd program"),
    "batches": (batches.measure, "digits per second of batches beside scikit-learn's predict"),
    "train": (training.measure, "seconds of the study's grid searches beside scikit-learn's"),
    "study": (whole_study.measure, "seconds of the study's 279 candidates beside scikit-learn's: some ten minutes"),
    "scaling": (scaling.measure, "seconds and memory of a fit over the number of rows beside scikit-learn's: an hour"),
    "isolation": (isolation.measure, "latency of POST /predict at a fixed rate, idle and while an experiment runs"),
    "experiments": (experiments.measure, "seconds of the paper preset through the server beside digitd study"),
    "start": (startup.measure, "milliseconds from start to ready, and resident memory"),
}


USUAL = ("predict", "http", "batches", "train", "start")
"""What is measured where nothing is named."""


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = next((line.partition(":")[2].strip() for line in file if line.startswith("model name")), platform.machine())
    cores, load = len(os.sched_getaffinity(0)), os.getloadavg()[0]
    return f"machine: {model}, {cores} cores, {platform.system()} {platform.release()}, load average {load:.1f} before"


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Measures digitd, each number as a median of several runs.")
    listing = ", ".join(f"{name} ({what})" for name, (_, what) in MEASUREMENTS.items())
    parser.add_argument("measurements", nargs="*", metavar="MEASUREMENT", help=f"{listing}; default: those of seconds and minutes, {', '.join(USUAL)}")
    parser.add_argument("--rounds", type=int, help="rounds of http, batches, isolation, experiments (default: 5), train (default: 3) and study (default: 1)")
    parser.add_argument("--seconds", type=int, help="seconds of each run of http (default: 5) and isolation (default: 10)")
    parser.add_argument("--rate", type=int, default=2000, help="isolation: requests per second (default: %(default)s)")
    parser.add_argument("--connections", type=int, default=32, help="http: connections (default: %(default)s)")
    half = max(1, len(os.sched_getaffinity(0)) // 2)
    parser.add_argument(
        "--threads",
        type=int,
        default=half,
        help="http: threads of the servers, and of wrk (default: half the cores; with more, both share all cores)",
    )
    parser.add_argument("--jobs", type=int, default=2, help="train, study and experiments: jobs (default: %(default)s)")
    parser.add_argument("--programs", required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    for name in options.measurements:
        if name not in MEASUREMENTS:
            parser.error(f"{name} is none of {', '.join(MEASUREMENTS)}")
    for name in ("rounds", "seconds", "rate", "connections", "threads", "jobs"):
        if (getattr(options, name) or 1) < 1:
            parser.error(f"--{name} has to be 1 or more")
    options.digitd = os.path.join(options.programs, "digitd")
    options.digitd_bench = os.path.join(options.programs, "digitd-bench")
    return options


def main():
    options = arguments()
    # So that the processes of a measurement end with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    print(machine())
    try:
        print(output([options.digitd_bench, "instruction-set"], 10), end="")
    except subprocess.CalledProcessError:
        # Older programs, which DIGITD_PROGRAMS may name, do not know.
        print("instruction set: not known")
    rounds, seconds, missed = options.rounds, options.seconds, []
    for name in options.measurements or USUAL:
        options.rounds = rounds or {"http": 5, "batches": 5, "isolation": 5, "experiments": 5, "study": 1}.get(name, 3)
        options.seconds = seconds or {"isolation": 10}.get(name, 5)
        print(f"\n== {name}", flush=True)
        with tempfile.TemporaryDirectory(prefix="digitd-bench.") as options.scratch:
            try:
                MEASUREMENTS[name][0](options)
            except BoundMissed as error:
                missed.append(f"{name}: {error}")
            except (RuntimeError, TimeoutError, subprocess.SubprocessError) as error:
                sys.exit(f"bench: {name}: {error}")
    if missed:
        sys.exit("\n".join(f"bench: {bound}" for bound in missed))


if __name__ == "__main__":
    main()
