"""What the desk knows of an assignment in a period: shown beside the forms, never asked."""

from datetime import date

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.ledger.models import StageChange
from core.ledger.stages import Stage
from core.people.models import Assignment, GuidanceRecord
from core.people.training import days_between


def facts_of(assignment: Assignment, *, since: date, until: date) -> dict:
    """Counts within the period and the assignment, as JSON. Counts only: nothing that was written
    at the firm, and no member."""
    first, last = max(assignment.since, since), min(assignment.until or until, until)
    days = {"on__gte": first, "on__lte": last}
    own = Q(instructor=assignment.instructor_id)
    guidance = GuidanceRecord.objects.filter(own, firm=assignment.firm_id, **days)
    moves = StageChange.objects.filter(firm=assignment.firm_id, track="stage", **days)
    return {
        "first": first.isoformat(), "last": last.isoformat(),
        "months": max(1, round((last - first).days / 30.4)),
        "visits": guidance.on_site().count(), "contacts": guidance.count(),
        "moves": [[move.on.isoformat(), move.source, move.target] for move in moves],
        "training_days": str(days_between(assignment.instructor, first, last)),
    }  # fmt: skip


def fact_rows(facts: dict) -> list[tuple[str, str]]:
    """The facts in the reader's language: pairs of a word and what is known."""
    first, last = (date_format(date.fromisoformat(facts[name])) for name in ("first", "last"))
    months = ngettext("%(n)d month", "%(n)d months", facts["months"]) % {"n": facts["months"]}
    moves = [
        _("%(day)s: from “%(source)s” to “%(target)s”")
        % {
            "day": date_format(date.fromisoformat(day)), "source": Stage(source).label,
            "target": Stage(target).label,
        }
        for day, source, target in facts["moves"]
    ]  # fmt: skip
    rows = [
        (_("Period"), _("%(first)s – %(last)s, %(months)s") % {
            "first": first, "last": last, "months": months}),
        (_("Visits on site"), str(facts["visits"])),
        (_("All contacts on record"), str(facts["contacts"])),
        (_("Moves of stage"), _("; ").join(moves) or _("none")),
    ]  # fmt: skip
    if "training_days" in facts:  # an evaluation that began before trainings were on record has none
        rows.insert(3, (_("Training days"), facts["training_days"]))
    return rows
