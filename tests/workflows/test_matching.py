"""A matching board: made as a job, whole or not at all, and never with a pair that may not be."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from core.errors import Refused
from core.jobs import acts as job_acts
from core.jobs import keep
from core.jobs import run as worker
from core.jobs.models import Job
from core.people.models import Instructor
from core.people.ties import Tie
from tests import county as small
from tests.workflows.boards import PowerCut, asked, made, power_cut, row_of, work
from workflows.assignments.acts import propose_assignment
from workflows.matching import making
from workflows.matching.models import Board, BoardRow

State = BoardRow.State
pytestmark = pytest.mark.usefixtures("english")


# ── making ─────────────────────────────────────────────────────────────────────────────────────
def test_every_waiting_firm_of_the_area_stands_on_it_once(town):
    board = made(town)
    assert set(board.rows.values_list("firm", flat=True)) == {
        town.mall.pk, *(firm.pk for firm in town.waiting)
    }  # fmt: skip
    assert {row.instructor for row in board.rows.all()} == {town.guide_li, town.guide_lin}
    assert board.had == {str(town.guide_li.pk): 1, str(town.guide_lin.pk): 0}
    assert (board.made_at is None, board.making.state, board.making.result) == (False, "done", "")


def test_the_county_makes_one_over_all_its_townships(town):
    north = small.firm("West firm", small.WEST)
    board = made(town, by=town.zhou_tao, area=town.whole)
    assert row_of(board, north).instructor == town.guide_zhao
    assert town.brick.pk not in board.rows.values_list("firm", flat=True)
    assert str(town.guide_gao.pk) not in board.had


def _from(today, facts: dict) -> dict:
    """Facts as columns take them: a span is the day so long from today, in the run of the test."""
    return {
        name: today + value if isinstance(value, timedelta) else value for name, value in facts.items()
    }


@pytest.mark.parametrize(
    "facts", [{"operation": "paused"}, {"operation": "closed", "closed_on": timedelta()}]
)
def test_firms_that_are_not_in_operation_are_left_out(town, facts):
    small.put(town.mall, **_from(town.today, facts))
    assert not made(town).rows.filter(firm=town.mall).exists()


@pytest.mark.parametrize(
    ("facts", "because"),
    [
        ({"full_member": False}, "not_full_member"),
        ({"term_until": timedelta(days=-1)}, "term_over"),
        ({"term_until": timedelta(days=59)}, "term_short"),
        ({"term_from": timedelta(days=1)}, "term_ahead"),
        ({"takes_more_from": timedelta(days=1)}, "takes_more_later"),
        ({"left_on": timedelta()}, None),
    ],
)
def test_who_may_take_no_further_firm_is_not_proposed(town, facts, because):
    Instructor.objects.filter(pk=town.guide_lin.pk).update(**_from(town.today, facts))
    board = made(town)
    offered = {pk for row in board.rows.all() for pk, _why in row.others}
    assert town.guide_lin.pk not in offered | set(board.rows.values_list("instructor", flat=True))
    assert board.barred == ({because: 1} if because else {})


def test_the_hard_cap_the_usual_number_and_single_firms(town):
    more = [small.firm(f"More {n}") for n in range(9)]
    for firm in more[:5]:
        small.assign(town.guide_lin, firm)
    Instructor.objects.filter(pk=town.guide_li.pk).update(mode="single")
    lone = small.instructor("Lone Wolf", mode="single", unit=small.unit("School"))
    board = made(town)
    assert board.barred == {"hard_cap": 1, "single": 1}
    assert board.rows.filter(instructor=lone).count() == 1
    assert board.rows.filter(instructor=None).count() == board.rows.count() - 1


def test_above_the_usual_number_only_when_asked_and_said_so(town):
    for n in range(6):
        small.firm(f"More {n}")
    usual = made(town)
    assert [usual.rows.filter(instructor=g).count() for g in (town.guide_li, town.guide_lin)] == [2, 3]
    most = made(town, above_usual=True)
    assert [most.rows.filter(instructor=g).count() for g in (town.guide_li, town.guide_lin)] == [4, 5]
    said = [words for row in most.rows.all() for code, words in row.reasons if code == "above_usual"]
    assert sorted(words["will"] for words in said) == [4, 4, 5, 5]


def test_a_tie_is_never_proposed_until_it_has_ended(town):
    tie = Tie.objects.create(instructor=town.guide_lin, firm=town.mall, kind="employer",
                             declared_on=town.today, by=town.wang_fang)  # fmt: skip
    assert row_of(made(town), town.mall).instructor == town.guide_li
    small.put(town.mall, industry="A")
    Instructor.objects.filter(pk=town.guide_lin.pk).update(trade="A")
    assert row_of(made(town), town.mall).instructor == town.guide_li
    tie.ended_on = town.today
    tie.save()
    assert row_of(made(town), town.mall).instructor == town.guide_lin


def test_a_proposal_that_is_under_way_counts_as_taken(town):
    for firm in (town.mall, town.waiting[0]):
        propose_assignment(firm, town.guide_lin, by=town.wang_fang, at=timezone.now())
    board = made(town)
    assert set(board.rows.values_list("firm", flat=True)) == {firm.pk for firm in town.waiting[1:]}
    assert board.had[str(town.guide_lin.pk)] == 2
    assert board.rows.filter(instructor=town.guide_lin).count() <= 1


def test_who_guided_the_firm_before_comes_back(town):
    old = small.instructor("Old Friend", unit=small.unit("School"))
    small.assign(old, town.mall)
    small.assign_away(town.mall, town.guide_li)
    town.mall.assignments.current().update(until=town.today, ended_as="asked")
    row = row_of(made(town), town.mall)
    assert row.instructor in (old, town.guide_li)
    assert "knows_firm" in [code for code, _words in row.reasons]


def test_no_firm_waits(town):
    for firm in (town.mall, *town.waiting):
        small.assign(town.guide_lin, firm)
    with pytest.raises(Refused, match="East has an instructor"):
        asked(town)
    assert not Board.objects.exists()
    assert not Job.objects.exists()


def test_nobody_is_there_to_be_proposed(town):
    Instructor.objects.filter(area=small.EAST).update(left_on=town.today)
    board = made(town)
    assert set(board.rows.values_list("why_not", flat=True)) == {"nobody"}
    assert board.had == {}


def test_the_same_facts_give_the_same_board(town):
    for n in range(7):
        small.firm(f"More {n}", industry="ACF"[n % 3])
    say = ("firm", "instructor", "reasons", "others", "why_not")
    first, second = made(town, above_usual=True), made(town, above_usual=True)
    assert list(first.rows.order_by("firm").values(*say)) == list(
        second.rows.order_by("firm").values(*say)
    )


def test_a_button_pressed_twice_makes_one_board(town, signed_in):
    browser, typed = signed_in(town.wang_fang), {"area": small.EAST, "key": uuid4()}
    answers = [browser.post("/matching/", typed) for _twice in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].url == answers[1].url == f"/matching/{Board.objects.get().pk}/"
    assert Job.objects.count() == 1


# ── stopping, dying, going on ──────────────────────────────────────────────────────────────────
def test_stopped_on_the_way_it_leaves_nothing(town, monkeypatch):
    board = asked(town)
    solve = making.solve

    def stop(*given):
        job_acts.cancel(Job.objects.get(), by=town.wang_fang, at=timezone.now())
        return solve(*given)

    monkeypatch.setattr(making, "solve", stop)
    assert work(board.making).state == "cancelled"
    board.refresh_from_db()
    assert board.made_at is None
    assert not BoardRow.objects.exists()


@pytest.mark.parametrize("at", ["weigh", "solve", "explain", "_write"])
def test_broken_off_anywhere_it_is_made_whole_later(town, monkeypatch, at):
    board = asked(town)
    with monkeypatch.context() as broken:
        broken.setattr(making, at, power_cut)
        with pytest.raises(PowerCut):
            worker.run(board.making.pk)
    assert not BoardRow.objects.exists()
    Job.objects.update(beat_at=timezone.now() - timedelta(hours=1))
    assert keep.resume() == 1
    assert work(board.making).state == "done"
    board.refresh_from_db()
    assert (board.rows.count(), board.made_at is None) == (4, False)


def test_broken_off_after_the_writing_nothing_is_written_twice(town, monkeypatch):
    board = asked(town)
    with monkeypatch.context() as broken:
        broken.setattr(worker, "finish", power_cut)
        with pytest.raises(PowerCut):
            worker.run(board.making.pk)
    first = set(BoardRow.objects.values_list("pk", flat=True))
    assert len(first) == 4
    Job.objects.update(beat_at=timezone.now() - timedelta(hours=1))
    assert work(board.making).state == "done"
    assert set(BoardRow.objects.values_list("pk", flat=True)) == first
