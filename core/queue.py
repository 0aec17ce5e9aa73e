"""Work outside the web process. The queue library is known here, in the commands and in /healthz."""

import logging
from collections.abc import Callable
from datetime import datetime, time
from typing import NamedTuple

from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop
from django_q.conf import Conf
from django_q.exceptions import TimeoutException
from django_q.models import Failure, OrmQ, Schedule, Task
from django_q.signals import post_spawn
from django_q.status import Stat
from django_q.tasks import async_task

log = logging.getLogger(__name__)

# name (also shown, translated), function, every so many minutes; or a time of the day (once a day).
SCHEDULES = (
    (gettext_noop("messages"), "workflows.mailroom.round.run", 1),
    (gettext_noop("live outbox"), "workflows.live.courier.sweep", 10),
    (gettext_noop("deadlines"), "workflows.nightly.sweep", 10),
    (gettext_noop("nightly check"), "workflows.nightly.night", time(2, 10)),
    (gettext_noop("jobs: resume and clean up"), "core.jobs.keep.keep", 1),
    (gettext_noop("old messages"), "workflows.mailroom.round.tidy", time(3, 40)),
)

READ_AT_MOST = 1000  # calls of the queue, at one look

OutOfTime = TimeoutException  # raised in the worker's function after Q_CLUSTER's `timeout`


def enqueue(function: str, *args) -> None:
    """Have the worker call a function, by its dotted name, with arguments that pickle.

    The request is a row of the database: it becomes true with the transaction it is part of, or
    not at all. The function may be called twice (a worker dies): it must bear that.
    """
    async_task(function, *args)


def when_worker_starts(call: Callable[[], object]) -> None:
    """Call something in each worker process as it begins."""

    def begin(**_signal):
        try:
            call()
        except DatabaseError as away:  # tables may not be there yet; the schedule comes by later
            log.warning("At the start of a worker: %s", away)
        finally:
            connection.close()

    post_spawn.connect(begin, weak=False)


# ── what administrators see of it ──────────────────────────────────────────────────────────────
class Scheduled(NamedTuple):
    name: str
    next_run: datetime
    last_run: datetime | None
    fine: bool | None  # None: it has not run, or is running


class Failed(NamedTuple):
    pk: str
    function: str
    args: tuple
    at: datetime
    kind: str  # of the fault, without its words: these may hold what few may read
    name: str  # of the schedule, if it was one


def scheduled() -> list[Scheduled]:
    """The table of scheduled work with what came of each one's last run."""
    schedules = list(Schedule.objects.order_by("name"))
    names = {schedule.name for schedule in schedules}
    last: dict[str, Task] = {}
    for task in (
        Task.objects.filter(group__in=names).only("group", "stopped", "success").order_by("stopped")
    ):
        last[task.group] = task
    return [
        Scheduled(
            schedule.name,
            schedule.next_run,
            last[schedule.name].stopped if schedule.name in last else None,
            last[schedule.name].success if schedule.name in last else None,
        )
        for schedule in schedules
    ]


def waiting() -> int:
    """How many calls stand in the queue, or are being carried out."""
    return OrmQ.objects.count()


def ready(function: str) -> set[tuple]:
    """The arguments of a function's calls that any worker may take now. A call that a worker took
    and did not carry out is not among them until it is given out anew."""
    rows = OrmQ.objects.filter(lock__lte=timezone.now()).order_by("pk")[:READ_AT_MOST]
    return {tuple(row.task["args"]) for row in rows if row.task.get("func") == function}


def workers() -> int:
    """How many worker processes have shown that they live."""
    return sum(len(stat.workers) for stat in Stat.get_all() if stat.status != Conf.STOPPED)


def failures(at_most: int = 50) -> list[Failed]:
    """The newest calls that raised, or took too long."""
    names = {function: name for name, function, _when in SCHEDULES}
    return [
        Failed(task.id, task.func, task.args or (), task.stopped, _kind(task), names.get(task.func, ""))
        for task in Failure.objects.order_by("-stopped")[:at_most]
    ]


def _kind(task) -> str:
    """The name of the exception: the first word of a traceback's last line."""
    lines = [line for line in str(task.result or "").splitlines() if line and line[0] != " "]
    return lines[-1].partition(":")[0][:80] if lines else ""


@transaction.atomic
def again(pk: str) -> str | None:
    """Have a failed call made again; returns its function, or None when it is gone."""
    task = Failure.objects.select_for_update().filter(pk=pk).first()
    if task is None:
        return None
    enqueue(task.func, *(task.args or ()))
    task.delete()
    return task.func


def forget_failures(before: datetime) -> None:
    Failure.objects.filter(stopped__lt=before).delete()
