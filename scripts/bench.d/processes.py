"""Child processes that never outlive the measurement, and what the kernel counts of them."""

import ctypes
import os
import signal
import subprocess
import time
from contextlib import contextmanager

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


def _die_with_parent():
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


@contextmanager
def running(command, cores=None, **options):
    """Runs a command to the end of the block, on the given cores, and then ends it: SIGTERM, and SIGKILL after five seconds."""
    process = subprocess.Popen(pinned(command, cores), preexec_fn=_die_with_parent, **options)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream:
                stream.close()


def output(command, timeout_seconds, cores=None):
    """The standard output of a command that has to succeed within the time."""
    process = subprocess.run(
        pinned(command, cores), check=True, timeout=timeout_seconds, stdout=subprocess.PIPE, text=True, preexec_fn=_die_with_parent
    )
    return process.stdout


def pinned(command, cores):
    return command if cores is None else ["taskset", "--cpu-list", ",".join(map(str, cores)), *command]


def cpu_seconds(process_id):
    """User and system time of a process and its threads so far."""
    with open(f"/proc/{process_id}/stat", encoding="utf-8") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_megabytes(process_id):
    with open(f"/proc/{process_id}/status", encoding="utf-8") as file:
        kibibytes = next(int(line.split()[1]) for line in file if line.startswith("VmRSS:"))
    return kibibytes * 1024 / 1e6


def wait_until(condition, timeout_seconds, what, interval_seconds=0.01):
    """Calls a condition until it holds; raises TimeoutError with what was waited for."""
    end = time.monotonic() + timeout_seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not come about in {timeout_seconds} s")
        time.sleep(interval_seconds)
