"""The case page: where a firm stands, what comes next, what is lacking. And what is not shown."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import override

from core.accounts.verbs import Role
from tests import county as small_county
from workflows.coverage.acts import propose
from workflows.coverage.chart import CHART
from workflows.coverage.door import perform
from workflows.coverage.facts import facts_of
from workflows.coverage.outlook import ground_lost, shortfall, ways_from

ENGLISH = {"accept-language": "en"}


@pytest.fixture
def page_of(signed_in):
    """`page_of(firm, user)`: the case page as this person gets it, in English."""

    def get(firm, user):
        client = signed_in(user)
        return client.get(reverse("coverage:case", args=[firm.pk]), headers=ENGLISH)

    return get


def members(firm, *names):
    for name in names:
        small_county.member(firm, name)


def test_every_move_that_leaves_the_stage_is_named_with_its_shortfall(county, page_of):
    members(county.tea, "Wang Jianguo", "Liu Hong")
    page = page_of(county.tea, county.li_ming)
    text = page.content.decode()
    assert [way.move.verb for way in page.context["forward"]] == [
        "organise_mass", "cover_work", "affiliate", "stand_alone",
    ]  # fmt: skip
    assert "2 full members; a branch of its own needs 3." in text
    assert "No mass organisation with an approval number is on record yet." in text


def test_a_possible_move_is_offered_to_who_may_propose(county, page_of):
    members(county.tea, "Wang Jianguo", "Liu Hong", "Ma Chao")
    button = reverse("coverage:propose", args=[county.tea.pk, "stand_alone"])
    assert button in page_of(county.tea, county.li_ming).content.decode()
    for role in (Role.AUDITOR, Role.CONTACT, Role.ADMINISTRATOR):
        page = page_of(county.tea, county.by_role[role])
        assert page.status_code == 200
        assert "/propose/" not in page.content.decode()


def test_a_move_that_lacks_something_is_not_offered(county, page_of):
    text = page_of(county.tea, county.li_ming).content.decode()
    assert reverse("coverage:propose", args=[county.tea.pk, "stand_alone"]) not in text


def test_an_open_proposal_takes_the_place_of_the_buttons(county, page_of):
    small_county.union(county.tea)
    asked = propose(
        county.tea, "organise_mass", by=county.li_ming, on=county.today, reason="The union stands."
    )
    text = page_of(county.tea, county.li_ming).content.decode()
    assert reverse("coverage:request", args=[asked.pk]) in text
    assert "/propose/" not in text


def test_nothing_is_lacking_before_anything_was_asked(county):
    facts = facts_of(county.tea, on=county.today)
    pause = next(way for way in ways_from(county.tea, facts) if way.move.verb == "pause")
    assert pause.lack is None


def test_a_shortfall_is_what_the_door_would_say(county):
    facts = facts_of(county.tea, on=county.today)
    for move in CHART:
        said = shortfall(move, facts)
        assert said is None or said.endswith(".")


def test_a_stage_whose_ground_is_gone_says_so(county, page_of):
    union = small_county.union(county.tea)
    perform(county.tea, "organise_mass", by=county.wang_fang, on=county.today)
    county.tea.refresh_from_db()
    assert ground_lost(county.tea, facts_of(county.tea, on=county.today)) is None
    union.dissolved_on = county.today
    union.save()
    text = page_of(county.tea, county.li_ming).content.decode()
    assert "What this stage rests on is missing:" in text
    assert reverse("coverage:propose", args=[county.tea.pk, "fall_to_blank"]) in text


def test_a_paused_firm_says_until_when_and_offers_to_resume(county, page_of):
    later = county.today + timedelta(days=90)
    perform(county.tea, "pause", by=county.wang_fang, on=county.today, resumes_on=later)
    text = page_of(county.tea, county.li_ming).content.decode()
    assert "The firm rests." in text
    with override("en"):
        assert f"Work begins again on {date_format(later)}" in text
    assert "Next step" not in text
    assert reverse("coverage:propose", args=[county.tea.pk, "resume"]) in text


def test_a_closed_firm_only_opens_again(county, page_of):
    perform(county.tea, "close", by=county.zhou_tao, on=county.today, reason="The owner moved away.")
    page = page_of(county.tea, county.wang_fang)
    assert [way.move.verb for way in page.context["beside"]] == ["reopen"]
    assert not page.context["forward"]
    assert not page.context["back"]
    assert "The owner moved away." in page.content.decode()


def test_the_path_and_the_history_follow_a_move(county, page_of):
    small_county.union(county.tea)
    perform(county.tea, "organise_mass", by=county.wang_fang, on=county.today, reason="It stands.")
    page = page_of(county.tea, county.li_ming)
    now = [step.name for step in page.context["path"] if step.standing == "now"]
    assert now == ["mass_organised"]
    assert "It stands." in page.content.decode()
    assert [event.code for event, _said in page.context["events"]] == ["case.moved"]


def test_the_firm_itself_sees_no_members_name(county, page_of):
    members(county.tea, "Wang Jianguo")
    text = page_of(county.tea, county.wu_laoban).content.decode()
    assert county.tea.name in text
    assert "Wang" not in text.replace("Wang Fang", "")


@pytest.mark.parametrize("who", ["zhao_qiang", "he_jun", "gao_yuan", "chen_jing"])
def test_a_firm_out_of_reach_is_not_there(county, page_of, who):
    assert page_of(county.tea, getattr(county, who)).status_code == 404


def test_a_stranger_is_sent_to_sign_in(county, client):
    assert client.get(reverse("coverage:case", args=[county.tea.pk])).status_code == 302
