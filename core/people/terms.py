"""The term of an instructor, and that they left."""

from collections.abc import Callable

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.audit.record import record
from core.errors import Refused
from core.ledger.models import Firm
from core.ledger.permits import not_ahead
from core.people import history
from core.people.assigning import months_later
from core.people.entries import Came, held, write
from core.people.models import Instructor
from core.rulebook import rule

# Called with an instructor who left, `by` and `on`, in the same transaction.
WHEN_LEFT: list[Callable] = []


def new_term(instructor: Instructor, *, begins: str, on) -> tuple:
    """First and last day of the next term: from today ("today") or from the old end ("old_end")."""
    start = on if begins == "today" else instructor.term_until
    return start, months_later(start, rule("instructor_term", on=start).value)


@transaction.atomic
def renew_term(instructor: Instructor, *, begins: str, by, on) -> Instructor:
    """Give an instructor another term; one who had left is back with it. Raises Refused."""
    now = held(instructor, by=by)
    start, end = new_term(now, begins=begins, on=on)
    if not now.full_member:
        raise Refused(
            Refused.NOT_NOW, _("%(name)s is not a full member in good standing.") % {"name": now.name}
        )
    if end < on:
        raise Refused(
            Refused.BAD_INPUT,
            _("A term from the old end would be over already. Let the new term begin today."),
        )
    if now.term_until > new_term(now, begins="today", on=on)[1]:
        raise Refused(
            Refused.NOT_NOW,
            _("The term runs until %(day)s: it is renewed already.")
            % {"day": date_format(now.term_until)},
        )
    # Renewed before its end, a term goes on: it does not begin anew, and no day lies between two.
    begun = start if start <= on and start > now.term_from else now.term_from
    return write(now, {"term_from": begun, "term_until": end, "left_on": None}, by=by, came=Came.TERM)


@transaction.atomic
def record_left(instructor: Instructor, *, left_on, by, on) -> Instructor:
    """Record from which day somebody is no instructor any more. Raises Refused while they still
    guide firms, with the list of those."""
    now = held(instructor, by=by)
    not_ahead(left_on, on)
    if now.left_on:
        raise Refused(
            Refused.FASTER,
            _("%(name)s stopped on %(day)s.")
            % {"name": now.name, "day": date_format(now.left_on)},
        )  # fmt: skip
    guided = now.assignments.current().values("firm_id")
    if guided.exists():
        names = list(Firm.objects.visible_to(by).filter(pk__in=guided).values_list("name", flat=True))
        if len(names) < guided.count():
            names.append(_("firms outside your area"))
        raise Refused(
            Refused.NOT_NOW,
            _("%(name)s still guides: %(firms)s. End these assignments first.")
            % {"name": now.name, "firms": _(", ").join(map(str, names))},
        )
    last = now.assignments.order_by("-until").first()
    if last and left_on < last.until:
        raise Refused(
            Refused.BAD_INPUT,
            _("The last assignment ended on %(day)s; give a day since then.")
            % {"day": date_format(last.until)},
        )
    before = history.entry_of(now)
    now.left_on = left_on
    now.save(update_fields=["left_on"])
    history.keep(now, before=before, by=by, came=Came.LEFT)
    record(
        "instructor.left", by=by, chain=f"instructor:{now.pk}", area=now.area, instructor=now.name,
        on=date_format(left_on, "Y-m-d"),
    )  # fmt: skip
    for follow in WHEN_LEFT:
        follow(now, by=by, on=on)
    return now
