"""A decision that was taken back counts nowhere, and one in somebody's place names both."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.formats import date_format
from pypdf import PdfReader

from core.accounts.leave import go_on_leave
from core.accounts.models import User
from tests.workflows.talk import D, at_hand, say
from workflows.coverage.acts import correct
from workflows.coverage.paper import approval_facts
from workflows.coverage.taking_back import take_back
from workflows.engine.models import Task
from workflows.engine.verbs import claim
from workflows.inbox import comments

pytestmark = pytest.mark.usefixtures("english")


def undo(task, by) -> Task:
    return take_back(Task.objects.get(pk=task.pk), by=by, at=timezone.now())


def first_block(request, reader) -> dict:
    return approval_facts(request, reader, at=timezone.now())["blocks"][1]


@pytest.fixture
def taken(county, own_branch):
    """The township's review of the tea firm, in Wang Fang's hands."""
    return claim(at_hand(own_branch), by=county.wang_fang)


@pytest.fixture
def undone(county, taken):
    """She approved it, and took that back."""
    say(taken, D.APPROVE, county.wang_fang, "All is there.")
    undo(taken, county.wang_fang)
    return taken.process.coerced


@pytest.fixture
def in_place(county, taken):
    """He Jun approved it for her."""
    go_on_leave(
        county.wang_fang, substitute=county.he_jun, since=county.today,
        until=county.today + timedelta(days=3), by=county.wang_fang, on=county.today,
    )  # fmt: skip
    say(taken, D.APPROVE, User.objects.get(pk=county.he_jun.pk), "I looked at it.")
    return taken.process.coerced


def printed(browser, request, language) -> str:
    answer = browser.get(f"/requests/{request.pk}/approval-form.pdf?lang={language}")
    assert answer.status_code == 200
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return "".join("".join(page.extract_text() for page in pages).split())


# ── taken back ───────────────────────────────────────────────────────────────────────────────────
def test_a_decision_that_was_taken_back_dates_no_signature(county, undone):
    block = first_block(undone, county.wang_fang)
    assert block["signed_at"] is None
    assert block["entries"][0]["taken_back_at"] is not None
    say(at_hand(undone), D.APPROVE, county.wang_fang, "Now it is.")
    block = first_block(undone, county.wang_fang)
    assert [entry["taken_back_at"] is None for entry in block["entries"]] == [False, True]
    assert block["signed_at"] == block["entries"][1]["at"]


def test_the_paper_says_when_it_was_taken_back(county, undone, signed_in):
    day = date_format(timezone.localdate(), "DATE_FORMAT")
    assert "".join(f"[taken back on {day}]".split()) in printed(
        signed_in(county.wang_fang), undone, "en"
    )


def test_the_page_says_when_it_was_taken_back(county, undone, signed_in):
    page = signed_in(county.wang_fang).get(f"/requests/{undone.pk}/").content.decode()
    assert page.count(f"taken back on {date_format(timezone.localdate(), 'DATE_FORMAT')}") == 1
    assert '<span class="tag ok">Approve</span>' not in page
    say(at_hand(undone), D.APPROVE, county.wang_fang, "Now it is.")
    page = signed_in(county.wang_fang).get(f"/requests/{undone.pk}/").content.decode()
    assert page.count('<span class="tag ok">Approve</span>') == 1


def test_what_was_taken_back_is_not_the_last_word(county, undone, signed_in):
    answer = signed_in(county.wang_fang).get(at_hand(undone).get_absolute_url())
    assert answer.context["last_said"] is None
    say(at_hand(undone), D.RETURN, county.wang_fang, "Name the secretary.")
    answer = signed_in(county.li_ming).get(at_hand(undone).get_absolute_url())
    assert answer.context["last_said"].comment == "Name the secretary."
    undo(Task.objects.get(opinion__comment="Name the secretary."), county.wang_fang)
    answer = signed_in(county.wang_fang).get(at_hand(undone).get_absolute_url())
    assert answer.context["last_said"] is None


def test_a_station_of_which_the_decision_was_taken_back_is_not_passed(county, undone, signed_in):
    """It is withdrawn then: the last station at which something stands is the proposal."""
    browser = signed_in(county.li_ming)
    assert ("Township review", "now") in browser.get(f"/requests/{undone.pk}/").context["stations"]
    browser.post(f"/requests/{undone.pk}/withdraw/", {"key": "0f8fad5b-d9cb-469f-a165-70867728950e"})
    stations = browser.get(f"/requests/{undone.pk}/").context["stations"]
    assert stations == [("Proposed", "done"), ("Withdrawn", "stopped")]


# ── in somebody's place ──────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("language", "names"), [("en", "HeJun(inplaceofWangFang)"), ("zh-hans", "HeJun（代WangFang）")]
)
def test_the_paper_names_the_substitute_and_the_absent(county, in_place, signed_in, language, names):
    assert names in printed(signed_in(county.zhou_tao), in_place, language)


def test_the_dossier_and_the_last_word_name_both(county, in_place, signed_in):
    page = signed_in(county.zhou_tao).get(at_hand(in_place).get_absolute_url()).content.decode()
    assert page.count("<b>He Jun (in place of Wang Fang)</b>") == 2
    assert "<b>Li Ming</b>" in page


# ── what a contact reads of it ───────────────────────────────────────────────────────────────────
@pytest.fixture
def second_round(county, own_branch):
    """It was returned and sent again: officials wrote three sentences."""
    say(at_hand(own_branch), D.RETURN, county.wang_fang, "The owner is difficult.")
    correct(
        at_hand(own_branch), by=county.li_ming, on=county.today, at=timezone.now(),
        reason="He was persuaded.", branch_name="Own",
    )  # fmt: skip
    return own_branch


WRITTEN = ("The owner is difficult.", "He was persuaded.", "Three members now.")


def test_a_contact_reads_the_proposal_and_what_is_asked_of_them(county, second_round, signed_in):
    say(at_hand(second_round), D.ASK, county.wang_fang, "Is there a room?", asked=county.wu_laoban)
    browser, task = signed_in(county.wu_laoban), at_hand(second_round)
    for address in (task.get_absolute_url(), f"/requests/{second_round.pk}/"):
        page = browser.get(address).content.decode()
        assert not [said for said in WRITTEN if said in page], address
        assert "Is there a room?" in page
        assert "East Hill Tea" in page and "Found a branch of its own" in page
        assert "/approval-form.pdf" not in page
    assert browser.get(f"/requests/{second_round.pk}/approval-form.pdf").status_code == 403
    official = signed_in(county.wang_fang).get(f"/requests/{second_round.pk}/").content.decode()
    assert [said for said in WRITTEN if said in official] == list(WRITTEN)
    assert f'href="/requests/{second_round.pk}/approval-form.pdf"' in official


def test_a_contact_reads_their_own_answer_again(county, own_branch, signed_in):
    say(at_hand(own_branch), D.ASK, county.wang_fang, "Is there a room?", asked=county.wu_laoban)
    browser, task = signed_in(county.wu_laoban), at_hand(own_branch)
    answer = {"key": "0f8fad5b-d9cb-469f-a165-70867728950e", "comment": "The upper hall."}
    assert browser.post(task.get_absolute_url(), answer).status_code == 302
    assert "The upper hall." in browser.get(f"/requests/{own_branch.pk}/").content.decode()


def test_a_contact_who_helps_with_a_correction_does_not_read_why_it_came_back(
    county, own_branch, signed_in
):
    say(at_hand(own_branch), D.RETURN, county.wang_fang, "The owner is difficult.")
    task = at_hand(own_branch)
    comments.lend(
        task, by=county.li_ming, to=county.wu_laoban, wish="Count the chairs.", at=timezone.now()
    )
    page = signed_in(county.wu_laoban).get(task.get_absolute_url()).content.decode()
    assert "Count the chairs." in page
    assert not [said for said in WRITTEN if said in page]
