"""What is put forward goes on as a proposal that all sides are asked about, and counts as taken."""

from uuid import uuid4

import pytest

from core.errors import Refused
from core.people.models import Assignment
from tests.workflows.boards import asked, made, put, row_of, work
from tests.workflows.test_races import at_once
from workflows.assignments.acts import open_requests
from workflows.matching.acts import accept_all
from workflows.matching.models import BoardRow

pytestmark = pytest.mark.usefixtures("english")
State = BoardRow.State


def test_a_pair_becomes_a_proposal_with_its_reasons(town):
    row = put(row_of(made(town), town.waiting[0]), town)
    assert (row.state, row.said) == (State.PROPOSED, "")
    request = open_requests().get(firm=row.firm)
    assert request.instructor == row.instructor
    assert "In the same township: East" in request.reasons
    assert not Assignment.objects.current().filter(firm=row.firm).exists()


def test_what_is_proposed_is_neither_proposed_again_nor_free(town):
    first, second = made(town), made(town)
    for row in first.rows.all():
        assert put(row, town).state == State.PROPOSED
    for row in second.rows.all():
        row = put(row, town)
        assert row.state == State.REFUSED
        assert "is proposed for this firm already" in row.said
    with pytest.raises(Refused, match="one is proposed for it"):
        asked(town)
    assert open_requests().count() == first.rows.count()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_boards_at_once_make_one_proposal(town):
    township, county = made(town), made(town, by=town.zhou_tao, area=town.whole)
    for row in township.rows.select_related("firm"):
        other = row_of(county, row.firm)
        states = at_once(
            lambda r=row: put(r, town).state,
            lambda r=other: put(r, town, by=town.zhou_tao).state,
        )
        assert sorted(states) == [State.PROPOSED, State.REFUSED]
        assert open_requests().filter(firm=row.firm).count() == 1


def test_a_whole_board_goes_on(town):
    board = made(town)
    job = accept_all(board, by=town.wang_fang, key=uuid4()).accepting
    assert work(job).state == "done"
    assert open_requests().count() == board.rows.count()
    assert set(board.rows.values_list("state", flat=True)) == {State.PROPOSED}
