"""The handovers of the demo county: one that is under way, and one that both sides signed. No figure
changes: the instructors guided these firms before, and others guide them now."""

from datetime import timedelta

from core.people.models import Assignment, Instructor
from workflows.engine.models import Task
from workflows.handovers.acts import hand_over, open_handover, take_over

SAID = {
    "promises": "答应企业协助布置党员活动室，年底前落实。",
    "whom_to_call": "办公室李主任，工作日上午方便。",
    "what_next": "下月走访一次，了解职工入会情况。",
}


def handovers(scene) -> None:
    """Of two firms that play in another story already; the visitor takes one of them over."""
    own = scene.firms.filter(pk__in=scene.played, assignments__instructor__user=scene["instructor"])
    firms = list(own.distinct()[:2])
    for firm, days, signs in zip(firms, (40, 6), (True, False), strict=False):
        handover = _ended(scene, firm, days)
        with scene.ago(days - 1):
            task = _open(handover)
            who = task.owner or scene["township"]
            hand_over(task, by=who, at=scene.moment(days - 1), **SAID)
        if signs:
            with scene.ago(days - 3):
                taken = {"by": scene["instructor"], "at": scene.moment(days - 3)}
                take_over(_open(handover), **taken)


def _ended(scene, firm, days: int):
    """Somebody else's term at the firm, which ended when the visitor's began there."""
    now = firm.assignments.current().get()
    others = Instructor.objects.filter(county=firm.county).exclude(pk=now.instructor_id)
    guide = others.exclude(user=scene["instructor"]).order_by("pk").first()
    since = now.since - timedelta(days=200)
    ended = Assignment.objects.create(
        instructor=guide, firm=firm, county=firm.county, since=since, until=now.since,
        ended_as=Assignment.End.ASKED,
    )  # fmt: skip
    with scene.ago(days):
        return open_handover(ended, by=scene["township"], on=scene.on)


def _open(handover) -> Task:
    return Task.objects.human().open().get(process=handover.pk)
