"""What stands on the approval form (审批表): the facts of one request, or of none for a blank.

Numbers only, never the name of a member. Labels stay lazy, so that the paper is in the language
it is printed in and not in that of the person who prints it.
"""

from datetime import date

from django.utils.translation import gettext_lazy as _

from core.accounts.models import Area
from core.accounts.verbs import Role
from core.ledger.models import Industry, Size, StageChange
from core.ledger.stages import Operation, Stage, Verb
from workflows.coverage.chart import CHART, COUNTY
from workflows.coverage.models import Opinion

TITLE = _("Approval form for a change of stage")

PROPOSER, FIRST, OFFICE = "proposer", "first", "county"
OF_PROPOSER = (Opinion.Decision.PROPOSE, Opinion.Decision.CORRECT, Opinion.Decision.WITHDRAW)
SETTLES = {  # whose date goes beside the signature of a block
    PROPOSER: (Opinion.Decision.PROPOSE, Opinion.Decision.CORRECT),
    FIRST: (Opinion.Decision.APPROVE, Opinion.Decision.REJECT),
    OFFICE: (Opinion.Decision.APPROVE, Opinion.Decision.REJECT),
}


def approval_facts(request, user, *, at) -> dict:
    """The facts of a request for templates/papers/approval_form.html, printed by `user` at `at`."""
    return {
        "title": TITLE,
        "number": number(request),
        "filled_on": request.created,
        "firm": _firm(request),
        "instructor": request.facts.get("instructor", ""),
        "moves": _moves(request.verb),
        "source": _state(request.track, request.source),
        "target": _state(request.track, request.target),
        "branch": request.branch_name or (request.branch.name if request.branch else ""),
        "resumes_on": request.resumes_on,
        "figures": [
            _figures(_("When proposed"), request.facts),
            _figures(_("When reviewed"), request.decided_facts),
        ],
        "reason": request.reason,
        "files": list(request.files.visible_to(user).values_list("name", flat=True)),
        "blocks": _blocks(_said(request), to_county=request.move.decides == COUNTY),
        "printed_at": at,
        "printed_by": user.name,
    }


def blank_facts() -> dict:
    """The same paper with nothing on it, to fill in by hand."""
    return {
        "title": TITLE,
        "moves": _moves(""),
        "figures": [_figures(_("When proposed"), {}), _figures(_("When reviewed"), {})],
        "blocks": _blocks({PROPOSER: [], FIRST: [], OFFICE: []}, to_county=True),
    }


def number(request) -> str:
    """The number by which the office files a request: county, year, serial."""
    return f"{request.county}-{request.created.year}-{request.pk:05d}"


def _firm(request) -> dict:
    firm = request.firm
    return {
        "name": firm.name,
        "credit_code": firm.credit_code,
        "area": str(Area.objects.filter(pk__in=(firm.area[:9], firm.area)).first() or firm.area),
        "line": firm.line.name if firm.line else "",
        "industry": Industry(firm.industry).label,
        "trade": firm.trade,
        "size": Size(firm.size).label,
        "above_scale": firm.above_scale,
        "employees": request.facts.get("employees", firm.employees),
    }


def _moves(asked: str) -> list[tuple]:
    """All kinds of move in the order of the chart, with a tick at the one asked for."""
    return [(Verb(move.verb).label, move.verb == asked) for move in CHART]


def _state(track: str, code: str):
    return (Stage if track == StageChange.Track.STAGE else Operation)(code).label


def _figures(when, facts: dict) -> dict:
    """One row of figures from the facts kept with a request; {} gives a row of blanks."""
    days = {key: date.fromisoformat(facts[key]) for key in ("on", "last_visit") if facts.get(key)}
    return {"when": when, "known": bool(facts), **facts, "last_visit": None, "on": None, **days}


def _said(request) -> dict[str, list[dict]]:
    """What was said, by block of the paper and in order. An opinion that a reviewer asked for
    stands in the block of the one who asked."""
    said = {PROPOSER: [], FIRST: [], OFFICE: []}
    asked_from = {}
    for opinion in request.opinions.select_related("by", "asked", "in_place_of"):
        repeated = opinion.comment and opinion.comment == request.reason
        if opinion.decision in OF_PROPOSER:
            block = PROPOSER
        elif opinion.decision == Opinion.Decision.OPINION:
            block = asked_from.get(opinion.by_id, FIRST)
        else:
            block = OFFICE if _by_the_office(opinion) else FIRST
        if opinion.decision == Opinion.Decision.ASK:
            asked_from[opinion.asked_id] = block
        said[block].append(
            {
                "decision": opinion.decision,
                "label": Opinion.Decision(opinion.decision).label,
                "text": _("see the reason above") if repeated else opinion.comment,
                "by": opinion.by.name,
                "in_place_of": opinion.in_place_of.name if opinion.in_place_of else "",
                "role": Role(opinion.by.role).label,
                "asked": opinion.asked.name if opinion.asked else "",
                "at": opinion.at,
                "taken_back_at": opinion.taken_back_at,
            }
        )
    return said


def _by_the_office(opinion) -> bool:
    """Also when the county office took over an overdue review of the level below."""
    return opinion.step == "county_decision" or opinion.by.role == Role.COUNTY


def _blocks(said: dict[str, list[dict]], *, to_county: bool) -> list[dict]:
    titles = {
        PROPOSER: _("Opinion of the instructor (proposer)"),
        FIRST: _("Opinion of the township committee or line department"),
        OFFICE: _("Decision of the county office") if to_county else _("County office, for the file"),
    }
    return [
        {
            "title": titles[block],
            "entries": entries,
            "signed_at": _signed_at(block, entries),
            "seal": block != PROPOSER,
        }
        for block, entries in said.items()
    ]


def _signed_at(block: str, entries: list[dict]):
    """When the last decision that settles a block was made; one that was taken back does not."""
    standing = (entry for entry in reversed(entries) if not entry["taken_back_at"])
    return next((entry["at"] for entry in standing if entry["decision"] in SETTLES[block]), None)
