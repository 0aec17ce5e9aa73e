"""One command serves the desk: sets up what is missing, then the web server and its worker.

The web server runs in this process, the background worker in a child. Either ending ends the
other; the worker also ends when this process is killed outright, because its input closes.
"""

import hashlib
import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager, suppress
from threading import Thread

import uvicorn
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import translation

from core.demo.accounts import ACCOUNTS, PASSWORD

# Viewflow's own pages are never shown, and packing their fonts takes minutes.
UNUSED = ["node_modules", "viewflow"]
# A page says a few words only: a longer frame closes its socket. Without compression a socket
# holds no buffers of its own.
SOCKETS = {"ws_max_size": 4096, "ws_per_message_deflate": False, "ws_max_queue": 8}
PATIENCE = 15  # seconds for running work to end, when the desk is stopped


def serve(host: str, port: int, tell) -> int:
    """Serve until stopped; returns the exit code. `tell` prints a line.

    Raises CommandError, in one line, when the port is taken or the database does not answer.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with _taken(host, port) as door:
        set_up(tell)
        open_to(host)
        link_to(*door.getsockname()[:2])
        server = _Server(door, tell)
        with _worker() as worker:
            watch = Thread(target=_follow, args=(worker, server, tell), daemon=True)
            watch.start()
            try:
                server.run(sockets=[door])
            except KeyboardInterrupt:
                tell("Stopping …")
            server.stopping = True
    return 1 if server.lost_worker else 0


def open_to(host: str) -> None:
    """Let the demo answer by the address that it was told to bind to; a real service names its
    hosts itself."""
    if settings.DEMO and host not in settings.ALLOWED_HOSTS:
        anywhere = host in ("0.0.0.0", "::")
        settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "*" if anywhere else host]


def link_to(host: str, port: int) -> None:
    """Let what leaves the demo link to where it is served, also what its worker sends. A real
    service, behind its own name, says SITE_URL itself."""
    if settings.DEMO and not os.getenv("SITE_URL"):
        os.environ["SITE_URL"] = settings.SITE_URL = address(host, port)


def address(host: str, port: int) -> str:
    """Where a browser on this machine finds what is bound to a host and a port."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "localhost"}.get(host, host)
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"


@contextmanager
def _taken(host: str, port: int):
    """The port, taken before anything else is done, so that a second desk fails at once."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, port))
        except OverflowError as error:
            raise CommandError(f"{port} is not a port: choose one from 1 to 65535.") from error
        except OSError as error:
            raise CommandError(
                f"Cannot serve at {host}:{port} ({error.strerror or error}): stop what uses it, "
                "or choose another with --port."
            ) from error
        yield door


# ── set-up ─────────────────────────────────────────────────────────────────────────────────────
def set_up(tell) -> None:
    """Bring words, tables, demo county, schedules and assets up to date; quick when they are."""
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            tell("Preparing the database …")
            call_command("migrate", interactive=False, verbosity=0)
        if settings.DEMO and not get_user_model().objects.exists():
            tell("Making the demo county …")
            call_command("demo_county", seed=2014, verbosity=0)
        call_command("schedules")
    except OperationalError as error:
        reason = " ".join(str(error).split())
        raise CommandError(f"The database does not answer: {reason}") from error
    _collect_assets(tell)
    connections.close_all()


def _collect_assets(tell) -> None:
    stamp = settings.VAR_DIR / "static.stamp"
    want = _fingerprint()
    if settings.STATIC_ROOT.exists() and stamp.exists() and stamp.read_text() == want:
        return
    tell("Collecting the assets …")
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=UNUSED)
    stamp.write_text(want)


def _fingerprint() -> str:
    """Changes when an asset of ours or a locked package changes."""
    ours = sorted(p for p in (settings.BASE_DIR / "core" / "static").rglob("*") if p.is_file())
    stats = [(str(p), p.stat().st_mtime_ns, p.stat().st_size) for p in ours]
    locked = (settings.BASE_DIR / "requirements.lock").read_bytes()
    return hashlib.sha256(repr(stats).encode() + locked).hexdigest()


# ── the two that run ───────────────────────────────────────────────────────────────────────────
class _Server(uvicorn.Server):
    """Tells the address once it really serves."""

    def __init__(self, door: socket.socket, tell) -> None:
        super().__init__(
            uvicorn.Config(
                "core.asgi:application", lifespan="off", log_level="warning",
                timeout_graceful_shutdown=PATIENCE, **SOCKETS,
            )
        )  # fmt: skip
        self.door, self.tell = door, tell
        self.stopping = self.lost_worker = False

    async def startup(self, sockets=None) -> None:
        await super().startup(sockets)
        if self.started:
            announce(*self.door.getsockname()[:2], self.tell)


@contextmanager
def _worker():
    """The background worker, in a process group of its own, of which nothing is left behind."""
    worker = subprocess.Popen(
        [sys.executable, settings.BASE_DIR / "manage.py", "worker"],
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield worker
    finally:
        if worker.poll() is None:
            worker.terminate()
        with suppress(subprocess.TimeoutExpired):
            worker.wait(PATIENCE)
        # A worker that was killed, or does not end, leaves children.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


def _follow(worker: subprocess.Popen, server: _Server, tell) -> None:
    worker.wait()
    if not (server.should_exit or server.stopping):
        tell("The background worker has ended, so the desk stops.")
        server.lost_worker = True
        server.should_exit = True


def announce(host: str, port: int, tell) -> None:
    tell(f"\nInstructor Desk 指导员工作台: {address(host, port)}/")
    if settings.DEMO:
        tell(f"Demo accounts, each with the password {PASSWORD}:")
        with translation.override("en"):
            for account in ACCOUNTS:
                tell(f"  {account.username:<12}{account.name}  {account.does}")
    tell("Ctrl-C stops it.")
