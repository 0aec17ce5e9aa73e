"""Instructors, and who guides which firm."""

from collections.abc import Callable

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.accounts.models import Area, SendingUnit
from core.audit.record import record
from core.errors import Refused
from core.ledger.permits import allow, locked, not_ahead
from core.people.fitness import BLOCK, NOTE, load, objections
from core.people.models import Assignment, Instructor

End = Assignment.End
# What ends an assignment without a recall: nothing of it is against the instructor.
DIRECT = (End.MISTAKE, End.ASKED, End.TERM, End.FIRM)

# Called with an assignment that began or ended, and `by`, in the same transaction.
WHEN_GUIDE_CHANGES: list[Callable] = []
# Called with each assignment that ended, however that came, with `by` and `on`, in the same
# transaction: what an instructor leaves behind is handed over from here.
WHEN_ENDED: list[Callable] = []


def months_later(day, months: int):
    """The same day of a later month, or its last day when it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return day.replace(year=day.year + years, month=month + 1, day=last)
        except ValueError:
            continue
    raise ValueError(day)


def unit_named(name: str, *, county: str) -> SendingUnit:
    """The sending unit of this name in a county; put on record when it is named first."""
    return SendingUnit.objects.get_or_create(county=county, name=" ".join(name.split()))[0]


def further_within(areas, county: str, own: str) -> list[Area]:
    """The further areas without the one that the person works in anyway. Raises Refused."""
    if any(area.county != county for area in areas):
        raise Refused(Refused.BAD_INPUT, _("Choose further areas of this county."))
    return [area for area in areas if area.code != own]


@transaction.atomic
def assign(
    firm, instructor: Instructor, *, since, by, on, all_the_same=False, proposals=True
) -> Assignment:
    """Give a firm its instructor. Raises Refused when something stands against it; where that is
    only a warning, `all_the_same` goes on. `proposals`: see `objections`."""
    firm = locked(firm, by=by, verb="register")
    instructor = (
        Instructor.objects.visible_to(by).select_for_update(of=("self",)).get(pk=instructor.pk)
    )  # two firms may not fill the last place together
    not_ahead(since, on)
    refuse_unfit(firm, instructor, on=on, all_the_same=all_the_same, proposals=proposals)
    if since < instructor.term_from:
        raise Refused(
            Refused.NOT_NOW,
            _("The term of %(name)s begins on %(day)s; the assignment cannot begin before.")
            % {"name": instructor.name, "day": date_format(instructor.term_from)},
        )
    made = Assignment.objects.create(instructor=instructor, firm=firm, county=firm.county, since=since)
    _tell_of(made, by=by)
    record(
        "assignment.begun", by=by, firm=firm, instructor=instructor.name, firm_name=firm.name
    )  # fmt: skip
    return made


def _tell_of(assignment: Assignment, *, by) -> None:
    for follow in WHEN_GUIDE_CHANGES:
        follow(assignment, by=by)


def refuse_unfit(firm, instructor: Instructor, *, on, all_the_same, proposals=True) -> None:
    """Raises Refused when the instructor may not be sent to the firm; and when something speaks
    against it, unless that was seen and is meant `all_the_same`."""
    found = objections(firm, instructor, on=on, proposals=proposals)
    for one in found:
        if one.treat == BLOCK:
            raise Refused(Refused.FASTER if one.code == "taken" else Refused.NOT_NOW, one.sentence)
    asking = [one for one in found if one.treat != NOTE]
    if asking and not all_the_same:
        said = " ".join(one.sentence for one in asking)
        raise Refused(
            Refused.NOT_NOW, _("%(said)s Tick “assign all the same” to go on.") % {"said": said}
        )


@transaction.atomic
def unassign(firm, *, until, reason: str, why: str = "", by, on) -> Assignment:
    """End the assignment of a firm for a reason that is not against the instructor (DIRECT), with
    further words if there are any. Everything else is a recall, which somebody approves (domain
    rule I12). Raises Refused."""
    allow(by, "register")
    if reason not in DIRECT:
        raise Refused(
            Refused.BAD_INPUT,
            _("Choose why the assignment ends. Whatever is not on the list is a recall."),
        )
    now = end_assignment(firm, until=until, reason=reason, why=why, by=by, on=on)
    if reason == End.TERM and now.instructor.term_until > on:
        raise Refused(
            Refused.NOT_NOW,
            _("The term of %(name)s runs until %(day)s. To end it before that, propose a recall.")
            % {"name": now.instructor.name, "day": date_format(now.instructor.term_until)},
        )
    return now


@transaction.atomic
def end_assignment(firm, *, until, reason: str, why: str, by, on) -> Assignment:
    """End the assignment of a firm; whoever calls this has asked whether the reason may be given.
    What was written down stays. Raises Refused."""
    firm = locked(firm, by=by, verb="register")
    now = firm.assignments.current().select_related("instructor__user").first()
    if now is None:
        raise Refused(Refused.FASTER, _("No instructor is assigned to this firm any more."))
    not_ahead(until, on)
    if until < now.since:
        raise Refused(
            Refused.BAD_INPUT,
            _("The assignment began on %(day)s; it cannot end before.")
            % {"day": date_format(now.since)},
        )
    now.until, now.ended_as, now.ended_because = until, reason, why.strip()
    now.save(update_fields=["until", "ended_as", "ended_because"])
    _tell_of(now, by=by)
    record(
        "assignment.ended", by=by, firm=firm, instructor=now.instructor.name, firm_name=firm.name,
        why=why.strip() or now.get_ended_as_display(),
    )  # fmt: skip
    ended(now, by=by, on=on)
    return now


def ended(assignment: Assignment, *, by, on) -> None:
    """Say that an assignment ended. Whoever ends one calls it, in the same transaction."""
    for follow in WHEN_ENDED:
        follow(assignment, by=by, on=on)


__all__ = [
    "DIRECT", "WHEN_ENDED", "WHEN_GUIDE_CHANGES", "assign", "end_assignment", "ended",
    "further_within", "load", "months_later", "refuse_unfit", "unassign", "unit_named",
]  # fmt: skip
