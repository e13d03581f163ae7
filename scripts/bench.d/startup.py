"""From the start of the process to ready with the shipped models, and the memory that stays resident."""

import http.client
import time
from statistics import median

from bitmaps import semeion_bitmaps
from processes import resident_megabytes, wait_until
from server import free_port, is_ready, launched, predict, serving

START_COUNT = 10
PREDICTION_COUNT = 10_000


def milliseconds_to_ready(options):
    port = free_port()
    start = time.perf_counter()
    with launched(options, port) as process:
        wait_until(lambda: process.poll() is not None or is_ready(port), 30, "digitd's readiness", interval_seconds=0.0005)
        milliseconds = (time.perf_counter() - start) * 1000
        if process.poll() is not None:
            raise RuntimeError(f"digitd ended with {process.returncode} instead of serving")
    return milliseconds


def measure(options):
    # The first start reads the program and the models from the disk; the others find them in memory.
    cold, *times = (milliseconds_to_ready(options) for _ in range(START_COUNT + 1))
    print(
        f"start to ready: {median(times):.0f} ms (median of {START_COUNT}, {min(times):.0f} to {max(times):.0f}; "
        f"one before them {cold:.0f})"
    )
    bitmaps = semeion_bitmaps()
    with serving(options) as (process, port):
        started = resident_megabytes(process.pid)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        for number in range(PREDICTION_COUNT):
            predict(connection, bitmaps[number // 2 % len(bitmaps)], ("svm", "random-forest")[number % 2])
        connection.close()
        print(
            f"resident memory: {started:.1f} MB when ready, {resident_megabytes(process.pid):.1f} MB after "
            f"{PREDICTION_COUNT:,} predictions by both models"
        )
