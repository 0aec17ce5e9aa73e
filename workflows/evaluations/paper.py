"""What stands on the papers of the evaluation: the form, blank or filled; the slip with the link; the
summary. Nothing of a form before it is opened."""

import segno
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.people.questions import questions, version_on
from workflows.evaluations.facts import fact_rows
from workflows.evaluations.links import address_of
from workflows.evaluations.models import Evaluation, Sheet

YES, NO = "☑", "□"


def blank_facts(on) -> dict:
    """Both sides' forms with nothing on them, to be filled in by hand."""
    version = version_on(on)
    return {"sides": [_side(side, version, None) for side in Sheet.Side.values], "blank": True}


def form_facts(evaluation: Evaluation, *, printed_by, at, judged: bool) -> dict:
    """The filled form of an opened evaluation; `judged` with what officials say of the instructor."""
    sheets = {sheet.side: sheet for sheet in evaluation.sheets.all()}
    return {
        "number": f"{evaluation.county}-{evaluation.round_id}-{evaluation.pk:05d}",
        "evaluation": evaluation, "round": str(evaluation.round),
        "fact_rows": fact_rows(evaluation.facts),
        "sides": [_side(side, evaluation.version, sheets[side]) for side in Sheet.Side.values],
        "judged": judged, "grades": _grades(evaluation.grade), "printed_by": printed_by.name,
        "printed_at": at,
    }  # fmt: skip


def _grades(chosen: str) -> list[tuple[str, str]]:
    return [(YES if grade == chosen else NO, grade.label) for grade in Evaluation.Grade]


def _side(side: str, version, sheet: Sheet | None) -> dict:
    said = sheet.said if sheet and sheet.state == Sheet.State.IN else {}
    rows = []
    for question in questions(side, version=version):
        answered = said.get(question.code, "")
        chosen = answered if isinstance(answered, list) else [answered]
        ticks = [(YES if answer.code in chosen else NO, answer.words) for answer in question.answers]
        text = answered if question.kind == "text" else ""
        rows.append({"asks": question.asks, "kind": question.kind, "ticks": ticks, "text": text})
    return {"side": side, "title": Sheet.Side(side).label, "rows": rows, "sheet": sheet}


def slip_facts(sheets) -> dict:
    """A slip for each firm: whose form, until when, the link and its QR code."""
    return {"slips": [_slip(sheet) for sheet in sheets]}


def _slip(sheet: Sheet) -> dict:
    evaluation, address = sheet.evaluation, address_of(sheet)
    return {
        "firm": evaluation.firm.name, "instructor": evaluation.instructor.name,
        "unit": evaluation.instructor.sending_unit, "round": str(evaluation.round),
        "until": date_format(sheet.link_until), "address": address,
        "qr": segno.make(address, error="m").svg_inline(scale=3, border=2),
    }  # fmt: skip


def summary_title(made) -> str:
    return _("Summary of the two-way evaluation, %(since)s – %(until)s") % {
        "since": date_format(made.since), "until": date_format(made.until)
    }  # fmt: skip
