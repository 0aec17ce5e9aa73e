"""What people do with a board as a whole: have one made, have all of it put forward."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts.models import Area
from core.errors import Refused
from core.jobs.acts import start_job
from core.jobs.models import Job
from core.ledger.permits import allow, allow_in
from workflows.assignments.acts import open_pairs
from workflows.matching import accepting_all, making
from workflows.matching.models import Board


@transaction.atomic
def make_board(area: Area, *, above_usual: bool, by, key, on: date) -> Board:
    """Have pairs worked out for the waiting firms of an area. Raises Refused when none waits."""
    allow_in(by, "propose_assignment", area.code)
    if not making.waiting_in(by, area.code, open_pairs(area.county)).exists():
        raise Refused(
            Refused.NOT_NOW,
            _("Every firm in operation of %(area)s has an instructor, or one is proposed for it.")
            % {"area": area.name},
        )
    board = Board.objects.create(
        by=by, office=by.area, county=area.county, area=area, on=on, above_usual=above_usual
    )
    board.making = start_job(
        making.KIND, by=by, key=key, area=area.code, given={"board": board.pk},
        words={"place": area.name},
    )  # fmt: skip
    board.save(update_fields=["making"])
    return board


@transaction.atomic
def accept_all(board: Board, *, by, key) -> Board:
    """Have everything that is undecided put forward, one row after the other. Raises Refused."""
    allow(by, "propose_assignment")
    board = Board.objects.visible_to(by).select_for_update(of=("self",)).get(pk=board.pk)
    if board.accepting and not board.accepting.over:
        return board
    if not board.rows.undecided().exists():
        raise Refused(Refused.NOT_NOW, _("Nothing is left to be put forward on this board."))
    board.accepting = start_job(
        accepting_all.KIND, by=by, key=key, area=board.area_id, given={"board": board.pk},
        words={"place": board.area.name},
    )  # fmt: skip
    board.save(update_fields=["accepting"])
    return board


def running(board: Board) -> Job | None:
    """The job that works on a board now, or that ended without making it."""
    if board.accepting and not board.accepting.over:
        return board.accepting
    return None if board.made_at else board.making
