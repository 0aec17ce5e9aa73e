"""Whether the process that works on a job is alive: it says so every few seconds, and on the same
machine its death is seen at once."""

import logging
import os
import socket
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

from django.db import DatabaseError, connection
from django.utils import timezone

from core.jobs.models import Job

log = logging.getLogger(__name__)

BEAT = 5  # seconds
# Longer than a beat that waits for SQLite's lock.
DEAD_AFTER = timedelta(seconds=60)


def here() -> str:
    """The machine (and the container on it) of this process."""
    try:
        space = Path("/proc/self/ns/pid").readlink()
    except OSError:
        space = ""
    return f"{socket.gethostname()[:60]} {space}".strip()


def myself() -> str:
    return f"{here()} {os.getpid()} {_born(os.getpid())}"


def _born(pid: int) -> str:
    """When a process began, as its system counts; "" where that is not told. A number of a
    process is given again, together with this it is not. "gone" for one that has ended and still
    stands in the table, because nobody asked how."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "gone" if told[0] in "ZX" else told[19]


def dead(job: Job, now) -> bool:
    """Whether nobody works on a job any more that somebody took."""
    if job.beat_at is None or now - job.beat_at > DEAD_AFTER:
        return True
    place, _space, process = job.holder.partition(f"{here()} ")
    if place or not process:
        return False  # another machine: only its beats tell
    pid, _space, born = process.partition(" ")
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, ValueError):
        return True
    except PermissionError:
        return False
    return _born(int(pid)) != born


@contextmanager
def beating(job: Job):
    """Signs of life while the block runs, so that a long step is not taken for a death."""
    stop = Event()
    pulse = Thread(target=_beat, args=(job.pk, job.token, stop), daemon=True)
    pulse.start()
    try:
        yield
    finally:
        stop.set()
        pulse.join()


def _beat(pk: int, token, stop: Event) -> None:
    while not stop.wait(BEAT):
        try:
            Job.objects.filter(pk=pk, token=token).update(beat_at=timezone.now())
        except DatabaseError as away:
            log.warning("A job's sign of life was not written: %s", away)
        finally:
            connection.close()
