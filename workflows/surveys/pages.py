"""What the pages of survey rounds show: counts by township that open their lists, a firm's facts."""

from django.db.models import Count, Q
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Area
from core.figures.coverage import NUMBERS, Share
from core.figures.facts import TOWN
from core.ledger.models import MassOrganisation
from core.people.models import Assignment, Member
from workflows.surveys.models import SurveyFirm, SurveyRound

State = SurveyFirm.State
UNSETTLED = Q(state=State.NOT_FOUND, outcome="")
SHOWN = {state.value: (state.label, Q(state=state)) for state in State} | {
    "unsettled": (_("Not found, to be looked into"), UNSETTLED)
}
COLUMNS = (State.OPEN, State.CONFIRMED, State.CHANGED, State.NOT_FOUND, State.GONE)


def progress(rows) -> list[dict]:
    """For each township, in the order of their codes, how many firms stand how; the sum last. One
    statement for the counts. Never by person: who is slow is nobody's matter here."""
    counted = (
        rows.order_by().annotate(town=Left("area", TOWN)).values("town", "state")
        .annotate(many=Count("pk"), unsettled=Count("pk", filter=UNSETTLED))
    )  # fmt: skip
    towns: dict[str, dict] = {}
    for row in counted:
        for town in (row["town"], ""):
            line = towns.setdefault(town, {"unsettled": 0})
            line[row["state"]] = line.get(row["state"], 0) + row["many"]
            line["unsettled"] += row["unsettled"]
    names = dict(Area.objects.filter(pk__in=towns).values_list("pk", "name"))
    order = sorted(towns, key=lambda town: (town == "", town))
    return [_line(town, names.get(town, town), towns[town]) for town in order]


def _line(town: str, name: str, have: dict) -> dict:
    every = sum(have.get(state, 0) for state in COLUMNS)
    cells = [{"state": state.value, "label": state.label, "many": have.get(state, 0)}
             for state in COLUMNS]  # fmt: skip
    return {
        "town": town, "name": name, "cells": cells, "all": every, "unsettled": have["unsettled"],
        "answered": every - have.get(State.OPEN, 0),
    }  # fmt: skip


def filtered(rows, given) -> tuple:
    """The rows of a list as its address asks: `show` and `town`; what is strange is passed over."""
    show, town = given.get("show", ""), given.get("town", "")
    if show in SHOWN:
        rows = rows.filter(SHOWN[show][1])
    if town.isascii() and town.isdigit() and len(town) <= TOWN:
        rows = rows.filter(area__startswith=town)
    else:
        town = ""
    return rows, show if show in SHOWN else "", town


def frozen_figures(made: SurveyRound) -> list[dict]:
    """The figures of the closing, in words; a number that this version does not know is left out."""
    shown = []
    for number in NUMBERS:
        if number.key not in made.figures:
            continue
        value = made.figures[number.key]
        share = Share(*value) if isinstance(value, list) else None
        shown.append({
            "label": number.label, "says": number.says,
            "text": share.text if share else value, "share": share,
        })  # fmt: skip
    return shown


def facts_beside(firm) -> dict:
    """What the ledger knows of a firm and a survey does not change: what leads to a stage."""
    now = Assignment.objects.current().filter(firm=firm).select_related("instructor").first()
    return {
        "members": Member.objects.here().filter(firm=firm).count(),
        "mass": MassOrganisation.objects.standing().filter(firm=firm).count(),
        "guide": now.instructor if now else None,
    }


def with_guides(rows: list[SurveyFirm]) -> list[SurveyFirm]:
    """The rows of a page, each with the name of its firm's instructor. One statement."""
    current = Assignment.objects.current().filter(firm__in=[row.firm_id for row in rows])
    names = dict(current.values_list("firm_id", "instructor__name"))
    for row in rows:
        row.guide = names.get(row.firm_id, "")
    return rows
