"""What is put forward goes on as a proposal that all sides are asked about, and counts as taken."""

from uuid import uuid4

import pytest

from core.errors import Refused
from core.people.models import Assignment
from tests.workflows.boards import asked, made, put, row_of, work
from tests.workflows.test_races import at_once
from workflows.matching import accepting
from workflows.matching.acts import accept_all
from workflows.matching.models import BoardRow

acts = pytest.importorskip("workflows.assignments.acts", reason="assignments are no conversation yet")
pytestmark = pytest.mark.usefixtures("english")
State = BoardRow.State


@pytest.fixture
def asking(town, monkeypatch):
    """The way that the product goes, and not the short one of the other tests."""
    way = accepting.Way()
    monkeypatch.setattr(accepting.WAY, "propose", way.propose)
    monkeypatch.setattr(accepting.WAY, "under_way", way.under_way)
    return town


def test_a_pair_becomes_a_proposal_with_its_reasons(asking):
    row = put(row_of(made(asking), asking.waiting[0]), asking)
    assert (row.state, row.said) == (State.PROPOSED, "")
    request = acts.open_requests().get(firm=row.firm)
    assert request.instructor == row.instructor
    assert "In the same township: East" in request.reasons
    assert not Assignment.objects.current().filter(firm=row.firm).exists()


def test_what_is_proposed_is_neither_proposed_again_nor_free(asking):
    first, second = made(asking), made(asking)
    for row in first.rows.all():
        assert put(row, asking).state == State.PROPOSED
    for row in second.rows.all():
        row = put(row, asking)
        assert (row.state, row.said) == (
            State.REFUSED, "An instructor is proposed for this firm already."
        )  # fmt: skip
    with pytest.raises(Refused, match="one is proposed for it"):
        asked(asking)
    assert acts.open_requests().count() == first.rows.count()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_boards_at_once_make_one_proposal(asking):
    township, county = made(asking), made(asking, by=asking.zhou_tao, area=asking.whole)
    for row in township.rows.select_related("firm"):
        other = row_of(county, row.firm)
        states = at_once(
            lambda r=row: put(r, asking).state,
            lambda r=other: put(r, asking, by=asking.zhou_tao).state,
        )
        assert sorted(states) == [State.PROPOSED, State.REFUSED]
        assert acts.open_requests().filter(firm=row.firm).count() == 1


def test_a_whole_board_goes_on(asking):
    board = made(asking)
    job = accept_all(board, by=asking.wang_fang, key=uuid4()).accepting
    assert work(job).state == "done"
    assert acts.open_requests().count() == board.rows.count()
    assert set(board.rows.values_list("state", flat=True)) == {State.PROPOSED}
