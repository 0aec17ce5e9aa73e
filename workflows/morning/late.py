"""What is late, and where: the longest overdue tasks within reach, by place and step."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import OuterRef, Subquery

from core.accounts.absence import stood_in_for
from core.accounts.models import Area
from core.ledger.scope import reach
from core.ledger.stages import Operation
from workflows.engine.models import Task
from workflows.engine.queries import place_of

WINDOW = 300  # tasks looked at, the longest overdue first: nobody clears more in a morning


class Late(NamedTuple):
    """One overdue task, as far as the groups ask."""

    pk: int
    town: str
    town_name: str | None
    line_id: int | None
    line: str | None
    step: object  # the flow's node
    due_at: datetime

    @property
    def place(self) -> str:
        """Who manages the firm, as it stands in an address: a line department, or a township."""
        return f"line-{self.line_id}" if self.line_id else self.town


class Group(NamedTuple):
    """The overdue tasks of one step in one place."""

    place: str
    name: str  # of the place
    step: str
    title: str  # of the step
    count: int
    oldest: datetime


def late_tasks(user, *, now: datetime) -> tuple[list[Late], bool]:
    """The overdue tasks of WINDOW within reach, oldest first, and whether there are more. Steps of
    paused firms rest."""
    named = Area.objects.filter(code=OuterRef("town")).values("name")
    rows = (
        Task.objects.human()
        .overdue(now)
        .filter(place_of(user) if not stood_in_for(user) else reach(user))
        .exclude(firm__operation=Operation.PAUSED)
        .order_by("due_at", "pk")
        .values_list("pk", "area", Subquery(named), "line_id", "line__name", "flow_task", "due_at")
    )
    found = [Late(pk, area[:9], *rest) for pk, area, *rest in rows[: WINDOW + 1]]
    return found[:WINDOW], len(found) > WINDOW


def grouped(tasks: list[Late]) -> list[Group]:
    """The groups, the one with the oldest task first."""
    groups: dict[tuple, list[Late]] = {}
    for task in tasks:
        groups.setdefault((task.place, task.step.name), []).append(task)
    return [
        Group(
            place, rows[0].line or rows[0].town_name or rows[0].town, step,
            str(rows[0].step.task_title or step), len(rows), rows[0].due_at,
        )
        for (place, step), rows in groups.items()
    ]  # fmt: skip


def in_group(tasks: list[Late], place: str, step: str) -> list[Late]:
    """The tasks of one place, one step, or both; an empty word asks for all."""
    return [
        task for task in tasks if place in ("", task.place) and step in ("", task.step.name)
    ]  # fmt: skip
