"""Working out a board's pairs: a kind of long job. Nothing is written before all is known; then
everything, in one transaction with the job's checkpoint."""

from collections import Counter

import numpy as np
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from core.jobs.kinds import Step, job
from core.ledger.models import Firm
from core.ledger.scope import within
from core.people.free import gather, waiting
from core.people.matching import check_size, explain, solve, weigh
from core.people.models import Instructor
from workflows.assignments.acts import open_pairs
from workflows.matching.models import Board, BoardRow

KIND = "matching_board"
BATCH = 500  # rows of one INSERT


def page_of_board(given: dict) -> str:
    return reverse("matching:pairs", args=[given["board"]])


def waiting_in(user, area: str, asked):
    """The firms of an area that wait for an instructor, as far as the person sees them."""
    firms = Firm.objects.visible_to(user).filter(within(area))
    return waiting(firms, [firm for firm, _guide in asked])


def guides_of(user, county: str):
    """The instructors of the county whom the person sees."""
    return Instructor.objects.visible_to(user).active().filter(county=county)


@job(
    KIND,
    label=gettext_lazy("Matching board"),
    title=gettext_lazy("Matching board of {place}"),
    verb="propose_assignment",
    page=page_of_board,
)
def work_out(work):
    """The steps of the job: read, weigh in blocks of firms, solve, put into words, write."""
    board = Board.objects.visible_to(work.by).get(pk=work.given["board"])
    if board.made_at:
        return None  # everything was written; only the end was not reached
    asked = open_pairs(board.county)
    taken = Counter(guide for _firm, guide in asked)
    firms = waiting_in(work.by, board.area_id, asked)
    guides = guides_of(work.by, board.county)
    pairs, barred = gather(
        firms, guides, on=board.on, taken=taken, above_usual=board.above_usual
    )  # fmt: skip
    check_size(pairs)
    many = len(pairs.firms)
    total = 3 * many + 1  # weighing, solving and writing count alike
    yield Step(0, total)
    blocks = []
    for done, block in weigh(pairs):
        blocks.append(block)
        yield Step(done, total)
    worth = np.concatenate(blocks) if blocks else np.zeros((0, len(pairs.guides)), np.float32)
    chosen = solve(pairs, worth)
    yield Step(2 * many, total)
    rows = [_row(board, match) for match in explain(pairs, worth, chosen)]
    yield Step(3 * many, total)
    had = _had(guides, taken)
    yield Step(total, total, {"written": True}, lambda: _write(board, rows, had, barred))
    return None


def _row(board: Board, match) -> BoardRow:
    row = BoardRow(
        board=board, firm_id=match.firm, why_not=match.why_not,
        others=[[other.instructor, other.reasons] for other in match.others],
    )  # fmt: skip
    if match.choice:
        row.instructor_id, row.reasons = match.choice
    return row


def _had(guides, taken) -> dict[str, int]:
    """How many firms each instructor has, with those that are proposed for them."""
    loads = guides.with_load().order_by("pk").values_list("pk", "load")
    return {str(pk): load + taken.get(pk, 0) for pk, load in loads}


def _write(board: Board, rows: list[BoardRow], had: dict, barred: dict) -> None:
    BoardRow.objects.bulk_create(rows, batch_size=BATCH)
    board.had, board.barred, board.made_at = had, barred, timezone.now()
    board.save(update_fields=["had", "barred", "made_at"])
