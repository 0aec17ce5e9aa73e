"""Short words for a handover, as tests hold it."""

from django.utils import timezone

from core.people.assigning import unassign
from tests import county as small
from workflows.engine.models import Task
from workflows.handovers.acts import hand_over


def of_handing_over(county) -> dict:
    """A task of each kind that a handover has, by its step."""
    account = small.person("leaves", small.Role.INSTRUCTOR, small.EAST)
    guide, found = small.instructor("Leaves", user=account), {}
    for name in ("hand_over", "take_over"):
        left = small.assign(guide, small.firm(f"Left {name}"))
        unassign(left.firm, until=county.today, reason="asked", by=county.wang_fang, on=county.today)
        task = Task.objects.human().open().get(process=left.handover.pk)
        if name == "take_over":
            hand_over(task, by=account, at=timezone.now(), what_next="Call in May.")
        found[name] = Task.objects.human().open().get(process=left.handover.pk)
    return found
