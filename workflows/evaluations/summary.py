"""The summary of a round by area. Counts of words, no points, no order of people; and no group so
small that somebody could be picked out of it."""

from collections import Counter, defaultdict

from django.utils.translation import gettext as _

from core.accounts.models import Area
from core.people.questions import questions
from core.rulebook import rule
from workflows.evaluations.models import Evaluation, Round, Sheet


def suppressed(groups: dict[str, set], least: int) -> set[str]:
    """The groups that are not shown. `groups` has for each the people whom it is about.

    Every group of fewer than `least` people; and, so that what is hidden cannot be worked out as the
    total minus what is shown, further ones, the smallest first, until the hidden ones together are
    about `least` people or more. When even all of them are not, all are hidden, and so is the total.
    """
    there = {name: people for name, people in groups.items() if people}
    hidden = {name for name, people in there.items() if len(people) < least}
    more = sorted(there.keys() - hidden, key=lambda name: (len(there[name]), name))
    while hidden and more and len(set().union(*(there[name] for name in hidden))) < least:
        hidden.add(more.pop(0))
    return hidden


def total_is_shown(groups: dict[str, set], least: int) -> bool:
    return len(set().union(*groups.values())) >= least if groups else False


def summary(made: Round, user) -> dict | None:
    """The summary within a person's reach; None while the round is open: a summary that grew by one
    form from one day to the next would tell that form."""
    if made.closed_at is None:
        return None
    rows = Evaluation.objects.visible_to(user).filter(round=made).filter(opened_at__isnull=False)
    rows = list(rows.prefetch_related("sheets"))
    least = rule("evaluation_min_group", on=made.until).value
    names = dict(Area.objects.filter(pk__in={row.area[:9] for row in rows}).values_list("pk", "name"))
    sides = [_side(side, rows, names, least) for side in Sheet.Side.values]
    waiting = made.evaluations.filter(opened_at__isnull=True).exists()
    grades = _grades(rows, names, least)
    partly = any(each["shown"] for each in (*sides, grades or {"shown": False}))
    return {"sides": sides, "grades": grades, "least": least, "waiting": waiting, "partly": partly}


def _side(side: str, rows: list, names: dict, least: int) -> dict:
    """One side's answers, counted by area."""
    said = defaultdict(list)
    for row in rows:
        for sheet in row.sheets.all():
            if sheet.side == side and sheet.state == Sheet.State.IN:
                said[row.area[:9]].append((row, sheet.said))
    groups = {area: {row.instructor_id for row, _said in forms} for area, forms in said.items()}
    versions = {row.version for forms in said.values() for row, _said in forms}
    asked = questions(side, version=max(versions)) if versions else ()
    tables = []
    for question in asked:
        if question.kind == "text":
            continue
        codes = [answer.code for answer in question.answers]
        counts = {
            area: Counter(code for _row, words in forms for code in _codes(words.get(question.code)))
            for area, forms in said.items()
        }
        answers = [answer.words for answer in question.answers]
        tables.append({"asks": question.asks, **_table(codes, answers, counts, groups, names, least)})
    forms = sum(len(each) for each in said.values())
    shown = any(table["shown"] for table in tables)
    return {"side": Sheet.Side(side), "tables": tables, "forms": forms, "shown": shown}


def _codes(said) -> list[str]:
    return said if isinstance(said, list) else [said]


def _grades(rows: list, names: dict, least: int) -> dict | None:
    """The grades by area, once all are settled: before, each new one would tell itself."""
    if not rows or any(not row.grade for row in rows):
        return None
    groups, counts = defaultdict(set), defaultdict(Counter)
    for row in rows:
        groups[row.area[:9]].add(row.instructor_id)
        counts[row.area[:9]][row.grade] += 1
    grades = Evaluation.Grade
    return {"asks": _("Grade"),
            **_table(grades.values, grades.labels, counts, dict(groups), names, least)}  # fmt: skip


def _table(codes, answers, counts, groups, names, least) -> dict:
    hidden = suppressed(groups, least)
    rows = [
        (names.get(area, area), None if area in hidden else [counts[area][code] for code in codes])
        for area in sorted(groups)
    ]
    whole = sum(counts.values(), Counter())
    total = [whole[code] for code in codes] if total_is_shown(groups, least) else None
    lines = [
        {"name": name, "cells": [{"word": word, "count": count} for word, count in
                                 zip(answers, known or [None] * len(codes), strict=True)]}
        for name, known in (*rows, (_("Together"), total))
    ]  # fmt: skip
    shown = total is not None or any(known is not None for _name, known in rows)
    return {"answers": answers, "lines": lines, "shown": shown}
