"""One act of a person, from the first lock to what is told of it."""

from contextlib import contextmanager

from django.db import transaction

from core.audit.record import journal
from workflows.engine.changes import gathering


@contextmanager
def acting(*, inner: bool = False):
    """An act: one transaction; its events are written together at the end, and whoever follows
    tasks is told once, after them.

    `inner` says that it is a part of an act that fails with it, so that it needs no savepoint. Who
    wants to go on after a refusal opens one without.
    """
    with transaction.atomic(savepoint=not inner), gathering(), journal():
        yield
