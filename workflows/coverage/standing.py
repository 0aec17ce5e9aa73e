"""What an act on a firm must know before it may move it, in one statement."""

from datetime import date

from django.db.models import Exists, OuterRef, Subquery

from core.ledger.models import Branch, Firm
from core.people.models import Assignment
from core.prepared import Prepared
from workflows.coverage.facts import READ, Facts, counted_on, facts_from
from workflows.engine.models import Process
from workflows.followups import findings

TRANSITION = "transition"
ANSWERED_BY = {
    "stage": [findings.CAN_MOVE_UP, findings.LOST_CONDITIONS],
    "operation": [findings.RESUME_DUE],
}  # track of a move → the findings that it answers


def follow_ups(firm):
    """The open findings of a firm that a move may answer."""
    return Process.objects.open().filter(firm=firm, subject__in=sum(ANSWERED_BY.values(), []))


def _rows(*, firm, on, branch_name, beside):
    of_firm = OuterRef("pk")
    guides = Assignment.objects.current().filter(firm=of_firm).order_by()
    asked = Process.objects.open().filter(firm=of_firm, subject=TRANSITION).exclude(pk=beside)
    named = Branch.objects.standing().filter(county=OuterRef("county"), name=branch_name)
    return counted_on(Firm.objects.filter(pk=firm), on).annotate(
        guide_account=Subquery(guides.values("instructor__user_id")[:1]),
        under_way=Exists(asked),
        name_taken=Exists(named),
        answered=Exists(follow_ups(of_firm)),
    ).values(*READ, "guide_account", "under_way", "name_taken", "answered")  # fmt: skip


_of_one = Prepared(_rows, firm=int, on=date, branch_name=str, beside=int)


def standing_of(firm: Firm, *, on: date, branch_name: str = "", beside: int = 0) -> tuple[Facts, dict]:
    """The facts of a firm on a day, and beside them: `guide_account`, the user of its instructor;
    `under_way`, whether a proposal other than `beside` is open; `name_taken`, whether a branch of
    this name stands in its county; `answered`, whether findings are open that a move may answer."""
    [row] = _of_one(firm=firm.pk, on=on, branch_name=branch_name.strip(), beside=beside)
    return facts_from(row, on), row
