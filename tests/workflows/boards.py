"""What the tests of matching boards share: a town whose firms wait, and a board made for it."""

from uuid import uuid4

from django.utils import timezone

from core.jobs import run as worker
from core.jobs.models import Job
from core.people.models import Instructor
from workflows.assignments.acts import open_requests
from workflows.matching.acts import make_board
from workflows.matching.models import Board, BoardRow
from workflows.matching.rows import accept


class PowerCut(BaseException):
    """No code of ours sees it coming."""


def power_cut(*_given, **_more):
    raise PowerCut


def asked(town, *, by=None, area=None, **more) -> Board:
    given = {"above_usual": False, "by": by or town.wang_fang, "key": uuid4(), "on": town.today}
    return make_board(area or town.east, **(given | more))


def work(job) -> Job:
    worker.run(job.pk)
    job.refresh_from_db()
    return job


def made(town, **more) -> Board:
    board = asked(town, **more)
    job = work(board.making)
    assert job.state == "done", (job.error, job.trouble)
    board.refresh_from_db()
    return board


def put(row, town, by=None) -> BoardRow:
    return accept(row, by=by or town.wang_fang, on=town.today, at=timezone.now())


def row_of(board, firm) -> BoardRow:
    return board.rows.get(firm=firm)


def guide_of(firm) -> Instructor | None:
    """Who is proposed for a firm."""
    asked = open_requests().filter(firm=firm).select_related("instructor").first()
    return asked and asked.instructor
