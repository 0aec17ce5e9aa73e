"""Being told: who hears of an event. Notices are rows of the same transaction, so nobody is told
of what did not happen; what leaves the house is fetched from them later, by the mail room."""

from collections.abc import Callable

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
from workflows.notices.kinds import kind_of
from workflows.notices.models import Notice

# Called with an event once its notices are written, in the same transaction, if there are any.
WHEN_TOLD: list[Callable[[Event], None]] = []


def tell(
    event: Event, *, people=(), among: Q | None = None, area="", line=None, levels=(), kind="",
    but: Q | None = None,
) -> None:  # fmt: skip
    """Write a notice for each person concerned and for who stands in for them today, except for
    the one who did it, as soon as the event itself is written.

    `people` are user ids, `among` is a condition on users; `levels` are roles that are told when
    their area or line covers the firm; `kind` is one of `kinds.Kind`, by default that of the
    event's code. `but` is a condition on users who were told already. One statement, however many
    are told.
    """
    told = Q(pk__in=[pk for pk in people if pk])
    if among is not None:
        told |= among
    for level in levels:
        if level != Role.LINE:
            told |= Q(role=level, area__in=prefixes(area))
        elif line:
            told |= Q(role=Role.LINE, line_id=line)
    told = _and_substitutes(told)
    if but is not None:
        told &= ~_and_substitutes(but)
    when_written(lambda: _write(event, told, str(kind or kind_of(event.code))))


def _and_substitutes(told: Q) -> Q:
    """The same people and those who stand in for them today, at first hand: a notice to somebody
    on leave is read by somebody who is there."""
    today = timezone.localdate()
    absent = User.objects.filter(told, is_active=True, role=OuterRef(OuterRef("role")))
    leaves = Leave.objects.on(today).filter(substitute=OuterRef("pk"), person__in=absent.values("pk"))
    return told | Q(Exists(leaves), stands_in_until__gte=today)


def _write(event: Event, told: Q, kind: str) -> None:
    """INSERT … SELECT: the people are found and told in one statement."""
    who = User.objects.filter(told, is_active=True).exclude(pk=event.by_id)
    column = {field.name: field for field in Notice._meta.concrete_fields}
    said = {
        "event": event.pk, "firm": event.firm_id, "kind": kind, "at": timezone.now(),
        "passed_on": False,
    }  # fmt: skip
    found = who.order_by().annotate(
        **{f"said_{name}": _as(column[name], value) for name, value in said.items()}
    )
    chosen = found.values_list("pk", *[f"said_{name}" for name in said])
    try:
        select, params = chosen.query.sql_with_params()
    except EmptyResultSet:  # nobody was named
        return
    quote = connection.ops.quote_name
    into = ", ".join(quote(column[name].column) for name in ("to", *said))
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {quote(Notice._meta.db_table)} ({into}) {select}", params)
        told_any = cursor.rowcount
    for follow in WHEN_TOLD if told_any else ():
        follow(event)


def _as(field, value) -> Value:
    """A constant with its column's type: PostgreSQL takes no guess in a SELECT."""
    return Value(value, output_field=getattr(field, "target_field", field))
