"""The summary of a round by area. Counts of words, no points, no order of people; and no group so
small that somebody could be picked out of it, also not by two readers who lay their summaries side
by side: what is shown of a round is settled once for all readers.

The forms are laid into heaps, by the township and the line that their firms had when the round was
opened. Each heap is about enough instructors and enough firms; too small ones are joined. Whatever
a reader is shown is a sum of whole heaps, so nothing that is smaller than a heap can be worked out.
"""

from collections import Counter, defaultdict
from typing import NamedTuple

from django.utils.translation import gettext as _

from core.accounts.models import Area
from core.ledger.scope import reaches
from core.people.questions import questions
from core.rulebook import rule
from workflows.evaluations.models import Evaluation, Round, Sheet


class Form(NamedTuple):
    """What one evaluation adds to a table, and where it counts."""

    area: str  # the township's code
    line: int | None
    about: tuple[int, int]  # instructor and firm
    said: dict
    seen: bool  # by this reader


def enough(about: set) -> int:
    """About how many a heap is: instructors or firms, of whichever there are fewer."""
    return min((len({each[side] for each in about}) for side in (0, 1)), default=0)


def suppressed(groups: dict, least: int, size=enough) -> set:
    """The groups that are not shown. `groups` has for each those whom it is about.

    Every group of fewer than `least`; and, so that what is hidden cannot be worked out as the total
    minus what is shown, further ones, the smallest first, until the hidden ones together are about
    `least` or more. When even all of them are not, all are hidden, and so is the total.
    """
    there = {name: about for name, about in groups.items() if about}
    hidden = {name for name, about in there.items() if size(about) < least}
    more = sorted(there.keys() - hidden, key=lambda name: (size(there[name]), str(name)))
    while hidden and more and size(set().union(*(there[name] for name in hidden))) < least:
        hidden.add(more.pop(0))
    return hidden


def heaps(forms: list[Form], least: int) -> dict[tuple, tuple | None]:
    """To each township and line the heap that its forms lie on; None where there is none that may be
    shown. The same for every reader."""
    cells = defaultdict(lambda: defaultdict(set))
    for form in forms:
        cells[form.area][form.line].add(form.about)
    whole = {area: set().union(*lines.values()) for area, lines in cells.items()}
    hidden = suppressed(whole, least)
    rest = set().union(*(whole[area] for area in hidden))
    found = {}
    for area, lines in cells.items():
        joined = suppressed(lines, least)
        for line in lines:
            if area in hidden:
                found[area, line] = ("rest",) if enough(rest) >= least else None
            else:
                found[area, line] = (area, "rest") if line in joined else (area, line)
    return found


def shown(some: list[Form], forms: list[Form], heap: dict) -> bool:
    """Whether some of a round's forms may be counted together: whole heaps only."""
    these = {(form.area, form.line): heap[form.area, form.line] for form in some}
    if not these or None in these.values():
        return False
    touched = sum(heap[form.area, form.line] in set(these.values()) for form in forms)
    return touched == len(some)


def summary(made: Round, user) -> dict | None:
    """The summary within a person's reach; None while the round is open, and without tables while
    its forms are being opened: a summary that grew by one form would tell that form."""
    if made.closed_at is None:
        return None
    least = rule("evaluation_min_group", on=made.until).value
    found = {"sides": [], "grades": None, "least": least, "waiting": False, "partly": False}
    if made.evaluations.filter(opened_at__isnull=True).exists():
        return found | {"waiting": True}
    rows = [(row, _place(row, user)) for row in made.evaluations.prefetch_related("sheets")]
    codes = {place["area"] for _row, place in rows}
    names = dict(Area.objects.filter(pk__in=codes).values_list("pk", "name"))
    sides = [_side(side, rows, names, least) for side in Sheet.Side.values]
    grades = _grades(rows, names, least)
    partly = any(each["shown"] for each in (*sides, grades or {"shown": False}))
    return found | {"sides": sides, "grades": grades, "partly": partly}


def _place(row: Evaluation, user) -> dict:
    """Where an evaluation counts: where its firm was when the round was opened, since a firm that
    moves would else be told by the difference."""
    was = row.facts.get("place") or {"area": row.area, "line": row.line_id}
    seen = reaches(user, area=was["area"], line_id=was["line"], firm_id=row.firm_id)
    about = (row.instructor_id, row.firm_id)
    return {"area": was["area"][:9], "line": was["line"], "about": about, "seen": seen}


def _side(side: str, rows: list, names: dict, least: int) -> dict:
    """One side's answers, counted by area."""
    forms = [
        Form(**place, said=sheet.said)
        for row, place in rows
        for sheet in row.sheets.all()
        if sheet.side == side and sheet.state == Sheet.State.IN
    ]
    tables = []
    if any(form.seen for form in forms):
        newest = max(row.version for row, _place in rows)
        for question in questions(side, version=newest):
            if question.kind != "text":
                answers = [(answer.code, answer.words) for answer in question.answers]
                table = _table(question.code, answers, forms, names, least)
                tables.append({"asks": question.asks, **table})
    return {
        "side": Sheet.Side(side), "tables": tables, "shown": any(table["shown"] for table in tables),
    }  # fmt: skip


def _grades(rows: list, names: dict, least: int) -> dict | None:
    """The grades by area, once all that the reader sees are settled: before, each new one would tell
    itself."""
    forms = [Form(**place, said={"grade": row.grade}) for row, place in rows]
    own = [form for form in forms if form.seen]
    if not own or any(not form.said["grade"] for form in own):
        return None
    return {"asks": _("Grade"), **_table("grade", Evaluation.Grade.choices, forms, names, least)}


def _table(asked: str, answers: list, forms: list[Form], names: dict, least: int) -> dict:
    heap = heaps(forms, least)
    own = [form for form in forms if form.seen]
    lines = [
        (names.get(area, area), [form for form in own if form.area == area])
        for area in sorted({form.area for form in own})
    ]
    lines.append((_("Together"), own))
    told = [(name, _counts(asked, some) if shown(some, forms, heap) else None) for name, some in lines]
    return {
        "answers": [words for _code, words in answers],
        "lines": [
            {"name": name, "cells": [
                {"word": words, "count": None if counts is None else counts[code]}
                for code, words in answers]}
            for name, counts in told
        ],
        "shown": any(counts is not None for _name, counts in told),
    }  # fmt: skip


def _counts(asked: str, forms: list[Form]) -> Counter:
    return Counter(code for form in forms for code in _codes(form.said.get(asked)))


def _codes(said) -> list[str]:
    return said if isinstance(said, list) else [said]
