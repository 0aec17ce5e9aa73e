"""Going on leave and coming back: another stands in for everything that waits meanwhile."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.accounts.absence import Leave
from core.accounts.acts import WHEN_MOVED, tell
from core.accounts.models import User
from core.accounts.verbs import GUESTS, Role
from core.errors import Refused

LONGEST = timedelta(days=366)  # a longer absence is another person's post


def substitutes_for(person: User, *, by: User):
    """Who may stand in: an active person of the same role and county (and line) who can thus do
    just what the absent person may."""
    people = User.objects.filter(role=person.role, area__startswith=person.county, is_active=True)
    if person.role == Role.LINE:
        people = people.filter(line=person.line_id)
    return people.exclude(pk=person.pk).order_by("area", "name")


# Whose leave a supervisor records: that of their own level and below.
RECORDS = {
    Role.TOWNSHIP: {Role.TOWNSHIP, Role.INSTRUCTOR},
    Role.LINE: {Role.LINE},
    Role.COUNTY: {Role.COUNTY, Role.TOWNSHIP, Role.LINE, Role.INSTRUCTOR},
    Role.ADMINISTRATOR: set(Role),
}


def may_record(by: User, person: User) -> bool:
    """Whether somebody records the leave of a person: their own, or that of people within their
    area, of their own level and below; a line department that of its own people."""
    if by.pk == person.pk:
        return by.is_active
    if not by.may("reassign") or person.role not in RECORDS.get(by.role, ()):
        return False
    if by.role == Role.LINE:
        return by.line_id == person.line_id
    return User.objects.visible_to(by).filter(pk=person.pk).exists()


NEVER = (Role.AUDITOR, *GUESTS, Role.ADMINISTRATOR)  # nothing of theirs waits


@transaction.atomic
def go_on_leave(person: User, *, substitute: User, since: date, until: date, by: User, on: date):
    """Record a leave and who stands in during it. Raises Refused."""
    if not may_record(by, person):
        raise Refused(Refused.NOT_YOURS, _("You may not record the leave of this person."))
    if substitute.pk == person.pk:
        raise Refused(Refused.BAD_INPUT, _("Nobody stands in for themselves. Choose somebody else."))
    # Held in one order, so that of two leaves that would close a circle one sees the other.
    users = User.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    list(users.filter(role=person.role, area__startswith=person.county).values_list("pk"))
    _check_days(person, since, until, on)
    if not substitutes_for(person, by=by).filter(pk=substitute.pk).exists():
        raise Refused(
            Refused.BAD_INPUT,
            _("%(name)s cannot stand in: choose an active colleague with the same role in this county.")
            % {"name": substitute.name},
        )
    if _leads_back(person, substitute, since, until):
        raise Refused(
            Refused.BAD_INPUT,
            _(
                "%(name)s is on leave in these days, and you would stand in for one another in a"
                " circle. Choose somebody who is there."
            )
            % {"name": substitute.name},
        )
    made = Leave.objects.create(person=person, substitute=substitute, since=since, until=until, by=by)
    User.objects.filter(pk=substitute.pk).filter(
        Q(stands_in_until__isnull=True) | Q(stands_in_until__lt=until)
    ).update(stands_in_until=until)
    tell(
        "leave.recorded", by=by, person=person, name=person.name, substitute=substitute.name,
        since=since.isoformat(), until=until.isoformat(),
    )  # fmt: skip
    return made


def _check_days(person: User, since: date, until: date, on: date) -> None:
    if person.role in NEVER:
        raise Refused(Refused.NOT_NOW, _("No tasks wait for this role, so nobody needs to stand in."))
    if until < since:
        raise Refused(Refused.BAD_INPUT, _("The leave ends before it begins. Look at the two days."))
    if until < on or since < on:
        raise Refused(Refused.BAD_INPUT, _("A leave begins today or later."))
    if until - since > LONGEST:
        raise Refused(Refused.BAD_INPUT, _("A leave lasts a year at most. Give an earlier last day."))
    same = Leave.objects.filter(
        person=person, since__lte=until, until__gte=since, taken_back=False
    ).first()  # fmt: skip
    if same:
        raise Refused(
            Refused.BAD_INPUT,
            _("A leave from %(since)s to %(until)s is on record already. End that one first.")
            % {"since": date_format(same.since), "until": date_format(same.until)},
        )


def _leads_back(person: User, substitute: User, since: date, until: date) -> bool:
    """Whether, on some day of the leave, the chain of those who stand in comes back to the person."""
    ways, seen = [(substitute.pk, since, until)], set()
    while ways:
        who, first, last = ways.pop()
        if who == person.pk:
            return True
        if (who, first, last) in seen:
            continue
        seen.add((who, first, last))
        for leave in Leave.objects.filter(
            person_id=who, since__lte=last, until__gte=first, taken_back=False
        ):
            ways.append((leave.substitute_id, max(first, leave.since), min(last, leave.until)))
    return False


@transaction.atomic
def end_leave(leave: Leave, *, by: User, on: date) -> Leave:
    """The person is back from today on, or does not go. Raises Refused when it is over."""
    leave = Leave.objects.select_for_update(of=("self",)).select_related("person").get(pk=leave.pk)
    person = leave.person
    if not may_record(by, person):
        raise Refused(Refused.NOT_YOURS, _("You may not end the leave of this person."))
    if leave.taken_back or leave.until < on:
        raise Refused(Refused.FASTER, _("This leave is over already."))
    if leave.since >= on:
        leave.taken_back = True
    else:
        leave.until = on - timedelta(days=1)
    leave.save(update_fields=["taken_back", "until"])
    tell("leave.ended", by=by, person=person, name=person.name)
    return leave


def end_leaves_of(person: User, *, by) -> None:
    """Who goes, or gets another place, neither is stood in for nor stands in as before."""
    today = timezone.localdate()
    for leave in Leave.objects.ahead(today).filter(Q(person=person) | Q(substitute=person)):
        leave.taken_back = leave.since >= today
        leave.until = leave.until if leave.taken_back else today - timedelta(days=1)
        leave.save(update_fields=["taken_back", "until"])
        tell("leave.ended", by=by, person=leave.person, name=leave.person.name)


WHEN_MOVED.append(end_leaves_of)
