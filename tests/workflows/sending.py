"""Short words for the conversation about an assignment, as tests hold it."""

from django.utils import timezone

from core.ledger.models import FirmContact
from tests import county as small
from workflows.assignments.acts import answer_assignment, propose_assignment
from workflows.engine.models import Task
from workflows.recalls.acts import propose_recall


def steps(request) -> dict[str, Task]:
    """The open steps of a proposal, by name."""
    return {t.step: t for t in Task.objects.human().open().filter(process_id=request.pk)}


def asked(county, firm=None, *, by=None, guide=None):
    """The township (or `by`) proposes Li Ming for a firm without an instructor."""
    return propose_assignment(
        firm or county.mall, guide or county.guide_li, by=by or county.wang_fang, at=timezone.now(),
        reasons="Same township.",
    )  # fmt: skip


def answer(request, step, by, *, agrees=True, reason="", how=""):
    return answer_assignment(
        steps(request)[step], by=by, at=timezone.now(), agrees=agrees, reason=reason, how=how
    )  # fmt: skip


def contact_of(firm, username="liu.jingli"):
    """An account for the firm's contact."""
    who = small.person(username, small.Role.CONTACT, firm.area)
    FirmContact.objects.create(user=who, firm=firm)
    return who


def ready(county, firm=None, *, by=None, guide=None):
    """A proposal that all agreed to."""
    request = asked(county, firm, by=by, guide=guide)
    for step, party in (
        ("unit_answer", county.xu_min), ("instructor_answer", None), ("firm_answer", None)
    ):  # fmt: skip
        task = steps(request)[step]
        who = task.owner or party or task.candidates().first()
        own = who.role in ("unit", "instructor", "contact")
        answer(request, step, who, how="" if own else "phone")
    request.refresh_from_db()
    return request


def of_assigning(county) -> dict:
    """A task of each kind about an assignment, and one about a recall."""
    first, second = asked(county, small.firm("East Mill")), asked(county, small.firm("East Inn"))
    found = steps(first)
    answer(first, "unit_answer", county.xu_min)
    found |= steps(first)
    answer(second, "unit_answer", county.xu_min, agrees=False, reason="Needed here.")
    found |= steps(second) | steps(ready(county, small.firm("East Ink")))
    recall = propose_recall(county.tea, reason="post", words="Promoted.", by=county.wang_fang)
    return found | {"recall_decision": Task.objects.human().open().get(process=recall)}
