"""Work for later: the one place that knows which queue does it."""

from datetime import time

from django.db import transaction
from django_q.tasks import async_task

# name, function, every so many minutes; or a time of the day (once a day).
SCHEDULES = (
    ("deadlines", "workflows.nightly.sweep", 10),
    ("nightly check", "workflows.nightly.night", time(2, 10)),
)


def later(name: str, *args) -> None:
    """Run the function with this dotted name in the background, once what is done now is saved.

    A job may run twice (a worker was killed), so it must be safe to repeat. A queue that is away
    never undoes the act that asked for it: the sweeps find what was left.
    """
    transaction.on_commit(lambda: async_task(name, *args), robust=True)
