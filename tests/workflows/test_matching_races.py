"""Two at once on matching boards, on PostgreSQL: one wins, the other is told."""

from uuid import uuid4

import pytest
from django.utils import timezone

from core.audit.models import Event
from core.jobs import run as worker
from tests import county as small
from tests.workflows.boards import made, put, row_of
from tests.workflows.test_races import at_once, browser
from workflows.assignments.acts import open_requests
from workflows.matching.acts import accept_all
from workflows.matching.models import Board, BoardRow

pytestmark = [
    pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("english"),
]  # fmt: skip
State = BoardRow.State


def test_two_boards_give_the_same_firm_at_once_one_wins_the_other_is_told(town):
    firms = [small.firm(f"Race {n}") for n in range(12)]
    guides = [small.instructor(f"Guide {n}", unit=small.unit(f"School {n}")) for n in range(6)]
    township, county = made(town), made(town, by=town.zhou_tao, area=town.whole)
    for n, firm in enumerate(firms):  # the two boards name two people
        for board, guide in ((township, guides[n % 3]), (county, guides[3 + n % 3])):
            board.rows.filter(firm=firm).update(instructor=guide)
    for firm in firms:
        rows = row_of(township, firm), row_of(county, firm)
        states = at_once(
            lambda r=rows: put(r[0], town).state, lambda r=rows: put(r[1], town, by=town.zhou_tao).state
        )
        assert sorted(states) == [State.PROPOSED, State.REFUSED]
        won, lost = sorted((row_of(b, firm) for b in (township, county)), key=lambda r: r.state)
        assert open_requests().get(firm=firm).instructor == won.instructor
        assert "is proposed for this firm already" in lost.said


def test_two_rows_do_not_fill_the_last_place_together(town):
    for n in range(6):
        full = small.instructor(f"Full {n}", unit=small.unit(f"School {n}"))
        for place in range(4):
            small.assign(full, small.firm(f"Taken {n}.{place}"))
        firms = [small.firm(f"Last {n}.{m}") for m in range(2)]
        board = made(town)
        board.rows.filter(firm__in=firms).update(instructor=full)
        rows = [row_of(board, firm) for firm in firms]
        states = at_once(*[lambda r=row: put(r, town).state for row in rows])
        assert sorted(states) == [State.PROPOSED, State.REFUSED]
        assert full.assignments.current().count() == 4
        assert open_requests().filter(instructor=full).count() == 1


def test_whole_boards_in_opposite_order_do_not_wait_in_a_ring(town, settings):
    for n in range(16):
        small.firm(f"Ring {n}")
    for n in range(5):
        small.instructor(f"Guide {n}", unit=small.unit(f"School {n}"))
    boards = made(town), made(town, by=town.zhou_tao, area=town.whole)
    waiting = boards[0].rows.count()
    jobs = [accept_all(boards[0], by=town.wang_fang, key=uuid4()).accepting,
            accept_all(boards[1], by=town.zhou_tao, key=uuid4()).accepting]  # fmt: skip
    keys = list(boards[1].rows.order_by("-firm_id").values_list("pk", flat=True))
    jobs[1].checkpoint = {"rows": keys, "next": 0}
    jobs[1].save()
    at_once(*[lambda j=job: worker.run(j.pk) for job in jobs])
    for job in jobs:
        job.refresh_from_db()
    assert [job.state for job in jobs] == ["done", "done"], [job.trouble for job in jobs]
    states = list(BoardRow.objects.filter(board__in=boards).values_list("state", flat=True))
    assert states.count(State.PROPOSED) == open_requests().count() == waiting
    assert states.count(State.REFUSED) == waiting
    assert Event.objects.filter(code="assignment.proposed").count() == waiting


def test_the_same_page_sent_many_times_at_once(town):
    board = made(town)
    rows = list(board.rows.all())
    form = {
        "key": uuid4(), "act": "ticked", "here": [r.pk for r in rows], "row": [r.pk for r in rows],
        **{f"guide-{r.pk}": r.instructor_id for r in rows},
    }  # fmt: skip
    clients = [browser(town.wang_fang) for _n in range(6)]
    answers = at_once(
        *[lambda c=c: c.post(board.get_absolute_url(), form).status_code for c in clients]
    )
    assert set(answers) == {302}
    assert [open_requests().filter(firm=row.firm).count() for row in rows] == [1] * len(rows)
    assert set(board.rows.values_list("state", flat=True)) == {State.PROPOSED}


def test_the_button_pressed_many_times_at_once_makes_one_board(town):
    form = {"key": uuid4(), "area": small.EAST}
    clients = [browser(town.wang_fang) for _n in range(6)]
    answers = at_once(*[lambda c=c: c.post("/matching/", form) for c in clients])
    assert {answer.status_code for answer in answers} == {302}
    assert {answer.url for answer in answers} == {Board.objects.get().get_absolute_url()}


def test_put_forward_and_assigned_by_hand_at_once(town):
    board, by_hand = made(town), browser(town.zhou_tao)
    for row in board.rows.select_related("firm"):
        form = {
            "key": uuid4(), "instructor": town.guide_zhao.pk, "since": timezone.localdate(),
            "all_the_same": "1",
        }  # fmt: skip
        url = f"/firms/{row.firm_id}/assign/"
        at_once(lambda r=row: put(r, town), lambda u=url, f=form: by_hand.post(u, f))
        row.refresh_from_db()
        assert row.firm.assignments.current().get().instructor == town.guide_zhao
        assert not open_requests().filter(firm=row.firm).exists()  # overtaken, or never made
