"""A server process of its own, and browsers that stay connected to it."""

import http.client
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.test import Client

from tests.services import free_port

PATIENCE = 30  # seconds for a server to answer, or to end


def start(port: int, *, wait: bool = True, **env) -> subprocess.Popen:
    """A server that answers when this returns, unless nobody waits. Raises RuntimeError if it
    does not."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.server", str(port)],
        env=os.environ | env, cwd=settings.BASE_DIR,
    )  # fmt: skip
    if not wait:
        return process
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return process
        time.sleep(0.05)
    stop(process)
    raise RuntimeError("The server did not start.")


def stop(process: subprocess.Popen) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()


@contextmanager
def serving(**env):
    """A server on a free port: (port, process)."""
    port = free_port()
    process = start(port, **env)
    try:
        yield port, process
    finally:
        stop(process)


def resident(process: subprocess.Popen) -> float:
    """Memory that a process holds, in MB."""
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    kilobytes = next(line.split()[1] for line in lines if line.startswith("VmRSS"))
    return int(kilobytes) / 1024


def worked(process: subprocess.Popen) -> float:
    """Milliseconds for which a process has used a processor; others' load does not show here."""
    after_name = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return 1000 * sum(map(int, after_name[11:13])) / os.sysconf("SC_CLK_TCK")


def cookie_of(user) -> str:
    """The session cookie of somebody who signed in."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


class Browser:
    """One signed-in person on one kept connection."""

    def __init__(self, port: int, cookie: str):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
        self.headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"}

    def get(self, path: str) -> tuple[float, bytes]:
        """Milliseconds until the whole page is there, and the page. Raises unless it is a page."""
        try:
            began = time.perf_counter()
            answer = self._ask(path)
        except http.client.RemoteDisconnected:  # it was quiet for too long
            self.connection.close()
            began = time.perf_counter()
            answer = self._ask(path)
        page = answer.read()
        took = 1000 * (time.perf_counter() - began)
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")
        return took, page

    def _ask(self, path: str) -> http.client.HTTPResponse:
        self.connection.request("GET", path, headers=self.headers)
        return self.connection.getresponse()
