"""The one door through which a firm's stage or operation changes."""

from copy import copy
from datetime import date

from django.utils.translation import gettext as _

from core.audit.record import record
from core.errors import Refused
from core.ledger.models import Firm, StageChange
from core.ledger.scope import reaches
from core.ledger.spells import note
from core.ledger.stages import Operation
from workflows.coverage import consequences, guards
from workflows.coverage.case import Case
from workflows.coverage.chart import BY_VERB, COUNTY, STAGE, Move
from workflows.coverage.facts import Facts
from workflows.coverage.standing import standing_of
from workflows.engine.act import acting, this_act


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


def perform(firm: Firm, verb: str, *, by, on: date, reason: str = "", **asked) -> Case:
    """Move a firm on the chart: ask who, ask when, move, follow up, save and record, or nothing.

    `asked` holds what the move needs: `branch`, `branch_name`, `resumes_on`. Raises Refused. The
    facts that were asked are left on the case as `facts`.
    """
    with acting():
        case = _held(firm)
        case.facts, case.asked = standing_of(case, on=on, branch_name=asked.get("branch_name", ""))
        move = find(case, verb)
        seen = reaches(by, area=case.area, line_id=case.line_id, firm_id=case.pk)
        if not seen or not any(by.may(verb) for verb in deciders(move, case)):
            raise Refused(Refused.NOT_YOURS, _("Your role may not decide this for this firm."))
        if sentence := objection(move, case.facts, asked):
            raise Refused(Refused.NOT_NOW, sentence)
        source = getattr(case, move.track)
        for name in move.entails:
            getattr(consequences, name)(case, by=by, on=on, **asked)
        if case.asked["answered"]:
            consequences.end_answered(case, move.track)
        getattr(case, verb)()
        if move.track == STAGE:
            case.stage_since = on
        case.version += 1
        case.save()
        note(case, on=on)
        StageChange.objects.create(
            firm_id=case.pk, county=case.county, track=move.track, verb=verb, source=source,
            target=move.target, on=on, by=by, reason=reason,
        )  # fmt: skip
        record(
            "case.moved", by=by, firm=case, firm_name=case.name, move=verb, source=source,
            target=move.target,
        )  # fmt: skip
        return case


def _held(firm: Firm) -> Case:
    """The firm as the subject of the chart, locked: anew, or by the act of which this is a part."""
    if not getattr(firm, "held_in", None) or firm.held_in is not this_act():
        return Case.objects.held().get(pk=firm.pk)
    case = copy(firm)
    case.__class__ = Case
    return case
