"""The calendar of a person's deadlines (iCalendar), behind an address that nobody can guess."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from core.accounts.acts import tell as note
from core.accounts.models import User
from workflows.engine.models import Task
from workflows.mailroom.models import CalendarLink

AT_MOST = 500  # deadlines in a calendar; the nearest


def hashed(token: str) -> str:
    """256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def make_link(person, *, at: datetime) -> str:
    """A new token for the person's calendar; an earlier one ends. It is not kept: show it now."""
    token = secrets.token_urlsafe(32)
    link = CalendarLink(person=person, digest=hashed(token), made_at=at)
    CalendarLink.objects.bulk_create(
        [link], update_conflicts=True, unique_fields=["person"], update_fields=["digest", "made_at"]
    )
    note("account.calendar_made", by=person, person=person)
    return token


@transaction.atomic
def end_link(person) -> None:
    if CalendarLink.objects.filter(person=person).delete()[0]:
        note("account.calendar_ended", by=person, person=person)


def person_of(token: str) -> User | None:
    """Whose calendar it is; nobody for a token that ended or whose person's account is closed."""
    link = (
        CalendarLink.objects.select_related("person__wishes")
        .filter(digest=hashed(token), person__is_active=True)
        .first()
    )
    return link and link.person


def deadlines(person) -> list[Task]:
    """The person's own open tasks that are due some day and still within reach."""
    mine = Task.objects.mine(person).filter(pk__in=Task.objects.visible_to(person).values("pk"))
    rows = mine.filter(due_at__isnull=False).select_related("firm", "process")
    return list(rows.order_by("due_at", "pk")[:AT_MOST])


def version_of(tasks: list[Task], language: str) -> str:
    """Changes whenever the calendar would: a reader that has this version is not sent it again."""
    said = repr([(task.pk, task.due_at, task.firm.name) for task in tasks])
    return hashlib.sha256(f"{language} {settings.SITE_URL} {said}".encode()).hexdigest()[:32]


def calendar_of(tasks: list[Task]) -> bytes:
    """The calendar in the language that is on. Titles name the step and the firm, nothing else."""
    calendar = Calendar()
    calendar.add("prodid", "-//Instructor Desk//deadlines//")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Instructor Desk: deadlines"))
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"value": "DURATION"})
    for task in tasks:
        calendar.add_component(_entry(task))
    return calendar.to_ical()


def _entry(task: Task) -> Event:
    entry, day = Event(), timezone.localdate(task.due_at)
    entry.add("uid", f"task-{task.pk}-due@instructor-desk")
    entry.add("dtstamp", task.created)
    entry.add("summary", _("%(name)s: %(said)s") % {"name": task.firm.name, "said": task.headline})
    entry.add("dtstart", day)
    entry.add("dtend", day + timedelta(days=1))
    entry.add("transp", "TRANSPARENT")
    entry.add("url", settings.SITE_URL + task.get_absolute_url())
    return entry
