"""What became of tasks in one act, told to those who follow: once, in the act's own transaction."""

from collections.abc import Callable
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace

NEW, TAKEN, RELEASED, HANDED = "new", "taken", "released", "handed"
DECIDED, OVER, CHANGED = "decided", "over", "changed"


@dataclass
class Change:
    """One task and what happened to it in this act. `task` is as it stands at the end."""

    task: object
    what: list[str] = field(default_factory=list)
    owners: frozenset[int] = frozenset()  # whoever held it before, at or after the act


# Called with the list of changes of an act. Rooms above put their functions here at import.
WHEN_CHANGED: list[Callable[[list[Change]], None]] = []

_gathered: ContextVar[dict[int, Change] | None] = ContextVar("gathered", default=None)


@contextmanager
def gathering():
    """Tell followers once, at the end of the outermost of these blocks; of nothing, when it fails.

    Open it inside the act's transaction, so that what followers write lives and dies with it.
    """
    outer = _gathered.get()
    found = {pk: replace(one, what=[*one.what]) for pk, one in (outer or {}).items()}
    token = _gathered.set(found)
    try:
        yield
    finally:
        _gathered.reset(token)
    if outer is not None:
        outer.update(found)  # a block that failed never gets here
    elif found:
        _tell(list(found.values()))


def changed(task, what: str, *, before: int | None = None) -> None:
    """Note what happened to a task; `before` is who held it until now."""
    found = _gathered.get()
    if found is None:
        _tell([_note(Change(task), task, what, before)])
        return
    _note(found.setdefault(task.pk, Change(task)), task, what, before)


def _note(change: Change, task, what: str, before: int | None) -> Change:
    change.task = task
    if what not in change.what:
        change.what.append(what)
    change.owners = change.owners | {pk for pk in (before, task.owner_id) if pk}
    return change


def _tell(changes: list[Change]) -> None:
    for follow in WHEN_CHANGED:
        follow(changes)


def between(was: tuple | None, status: str, owner: int | None) -> str | None:
    """What a saved task went through: from (status, owner) before, None when it is new."""
    if was is None:
        return NEW
    before, held_by = was
    if status != before and status == "DONE":
        return DECIDED
    if status != before and status == "CANCELED":
        return OVER
    if owner == held_by:
        return None
    return TAKEN if held_by is None else RELEASED if owner is None else HANDED
