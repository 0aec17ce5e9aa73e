"""Instructors, and who guides which firm."""

from collections.abc import Callable

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.accounts.models import SendingUnit
from core.audit.record import record
from core.errors import Refused
from core.ledger.permits import allow, allow_in, locked, not_ahead
from core.people.models import Assignment, Instructor
from core.rulebook import rule

# Called with an assignment that began or ended, and `by`, in the same transaction.
WHEN_GUIDE_CHANGES: list[Callable] = []


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


@transaction.atomic
def record_instructor(
    *, name, area, sending_unit, full_member, term_from, term_until, by, specialty="", phone="",
    user=None,
) -> Instructor:  # fmt: skip
    """Record an instructor. Only a full member in good standing may be one."""
    allow_in(by, "register", area)
    if not full_member:
        raise Refused(
            Refused.BAD_INPUT,
            _("Only a full member in good standing may be an instructor. Choose somebody else."),
        )
    if term_until <= term_from:
        raise Refused(Refused.BAD_INPUT, _("The term ends before it begins. Look at the two days."))
    unit = unit_named(sending_unit, county=area[:6])
    twins = Instructor.objects.active().filter(county=area[:6], name=name, unit=unit)
    if twins.exists():
        raise Refused(
            Refused.BAD_INPUT,
            _("%(name)s of %(unit)s is on record already.") % {"name": name, "unit": sending_unit},
        )
    if user and Instructor.objects.filter(user=user).exists():
        raise Refused(
            Refused.BAD_INPUT,
            _("The account %(account)s belongs to another instructor.") % {"account": user.username},
        )
    made = Instructor.objects.create(
        name=name, area=area, unit=unit, specialty=specialty, phone=phone,
        full_member=True, term_from=term_from, term_until=term_until, user=user,
    )  # fmt: skip
    record("instructor.recorded", by=by, chain=f"instructor:{made.pk}", area=area, instructor=name)
    return made


def load(instructor: Instructor) -> int:
    """How many firms an instructor guides now."""
    return instructor.assignments.current().count()


@transaction.atomic
def assign(firm, instructor: Instructor, *, since, by, on, all_the_same=False) -> Assignment:
    """Give a firm its instructor. Above the usual number of firms only `all_the_same`."""
    firm = locked(firm, by=by, verb="register")
    instructor = (
        Instructor.objects.visible_to(by).select_for_update(of=("self",)).get(pk=instructor.pk)
    )  # two firms may not fill the last place together
    not_ahead(since, on)
    now = firm.assignments.current().select_related("instructor").first()
    if now:
        raise Refused(
            Refused.FASTER,
            _("%(name)s guides this firm since %(day)s. End that assignment first.")
            % {"name": now.instructor.name, "day": date_format(now.since)},
        )
    _fit_to_guide(instructor, since=since, on=on)
    _room_for_one_more(instructor, on=on, all_the_same=all_the_same)
    made = Assignment.objects.create(instructor=instructor, firm=firm, county=firm.county, since=since)
    _tell_of(made, by=by)
    record(
        "assignment.begun", by=by, firm=firm, instructor=instructor.name, firm_name=firm.name
    )  # fmt: skip
    return made


def _tell_of(assignment: Assignment, *, by) -> None:
    for follow in WHEN_GUIDE_CHANGES:
        follow(assignment, by=by)


def _fit_to_guide(instructor: Instructor, *, since, on) -> None:
    name = instructor.name
    if instructor.left_on:
        raise Refused(
            Refused.NOT_NOW,
            _("%(name)s stopped on %(day)s.") % {"name": name, "day": date_format(instructor.left_on)},
        )
    if not instructor.full_member:
        raise Refused(
            Refused.NOT_NOW, _("%(name)s is not a full member in good standing.") % {"name": name}
        )
    if instructor.term_until < on:
        raise Refused(
            Refused.NOT_NOW,
            _("The term of %(name)s ended on %(day)s. It must be renewed first.")
            % {"name": name, "day": date_format(instructor.term_until)},
        )
    if since < instructor.term_from:
        raise Refused(
            Refused.NOT_NOW,
            _("The term of %(name)s begins on %(day)s; the assignment cannot begin before.")
            % {"name": name, "day": date_format(instructor.term_from)},
        )


def _room_for_one_more(instructor: Instructor, *, on, all_the_same: bool) -> None:
    have = load(instructor)
    hard = rule("instructor_firms_hard", on=on)
    usual = rule("instructor_firms", on=on)
    if have >= hard.value:
        raise Refused(
            Refused.NOT_NOW,
            _("%(name)s guides %(have)d firms. %(rule)s.")
            % {"name": instructor.name, "have": have, "rule": hard.says},
        )
    if have >= usual.value and not all_the_same:
        raise Refused(
            Refused.NOT_NOW,
            ngettext(
                "%(name)s guides %(have)d firm. %(rule)s. Tick “assign all the same” to go on.",
                "%(name)s guides %(have)d firms. %(rule)s. Tick “assign all the same” to go on.",
                have,
            )
            % {"name": instructor.name, "have": have, "rule": usual.says},
        )


@transaction.atomic
def unassign(firm, *, until, why: str, by, on) -> Assignment:
    """End the assignment of a firm, with a reason. What was written down stays."""
    allow(by, "register")
    firm = locked(firm, by=by, verb="register")
    now = firm.assignments.current().select_related("instructor__user").first()
    if now is None:
        raise Refused(Refused.FASTER, _("No instructor is assigned to this firm any more."))
    if not why.strip():
        raise Refused(Refused.BAD_INPUT, _("Say why the assignment ends."))
    not_ahead(until, on)
    if until < now.since:
        raise Refused(
            Refused.BAD_INPUT,
            _("The assignment began on %(day)s; it cannot end before.")
            % {"day": date_format(now.since)},
        )
    now.until, now.ended_because = until, why
    now.save(update_fields=["until", "ended_because"])
    _tell_of(now, by=by)
    record(
        "assignment.ended", by=by, firm=firm, instructor=now.instructor.name, firm_name=firm.name,
        why=why,
    )  # fmt: skip
    return now
