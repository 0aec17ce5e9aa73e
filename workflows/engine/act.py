"""One act of a person, from the first lock to what is told of it."""

from contextlib import contextmanager

from django.db import transaction

from core.audit.record import journal, open_journal
from workflows.engine.changes import gathering


@contextmanager
def acting():
    """An act: one transaction; its events are written together at the end, and whoever follows
    tasks is told once, after them.

    An act within another fails with it, so it opens no savepoint of its own. Who wants to go on
    after a refusal wraps it: `with transaction.atomic(), acting(): …`.
    """
    with transaction.atomic(savepoint=open_journal() is None), gathering(), journal():
        yield


def this_act():
    """Something that is the same throughout an act and differs between acts; None outside."""
    return open_journal()
