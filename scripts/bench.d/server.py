"""digitd as a client sees it: started on a free port, ready or not, asked for predictions."""

import http.client
import socket
from contextlib import contextmanager

from processes import running, wait_until


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_ready(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (ConnectionError, TimeoutError):
        return False
    finally:
        connection.close()


def predict(connection, bitmap, model):
    """POSTs 64 hexadecimal digits; returns the body of the answer, which has to be 200."""
    connection.request("POST", f"/predict?model={model}", body=bitmap, headers={"Content-Type": "text/plain"})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"POST /predict?model={model} answered {answer.status}: {body.decode(errors='replace')}")
    return body


@contextmanager
def launched(options, port, threads=None, cores=None, more=()):
    """digitd at its defaults with the shipped models, just started and maybe not ready yet."""
    # An empty file of settings, so that nobody's own are measured.
    settings = f"{options.scratch}/settings.yaml"
    with open(settings, "w", encoding="utf-8"):
        pass
    command = [options.digitd, "serve", "--host", "127.0.0.1", "--port", str(port), "--models", "Models"]
    command += ["--config", settings, "--state", f"{options.scratch}/state", "--log-level", "error"]
    command += more
    if threads is not None:
        command += ["--threads", str(threads)]
    with running(command, cores) as process:
        yield process


@contextmanager
def serving(options, threads=None, cores=None, more=()):
    """digitd with the shipped models, ready: its process and port."""
    port = free_port()
    with launched(options, port, threads, cores, more) as process:
        wait_until(lambda: process.poll() is not None or is_ready(port), 30, "digitd's readiness")
        if process.poll() is not None:
            raise RuntimeError(f"digitd ended with {process.returncode} instead of serving")
        yield process, port
