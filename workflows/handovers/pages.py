"""What other rooms' pages show of handovers: a firm's, and an instructor's."""

from core.people.views_instructors import BESIDE
from workflows.handovers.models import Handover

AT_MOST = 5


def handovers_of_firm(firm, user) -> list[Handover]:
    """Those that are under way, and the last that was signed; newest first."""
    rows = Handover.objects.visible_to(user).filter(firm=firm)
    found = list(rows.select_related("assignment__instructor").order_by("-pk")[:AT_MOST])
    signed = [one for one in found if one.finished][:1]
    return [one for one in found if one.finished is None] + signed


def beside_instructor(instructor, user) -> dict | None:
    rows = Handover.objects.visible_to(user).filter(assignment__instructor=instructor)
    found = list(rows.select_related("firm", "assignment").order_by("-pk")[:AT_MOST])
    return {"template": "handovers/_beside_instructor.html", "handovers": found} if found else None


BESIDE.append(beside_instructor)
