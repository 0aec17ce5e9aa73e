"""The digest: what waits for a person, what is late, what was decided. Never a member's name."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Exists, Max, Min, OuterRef, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext

from core.capped import capped
from core.capped import said as in_words
from core.ledger.models import Firm
from workflows.engine.models import Task
from workflows.mailroom.models import Delivery, Wishes
from workflows.mailroom.quiet import after_quiet
from workflows.notices.groups import Group, grouped
from workflows.notices.kinds import Kind
from workflows.notices.models import Notice

CASES, DECIDED = 20, 20  # a mail that is longer is not read
FETCHED = 200
BACK_AT_MOST = timedelta(days=14)


@dataclass(frozen=True)
class Waiting:
    """The open tasks of one person in one case, the most urgent first."""

    firm: Firm
    tasks: list[Task]


@dataclass(frozen=True)
class Digest:
    late: list[Waiting]
    waiting: list[Waiting]
    late_tasks: int  # capped, like the next two
    tasks: int
    queue: int  # tasks that anybody of the office may take
    decided: list[Group]

    def __bool__(self) -> bool:
        return bool(self.tasks or self.queue or self.decided)


# ── when ───────────────────────────────────────────────────────────────────────────────────────
def plan(at: datetime) -> int:
    """Put down the digests whose hour has come, one for each person and period. Returns how many
    were asked for; to ask twice changes nothing."""
    local = timezone.localtime(at)
    today = local.date()
    if today.weekday() > Wishes.Day.FRIDAY:
        return 0
    year, week, _day = today.isocalendar()
    come = Q(hour__lte=local.hour)
    daily = _plan(Q(come, digest="daily", digest_since__lte=today), f"{today}", at)
    # A weekly one that was missed on its day, because nothing ran, leaves on a later day.
    weekly = Q(pk__in=[])
    for day in range(today.weekday() + 1):
        on = today - timedelta(days=today.weekday() - day)
        that_day = Q(digest="weekly", weekday=day, digest_since__lte=on)
        weekly |= that_day & come if on == today else that_day
    return daily + _plan(weekly, f"{year}-W{week:02}", at)


def _plan(asked_for: Q, period: str, at: datetime) -> int:
    there = Delivery.objects.filter(what="digest", person=OuterRef("person"), period=period)
    asked = (
        Wishes.objects.filter(asked_for, person__is_active=True)
        .exclude(person__email="")
        .exclude(Exists(there))
    )
    rows = [
        Delivery(what="digest", person_id=each.person_id, period=period, made_at=at,
                 due_at=after_quiet(at, each.quiet))
        for each in asked
    ]  # fmt: skip
    people = [row.person_id for row in rows]
    earlier = Delivery.objects.filter(what="digest", state="waiting", person__in=people)
    earlier.exclude(period=period).update(state=Delivery.State.OVERTAKEN)
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


# ── what ───────────────────────────────────────────────────────────────────────────────────────
def digest_for(person, wishes: Wishes, *, since: datetime, at: datetime) -> Digest:
    """What there is to say now: as on the person's list, nothing that is put off. `since` is when
    the last digest left."""
    mine = Task.objects.mine(person).exclude(held_until__gt=timezone.localdate(at))
    overdue, rest, queue = mine.none(), mine.none(), mine.none()
    if {Kind.TASK, Kind.OVERDUE} & set(wishes.kinds):
        overdue = mine.overdue(at)
    if Kind.TASK in wishes.kinds:
        rest = mine.filter(Q(due_at__isnull=True) | Q(due_at__gte=at))
        queue = Task.objects.queue(person)
    tasks = mine if Kind.TASK in wishes.kinds else overdue
    many = capped(person, tasks=tasks, late_tasks=overdue, queue=queue)
    return Digest(
        late=_by_case(overdue), waiting=_by_case(rest), decided=_decided(person, wishes, since), **many
    )  # fmt: skip


def _by_case(tasks) -> list[Waiting]:
    cases: dict[int, Waiting] = {}
    for task in tasks.select_related("firm", "process").order_by("due_at", "pk")[:FETCHED]:
        cases.setdefault(task.firm_id, Waiting(task.firm, [])).tasks.append(task)
    return list(cases.values())[:CASES]


def _decided(person, wishes: Wishes, since: datetime) -> list[Group]:
    """The news of the kinds that were asked for, a line for each case that is still within reach.
    New tasks and late ones are left out, they are listed as such; so is what was read already."""
    news = set(wishes.kinds) - {Kind.TASK, Kind.OVERDUE}
    told = Notice.objects.visible_to(person).unread().filter(at__gt=since, kind__in=news)
    return grouped(told.filter(firm__in=Firm.objects.visible_to(person)), 0, DECIDED)


def since_last(delivery: Delivery, at: datetime) -> datetime:
    """When the last digest left; before any has, a day or a week before the first one was due,
    so that one which never left is made up for."""
    made = Delivery.objects.filter(what="digest", person=delivery.person)
    if last := made.aggregate(at=Max("sent_at"))["at"]:
        return max(last, at - BACK_AT_MOST)
    first = made.aggregate(at=Min("made_at"))["at"] or at
    return max(first - timedelta(days=7 if "W" in delivery.period else 1), at - BACK_AT_MOST)


def mail(delivery: Delivery, wishes: Wishes, *, at: datetime) -> EmailMultiAlternatives | None:
    """The digest as a mail in the reader's language, or None when there is nothing to say."""
    person = delivery.person
    with translation.override(wishes.language):
        digest = digest_for(person, wishes, since=since_last(delivery, at), at=at)
        if not digest:
            return None
        page = {
            "digest": digest, "queue": in_words(digest.queue), "person": person,
            "site": settings.SITE_URL, "now": at, "language": wishes.language,
        }  # fmt: skip
        message = EmailMultiAlternatives(
            subject=_subject(digest),
            body=render_to_string("mailroom/digest.txt", page),
            to=[person.email],
            headers={
                # The same when it is sent again, so that mail systems can tell.
                "Message-ID": f"<digest-{person.pk}-{delivery.period}@instructor-desk>",
                "List-Unsubscribe": f"<{settings.SITE_URL}{reverse('mailroom:settings')}>",
                "Auto-Submitted": "auto-generated",
            },
        )
        message.attach_alternative(render_to_string("mailroom/digest.html", page), "text/html")
        return message


def _subject(digest: Digest) -> str:
    cases = len(digest.decided)
    if digest.tasks:
        said = counted(digest.tasks, digest.late_tasks)
    elif digest.queue:
        many = digest.queue
        said = ngettext("%(many)s task for your office", "%(many)s tasks for your office", many) % {
            "many": in_words(many)
        }
    else:
        said = ngettext("news of %(n)d case", "news of %(n)d cases", cases) % {"n": cases}
    return gettext("%(name)s: %(said)s") % {"name": gettext("Instructor Desk"), "said": said}


def counted(tasks: int, late: int) -> str:
    """ "3 tasks open, 1 overdue" in the reader's language."""
    said = [ngettext("%(many)s task open", "%(many)s tasks open", tasks) % {"many": in_words(tasks)}]
    if late:
        said.append(ngettext("%(many)s overdue", "%(many)s overdue", late) % {"many": in_words(late)})
    return gettext(", ").join(said)
