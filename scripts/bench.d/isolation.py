"""Latency of POST /predict at a fixed rate, idle and while an experiment runs on the same server, and what that costs the experiment."""

import http.client
import json
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from statistics import median
from threading import Event

from bitmaps import semeion_bitmaps
from bounds import hold
from processes import output, running, wait_until
from server import serving

MODEL = "svm"
CONNECTIONS = 8
WARM_UP_SECONDS = 1
P99_LIMIT = 2.0
EXPERIMENT = {"preset": "paper"}
WAITING_EXPERIMENTS = 4
"""So many wait behind the one that runs: more than can end between two looks."""
LONGEST_EXPERIMENT_SECONDS = 600


def build_paced(scratch):
    program = f"{scratch}/paced"
    warnings = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror"]
    output(["cc", "-std=gnu11", "-O2", *warnings, "-o", program, "scripts/bench.d/paced.c", "-lm"], 60)
    return program


def ask(port, method, path, body=None, but_also=()):
    """The document of the answer; its status has to be less than 300, or one of those named."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body=None if body is None else json.dumps(body), headers={"Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read()
        if answer.status >= 300 and answer.status not in but_also:
            raise RuntimeError(f"{method} {path} answered {answer.status}: {text.decode(errors='replace')}")
        return json.loads(text)
    finally:
        connection.close()


def submit(port):
    return ask(port, "POST", "/experiments", EXPERIMENT)["id"]


def experiment(port, identifier):
    """The document of an experiment that has neither failed nor been cancelled, nor lost a trial."""
    document = ask(port, "GET", f"/experiments/{identifier}")
    if document["state"] in ("failed", "cancelled"):
        raise RuntimeError(f"experiment {identifier} {document['state']}: {document['failure']}")
    if document["progress"]["failedTrials"]:
        raise RuntimeError(f"experiment {identifier} has {document['progress']['failedTrials']} failed trials")
    return document


def finished(port, identifier, poll_seconds=1):
    """Waits until the experiment has succeeded; returns its document."""
    end = time.monotonic() + LONGEST_EXPERIMENT_SECONDS
    while (document := experiment(port, identifier))["state"] != "succeeded":
        if time.monotonic() > end:
            raise TimeoutError(f"experiment {identifier} did not end in {LONGEST_EXPERIMENT_SECONDS} s")
        time.sleep(poll_seconds)
    return document


def run_seconds(document):
    return (datetime.fromisoformat(document["finished"]) - datetime.fromisoformat(document["started"])).total_seconds()


@contextmanager
def experiments_running(port):
    """One experiment after the other runs from the beginning to the end of the block; fails where the server had none to run."""
    identifiers = [submit(port) for _ in range(1 + WAITING_EXPERIMENTS)]
    stop = Event()

    def keep_running():
        while not stop.wait(1):
            while identifiers and experiment(port, identifiers[0])["state"] == "succeeded":
                del identifiers[0]
            if not identifiers:
                raise RuntimeError("all experiments ended before the next look at them: the server was idle")
            while len(identifiers) < 1 + WAITING_EXPERIMENTS:
                identifiers.append(submit(port))

    with ThreadPoolExecutor(1) as executor:
        wait_until(lambda: experiment(port, identifiers[0])["state"] == "running", 30, "an experiment's start")
        keeper = executor.submit(keep_running)
        try:
            yield
        finally:
            stop.set()
        keeper.result()
    if experiment(port, identifiers[-1])["state"] == "succeeded":
        raise RuntimeError("all experiments ended before the block did: the server was idle")
    # Those that wait before the one that runs, so that none of them starts; that one may end by itself meanwhile, which is 409.
    for identifier in reversed(identifiers):
        ask(port, "POST", f"/experiments/{identifier}/cancel", but_also=[409])
    wait_until(lambda: not any(unfinished(port, state) for state in ("queued", "running", "cancelling")), 30, "the end of all experiments")


def unfinished(port, state):
    return ask(port, "GET", f"/experiments?state={state}")["experiments"]


class Load:
    """paced against one server."""

    def __init__(self, options, port):
        bitmaps_path = f"{options.scratch}/bitmaps.txt"
        with open(bitmaps_path, "w", encoding="ascii") as file:
            file.write("\n".join(semeion_bitmaps()) + "\n")
        self._command = [build_paced(options.scratch), str(port), str(options.rate), str(CONNECTIONS), str(WARM_UP_SECONDS)]
        self._last_arguments = [bitmaps_path, MODEL]

    def latencies(self, seconds):
        """What paced prints of so many seconds."""
        return json.loads(output([*self._command, str(seconds), *self._last_arguments], seconds + 60))

    @contextmanager
    def under_way(self):
        """The load, from the beginning to the end of the block."""
        with running([*self._command, str(2 * LONGEST_EXPERIMENT_SECONDS), *self._last_arguments]) as process:
            time.sleep(WARM_UP_SECONDS)
            yield
            if process.poll() is not None:
                raise RuntimeError(f"paced ended with {process.returncode} before the experiment did")


def measure(options):
    print(
        f"POST /predict?model={MODEL} at {options.rate:,} requests/s, {CONNECTIONS} connections, latency from the moment one was due; "
        f"idle and with the paper preset running on the same server at its defaults, {options.rounds} rounds of {options.seconds} s each, "
        "alternating; delay is the client's own part of the latency. Then seconds of one experiment, alone and under that load"
    )
    head = f"{'round':>5}  {'server':<7}{'requests/s':>11}{'p50 us':>9}{'p99 us':>9}{'p99.9 us':>10}{'max us':>9}"
    print(f"{head}{'delay p99 us':>14}{'experiment s':>14}")
    latencies = {"idle": [], "busy": []}
    seconds = {"alone": [], "loaded": []}
    with serving(options) as (_, port):
        load = Load(options, port)
        load.latencies(1)
        for number in range(1, options.rounds + 1):
            latencies["idle"].append(load.latencies(options.seconds))
            print_latencies(number, "idle", latencies["idle"][-1])
            with experiments_running(port):
                latencies["busy"].append(load.latencies(options.seconds))
            print_latencies(number, "busy", latencies["busy"][-1])
            seconds["alone"].append(run_seconds(finished(port, submit(port))))
            print_seconds(number, "alone", seconds["alone"][-1])
            with load.under_way():
                seconds["loaded"].append(run_seconds(finished(port, submit(port))))
            print_seconds(number, "loaded", seconds["loaded"][-1])
    summarize(latencies, seconds)


def print_latencies(number, name, result):
    print(
        f"{number:>5}  {name:<7}{result['rate']:>11,.0f}{result['p50']:>9.0f}{result['p99']:>9.0f}{result['p99.9']:>10.0f}"
        f"{result['max']:>9.0f}{result['delay p99']:>14.0f}",
        flush=True,
    )


def print_seconds(number, name, seconds):
    print(f"{number:>5}  {name:<7}{seconds:>76.2f}", flush=True)


def median_ratio(values, others):
    return median(value / other for value, other in zip(values, others, strict=True))


def summarize(latencies, seconds):
    ratios = {}
    for share in ("p50", "p99", "p99.9"):
        idle, busy = ([result[share] for result in latencies[name]] for name in ("idle", "busy"))
        ratios[share] = median_ratio(busy, idle)
        medians = f"idle {median(idle):.0f} us, busy {median(busy):.0f} us (medians)"
        print(f"{share}: {medians}, ratio {ratios[share]:.2f} (median of the rounds')")
    alone, loaded = seconds["alone"], seconds["loaded"]
    print(
        f"the experiment itself: {median(alone):.2f} s alone, {median(loaded):.2f} s under the load (medians), "
        f"{median_ratio(loaded, alone):.2f} times as long (median of the rounds')"
    )
    hold("p99 busy over p99 idle (median of the rounds)", ratios["p99"], P99_LIMIT)
