"""The one door through which a firm's stage or operation changes."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit.record import record
from core.errors import Refused
from core.ledger.models import Firm, StageChange
from core.ledger.stages import Operation
from workflows.coverage import consequences, guards
from workflows.coverage.case import Case
from workflows.coverage.chart import BY_VERB, COUNTY, STAGE, Move
from workflows.coverage.facts import Facts, facts_of


def find(firm: Firm, verb: str) -> Move:
    """The row of the chart for this verb, if it leaves where the firm stands. Raises Refused."""
    move = BY_VERB.get(verb)
    if move is None or getattr(firm, move.track) not in move.sources:
        raise Refused(Refused.NO_SUCH_MOVE, _("This is not possible from where the firm stands."))
    if move.track == STAGE and firm.operation == Operation.CLOSED:
        raise Refused(Refused.NOT_NOW, _("This firm is closed; its stage no longer changes."))
    return move


def objection(move: Move, facts: Facts, asked: dict) -> str | None:
    """The sentence that says what is still lacking, or None when the move is possible."""
    return getattr(guards, move.when)(facts, asked)


def deciders(move: Move, firm: Firm) -> set[str]:
    """The verbs of VERBS that may carry out this move on this firm: the last word's holders."""
    if move.decides == COUNTY:
        return {"decide_county"}
    return {"review_line" if firm.line_id else "review_township", "take_escalated"}


@transaction.atomic
def perform(firm: Firm, verb: str, *, by, on: date, reason: str = "", **asked) -> Case:
    """Move a firm on the chart: ask who, ask when, move, follow up, save and record, or nothing.

    `asked` holds what the move needs: `branch`, `branch_name`, `resumes_on`. Raises Refused.
    """
    case = Case.objects.held().get(pk=firm.pk)
    move = find(case, verb)
    seen = Case.objects.visible_to(by).filter(pk=case.pk).exists()
    if not seen or not any(by.may(verb) for verb in deciders(move, case)):
        raise Refused(Refused.NOT_YOURS, _("Your role may not decide this for this firm."))
    facts = facts_of(case, on=on)
    if sentence := objection(move, facts, asked):
        raise Refused(Refused.NOT_NOW, sentence)
    source = getattr(case, move.track)
    for name in move.entails:
        getattr(consequences, name)(case, by=by, on=on, **asked)
    consequences.end_answered(case, move.track)
    getattr(case, verb)()
    if move.track == STAGE:
        case.stage_since = on
    case.version += 1
    case.save()
    StageChange.objects.create(
        firm_id=case.pk, county=case.county, track=move.track, verb=verb, source=source,
        target=move.target, on=on, by=by, reason=reason,
    )  # fmt: skip
    record(
        "case.moved",
        by=by,
        firm=case,
        firm_name=case.name,
        move=verb,
        source=source,
        target=move.target,
    )
    return case
