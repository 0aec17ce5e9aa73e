"""The reverse of `Task.objects.visible_to`, for many tasks at once: who may see each of them now."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone

from core.accounts.absence import Leave, alike
from core.accounts.models import User
from core.accounts.verbs import BY_FIRM, VERBS, Role
from core.people.models import Assignment
from core.people.who import prefixes
from workflows.engine.models import Task

READERS = [role for role, verbs in VERBS.items() if {"see", "read_record"} <= set(verbs)]
TERRITORIAL = [role for role in READERS if role not in (Role.LINE, *BY_FIRM)]
ASKED = (
    "pk", "firm_id", "area", "line_id", "owner_id", "process__opened_by_id", "delegated_by_id",
)  # fmt: skip


def who_may_see(tasks: Iterable[int]) -> dict[int, set[int]]:
    """For each human task that there is, the ids of the active people who may see it. Four
    statements, however many tasks and people, and one more for each hand through which leaves go;
    a test holds it to be `visible_to`, turned round."""
    rows = list(Task.objects.human().filter(pk__in=set(tasks)).values_list(*ASKED))
    if not rows:
        return {}
    guides = _guides({row[1] for row in rows})
    people, by_area, by_line = _people(rows, guides)
    instead = stand_ins(people)
    seen = {}
    for pk, firm, area, line, owner, *others in rows:
        guiding = {who for who in guides[firm] if people.get(who) == Role.INSTRUCTOR}
        reached = guiding.union(by_line[line], *(by_area[code] for code in prefixes(area)))
        hands = reached | ({owner} & people.keys())
        substitutes = set().union(*(instead.get(who, ()) for who in hands))
        seen[pk] = hands | substitutes | (set(others) & people.keys())
    return seen


def stand_ins(people: Iterable[int]) -> dict[int, set[int]]:
    """Who stands in today for each of these people who is on leave, also at second hand: the
    reverse of `stood_in_for`, and like it asked anew each time."""
    leaves, day = {}, timezone.localdate()
    ask = set(people)
    while ask:
        found = Leave.objects.on(day).filter(
            person__in=ask, person__is_active=True, substitute__is_active=True
        )
        ways = {pk: set() for pk in ask}
        for leave in found.select_related("person", "substitute"):
            if alike(leave.person, leave.substitute):
                ways[leave.person_id].add(leave.substitute_id)
        leaves |= ways
        ask = set().union(*ways.values()) - leaves.keys()
    return {who: _at_the_end(who, leaves) for who in people if leaves[who]}


def _at_the_end(who: int, leaves: dict[int, set[int]]) -> set[int]:
    """Everybody to whom the leaves lead from one person."""
    found, ask = set(), set(leaves[who])
    while ask:
        found |= ask
        ask = set().union(*(leaves[one] for one in ask)) - found
    return found - {who}


def _guides(firms: set[int]) -> dict[int, set[int]]:
    current = Assignment.objects.filter(firm_id__in=firms, until__isnull=True)
    found = defaultdict(set)
    for firm, who in current.values_list("firm_id", "instructor__user_id"):
        found[firm].add(who)
    return found


def _people(rows, guides) -> tuple[dict[int, str], dict, dict]:
    """The active people who may come into question: their roles, and those of an area or line."""
    named = {pk for row in rows for pk in row[4:]}.union(*guides.values()) - {None}
    areas = {code for row in rows for code in prefixes(row[2])}
    lines = {row[3] for row in rows} - {None}
    found = User.objects.filter(
        Q(pk__in=named) | Q(role__in=TERRITORIAL, area__in=areas) | Q(role=Role.LINE, line__in=lines),
        is_active=True,
    )
    people, by_area, by_line = {}, defaultdict(set), defaultdict(set)
    for pk, role, area, line in found.values_list("pk", "role", "area", "line_id"):
        people[pk] = role
        if role in TERRITORIAL:
            by_area[area].add(pk)
        elif role == Role.LINE and line is not None:
            by_line[line].add(pk)
    return people, by_area, by_line
