"""Work that nobody has to start. The queue library is known here and in the commands only."""

from datetime import time

from django_q.tasks import async_task

# name, function, every so many minutes; or a time of the day (once a day).
SCHEDULES = (
    ("messages", "workflows.mailroom.round.run", 1),
    ("live outbox", "workflows.live.courier.sweep", 10),
    ("deadlines", "workflows.nightly.sweep", 10),
    ("nightly check", "workflows.nightly.night", time(2, 10)),
    ("old messages", "workflows.mailroom.round.tidy", time(3, 40)),
)


def enqueue(function: str, *args) -> None:
    """Have a worker call a function, named by its path, once the running transaction commits.

    Gone when it is rolled back. It may run twice, so it must be idempotent.
    """
    async_task(function, *args)
