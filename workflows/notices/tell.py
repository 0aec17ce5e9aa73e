"""Being told: who hears of an event. Notices are rows of the same transaction, so nobody is told
of what did not happen; what leaves the house is fetched from them later, by the mail room."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, OuterRef, Q, Value
from django.utils import timezone

from core.accounts.absence import Leave
from core.accounts.models import User
from core.accounts.verbs import Role
from core.audit.models import Event
from core.audit.record import when_written
from core.people.who import prefixes
from core.prepared import Prepared
from workflows.notices.kinds import kind_of
from workflows.notices.models import Notice

# Called with an event once its notices are written, in the same transaction, if there are any.
WHEN_TOLD: list[Callable[[Event], None]] = []


class Among(NamedTuple):
    """A condition on users that is put together once and asked often: `build` is called with
    `areas` and `line` as `tell` has them and with `values`, and its shape depends on no value."""

    build: Callable[..., Q]
    values: dict[str, int]


def tell(
    event: Event, *, people=(), among: Q | Among | None = None, area="", line=None, levels=(),
    kind="", but: Q | None = None,
) -> None:  # fmt: skip
    """Write a notice for each person concerned and for who stands in for them today, except for
    the one who did it, as soon as the event itself is written.

    `people` are user ids, `among` is a condition on users; `levels` are roles that are told when
    their area or line covers the firm; `kind` is one of `kinds.Kind`, by default that of the
    event's code. `but` is a condition on users who were told already. One statement, however many
    are told.
    """
    people, areas = [pk for pk in people if pk], prefixes(area)
    given = {
        "kind": str(kind or kind_of(event.code)), "at": timezone.now(), "by": event.by_id,
        "today": timezone.localdate(), "line": line,
        **{f"person{n}": pk for n, pk in enumerate(people)},
        **{f"area{n}": code for n, code in enumerate(areas)},
    }  # fmt: skip
    shape = Shape(among, len(people), len(areas), bool(line), tuple(levels), but)
    if isinstance(among, Among):
        given |= among.values
    when_written(lambda: _write(event, shape, given | {"event": event.pk, "firm": event.firm_id}))


class Shape(NamedTuple):
    """Whom to tell, but for the values."""

    among: Q | Among | None
    people: int
    areas: int
    line: bool
    levels: tuple
    but: Q | None

    def chosen(self, **given):
        """The rows to write: those concerned, and beside each what their notice says."""
        areas = [given[f"area{n}"] for n in range(self.areas)]
        told = Q(pk__in=[given[f"person{n}"] for n in range(self.people)])
        line = given["line"] if self.line else None
        if isinstance(self.among, Among):
            values = {name: given[name] for name in self.among.values}
            told |= self.among.build(areas=areas, line=line, **values)
        elif self.among is not None:
            told |= self.among
        for level in self.levels:
            if level != Role.LINE:
                told |= Q(role=level, area__in=areas)
            elif line:
                told |= Q(role=Role.LINE, line_id=line)
        told = _and_substitutes(told, given["today"])
        if self.but is not None:
            told &= ~_and_substitutes(self.but, given["today"])
        said = {name: given[name] for name in ("event", "firm", "kind", "at")} | {"passed_on": False}
        who = User.objects.filter(told, is_active=True).exclude(pk=given["by"]).order_by()
        return who.annotate(
            **{f"said_{name}": _as(_COLUMNS[name], value) for name, value in said.items()}
        ).values_list("pk", *[f"said_{name}" for name in said])

    def statement(self, given: dict) -> tuple[str, list]:
        """The rows as SQL, put together once where they are asked often."""
        once = isinstance(self.among, Among) and self.but is None
        if not once or None in (given["by"], given["firm"]):
            return self.chosen(**given).query.sql_with_params()
        used = {name: value for name, value in given.items() if name != "line" or self.line}
        key = self._replace(among=(self.among.build, *self.among.values))
        if key not in _PREPARED:
            _PREPARED[key] = Prepared(
                lambda **given: self.chosen(**{"line": None} | given),
                **{name: type(value) for name, value in used.items()},
            )
        return _PREPARED[key].statement(**used)


_PREPARED: dict[Shape, Prepared] = {}
_COLUMNS = {field.name: field for field in Notice._meta.concrete_fields}


def _and_substitutes(told: Q, today: date) -> Q:
    """The same people and those who stand in for them today, at first hand: a notice to somebody
    on leave is read by somebody who is there."""
    absent = User.objects.filter(told, is_active=True, role=OuterRef(OuterRef("role")))
    leaves = Leave.objects.on(today).filter(substitute=OuterRef("pk"), person__in=absent.values("pk"))
    return told | Q(Exists(leaves), stands_in_until__gte=today)


def _write(event: Event, shape: Shape, given: dict) -> None:
    """INSERT … SELECT: the people are found and told in one statement."""
    try:
        select, params = shape.statement(given)
    except EmptyResultSet:  # nobody was named
        return
    quote = connection.ops.quote_name
    names = ("to", "event", "firm", "kind", "at", "passed_on")
    into = ", ".join(quote(_COLUMNS[name].column) for name in names)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {quote(Notice._meta.db_table)} ({into}) {select}", params)
        told_any = cursor.rowcount
    for follow in WHEN_TOLD if told_any else ():
        follow(event)


def _as(field, value) -> Value:
    """A constant with its column's type: PostgreSQL takes no guess in a SELECT."""
    return Value(value, output_field=getattr(field, "target_field", field))
