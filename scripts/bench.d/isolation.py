"""Latency of POST /predict at a fixed rate, idle and while an experiment runs on the same server, and what that costs the experiment."""

import http.client
import json
import time
from contextlib import contextmanager
from datetime import datetime
from statistics import median
from threading import Event, Thread

from bitmaps import semeion_bitmaps
from processes import output
from server import serving

MODEL = "svm"
WARM_UP_SECONDS = 1
P99_LIMIT = 2.0
EXPERIMENT = {"preset": "paper"}


def build_paced(scratch):
    program = f"{scratch}/paced"
    warnings = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror"]
    output(["cc", "-std=gnu11", "-O2", *warnings, "-o", program, "scripts/bench.d/paced.c"], 60)
    return program


def ask(port, method, path, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body=None if body is None else json.dumps(body), headers={"Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path} answered {answer.status}: {text.decode(errors='replace')}")
        return json.loads(text)
    finally:
        connection.close()


def submit(port):
    return ask(port, "POST", "/experiments", EXPERIMENT)["id"]


def finished(port, identifier):
    """Asks twice a second until the experiment is through; returns its document."""
    while True:
        document = ask(port, "GET", f"/experiments/{identifier}")
        if document["state"] in ("failed", "cancelled"):
            raise RuntimeError(f"experiment {identifier} {document['state']}: {document['failure']}")
        if document["state"] == "succeeded":
            return document
        time.sleep(0.5)


def run_seconds(document):
    return (datetime.fromisoformat(document["finished"]) - datetime.fromisoformat(document["started"])).total_seconds()


@contextmanager
def experiments_running(port, durations):
    """Keeps the server at work: an experiment runs and another one waits. Appends the seconds of those that began and ended in the block."""
    stop = Event()

    def keep_running():
        waiting = [submit(port), submit(port)]
        while not stop.is_set():
            first = waiting.pop(0)
            document = finished(port, first)
            if not stop.is_set():
                durations.append(run_seconds(document))
            waiting.append(submit(port))
        for identifier in waiting:
            ask(port, "POST", f"/experiments/{identifier}/cancel")

    worker = Thread(target=keep_running)
    worker.start()
    try:
        time.sleep(1)
        yield
    finally:
        stop.set()
        worker.join()
        # The next phase begins when nothing runs any more.
        while any(ask(port, "GET", f"/experiments?state={state}")["experiments"] for state in ("queued", "running", "cancelling")):
            time.sleep(0.1)


def measure(options):
    bitmaps_path = f"{options.scratch}/bitmaps.txt"
    with open(bitmaps_path, "w", encoding="ascii") as file:
        file.write("\n".join(semeion_bitmaps()) + "\n")
    paced = build_paced(options.scratch)
    with serving(options) as (_, port):
        command = [paced, str(port), str(options.rate), "8", str(WARM_UP_SECONDS), str(options.seconds), bitmaps_path, MODEL]

        def latencies():
            return json.loads(output(command, options.seconds + 60))

        print(
            f"POST /predict?model={MODEL} at {options.rate} requests/s, 8 connections, latency from the moment a request was due; idle and "
            f"with the paper preset running on the same server at its defaults, {options.rounds} rounds of {options.seconds} s each, alternating"
        )
        print(f"{'round':>5}  {'server':<7}{'p50 us':>9}{'p99 us':>9}{'p99.9 us':>10}{'experiment s':>14}")
        phases = {"idle": [], "busy": []}
        alone, loaded = [], []
        latencies()
        for number in range(1, options.rounds + 1):
            phases["idle"].append(report(number, "idle", latencies()))
            during = []
            with experiments_running(port, during):
                result = latencies()
            loaded += during
            phases["busy"].append(report(number, "busy", result, median(during) if during else None))
            alone.append(run_seconds(finished(port, submit(port))))
            print(f"{number:>5}  {'alone':<7}{'':>28}{alone[-1]:>14.2f}", flush=True)
    return summarize(phases, alone, loaded)


def report(number, name, result, seconds=None):
    experiment = "" if seconds is None else f"{seconds:.2f}"
    print(f"{number:>5}  {name:<7}{result['p50']:>9.0f}{result['p99']:>9.0f}{result['p99.9']:>10.0f}{experiment:>14}", flush=True)
    return result


def summarize(phases, alone, loaded):
    for share in ("p50", "p99", "p99.9"):
        idle, busy = ([result[share] for result in phases[name]] for name in ("idle", "busy"))
        ratio = median(b / i for b, i in zip(busy, idle, strict=True))
        print(f"{share}: idle {median(idle):.0f} us, busy {median(busy):.0f} us (medians), ratio {ratio:.2f} (median of the rounds')")
        if share == "p99" and ratio > P99_LIMIT:
            print(f"p99 misses its bound: {ratio:.2f}, expected at most {P99_LIMIT}")
    if loaded:
        print(
            f"the experiment itself: {median(alone):.2f} s alone, {median(loaded):.2f} s under the load (medians), "
            f"{median(loaded) / median(alone):.2f} times as long"
        )
