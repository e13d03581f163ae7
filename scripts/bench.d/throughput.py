"""Requests per second of POST /predict, both models, beside a bare libmicrohttpd program, in alternating rounds."""

import http.client
import json
import os
import subprocess
import time
from statistics import median

from bitmaps import semeion_bitmaps
from processes import cpu_seconds, output, running
from server import predict, serving

MODELS = ("svm", "random-forest")


def build_bare(scratch):
    program = f"{scratch}/bare"
    flags = output(["pkg-config", "--cflags", "--libs", "libmicrohttpd"], 10).split()
    warnings = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror"]
    output(["cc", "-std=gnu11", "-O2", *warnings, "-o", program, "scripts/bench.d/bare.c", *flags], 60)
    return program


def load(options, port, query, bitmaps_path, seconds, cores):
    """One run of wrk. Returns what predict.lua prints."""
    command = ["wrk", "--threads", str(options.threads), "--connections", str(options.connections), "--duration", f"{seconds}s"]
    command += ["--timeout", "5s", "--latency", "--script", "scripts/bench.d/predict.lua"]
    command += [f"http://127.0.0.1:{port}/predict?model={query}", "--", bitmaps_path]
    result = json.loads(output(command, seconds + 30, cores).splitlines()[-1])
    if result["failures"] or not result["requests"]:
        raise RuntimeError(f"wrk against {query}: {result['failures']} failures in {result['requests']} requests")
    return result


def measure(options):
    bitmaps = semeion_bitmaps()
    bitmaps_path = f"{options.scratch}/bitmaps.txt"
    with open(bitmaps_path, "w", encoding="ascii") as file:
        file.write("\n".join(bitmaps) + "\n")

    # The servers on the first half of the cores, wrk on the second: neither takes the other's time.
    cores = sorted(os.sched_getaffinity(0))
    half = len(cores) // 2
    server_cores, client_cores = (cores[:half], cores[half:]) if half else (cores, cores)
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
            targets = [(model, digitd.pid, port, model) for model in MODELS] + [("bare", bare.pid, bare_port, MODELS[0])]
            rates = alternate(options, targets, bitmaps_path, client_cores)

    for model in MODELS:
        ratios = [rate / bare_rate for rate, bare_rate in zip(rates[model], rates["bare"], strict=True)]
        print(
            f"{model}: {median(rates[model]):,.0f} requests/s, bare: {median(rates['bare']):,.0f}; "
            f"ratio of the medians {median(rates[model]) / median(rates['bare']):.3f}, "
            f"by round {min(ratios):.3f} to {max(ratios):.3f}, median {median(ratios):.3f}"
        )


def alternate(options, targets, bitmaps_path, client_cores):
    """Loads the targets in turn, round after round. Returns the requests per second of each."""
    for _, _, port, query in targets:
        load(options, port, query, bitmaps_path, 1, client_cores)
    rates = {name: [] for name, *_ in targets}
    print(f"{'round':>5}  {'server':<14}{'requests/s':>11}{'p50 us':>8}{'p99 us':>8}{'server CPU us/request':>23}{'busy':>7}")
    for number in range(1, options.rounds + 1):
        for name, process_id, port, query in targets:
            before, start = cpu_seconds(process_id), time.monotonic()
            result = load(options, port, query, bitmaps_path, options.seconds, client_cores)
            busy, elapsed = cpu_seconds(process_id) - before, time.monotonic() - start
            rate = result["requests"] / result["seconds"]
            rates[name].append(rate)
            print(
                f"{number:>5}  {name:<14}{rate:>11,.0f}{result['p50_microseconds']:>8}{result['p99_microseconds']:>8}"
                f"{busy / result['requests'] * 1e6:>23.2f}{busy / elapsed:>7.0%}",
                flush=True,
            )
    return rates
