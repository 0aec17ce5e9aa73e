"""The demo county's proposals to send an instructor, in every state but the last: none is issued,
so that no figure changes."""

from core.ledger.models import Firm
from core.ledger.stages import Operation
from core.people.models import Assignment, Instructor
from workflows.assignments.acts import (
    How,
    answer_assignment,
    propose_assignment,
    withdraw_assignment,
)
from workflows.engine.models import Task

NEAR = "同在本镇，熟悉当地企业情况，可以就近联系。"


def tell_of_sending(scene) -> None:
    """Carry the proposals out by the real acts, on the days of `scene`."""
    firms, guides = _firms_without(scene), _guides(scene)
    _propose(scene, next(firms), next(guides), 2)  # the unit is asked
    both = _propose(scene, next(firms), scene["instructor"].instructor, 4)
    _answer(scene, both, "unit_answer", 2)  # the instructor and the firm are asked
    refused = _propose(scene, next(firms), next(guides), 6)
    _answer(scene, refused, "unit_answer", 3, agrees=False, reason="该同志承担专项任务，年内无法抽调。")
    for _n in range(2):  # ready to be issued
        ready = _propose(scene, next(firms), next(guides), 6)
        _answer(scene, ready, "unit_answer", 5)
        _answer(scene, ready, "instructor_answer", 3)
        _answer(scene, ready, "firm_answer", 1)
    withdrawn = _propose(scene, next(firms), next(guides), 5)
    with scene.ago(3) as at:
        reason = "企业近期搬迁，待新址确定后再议。"
        withdraw_assignment(withdrawn, by=scene["township"], at=at, reason=reason)


def _firms_without(scene):
    """Firms of the demo's township that have no instructor and no account."""
    rows = Firm.objects.filter(area=scene["township"].area, operation=Operation.OPERATING)
    guided = Assignment.objects.current().values("firm_id")
    return iter(rows.exclude(pk__in=guided).filter(contact_account=None, line=None).order_by("pk"))


def _guides(scene):
    """The people of the demo's unit who work in that township, without the visitor's own."""
    rows = Instructor.objects.active().filter(unit=scene["unit"].unit, area=scene["township"].area)
    return iter(rows.exclude(user=scene["instructor"]).order_by("pk"))


def _propose(scene, firm, guide, days_ago: int):
    with scene.ago(days_ago) as at:
        return propose_assignment(firm, guide, by=scene["township"], at=at, reasons=NEAR)


def _answer(scene, request, step: str, days_ago: int, *, agrees=True, reason=""):
    """By whoever is asked; the township records what the firm said by phone."""
    task = next(
        one for one in Task.objects.human().open().filter(process_id=request.pk) if one.step == step
    )  # fmt: skip
    with scene.ago(days_ago) as at:
        answer_assignment(
            task, by=task.owner, at=at, agrees=agrees, reason=reason, how=How.PHONE
        )  # fmt: skip
