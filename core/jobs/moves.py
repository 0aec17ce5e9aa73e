"""Whoever follows jobs is told here, as they move."""

from collections.abc import Callable

from core.jobs.models import Job

# Called on every change of state, and on progress a few times a second, inside the transaction of
# the change: what must not be said before it is committed waits with transaction.on_commit.
WHEN_JOB_MOVES: list[Callable[[Job], None]] = []


def moved(job: Job) -> None:
    for tell in WHEN_JOB_MOVES:
        tell(job)
