"""What does not move, and why; and who waits for whom. Of offices and roles, never of people."""

from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Subquery, TextChoices
from django.utils.translation import gettext_lazy as _

from core.accounts.absence import Leave, stood_in_for
from core.accounts.models import Area
from core.accounts.verbs import VERBS, Role
from core.ledger.scope import reach
from core.ledger.stages import Operation
from workflows.engine.models import Task
from workflows.engine.queries import place_of

WINDOW = 2000  # open tasks looked at, the most pressing first
SHOWN = 12  # rows of each table


class Why(TextChoices):
    """Why an overdue task stands still, the plainest reason first."""

    LEFT = "left", _("its holder does not work here any more")
    AWAY = "away", _("its holder is on leave")
    RESTS = "rests", _("put off by its holder")
    FREE = "free", _("nobody has taken it yet")
    HELD = "held", _("taken, not answered")


class Open(NamedTuple):
    """An open task, as far as the tables ask."""

    town: str
    town_name: str | None
    line_id: int | None
    line: str | None
    step: object  # the flow's node
    due_at: datetime | None
    created: datetime
    left: bool
    away: bool
    held_until: date | None
    holder: str | None  # the role of who has it
    permission: str | None  # the power that its queue asks for
    opener: str | None  # the role of who began the conversation; None: the desk at night

    def why(self, on: date) -> Why:
        if self.left:
            return Why.LEFT
        if self.away:
            return Why.AWAY
        if self.held_until and self.held_until > on:
            return Why.RESTS
        return Why.HELD if self.holder else Why.FREE

    @property
    def asked(self) -> str:
        """The role that is waited for."""
        verb = (self.permission or "").removeprefix("desk.")
        return self.holder or next((role for role in Role if verb in VERBS[role]), "")


class Stuck(NamedTuple):
    """Overdue tasks of one step in one place that stand still for one reason."""

    place: str  # as the list of what is late names it in its address
    name: str
    step: str
    title: str
    why: Why
    count: int
    oldest: datetime


class Waiting(NamedTuple):
    """Open tasks that one role asked another one for."""

    waits: str
    asked: str
    count: int
    oldest: datetime


def open_tasks(user, on: date) -> list[Open]:
    """The WINDOW most pressing open tasks within reach. Steps of paused firms rest."""
    named = Area.objects.filter(code=OuterRef("town")).values("name")
    rows = (
        Task.objects.human().open()
        .filter(place_of(user) if not stood_in_for(user) else reach(user))
        .exclude(firm__operation=Operation.PAUSED)
        .order_by("due_at", "pk")
        .values_list(
            "town", Subquery(named), "line_id", "line__name", "flow_task", "due_at", "created",
            "left_behind", Exists(Leave.objects.on(on).filter(person=OuterRef("owner"))),
            "held_until", "owner__role", "owner_permission", "process__opened_by__role",
        )
    )  # fmt: skip
    return [Open(*row) for row in rows[:WINDOW]]


def stuck(tasks: list[Open], *, now: datetime, on: date) -> list[Stuck]:
    """The overdue ones by place, step and reason, the longest overdue first."""
    groups: dict[tuple, list[Open]] = {}
    for task in tasks:
        if task.due_at and task.due_at < now:
            place = f"line-{task.line_id}" if task.line_id else task.town
            groups.setdefault((place, task.step.name, task.why(on)), []).append(task)
    found = [
        Stuck(
            place, some[0].line or some[0].town_name or some[0].town, step,
            str(some[0].step.task_title or step), why, len(some), min(task.due_at for task in some),
        )
        for (place, step, why), some in groups.items()
    ]  # fmt: skip
    return sorted(found, key=lambda row: row.oldest)


def waiting(tasks: list[Open]) -> list[Waiting]:
    """Who asked whom, in the order of the roles, with how many and since when."""
    groups: dict[tuple, list[Open]] = {}
    for task in tasks:
        groups.setdefault((task.opener or "", task.asked), []).append(task)
    order = ["", *Role.values]
    return [
        Waiting(waits, asked, len(some), min(task.created for task in some))
        for (waits, asked), some in sorted(
            groups.items(), key=lambda item: [order.index(role) for role in item[0]]
        )
    ]
