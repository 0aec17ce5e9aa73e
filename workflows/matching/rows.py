"""What people do with the rows of a board: choose somebody else, take a firm off, put forward.

Every act holds the row first and the firm then, in a transaction of its own: two who work on the
same rows wait for each other, and on two boards the firm decides who was first.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit.record import record
from core.errors import Refused
from core.ledger.models import Firm
from core.ledger.permits import allow
from core.people.criteria import CRITERIA
from core.people.fitness import seen_at_once
from core.people.free import limits
from core.people.models import Instructor
from core.written import TEXT_AT_MOST
from workflows.assignments.acts import propose_assignment
from workflows.matching.models import BoardRow
from workflows.matching.words import as_text

State = BoardRow.State
# Warnings for who chooses by hand; a board leaves such pairs out, and so does not put them forward.
LEFT_OUT = {"paused", "term_short", "takes_more_later"}


@transaction.atomic
def choose(row: BoardRow, instructor: int, *, why: str, by, at: datetime) -> BoardRow:
    """Take another one of those who would do, and say why. Decided rows stay as they are.

    Raises Refused for somebody who is not among them, or who has as many firms as is allowed.
    """
    row = _held(row, by=by)
    why = _own_words(why)
    if row.state not in BoardRow.UNDECIDED or row.instructor_id is None:
        return row
    if instructor == row.instructor_id and why == row.why:
        return row
    if instructor != row.instructor_id:
        _exchange(row, instructor)
        record(
            "matching.chosen", by=by, firm=row.firm, instructor=row.instructor.name,
            firm_name=row.firm.name,
        )  # fmt: skip
    row.why, row.by, row.at = why, by, at
    row.save()
    return row


def _exchange(row: BoardRow, instructor: int) -> None:
    """Somebody else takes the place; whoever had it is now among the others."""
    others = dict(row.others)
    if instructor not in others:
        raise Refused(
            Refused.BAD_INPUT,
            _("%(firm)s: choose one of those whom the list offers.") % {"firm": row.firm.name},
        )
    chosen = Instructor.objects.get(pk=instructor)
    reasons = _reckoned(row, chosen, others.pop(instructor))
    others[row.instructor_id] = row.reasons
    row.others = sorted([pk, said] for pk, said in others.items())
    row.instructor, row.reasons, row.said, row.state = chosen, reasons, "", State.OPEN


def _reckoned(row: BoardRow, chosen: Instructor, reasons: list) -> list:
    """The reasons with the number of firms that this board would give now. Raises Refused above
    what is allowed."""
    bounds = limits(on=row.board.on, above_usual=True)
    on_board = row.board.rows.filter(instructor=chosen, state__in=(*BoardRow.UNDECIDED, State.PROPOSED))
    will = row.board.had.get(str(chosen.pk), 0) + on_board.count() + 1
    single = chosen.mode == Instructor.Mode.SINGLE
    if will > (1 if single else bounds.hard):
        raise Refused(
            Refused.NOT_NOW,
            _("%(firm)s: with it %(name)s would have %(will)d firms, more than is allowed.")
            % {"firm": row.firm.name, "name": chosen.name, "will": will},
        )
    room = ["room" if will <= bounds.usual else "above_usual", {"will": will, "usual": bounds.usual}]
    kept = [[code, words] for code, words in reasons if code not in ("room", "above_usual")]
    return sorted([*kept, room], key=lambda reason: _order(reason[0]))


def _order(code: str) -> int:
    codes = list(CRITERIA)
    return codes.index(code) if code in codes else len(codes)


@transaction.atomic
def remove(row: BoardRow, *, by, at: datetime) -> BoardRow:
    """Take a firm off a board: it goes on waiting. Done twice, nothing more happens."""
    row = _held(row, by=by)
    if row.state in BoardRow.UNDECIDED:
        row.state, row.said, row.by, row.at = State.REMOVED, "", by, at
        row.save()
        record("matching.removed", by=by, firm=row.firm, firm_name=row.firm.name)
    return row


@transaction.atomic
def put_back(row: BoardRow, *, by, at: datetime) -> BoardRow:
    """Put a firm back that was taken off."""
    row = _held(row, by=by)
    if row.state == State.REMOVED:
        row.state, row.by, row.at = State.OPEN, by, at
        row.save()
        record("matching.put_back", by=by, firm=row.firm, firm_name=row.firm.name)
    return row


def accept(row: BoardRow, *, by, on: date, at: datetime) -> BoardRow:
    """Put a pair forward, as things stand now. What has become impossible since the board was made
    is written on the row, for everybody who looks at it, and the row may be tried with another one.
    Put forward twice, nothing more happens.
    """
    with transaction.atomic():
        row = _held(row, by=by)
        if row.state not in BoardRow.UNDECIDED or row.instructor_id is None:
            return row
        try:
            with transaction.atomic():
                _put_forward(row, by=by, on=on, at=at)
            row.state, row.said = State.PROPOSED, ""
        except Refused as refusal:
            row.state, row.said = State.REFUSED, str(refusal.sentence)[:500]
        row.by, row.at = by, at
        row.save()
    return row


def _put_forward(row: BoardRow, *, by, on: date, at: datetime) -> None:
    firm = Firm.objects.held().get(pk=row.firm_id)
    guide = Instructor.objects.get(pk=row.instructor_id)
    for one in seen_at_once(firm, guide, on=on):
        if one.code in LEFT_OUT:
            raise Refused(Refused.NOT_NOW, one.sentence)
    propose_assignment(firm, guide, by=by, at=at, reasons=as_text(row.reasons, row.why))


def _held(row: BoardRow, *, by) -> BoardRow:
    """The row as it is, held until the transaction ends. Raises Refused."""
    allow(by, "propose_assignment")
    rows = BoardRow.objects.visible_to(by).select_for_update(of=("self",))
    now = rows.select_related("board", "firm", "instructor").filter(pk=row.pk).first()
    if now is None:
        raise Refused(Refused.NOT_YOURS, _("This firm is not within your reach."))
    return now


def _own_words(why: str) -> str:
    why = " ".join(why.split())
    if len(why) > TEXT_AT_MOST:
        raise Refused(
            Refused.BAD_INPUT,
            _("This text has %(have)d characters; %(most)d fit. Shorten it.")
            % {"have": len(why), "most": TEXT_AT_MOST},
        )
    return why
