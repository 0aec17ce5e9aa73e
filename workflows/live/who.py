"""The reverse of `Task.objects.visible_to`, for many tasks at once: who may see each of them now."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q

from core.accounts.models import User
from core.accounts.verbs import VERBS, Role
from core.people.models import Assignment
from core.people.who import prefixes
from workflows.engine.models import Task

READERS = [role for role, verbs in VERBS.items() if {"see", "read_record"} <= set(verbs)]
TERRITORIAL = [role for role in READERS if role not in (Role.LINE, Role.INSTRUCTOR, Role.CONTACT)]


def who_may_see(tasks: Iterable[int]) -> dict[int, set[int]]:
    """For each human task that there is, the ids of the active people who may see it. Three
    statements, however many tasks and people; a test holds it to be `visible_to`, turned round."""
    rows = list(
        Task.objects.human().filter(pk__in=set(tasks))
        .values_list("pk", "firm_id", "area", "line_id", "owner_id", "process__opened_by_id")
    )  # fmt: skip
    if not rows:
        return {}
    guides = _guides({row[1] for row in rows})
    people, by_area, by_line = _people(rows, guides)
    seen = {}
    for pk, firm, area, line, owner, opener in rows:
        theirs = {owner, opener} & people.keys()
        guiding = {who for who in guides[firm] if people.get(who) == Role.INSTRUCTOR}
        reached = set().union(*(by_area[code] for code in prefixes(area)))
        seen[pk] = theirs | guiding | reached | by_line[line]
    return seen


def _guides(firms: set[int]) -> dict[int, set[int]]:
    current = Assignment.objects.filter(firm_id__in=firms, until__isnull=True)
    found = defaultdict(set)
    for firm, who in current.values_list("firm_id", "instructor__user_id"):
        found[firm].add(who)
    return found


def _people(rows, guides) -> tuple[dict[int, str], dict, dict]:
    """The active people who may come into question: their roles, and those of an area or line."""
    named = {pk for row in rows for pk in row[4:6]}.union(*guides.values()) - {None}
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
