"""Putting a whole board forward: a kind of long job, each row in one transaction with its checkpoint,
so that a row is done once, however often the work is broken off."""

from django.utils import timezone
from django.utils.translation import gettext_lazy

from core.jobs.kinds import Step, job
from workflows.matching.making import page_of_board
from workflows.matching.models import Board
from workflows.matching.rows import accept

KIND = "matching_accept"


@job(
    KIND,
    label=gettext_lazy("Putting a matching board forward"),
    title=gettext_lazy("Putting forward the pairs of {place}"),
    verb="propose_assignment",
    page=page_of_board,
)
def put_all_forward(work):
    """The steps of the job. Its checkpoint holds the rows that were undecided when it began."""
    board = Board.objects.visible_to(work.by).get(pk=work.given["board"])
    if not work.checkpoint:
        rows = board.rows.visible_to(work.by).undecided()
        work.checkpoint = {
            "rows": list(rows.order_by("firm_id").values_list("pk", flat=True)),
            "next": 0,
        }
        yield Step(0, len(work.checkpoint["rows"]), work.checkpoint)
    pks = work.checkpoint["rows"]
    for place in range(work.checkpoint["next"], len(pks)):
        row = board.rows.visible_to(work.by).filter(pk=pks[place]).first()
        now = timezone.now()

        def put(row=row, now=now):
            if row:  # gone from this person's reach meanwhile: left as it is
                accept(row, by=work.by, on=timezone.localdate(now), at=now)

        yield Step(place + 1, len(pks), {"rows": pks, "next": place + 1}, put)
    return None
