"""What the pages of a board show: its rows in words, how the work is spread before and after."""

from collections import Counter

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.people.free import BARS, limits
from core.people.models import Instructor
from workflows.matching.models import Board, BoardRow
from workflows.matching.words import WHY_NOT, in_words

State = BoardRow.State
NOBODY = Q(instructor__isnull=True, state=State.OPEN)
SHOWN = {
    "undecided": (_("To decide"), Q(state__in=BoardRow.UNDECIDED, instructor__isnull=False)),
    "nobody": (_("Nobody found"), NOBODY),
    "proposed": (pgettext_lazy("board", "Put forward"), Q(state=State.PROPOSED)),
    "removed": (_("Taken off"), Q(state=State.REMOVED)),
}


def counts(rows) -> dict[str, int]:
    """How many rows each tab holds. One statement."""
    return rows.aggregate(**{name: Count("pk", filter=which) for name, (_l, which) in SHOWN.items()})


def tabs(counted: dict[str, int], here: str) -> list[dict]:
    return [
        {"name": name, "label": label, "many": counted[name], "here": name == here}
        for name, (label, _which) in SHOWN.items()
        if counted[name] or name == here
    ]


def filled(rows: list[BoardRow], form) -> list[BoardRow]:
    """The rows with what their line of the table says, and with what was typed in a form that could
    not be kept. One statement for all the names."""
    pks = {pk for row in rows for pk, _reasons in row.others} | {row.instructor_id for row in rows}
    guides = Instructor.objects.select_related("unit").in_bulk(pks - {None})
    for row in rows:
        said = in_words(row.reasons)
        row.for_it = [sentence for against, sentence in said if not against]
        row.against = [sentence for against, sentence in said if against]
        row.nobody = WHY_NOT.get(row.why_not, "")
        row.undecided = row.state in BoardRow.UNDECIDED and row.instructor_id is not None
        chosen, row.own_words = form.typed(row)
        row.offers = _offers(row, guides, chosen)
        row.ticked = str(row.pk) in form.ticked
    return rows


def _offers(row: BoardRow, guides: dict, chosen: int | None) -> list[dict]:
    """Those who would do for a firm, by name: nobody stands before another."""
    offered = [(row.instructor_id, row.reasons), *row.others] if row.instructor_id else []
    offers = [
        {
            "guide": guides[pk], "chosen": pk == chosen,
            "why": [sentence for _against, sentence in in_words(reasons)],
        }
        for pk, reasons in offered
        if pk in guides
    ]  # fmt: skip
    return sorted(offers, key=lambda offer: (offer["guide"].pinyin, offer["guide"].pk))


def spread(board: Board) -> list[dict]:
    """How many instructors have no firm, one firm, two ... when the board was made, and when all that
    stands on it is put forward. Counts only: whose they are, is nobody's matter here."""
    stays = board.rows.filter(instructor__isnull=False).exclude(state=State.REMOVED)
    more = dict(stays.order_by().values_list("instructor").annotate(many=Count("pk")))
    before = Counter(board.had.values())
    after = Counter(have + more.get(int(pk), 0) for pk, have in board.had.items())
    bounds = limits(on=board.on, above_usual=True)
    most = max([bounds.hard, *before, *after])
    return [
        {"firms": n, "before": before[n], "after": after[n], "above": n > bounds.usual}
        for n in range(most + 1)
        if n <= bounds.hard or before[n] or after[n]
    ]


def barred(board: Board) -> list[tuple[str, int]]:
    """Why instructors could take no further firm, and how many."""
    return [(BARS[code], board.barred[code]) for code in BARS if board.barred.get(code)]
