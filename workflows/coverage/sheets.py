"""A request as two small sheets: its facts then and now, and the stations on its way."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.audit.sentences import VOCABULARY
from workflows.coverage.chart import COUNTY
from workflows.coverage.models import Opinion, TransitionRequest

Decision, Outcome = Opinion.Decision, TransitionRequest.Outcome


def _labels() -> dict:
    return {
        "full_members": _("Full members"),
        "probationary": _("Probationary members"),
        "mass_organisations": _("Mass organisations"),
        "instructor": _("Instructor"),
        "last_visit": _("Last visit"),
        "worked_in": _("Really worked in"),
        "employees": _("Employees"),
        "branch": _("Branch"),
        "branch_firms": _("Firms of the branch"),
    }


def _said(name: str, facts: dict) -> str:
    value = facts.get(name)
    if name == "worked_in" and facts:
        return _("yes") if value else _("no")
    if name == "last_visit" and value:
        return date_format(date.fromisoformat(value))
    return "–" if value in (None, "") else str(value)


def fact_rows(then: dict, now: dict) -> list[dict]:
    """The facts side by side, both as JSON; `changed` where they differ. `now` may be empty."""
    rows = []
    for name, label in _labels().items():
        before, after = _said(name, then), _said(name, now)
        rows.append({"label": label, "then": before, "now": after, "changed": now and before != after})
    return rows


def stations(asked: TransitionRequest, at_hand) -> list[tuple[str, str]]:
    """The stations of a request and where it is: done, now, ahead or skipped."""
    first = "line_review" if asked.line_id else "township_review"
    by_supervisor = asked.data.get("proposed_at") == "first"
    names = ["begin"] if by_supervisor else ["begin", first]
    if by_supervisor or asked.move.decides == COUNTY:
        names.append("county_decision")
    titles = {"begin": _("Proposed"), **VOCABULARY["step"]}
    here = names.index(_station(asked, at_hand, names))
    open_ = asked.outcome == Outcome.OPEN
    way = [
        (str(titles[name]), "now" if open_ and n == here else "done" if n <= here else "ahead")
        for n, name in enumerate(names)
    ]
    if not open_:  # what was not reached any more is not shown
        way = [station for station in way if station[1] == "done"]
    end = _("Carried out") if open_ else asked.get_outcome_display()
    ended = {Outcome.OPEN: "ahead", Outcome.APPROVED: "done"}.get(asked.outcome, "stopped")
    return [*way, (str(end), ended)]


def _station(asked, at_hand, names) -> str:
    """The station a request is at, or the last one at which something was decided."""
    step = at_hand.step if at_hand else None
    if step == "opinion":
        step = asked.data.get("asked_at")
    if step is None:
        said = asked.opinions.standing().exclude(decision=Decision.WITHDRAW)
        answers = list(said.values_list("step", flat=True))
        step = next((name for name in reversed(answers) if name in names), "begin")
    return step if step in names else "begin"
