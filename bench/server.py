"""A real gunicorn on loopback, and a client that keeps its connection where the server does."""

from __future__ import annotations

import contextlib
import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
START_SECONDS = 30


@contextmanager
def serving(environment: dict[str, str], workers: int) -> Iterator[int]:
    """Serve the app with ``workers`` sync processes and yield the port; they end with the block."""
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", "mofu.wsgi:application", "--bind", f"{HOST}:{port}"]
    command += ["--workers", str(workers), "--log-level", "warning", "--timeout", "300"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def _wait(port: int, process: subprocess.Popen) -> None:
    for _ in range(START_SECONDS * 10):
        if process.poll() is not None:
            raise SystemExit("gunicorn did not start")
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=1):
            return
        time.sleep(0.1)
    raise SystemExit("gunicorn did not answer in time")


class Browser:
    """One signed-in client; :meth:`get` returns the milliseconds from request to last byte."""

    def __init__(self, port: int, cookie: str) -> None:
        self.connection = http.client.HTTPConnection(HOST, port, timeout=300)
        self.headers = {"Cookie": cookie, "Connection": "keep-alive"}
        self.size = 0

    def get(self, path: str) -> float:
        """Fetch a page; anything but 200 stops the run."""
        begun = time.perf_counter()
        self.connection.request("GET", path, headers=self.headers)
        response = self.connection.getresponse()
        body = response.read()
        taken = (time.perf_counter() - begun) * 1000
        if response.status != 200:
            raise SystemExit(f"{path} answered {response.status}")
        self.size = len(body)
        return taken
