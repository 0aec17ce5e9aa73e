"""What is to be said live is first a row of the act's own transaction: it lives and dies with it."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver

from core.accounts.absence import Leave
from core.jobs.moves import WHEN_JOB_MOVES
from workflows.engine.changes import WHEN_CHANGED, Change
from workflows.live.courier import COURIER
from workflows.live.models import NOTICE, Outbox
from workflows.live.who import stand_ins


def note(changes: list[Change], events: list[int]) -> None:
    """Follow the tasks and the notices: one row, and so one statement, for all that an act did."""
    said = []
    for change in changes:
        was = sorted(change.owners - {change.task.owner_id})
        said.append({"what": change.what, "task": change.task.pk, "was": was})
    if events:
        said.append({"what": [NOTICE], "events": events})
    _put(said)


def say(kind: str, *, to: Iterable[int], ref: int | None = None) -> None:
    """Tell the open pages of people (user ids) that something of theirs changed: a kind of at most
    16 letters ("notice", "job") and which row. Call it in the transaction that changes it."""
    people = sorted(set(to))
    if people:
        _put([{"what": [kind], "ref": ref, "to": people}])


def follow_job(job) -> None:
    """How far long work is, to who started it: for the list of those who follow jobs."""
    say("job", to=[job.by_id], ref=job.pk)


@receiver(post_save, sender=Leave)
def follow_leave(sender, instance, **more) -> None:
    """A leave that is recorded or ends changes what two people have before them, and whoever
    stands in for one of them in turn."""
    both = {instance.person_id, instance.substitute_id}
    say("leave", to=both.union(*stand_ins(both).values()))


def _put(said: list[dict]) -> None:
    Outbox.objects.create(said=said)
    transaction.on_commit(COURIER.wake, robust=True)


WHEN_CHANGED.append(note)
WHEN_JOB_MOVES.append(follow_job)
