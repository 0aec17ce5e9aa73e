"""Kinds of jobs that only tests know, and a worker that knows them:

python -m tests.core.job_kinds       the queue's real worker, as `qcluster` runs it
python -m tests.core.job_kinds 12    works on job 12, without a queue, until it is over
"""

import os
import sys
import time
from pathlib import Path

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()

from django.core.management import call_command

from core.jobs import run
from core.jobs.files import replace
from core.jobs.kinds import Result, Step, job
from core.jobs.models import Job

raised = []  # by `stumble`


def stumble(times: int) -> None:
    """A call of the queue that does not succeed before it was made so often."""
    if len(raised) < times:
        raised.append(1)
        raise OSError("away")


COUNTING = "counting"
WAIT_AT_MOST = 60  # seconds: a test that forgot to open a gate fails, it does not hang


@job(COUNTING, label="Counting", title="Counting to {to}", verb="print_many")
def counting(work):
    """Counts, a line for each step into a file, and waits before a number that has a gate until a
    file of that name appears. What was counted stays in one file, as the result."""
    here, counted = Path(work.given["folder"]), work.checkpoint.get("counted", 0)
    for number in range(counted, work.given["to"]):
        with (here / "trace").open("a") as trace:
            trace.write(f"{number} {os.getpid()}\n")
        if number == work.given.get("breaks_at"):
            raise ValueError("a secret that no page may show")
        wait_for_gate(here, number, work.given)
        yield Step(number + 1, work.given["to"], {"counted": number + 1})
    replace(work.folder / "counted.txt", str(work.given["to"]).encode())
    return Result(work.folder / "counted.txt", "数到头.txt", "text/plain")


def wait_for_gate(here: Path, number: int, given: dict) -> None:
    until = time.monotonic() + WAIT_AT_MOST
    while number in given.get("gates", ()) and not (here / f"gate-{number}").exists():
        if time.monotonic() > until:
            raise TimeoutError(f"gate {number} stays shut")
        time.sleep(0.02)


if __name__ == "__main__":
    if sys.argv[1:]:
        while not Job.objects.get(pk=sys.argv[1]).over:
            run.run(int(sys.argv[1]))
    else:
        call_command("qcluster")
