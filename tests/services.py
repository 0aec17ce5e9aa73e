"""PostgreSQL, Redis and Chromium for the tests: found, started on a free port, always stopped.

`python -m tests.services postgresql|redis|chromium` says where the program is, or fails.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

PLACES = (
    "/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/libexec/postgresql*",
    "/opt/homebrew/opt/postgresql@*/bin", "/usr/local/opt/postgresql@*/bin",
)  # fmt: skip
# Gone after a crash, and quick; and as a real service keeps its data.
FORGETFUL = {
    "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "64MB",
}  # fmt: skip
DURABLE = {
    "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "shared_buffers": "512MB",
    "max_wal_size": "4GB",
}  # fmt: skip
BROWSERS = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)  # fmt: skip


def postgresql() -> Path | None:
    """The folder with initdb and postgres; the newest version if there are several."""
    folders = [folder for place in PLACES for folder in Path("/").glob(place.lstrip("/"))]
    if found := shutil.which("postgres"):
        folders.append(Path(found).resolve().parent)
    folders = [f for f in folders if (f / "initdb").exists() and (f / "postgres").exists()]
    return max(folders, key=lambda f: [int(n) for n in str(f).split("/") if n.isdigit()] or [0],
               default=None)  # fmt: skip


def redis() -> str | None:
    return shutil.which("redis-server")


def chromium() -> str | None:
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def _unprivileged() -> dict:
    """PostgreSQL refuses to run as root: then somebody with fewer rights runs it."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    who = names.get("postgres") or names["nobody"]
    return {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}


def _folder_for(who: dict, var: Path) -> Path:
    """A folder under var/; elsewhere if that person may not walk there (a clone in /root)."""
    var.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="postgres-", dir=var))
    if who:
        os.chown(folder, who["user"], who["group"])
        if subprocess.run(["ls", str(folder)], capture_output=True, **who).returncode:
            folder.rmdir()
            folder = Path(tempfile.mkdtemp(prefix="desk-postgres-"))
            os.chown(folder, who["user"], who["group"])
    return folder


def _wait(port: int, process: subprocess.Popen, log: Path, word: str = "") -> None:
    """Until it listens, and says so where its port opens before it is ready."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            listens = probe.connect_ex(("127.0.0.1", port)) == 0
            if listens and word in log.read_text(errors="replace"):
                return
        time.sleep(0.05)
    raise RuntimeError(f"It did not start:\n{log.read_text(errors='replace')[-2000:]}")


def _stop(process: subprocess.Popen, kind: int) -> None:
    process.send_signal(kind)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def running_postgresql(var: Path, keeping=FORGETFUL):
    """A cluster of its own for the time of the tests; gives the DATABASE_URL. `keeping` is how
    it keeps its data."""
    who, programs = _unprivileged(), postgresql()
    folder = _folder_for(who, var)
    data, log, port = folder / "data", folder / "log", free_port()
    place = {"cwd": str(folder), "env": os.environ | {"LC_ALL": "C.UTF-8"}} | who
    try:
        subprocess.run(
            [programs / "initdb", "-D", data, "-U", "desk", "-A", "trust", "-E", "UTF8", "--no-sync",
             "--locale=C"], check=True, capture_output=True, **place,
        )  # fmt: skip
        options = {
            "listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": "",
            "max_connections": 300,
        } | keeping  # fmt: skip
        given = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        with log.open("w") as output:
            server = subprocess.Popen(
                [programs / "postgres", "-D", data, *given],
                stdout=output, stderr=output, start_new_session=True, **place,
            )  # fmt: skip
        try:
            _wait(port, server, log, "ready to accept connections")
            yield f"postgres://desk@127.0.0.1:{port}/postgres"
        finally:
            _stop(server, signal.SIGINT)  # "fast": ends open sessions
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running_redis(var: Path):
    """A Redis of its own, nothing kept on disk; gives the REDIS_URL."""
    var.mkdir(parents=True, exist_ok=True)
    folder, port = Path(tempfile.mkdtemp(prefix="redis-", dir=var)), free_port()
    log = folder / "log"
    try:
        with log.open("w") as output:
            server = subprocess.Popen(
                [redis(), "--port", str(port), "--bind", "127.0.0.1", "--save", "",
                 "--appendonly", "no", "--dir", str(folder)],
                stdout=output, stderr=output, start_new_session=True,
            )  # fmt: skip
        try:
            _wait(port, server, log)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            _stop(server, signal.SIGTERM)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    found = {"postgresql": postgresql, "redis": redis, "chromium": chromium}[sys.argv[1]]()
    sys.stdout.write(f"{found or ''}\n")
    sys.exit(0 if found else 1)
