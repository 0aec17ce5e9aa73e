"""What became of tasks in one act, told to those who follow: once, in the act's own transaction."""

from collections.abc import Callable
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace

from workflows.notices.tell import WHEN_TOLD

NEW, TAKEN, RELEASED, HANDED = "new", "taken", "released", "handed"
DECIDED, OVER, CHANGED = "decided", "over", "changed"


@dataclass
class Change:
    """One task and what happened to it in this act. `task` is as it stands at the end."""

    task: object
    what: list[str] = field(default_factory=list)
    owners: frozenset[int] = frozenset()  # whoever held it before, at or after the act


# Called with the list of changes of an act, and with the ids of the events of which it told
# somebody. Rooms above put their functions here at import.
WHEN_CHANGED: list[Callable[[list[Change], list[int]], None]] = []


@dataclass
class _Act:
    """What is known so far of an act that is under way."""

    tasks: dict[int, Change] = field(default_factory=dict)
    events: list[int] = field(default_factory=list)

    def copy(self):
        tasks = {pk: replace(one, what=[*one.what]) for pk, one in self.tasks.items()}
        return _Act(tasks, [*self.events])


_gathered: ContextVar[_Act | None] = ContextVar("gathered", default=None)


@contextmanager
def gathering():
    """Tell followers once, at the end of the outermost of these blocks; of nothing, when it fails.

    Open it inside the act's transaction, so that what followers write lives and dies with it.
    """
    outer = _gathered.get()
    found = outer.copy() if outer else _Act()
    token = _gathered.set(found)
    try:
        yield
    finally:
        _gathered.reset(token)
    if outer is not None:
        outer.tasks, outer.events = found.tasks, found.events  # a block that failed never gets here
    else:
        _tell(list(found.tasks.values()), found.events)


def changed(task, what: str, *, before: int | None = None) -> None:
    """Note what happened to a task; `before` is who held it until now."""
    found = _gathered.get()
    if found is None:
        _tell([_note(Change(task), task, what, before)], [])
        return
    _note(found.tasks.setdefault(task.pk, Change(task)), task, what, before)


def told(event) -> None:
    """Note that somebody was told of an event."""
    found = _gathered.get()
    if found is None:
        _tell([], [event.pk])
    else:
        found.events.append(event.pk)


def _note(change: Change, task, what: str, before: int | None) -> Change:
    change.task = task
    if what not in change.what:
        change.what.append(what)
    change.owners = change.owners | {pk for pk in (before, task.owner_id) if pk}
    return change


def _tell(changes: list[Change], events: list[int]) -> None:
    for follow in WHEN_CHANGED if changes or events else ():
        follow(changes, events)


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


WHEN_TOLD.append(told)
