"""A request's page: where it is on its way, what changed since, and how the reviewer is helped."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from tests import county as small_county
from workflows.coverage.acts import decide, propose, withdraw
from workflows.coverage.facts import facts_of
from workflows.coverage.sheets import fact_rows, stations
from workflows.engine.models import Task

ENGLISH = {"accept-language": "en"}


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


def asked_for(county, verb, firm=None, by=None, **more):
    return propose(
        firm or county.tea, verb, by=by or county.li_ming, on=county.today, reason="It is time.", **more
    )  # fmt: skip


def at_hand(asked):
    return Task.objects.human().open().filter(process_id=asked.pk).first()


def way(asked):
    asked.refresh_from_db()
    return stations(asked, at_hand(asked))


@pytest.fixture
def three_members(county):
    for name in ("Wang Jianguo", "Liu Hong", "Ma Chao"):
        small_county.member(county.tea, name)


def answer(asked, decision, by, comment="", other=None):
    return decide(
        at_hand(asked), decision, by=by, at=timezone.now(), comment=comment, asked=other
    )  # fmt: skip


def test_the_way_of_a_county_decision(county, three_members):
    asked = asked_for(county, "stand_alone", branch_name="Tea branch")
    assert way(asked) == [
        ("Proposed", "done"), ("Township review", "now"), ("County decision", "ahead"),
        ("Carried out", "ahead"),
    ]  # fmt: skip
    answer(asked, "approve", county.wang_fang)
    assert way(asked)[1:3] == [("Township review", "done"), ("County decision", "now")]
    answer(asked, "approve", county.zhou_tao)
    assert [standing for _title, standing in way(asked)] == ["done"] * 4
    assert way(asked)[-1][0] == "Approved"


def test_the_way_of_a_firm_of_a_line(county):
    small_county.union(county.mall)
    asked = asked_for(county, "organise_mass", county.mall, by=county.wang_fang)
    assert [title for title, _standing in way(asked)] == ["Proposed", "County decision", "Carried out"]
    withdraw(asked, by=county.wang_fang)
    assert way(asked) == [("Proposed", "done"), ("Withdrawn", "stopped")]


def test_a_returned_request_is_back_at_the_start(county, three_members):
    asked = asked_for(county, "stand_alone", branch_name="Tea branch")
    answer(asked, "return", county.wang_fang, "Name the secretary.")
    assert way(asked)[:2] == [("Proposed", "now"), ("Township review", "ahead")]


def test_while_an_opinion_is_asked_the_asker_keeps_the_station(county, three_members):
    asked = asked_for(county, "stand_alone", branch_name="Tea branch")
    answer(asked, "ask", county.wang_fang, "Does the owner agree?", county.wu_laoban)
    assert way(asked)[1] == ("Township review", "now")


def test_a_rejected_request_ends_where_it_was_rejected(county, three_members):
    asked = asked_for(county, "stand_alone", branch_name="Tea branch")
    answer(asked, "reject", county.wang_fang, "The firm is about to move away.")
    assert way(asked) == [
        ("Proposed", "done"), ("Township review", "done"), ("Rejected", "stopped"),
    ]  # fmt: skip


def test_what_changed_since_the_proposal_is_marked(county, three_members):
    then = facts_of(county.tea, on=county.today).as_json()
    small_county.member(county.tea, "Zhu Min")
    small_county.visit(county.tea, by=county.li_ming, on=county.today - timedelta(days=2))
    now = facts_of(county.tea, on=county.today).as_json()
    changed = {
        row["label"]: (row["then"], row["now"]) for row in fact_rows(then, now) if row["changed"]
    }
    assert changed.pop("Full members") == ("3", "4")
    assert changed.pop("Really worked in") == ("no", "yes")
    assert set(changed) == {"Last visit"}
    assert not any(row["changed"] for row in fact_rows(then, {}))


def test_the_reviewer_reads_the_facts_beside_the_decision(county, three_members, signed_in):
    asked = asked_for(county, "stand_alone", branch_name="Tea branch")
    page = signed_in(county.wang_fang).get(at_hand(asked).get_absolute_url(), headers=ENGLISH)
    text = page.content.decode()
    assert "Tea branch" in text
    assert "It is time." in text
    assert 'name="decision"' in text
    assert "Wang Jianguo" not in text


def test_the_proposer_reads_why_beside_the_correction(county, three_members, signed_in):
    asked = asked_for(county, "stand_alone", branch_name="Tea branch")
    answer(asked, "return", county.wang_fang, "Name the secretary.")
    page = signed_in(county.li_ming).get(at_hand(asked).get_absolute_url(), headers=ENGLISH)
    form = page.content.decode().split('id="answer"')[1]
    assert "Name the secretary." in form.split("</form>")[0]


def test_the_proposal_page_says_what_is_asked_and_what_is_known(county, three_members, signed_in):
    url = reverse("coverage:propose", args=[county.tea.pk, "stand_alone"])
    text = signed_in(county.li_ming).get(url, headers=ENGLISH).content.decode()
    assert "<h1>Found a branch of its own</h1>" in text
    assert "The firm has 3 full members or more." in text
    assert "<dt>Full members</dt><dd>3</dd>" in text


def test_the_task_is_offered_to_those_who_can_do_something_with_it(county, three_members, signed_in):
    asked = asked_for(county, "stand_alone", branch_name="Tea branch")
    link = f'href="{at_hand(asked).get_absolute_url()}"'

    def offered(user):
        page = signed_in(user).get(reverse("coverage:request", args=[asked.pk]), headers=ENGLISH)
        assert page.status_code == 200
        return link in page.content.decode()

    assert offered(county.wang_fang)  # reviews
    assert offered(county.zhou_tao)  # may hand it on
    assert not offered(county.li_ming)  # waits for the answer
