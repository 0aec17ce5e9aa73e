"""The page that the day begins with, and the lists behind its numbers."""

from django.contrib.auth.decorators import login_required
from django.db.models import OuterRef, Subquery
from django.shortcuts import redirect, render
from django.utils import timezone

from core.accounts.absence import Leave
from core.accounts.verbs import Role
from core.capped import capped_once
from core.desk.home import FIRST_PAGE
from core.ledger.models import Firm
from core.ledger.paging import counted, page_of
from core.ledger.permits import allow
from core.people.contacts import contacts_of
from core.people.models import Instructor
from core.people.plan import plan_for
from core.rulebook import rule
from workflows.coverage.chart import BY_VERB
from workflows.coverage.facts import facts_in_bulk
from workflows.coverage.outlook import next_way, shortfall
from workflows.coverage.words import VERBS
from workflows.engine.models import Process, Task
from workflows.engine.queries import hands
from workflows.inbox import lists
from workflows.inbox.beside import beside
from workflows.inbox.context import counted as counted_lists
from workflows.morning.late import WINDOW, grouped, in_group, late_tasks
from workflows.morning.models import Sighting

FIRST, GROUPS = 5, 8  # rows of each part of the page, and of what is late by place and step
MANY = 999  # firms of a list of sightings that are counted: a county has some hundreds
PAGE = 40  # rows of a list
SUPERVISORS = (Role.TOWNSHIP, Role.LINE, Role.COUNTY)


@login_required
def today(request):
    """What this person wants to do now, by role. Who has another first page is led there."""
    user = request.user
    if user.role in FIRST_PAGE:
        return redirect(FIRST_PAGE[user.role])
    now = timezone.now()
    on = timezone.localdate(now)
    page = {"today": on, "now": now, "mine": _rows(lists.mine(user, on))}
    page["beside"] = beside(user, on=on)
    away = Leave.objects.on(on).filter(person=user)
    if user.role in SUPERVISORS:
        page |= _of_supervisor(user, now, away)
    elif user.role == Role.INSTRUCTOR:
        page |= {"counts": counted_lists(user, away=[away]), "cards": (cards := _cards(user, on))}
        page["late_visits"] = sum(card["contact"].late for card in cards)
    else:
        page |= {"counts": counted_lists(user), **_of_guest(user)}
    if page["counts"].get("away"):
        page["away"] = away.select_related("substitute").first()
    return render(request, "morning/today.html", page)


def _of_guest(user) -> dict:
    """A contact's firm; the instructors of a sending unit, each with how many firms they have."""
    if user.role == Role.UNIT:
        sent = Instructor.objects.visible_to(user).active().with_load().order_by("pinyin", "pk")
        return {"sent": list(sent), "unit": user.unit}
    return {"firm": Firm.objects.visible_to(user).first()}


def _rows(parts) -> list[Task]:
    """The first tasks of a list, by the day on which they are due."""
    return lists.first_of(parts, FIRST, along=("firm", "process"))


def _of_supervisor(user, now, away) -> dict:
    late, more = late_tasks(user, now=now)
    groups = grouped(late) if late else []
    seen = Sighting.objects.visible_to(user)
    kinds = {kind.value: seen.standing(kind) for kind in Sighting.Kind}
    return {
        "counts": counted_lists(user, away=[away]) | _seen_counts(user, kinds), "many": MANY,
        "queue": _rows(lists.queue(user)),
        "late": groups[:GROUPS], "late_count": len(late), "late_more": more,
        "window": WINDOW,
        **{f"{kind}_rows": _first(rows) for kind, rows in kinds.items()},
    }  # fmt: skip


def _seen_counts(user, kinds: dict) -> dict[str, int]:
    """How many firms each list of sightings has, MANY + 1 for more."""
    key = ("sightings", *hands(user), user.role, user.area, user.line_id, user.is_active)
    return capped_once(key, user, lambda: kinds, cap=MANY)


def _first(rows) -> list[dict]:
    return [_seen(row) for row in rows.select_related("firm").order_by("since", "pk")[:FIRST]]


def _seen(row: Sighting) -> dict:
    """A sighting with its sentences, in the reader's language; asks the database nothing."""
    move = BY_VERB.get(row.verb)
    return {
        "row": row,
        "firm": row.firm,
        "move": VERBS[row.verb] if move else "",
        "lack": shortfall(move, row.counted) if move else "",
    }


def _cards(user, on) -> list[dict]:
    """An instructor's firms: when to go, what to do there, and what the next move lacks."""
    proposals = Process.objects.open().filter(firm=OuterRef("pk"), subject="transition")
    contacts = contacts_of(user, on=on, asked=Subquery(proposals.values("pk")[:1]))
    firms = [contact.firm for contact in contacts]
    if not firms:
        return []
    facts = facts_in_bulk(firms, on=on)
    returned = _returned(user, [firm.asked for firm in firms if firm.asked])
    return [
        {
            "contact": contact, "firm": contact.firm, "plan": plan_for(contact.firm),
            "way": None if contact.rests else next_way(contact.firm, facts[contact.firm.pk]),
            "asked": contact.firm.asked, "returned": returned.get(contact.firm.asked),
        }
        for contact in contacts
    ]  # fmt: skip


def _returned(user, asked: list[int]) -> dict[int, Task]:
    """Of some proposals those that came back to this person, each with the task to correct it."""
    if not asked:
        return {}
    tasks = Task.objects.human().open().filter(process__in=asked, owner__in=hands(user))
    return {task.process_id: task for task in tasks if task.step == "correct"}


@login_required
def late(request):
    """The overdue tasks behind a number: of one place, one step, or all."""
    allow(request.user, "reassign")
    given, now = request.GET, timezone.now()
    window, more = late_tasks(request.user, now=now)
    shown = in_group(window, given.get("place", ""), given.get("step", ""))
    number = given.get("page", "1")
    number = max(1, int(number)) if number.isdecimal() and len(number) < 7 else 1
    start = (number - 1) * PAGE
    tasks = Task.objects.select_related("firm", "owner", "process").in_bulk(
        [task.pk for task in shown[start : start + PAGE]]
    )
    narrow = grouped(shown) if len(shown) < len(window) and shown else []
    page = {
        "rows": [tasks[task.pk] for task in shown[start : start + PAGE]],
        "count": len(shown), "more": more, "window": WINDOW, "now": now,
        "only": narrow[0] if len(narrow) == 1 else None, "narrow": len(shown) < len(window),
        "number": number, "earlier": number - 1 if number > 1 else None,
        "later": number + 1 if len(shown) > start + PAGE else None,
    }  # fmt: skip
    return render(request, "morning/late.html", page)


@login_required
def sightings(request, kind):
    """All firms behind one of the numbers, the longest seen first."""
    allow(request.user, "reassign")
    rows = Sighting.objects.visible_to(request.user).standing(kind)
    given = request.GET
    shown = page_of(
        rows.select_related("firm"), by="since", down=False,
        before=given.get("before", ""), after=given.get("after", ""),
    )  # fmt: skip
    page = {
        "kind": kind, "shown": shown, "rows": [_seen(row) for row in shown.rows],
        "counted": counted(rows), "quiet_rule": rule("case_quiet_after", on=timezone.localdate()),
    }  # fmt: skip
    return render(request, "morning/sightings.html", page)
