"""What several pages show of a request: its papers, what was true then and is true now, what was
said."""

from django.utils import timezone

from core.ledger.attachments import Attachment
from core.ledger.models import Firm
from workflows.coverage.cautions import cautions
from workflows.coverage.door import objection
from workflows.coverage.facts import facts_of
from workflows.coverage.models import Opinion, TransitionRequest
from workflows.coverage.sheets import fact_rows, stations
from workflows.coverage.words import STATES
from workflows.engine.models import Task


def dossier(asked: TransitionRequest, user) -> dict:
    """The template context of a request's papers. `now` is None once it is decided, and for who
    sees the request (it was theirs) but no longer the firm."""
    wishes = {
        "branch": asked.branch, "branch_name": asked.branch_name, "resumes_on": asked.resumes_on
    }  # fmt: skip
    sees_firm = Firm.objects.visible_to(user).filter(pk=asked.firm_id).exists()
    open_ = asked.finished is None and sees_firm
    now = facts_of(asked.firm, on=timezone.localdate()) if open_ else None
    at_hand = Task.objects.human().open().filter(process_id=asked.pk).select_related("owner").first()
    opinions = list(asked.opinions.read_by(user).select_related("by", "asked", "in_place_of"))
    standing = [said for said in opinions if said.taken_back_at is None]
    return {
        "asked": asked,
        "firm": asked.firm,
        "source": STATES[asked.source],
        "target": STATES[asked.target],
        "sees_firm": sees_firm,
        "now": now,
        "objection": objection(asked.move, now, wishes) if open_ else None,
        "cautions": cautions(asked.move, now, asked.branch) if open_ else [],
        "opinions": opinions,
        "reads_record": user.may("read_record"),
        "reason": asked.reason if asked.shows_reason_to(user) else "",
        "last_said": _last(standing),
        "files": Attachment.objects.visible_to(user).filter(requests=asked),
        "at_hand": at_hand,
        "stations": stations(asked, at_hand),
        "fact_rows": fact_rows(asked.facts, now.as_json() if now else asked.decided_facts),
    }


def _last(said: list):
    """The last word, unless it is the proposal itself: that stands beside it."""
    return said[-1] if said and said[-1].decision != Opinion.Decision.PROPOSE else None
