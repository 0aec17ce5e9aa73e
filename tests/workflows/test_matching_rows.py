"""Rows of a matching board: edited, put forward one by one or all, whatever else happens."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from core.audit.models import Event
from core.errors import Refused
from core.jobs import run as worker
from core.jobs.models import Job
from core.people.models import Assignment, Instructor
from core.people.ties import Tie
from tests import county as small
from tests.workflows.boards import PowerCut, asked, guide_of, made, put, row_of, work
from workflows.assignments.acts import open_requests, propose_assignment
from workflows.matching import rows
from workflows.matching.acts import accept_all
from workflows.matching.models import BoardRow
from workflows.matching.rows import accept, choose, put_back, remove

State = BoardRow.State
pytestmark = pytest.mark.usefixtures("english")


# ── deciding ───────────────────────────────────────────────────────────────────────────────────
def test_a_pair_is_put_forward(town):
    row = row_of(made(town), town.mall)
    done = put(row, town)
    assert (done.state, done.said, done.by) == (State.PROPOSED, "", town.wang_fang)
    assert guide_of(town.mall) == row.instructor
    assert Event.objects.filter(code="assignment.proposed", firm=town.mall).count() == 1
    assert not Assignment.objects.current().filter(firm=town.mall).exists()  # all sides are asked first


def test_the_reasons_go_along_with_ones_own_words_first(town):
    row = row_of(made(town), town.waiting[0])
    choose(row, row.instructor_id, why="They know each other.", by=town.wang_fang, at=timezone.now())
    put(row, town)
    request = open_requests().get(firm=town.waiting[0])
    assert (request.instructor, request.opened_by) == (row.instructor, town.wang_fang)
    assert request.reasons.splitlines()[:2] == [
        "They know each other.",
        "Knows the trade: Manufacturing",
    ]


def test_put_forward_twice_it_is_proposed_once(town):
    row = row_of(made(town), town.mall)
    assert [put(row, town).state for _twice in range(2)] == [State.PROPOSED] * 2
    assert open_requests().filter(firm=town.mall).count() == 1


def test_somebody_was_faster(town):
    board = made(town)
    small.assign(town.guide_lin, town.mall)
    row = put(row_of(board, town.mall), town)
    assert (row.state, row.said[:32]) == (State.REFUSED, "Lin Ying guides this firm since ")
    assert put(row_of(board, town.waiting[0]), town).state == State.PROPOSED


@pytest.mark.parametrize(
    ("happens", "says"),
    [
        (lambda t, g: Instructor.objects.filter(pk=g.pk).update(left_on=t.today), "stopped on"),
        (lambda t, g: Instructor.objects.filter(pk=g.pk).update(full_member=False), "good standing"),
        (lambda t, g: Instructor.objects.filter(pk=g.pk).update(term_until=t.today), "The term of"),
        (lambda t, g: Instructor.objects.filter(pk=g.pk).update(
            takes_more_from=t.today + timedelta(days=9)), "takes further firms from"),
        (lambda t, g: [small.assign(g, small.firm(f"Other {n}")) for n in range(5)], "guides"),
        (lambda t, g: Tie.objects.create(instructor=g, firm=t.mall, kind="relative",
                                         declared_on=t.today, by=t.wang_fang), "that a relative"),
        (lambda t, g: small.put(t.mall, operation="paused"), "not in operation"),
        (lambda t, g: propose_assignment(t.mall, t.guide_li, by=t.zhou_tao, at=timezone.now()),
         "Li Ming is proposed for this firm already"),
    ],
)  # fmt: skip
def test_what_changed_meanwhile_is_seen_and_said(town, happens, says):
    row = row_of(made(town), town.mall)
    happens(town, row.instructor)
    row = put(row, town)
    assert row.state == State.REFUSED
    assert says in row.said
    assert not open_requests().filter(firm=town.mall, opened_by=town.wang_fang).exists()


def test_a_row_that_was_refused_is_tried_with_another(town):
    row = row_of(made(town), town.mall)
    first, other = row.instructor, Instructor.objects.get(pk=row.others[0][0])
    Instructor.objects.filter(pk=first.pk).update(left_on=town.today)
    assert put(row, town).state == State.REFUSED
    row = choose(row, other.pk, why="", by=town.wang_fang, at=timezone.now())
    assert (row.state, row.said) == (State.OPEN, "")
    assert put(row, town).state == State.PROPOSED
    assert guide_of(town.mall) == other


def test_choosing_another_one_changes_the_reasons_and_is_written_down(town):
    row = row_of(made(town), town.waiting[0])
    first, (other, _reasons) = row.instructor, row.others[0]
    row = choose(row, other, why="Lives next door.", by=town.wang_fang, at=timezone.now())
    assert (row.instructor_id, row.why, [pk for pk, _ in row.others]) == (
        other, "Lives next door.", [first.pk]
    )  # fmt: skip
    assert [words["will"] for code, words in row.reasons if code == "room"] == [3]
    assert Event.objects.filter(code="matching.chosen", firm=row.firm).count() == 1
    back = choose(row, first.pk, why="Lives next door.", by=town.wang_fang, at=timezone.now())
    assert back.instructor == first


def test_only_who_is_offered_can_be_chosen(town):
    row = row_of(made(town), town.mall)
    with pytest.raises(Refused, match="those whom the list offers"):
        choose(row, town.guide_zhao.pk, why="", by=town.wang_fang, at=timezone.now())


def test_choosing_does_not_go_above_what_is_allowed(town):
    for n in range(3):
        small.assign(town.guide_lin, small.firm(f"Full {n}"))
    board = made(town, above_usual=True)
    rows = [row for row in board.rows.order_by("firm") if row.instructor != town.guide_lin]
    taken = board.rows.filter(instructor=town.guide_lin).count()
    for row in rows[: 2 - taken]:
        choose(row, town.guide_lin.pk, why="", by=town.wang_fang, at=timezone.now())
    with pytest.raises(Refused, match="would have 6 firms"):
        choose(rows[-1], town.guide_lin.pk, why="", by=town.wang_fang, at=timezone.now())


def test_taken_off_and_put_back(town):
    row = row_of(made(town), town.mall)
    at = timezone.now()
    assert [remove(row, by=town.wang_fang, at=at).state for _twice in range(2)] == [State.REMOVED] * 2
    assert put(row, town).state == State.REMOVED
    assert guide_of(town.mall) is None
    assert put_back(row, by=town.wang_fang, at=at).state == State.OPEN
    assert put(row, town).state == State.PROPOSED
    assert remove(row, by=town.wang_fang, at=at).state == State.PROPOSED
    assert Event.objects.filter(code="matching.removed").count() == 1


@pytest.mark.parametrize("who", ["he_jun", "li_ming", "chen_jing", "wu_laoban", "sun_li", "zheng_guan"])
def test_others_decide_nothing(town, who):
    row = row_of(made(town), town.mall)
    by, at = getattr(town, who), timezone.now()
    for act in (
        lambda: accept(row, by=by, on=town.today, at=at),
        lambda: remove(row, by=by, at=at),
        lambda: put_back(row, by=by, at=at),
        lambda: choose(row, row.others[0][0], why="", by=by, at=at),
    ):  # fmt: skip
        with pytest.raises(Refused):
            act()
    row.refresh_from_db()
    assert row.state == State.OPEN


def test_a_township_has_none_made_for_others(town):
    with pytest.raises(Refused):
        asked(town, by=town.he_jun)
    with pytest.raises(Refused):
        asked(town, area=town.whole)


# ── all at once ────────────────────────────────────────────────────────────────────────────────
def all_of(board, town, by=None) -> Job:
    return accept_all(board, by=by or town.wang_fang, key=uuid4()).accepting


def test_all_of_a_board_each_for_itself(town):
    board = made(town)
    small.assign(town.guide_lin, town.mall)
    remove(row_of(board, town.waiting[2]), by=town.wang_fang, at=timezone.now())
    job = work(all_of(board, town))
    assert (job.state, job.done, job.total) == ("done", 3, 3), job.error
    states = {row.firm: row.state for row in board.rows.all()}
    assert states == {
        town.mall: State.REFUSED, town.waiting[0]: State.PROPOSED, town.waiting[1]: State.PROPOSED,
        town.waiting[2]: State.REMOVED,
    }  # fmt: skip
    assert [bool(guide_of(firm)) for firm in town.waiting] == [True, True, False]


def test_cut_off_in_the_middle_each_row_is_still_done_once(town, monkeypatch):
    board, sent = made(town), []
    job = all_of(board, town)

    def dies(firm, guide, **given):
        sent.append(firm)
        if len(sent) == 3:
            raise PowerCut
        return propose_assignment(firm, guide, **given)

    monkeypatch.setattr(rows, "propose_assignment", dies)
    with pytest.raises(PowerCut):
        worker.run(job.pk)
    assert board.rows.filter(state=State.PROPOSED).count() == 2
    Job.objects.update(beat_at=timezone.now() - timedelta(hours=1))
    assert work(job).state == "done"
    assert board.rows.filter(state=State.PROPOSED).count() == 4
    assert sent.count(sent[2]) == 2
    assert len(set(sent)) == 4
    assert len(sent) == 5


def test_stopped_what_is_done_stays_done(town, monkeypatch):
    board, sent = made(town), []
    job = all_of(board, town)

    def stops(firm, guide, **given):
        sent.append(firm)
        if len(sent) == 2:
            Job.objects.filter(pk=job.pk).update(cancel_asked_at=timezone.now())
        return propose_assignment(firm, guide, **given)

    monkeypatch.setattr(rows, "propose_assignment", stops)
    assert work(job).state == "cancelled"
    assert board.rows.filter(state=State.PROPOSED).count() == 2
    assert work(all_of(board, town)).state == "done"
    assert board.rows.filter(state=State.PROPOSED).count() == 4


def test_pressed_twice_it_runs_once_and_then_there_is_nothing_left(town):
    board = made(town)
    job = all_of(board, town)
    assert all_of(board, town) == job
    work(job)
    board.refresh_from_db()
    with pytest.raises(Refused, match="Nothing is left"):
        all_of(board, town)


def test_a_way_that_refuses_is_an_answer(town, monkeypatch):
    def no(*_pair, **_given):
        raise Refused(Refused.NOT_NOW, "The unit does not lend anybody.")

    monkeypatch.setattr(rows, "propose_assignment", no)
    row = put(row_of(made(town), town.mall), town)
    assert (row.state, row.said) == (State.REFUSED, "The unit does not lend anybody.")
