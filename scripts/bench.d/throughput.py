"""Requests per second of POST /predict, both models, beside a bare libmicrohttpd program, in alternating rounds."""

import http.client
import json
import os
import subprocess
import time
from statistics import median
from typing import NamedTuple

from bitmaps import semeion_bitmaps
from processes import cpu_seconds, output, running
from server import predict, serving

MODELS = ("svm", "random-forest")


class Target(NamedTuple):
    """A server under load: its name in the table, its process, and what it is asked."""

    name: str
    process_id: int
    port: int
    model: str


class Run(NamedTuple):
    """One run of wrk against one target."""

    rate: float
    cpu_microseconds: float
    """The server's, user and system, for each request. Unlike the rate it says little about the load generator."""


def bitmaps_path(options):
    return f"{options.scratch}/bitmaps.txt"


def build_bare(scratch):
    program = f"{scratch}/bare"
    flags = output(["pkg-config", "--cflags", "--libs", "libmicrohttpd"], 10).split()
    warnings = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror"]
    output(["cc", "-std=gnu11", "-O2", *warnings, "-o", program, "scripts/bench.d/bare.c", *flags], 60)
    return program


def load(options, target, seconds, cores):
    """One run of wrk. Returns what predict.lua prints."""
    command = ["wrk", "--threads", str(options.threads), "--connections", str(options.connections), "--duration", f"{seconds}s"]
    command += ["--timeout", "5s", "--latency", "--script", "scripts/bench.d/predict.lua"]
    command += [f"http://127.0.0.1:{target.port}/predict?model={target.model}", "--", bitmaps_path(options)]
    result = json.loads(output(command, seconds + 30, cores).splitlines()[-1])
    if result["failures"] or not result["requests"]:
        raise RuntimeError(f"wrk against {target.name}: {result['failures']} failures in {result['requests']} requests")
    return result


def measure(options):
    bitmaps = semeion_bitmaps()
    with open(bitmaps_path(options), "w", encoding="ascii") as file:
        file.write("\n".join(bitmaps) + "\n")

    server_cores, client_cores = cores_for(options.threads)
    print(
        f"POST /predict: {len(bitmaps)} different digits in hexadecimal, keep-alive, {options.connections} connections; "
        f"{options.threads} server thread(s) on core {server_cores}, wrk with {options.threads} thread(s) on core {client_cores}; "
        f"{options.rounds} rounds of {options.seconds} s each"
    )

    with serving(options, options.threads, server_cores) as (digitd, port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        sample = predict(connection, bitmaps[0], MODELS[0])
        connection.close()
        body_path = f"{options.scratch}/body.json"
        with open(body_path, "wb") as file:
            file.write(sample)
        command = [build_bare(options.scratch), str(options.threads), body_path]
        with running(command, server_cores, stdout=subprocess.PIPE, text=True) as bare:
            bare_port = int(bare.stdout.readline())
            targets = [Target(model, digitd.pid, port, model) for model in MODELS] + [Target("bare", bare.pid, bare_port, MODELS[0])]
            runs = alternate(options, targets, client_cores)
    for model in MODELS:
        summarize(model, runs[model], runs["bare"])


def cores_for(thread_count):
    """The cores of the servers and of wrk: halves, so that neither takes the other's time, or all for both where halves are too few."""
    cores = sorted(os.sched_getaffinity(0))
    half = len(cores) // 2
    return (cores[:half], cores[half:]) if thread_count <= half else (cores, cores)


def alternate(options, targets, client_cores):
    """Loads the targets in turn, round after round. Returns the runs of each."""
    for target in targets:
        load(options, target, 1, client_cores)
    runs = {target.name: [] for target in targets}
    print(f"{'round':>5}  {'server':<14}{'requests/s':>11}{'p50 us':>8}{'p99 us':>8}{'server CPU us/request':>23}{'busy':>7}")
    for number in range(1, options.rounds + 1):
        for target in targets:
            before, start = cpu_seconds(target.process_id), time.monotonic()
            result = load(options, target, options.seconds, client_cores)
            busy, elapsed = cpu_seconds(target.process_id) - before, time.monotonic() - start
            run = Run(result["requests"] / result["seconds"], busy / result["requests"] * 1e6)
            runs[target.name].append(run)
            print(
                f"{number:>5}  {target.name:<14}{run.rate:>11,.0f}{result['p50_microseconds']:>8}{result['p99_microseconds']:>8}"
                f"{run.cpu_microseconds:>23.2f}{busy / elapsed:>7.0%}",
                flush=True,
            )
    return runs


def summarize(model, ours, bare):
    rate, bare_rate = median(run.rate for run in ours), median(run.rate for run in bare)
    ratios = [run.rate / other.rate for run, other in zip(ours, bare, strict=True)]
    cpu, bare_cpu = median(run.cpu_microseconds for run in ours), median(run.cpu_microseconds for run in bare)
    print(
        f"{model}: {rate:,.0f} requests/s, bare {bare_rate:,.0f} (medians), ratio {rate / bare_rate:.3f}; "
        f"by round {min(ratios):.3f} to {max(ratios):.3f}; server CPU {cpu:.2f} us a request, bare {bare_cpu:.2f}"
    )
