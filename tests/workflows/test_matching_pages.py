"""The pages of a matching board: what they say, what comes of a press of a button, what they cost."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.jobs.models import Job
from core.people.models import Instructor
from tests import county as small
from tests.workflows.boards import asked, guide_of, made, row_of, work
from workflows.assignments.acts import open_requests
from workflows.matching.models import Board, BoardRow
from workflows.matching.rows import remove

State = BoardRow.State
pytestmark = pytest.mark.usefixtures("english")


def text(answer, status=200) -> str:
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def typed(board, act: str, *, ticked=(), **more) -> dict:
    """What the page of a board sends: all its rows, as they stand."""
    rows = list(board.rows.all())
    guides = {f"guide-{row.pk}": row.instructor_id for row in rows if row.instructor_id}
    return {
        "key": uuid4(), "act": act, "here": [row.pk for row in rows],
        "row": [row.pk for row in ticked], **guides, **more,
    }  # fmt: skip


def test_the_first_page_says_how_many_wait_and_how_many_have_room(town, signed_in):
    page = text(signed_in(town.wang_fang).get("/matching/"))
    assert "4 firms in operation have no instructor." in page
    assert "2 instructors can take a further firm." in page
    assert "East: 4 firms without an instructor" in page
    assert "West" not in page


def test_the_county_chooses_among_its_townships(town, signed_in):
    small.firm("West firm", small.WEST)
    page = text(signed_in(town.zhou_tao).get("/matching/"))
    for said in ("Qinghe: 5 firms", "East: 4 firms", "West: 1 firm without"):
        assert said in page
    assert "Nanhu" not in page


def test_where_nobody_waits_there_is_nothing_to_press(town, signed_in):
    for firm in (town.mall, *town.waiting):
        small.assign(town.guide_lin, firm)
    page = text(signed_in(town.wang_fang).get("/matching/"))
    assert "Every firm in operation has an instructor" in page
    assert "Propose pairs" not in page


@pytest.mark.parametrize("area", [small.WEST, small.COUNTY, "", "139901100x", "0"])
def test_an_area_that_is_not_ones_own_is_refused(town, signed_in, area):
    answer = signed_in(town.wang_fang).post("/matching/", {"key": uuid4(), "area": area})
    text(answer, 422)
    assert not Board.objects.exists()


def test_from_the_button_to_the_board(town, signed_in):
    browser = signed_in(town.wang_fang)
    answer = browser.post("/matching/", {"key": uuid4(), "area": small.EAST})
    board = Board.objects.get()
    assert answer.url == f"/matching/{board.pk}/"
    page = text(browser.get(answer.url))
    assert f'data-part="/jobs/{board.making.pk}/state/"' in page
    assert "core/jobs.js" in page
    assert f'href="{answer.url}"' not in page.partition("data-part")[2].partition("</section>")[0]
    work(board.making)
    page = text(browser.get(answer.url))
    assert "core/jobs.js" not in page
    assert "For <b>4</b> firms somebody is proposed" in page
    for said in ("Qinghe Mall", "East firm 2", "Lin Ying", "Knows the trade: Manufacturing",
                 "In the same township: East", "With this one 2 of the usual 3 firms"):  # fmt: skip
        assert said in page
    job = text(browser.get(f"/jobs/{board.making.pk}/"))
    assert f'href="{answer.url}"' in job
    assert "/file/" not in job
    assert "The file was kept" not in job


def test_a_work_that_was_stopped_or_failed_says_so_on_the_page_of_the_board(town, signed_in):
    browser, board = signed_in(town.wang_fang), asked(town)
    browser.post(f"/jobs/{board.making.pk}/cancel/")
    page = text(browser.get(board.get_absolute_url()))
    assert "This was stopped." in page
    assert "Have a new board made" in page
    failed = asked(town)
    Job.objects.filter(pk=failed.making.pk).update(
        state="failed", error="Too many.", finished=timezone.now()
    )
    page = text(browser.get(failed.get_absolute_url()))
    assert "Too many." in page
    assert f"/jobs/{failed.making.pk}/again/" in page


def test_before_and_after_are_counts_of_people_and_no_ranking(town, signed_in):
    page = text(signed_in(town.wang_fang).get(made(town).get_absolute_url()))
    table = page.partition('class="table keep spread"')[2].partition("</table>")[0]
    cells = [cell.partition("<")[0] for cell in table.split("<td>")[1:]]
    assert cells == ["1", "0", "1", "0", "0", "1", "0", "1", "0", "0", "0", "0"]


def test_nobody_found_stands_on_a_tab_of_its_own_with_the_reason(town, signed_in):
    Instructor.objects.filter(area=small.EAST).update(left_on=town.today)
    page = text(signed_in(town.wang_fang).get(made(town).get_absolute_url()))
    assert "No instructor of the area can take a further firm." in page
    assert "forward</button>" not in page


# ── pressing ───────────────────────────────────────────────────────────────────────────────────
def test_one_is_put_forward(town, signed_in):
    board, browser = made(town), signed_in(town.wang_fang)
    row = row_of(board, town.mall)
    answer = browser.post(board.get_absolute_url(), typed(board, f"one:{row.pk}"))
    assert answer.status_code == 302
    assert guide_of(town.mall) == row.instructor
    assert board.rows.filter(state=State.PROPOSED).count() == 1
    assert "1 firm was put forward." in text(browser.get(board.get_absolute_url()))


def test_the_ticked_ones_and_each_for_itself(town, signed_in):
    board, browser = made(town), signed_in(town.wang_fang)
    first, second = row_of(board, town.mall), row_of(board, town.waiting[0])
    small.assign(town.guide_lin, town.mall)
    browser.post(board.get_absolute_url(), typed(board, "ticked", ticked=[first, second]))
    page = text(browser.get(board.get_absolute_url()))
    assert "1 firm was put forward." in page
    assert "1 firm could not be put forward" in page
    assert "Lin Ying guides this firm since" in page
    assert board.rows.filter(state=State.OPEN).count() == 2


@pytest.mark.parametrize("tab", ["", "?show=undecided"])
def test_sent_twice_it_is_done_once(town, signed_in, tab):
    board, browser = made(town), signed_in(town.wang_fang)
    form, url = typed(board, "ticked", ticked=board.rows.all()), board.get_absolute_url() + tab
    answers = [browser.post(url, form).status_code for _twice in range(2)]
    assert answers == [302, 302]
    firms = [town.mall, *town.waiting]
    assert [open_requests().filter(firm=firm).count() for firm in firms] == [1, 1, 1, 1]


def test_another_one_is_chosen_and_put_forward_at_once(town, signed_in):
    board, browser = made(town), signed_in(town.wang_fang)
    row = row_of(board, town.mall)
    other = row.others[0][0]
    form = typed(board, f"one:{row.pk}", **{f"guide-{row.pk}": other, f"why-{row.pk}": "Neighbours."})
    browser.post(board.get_absolute_url(), form)
    row.refresh_from_db()
    assert (row.state, row.instructor_id, row.why) == (State.PROPOSED, other, "Neighbours.")
    assert guide_of(town.mall).pk == other


def test_what_was_changed_on_other_rows_is_kept_along(town, signed_in):
    board, browser = made(town), signed_in(town.wang_fang)
    row, other = row_of(board, town.mall), row_of(board, town.waiting[0])
    browser.post(
        board.get_absolute_url(), typed(board, f"remove:{row.pk}", **{f"why-{other.pk}": "So."})
    )
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.state, other.state, other.why) == (State.REMOVED, State.OPEN, "So.")
    page = text(browser.get(board.get_absolute_url() + "?show=removed"))
    assert f"put_back:{row.pk}" in page
    browser.post(board.get_absolute_url() + "?show=removed", typed(board, f"put_back:{row.pk}"))
    row.refresh_from_db()
    assert row.state == State.OPEN


@pytest.mark.parametrize(
    ("act", "more", "says"),
    [
        ("ticked", {}, "Tick the firms first."),
        ("dance", {}, "Choose what is to be done"),
        ("one:0", {}, "not on the board any more"),
        ("one:", {}, "not on the board any more"),
        ("keep", {"guide": "999999"}, "choose one of those whom the list offers"),
        ("ticked", {"guide": "999999", "tick": True}, "choose one of those whom the list offers"),
        ("ticked", {"why": "x" * 2001, "tick": True}, "2001 characters; 2000 fit"),
    ],
)
def test_wrong_input_is_answered_and_nothing_typed_is_lost(town, signed_in, act, more, says):
    board, browser = made(town), signed_in(town.wang_fang)
    row = row_of(board, town.mall)
    words = {f"{name}-{row.pk}": said for name, said in more.items() if name != "tick"}
    if "why" not in more:
        words[f"why-{row.pk}"] = "My own words."
    form = typed(board, act, ticked=[row] if "tick" in more else [], **words)
    page = text(browser.post(board.get_absolute_url(), form), 422)
    assert says in page
    assert words[f"why-{row.pk}"][:2000] in page
    assert ("checked" in page) == ("tick" in more)
    assert guide_of(town.mall) is None
    assert not board.rows.filter(state=State.PROPOSED).exists()


@pytest.mark.parametrize("sent", ["²", "-1", "9" * 30, "x", ""])
def test_strange_numbers_name_no_row_and_no_person(town, signed_in, sent):
    board, browser = made(town), signed_in(town.wang_fang)
    row = row_of(board, town.mall)
    form = {"key": uuid4(), "act": "ticked", "here": [sent], "row": [sent], f"guide-{row.pk}": sent}
    text(browser.post(board.get_absolute_url(), form), 422)
    kept = browser.post(board.get_absolute_url(), typed(board, "keep", **{f"guide-{row.pk}": sent}))
    assert kept.status_code == 302
    assert row_of(board, town.mall).instructor == row.instructor


def test_the_whole_board_with_one_button(town, signed_in):
    board, browser = made(town), signed_in(town.wang_fang)
    remove(row_of(board, town.waiting[0]), by=town.wang_fang, at=timezone.now())
    key = uuid4()
    for _twice in range(2):
        assert browser.post(f"{board.get_absolute_url()}all/", {"key": key}).status_code == 302
    board.refresh_from_db()
    assert "data-job" in text(browser.get(board.get_absolute_url()))
    assert Job.objects.filter(kind="matching_accept").count() == 1
    work(board.accepting)
    page = text(browser.get(board.get_absolute_url()))
    assert "forward</button>" not in page.partition("pair-bar")[0]
    assert board.rows.filter(state=State.PROPOSED).count() == 3
    assert browser.post(f"{board.get_absolute_url()}all/", {"key": uuid4()}).status_code == 409
    assert browser.post(f"{board.get_absolute_url()}all/", {"key": "none"}).status_code == 302


# ── whose board ────────────────────────────────────────────────────────────────────────────────
def test_a_board_is_worked_on_by_the_office_that_made_it_and_by_the_county(town, signed_in):
    mate = small.person("ma.li", small.Role.TOWNSHIP, small.EAST)
    own, countys = made(town), made(town, by=town.zhou_tao)
    for who, sees in ((mate, [200, 404]), (town.zhou_tao, [200, 200]), (town.he_jun, [404, 404])):
        browser = signed_in(who)
        assert [browser.get(b.get_absolute_url()).status_code for b in (own, countys)] == sees
    row = row_of(own, town.mall)
    signed_in(mate).post(own.get_absolute_url(), typed(own, f"one:{row.pk}"))
    row.refresh_from_db()
    assert (row.state, row.by) == (State.PROPOSED, mate)


def test_the_tab_is_there_for_those_who_propose(town, signed_in):
    assert 'href="/matching/"' in text(signed_in(town.wang_fang).get("/instructors/"))
    assert 'href="/matching/"' not in text(signed_in(town.chen_jing).get("/instructors/"))


# ── cost ───────────────────────────────────────────────────────────────────────────────────────
def statements(browser, address) -> int:
    with CaptureQueriesContext(
        connection,
    ) as heard:
        text(browser.get(address))
    return len(heard)


def test_a_page_of_fifty_costs_no_more_than_a_page_of_four(town, signed_in):
    browser, small_board = signed_in(town.zhou_tao), made(town)
    few = statements(browser, small_board.get_absolute_url())
    few_first = statements(browser, "/matching/")
    for n in range(60):
        small.firm(f"More {n:02d}", (small.EAST, small.WEST)[n % 2])
        small.instructor(f"Guide {n}", unit=small.unit(f"School {n}"))
    large = made(town, by=town.zhou_tao, area=town.whole)
    many = statements(browser, large.get_absolute_url())
    assert many <= few
    assert statements(browser, "/matching/") <= few_first
    assert many <= 25
    page = text(browser.get(large.get_absolute_url()))
    assert page.count('name="here"') == 50
    after = page.partition("?after=")[2].partition('"')[0]
    assert text(browser.get(f"{large.get_absolute_url()}?after={after}")).count('name="here"') == 14


def test_after_a_slip_the_rows_that_were_done_are_shown_as_done(town, signed_in):
    board, browser = made(town), signed_in(town.wang_fang)
    row, wrong = row_of(board, town.mall), row_of(board, town.waiting[0])
    form = typed(board, "ticked", ticked=[row, wrong], **{f"guide-{wrong.pk}": "999999"})
    page = text(browser.post(board.get_absolute_url(), form), 422)
    assert "1 firm was put forward." in page
    assert f'name="guide-{wrong.pk}"' in page
    assert f'name="guide-{row.pk}"' not in page
    assert guide_of(town.waiting[0]) is None
