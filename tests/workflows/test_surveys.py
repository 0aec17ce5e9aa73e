"""A survey round: every firm once, by whoever is responsible, and nothing is lost."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from core.accounts.leave import go_on_leave
from core.accounts.models import Area
from core.accounts.verbs import Role
from core.audit.models import Event
from core.errors import Refused
from core.ledger.models import Firm
from core.ledger.spells import Spell
from core.people.models import Assignment
from tests import county as small
from tests.workflows.surveying import a_survey, miss, row_of, say, settle
from workflows.coverage.door import perform
from workflows.engine.models import Process
from workflows.inbox.beside import beside
from workflows.notices.models import Notice
from workflows.surveys import answers
from workflows.surveys.models import LateAnswer, SurveyFirm, SurveyRound
from workflows.surveys.pages import progress
from workflows.surveys.rounds import cancel_round, close_round, open_round, tend
from workflows.surveys.whose import waiting_for

State = SurveyFirm.State
pytestmark = pytest.mark.usefixtures("english")


def waits(user, on=None):
    user = type(user).objects.get(pk=user.pk)
    rows = waiting_for(user, on=on or timezone.localdate())
    return set(rows.values_list("firm__name", flat=True))


def close(made, county):
    return close_round(made, by=county.zhou_tao, on=county.today, at=timezone.now())


# ── opening ────────────────────────────────────────────────────────────────────────────────────
def test_every_firm_that_is_not_closed_is_in_the_round_and_no_process_is_written(county):
    small.put(county.mall, operation="paused")
    shut = small.firm("Shut Mill")
    small.put(shut, operation="closed", closed_on=county.today)
    made = a_survey(county)
    assert set(made.firms.values_list("firm", flat=True)) == {
        county.tea.pk, county.mall.pk, county.paper.pk
    }  # fmt: skip
    assert (made.count, Process.objects.count()) == (3, 0)
    told = set(Notice.objects.values_list("to", flat=True))
    assert told == {county.li_ming.pk, county.zhao_qiang.pk, county.wang_fang.pk}


def test_sent_twice_it_is_one_round_and_two_rounds_do_not_ask_the_same_firm(county):
    given = {
        "title": "One", "areas": [Area.objects.get(pk=small.EAST)], "key": uuid4(),
        "until": county.today, "by": county.zhou_tao, "on": county.today, "at": timezone.now(),
    }  # fmt: skip
    assert open_round(**given) == open_round(**given)
    with pytest.raises(Refused, match="One"):
        a_survey(county)
    a_survey(county, small.WEST)


@pytest.mark.parametrize("who", ["wang_fang", "li_ming", "chen_jing", "sun_li"])
def test_only_the_county_office_opens_one(county, who):
    with pytest.raises(Refused) as refusal:
        open_round(
            title="X", areas=[Area.objects.get(pk=small.EAST)], key=uuid4(), until=county.today,
            by=getattr(county, who), on=county.today, at=timezone.now(),
        )  # fmt: skip
    assert refusal.value.code == Refused.NOT_YOURS


# ── whose ──────────────────────────────────────────────────────────────────────────────────────
def test_it_waits_for_the_instructor_else_for_the_township(county):
    a_survey(county)
    assert waits(county.li_ming) == {"East Hill Tea"}
    assert waits(county.wang_fang) == {"Qinghe Mall"}
    assert waits(county.zhou_tao) == set()
    assert [(line.title, line.many) for line in beside(county.li_ming, on=county.today)] == [
        ("Survey round: Autumn survey", 1)
    ]


def test_it_follows_a_change_of_instructor_and_a_leave(county):
    a_survey(county)
    lin = small.person("lin.ying", Role.INSTRUCTOR, small.EAST)
    guide = small.instructor("Lin Ying", user=lin)
    go_on_leave(county.li_ming, substitute=lin, since=county.today, by=county.wang_fang,
                until=county.today + timedelta(days=3), on=county.today)  # fmt: skip
    assert waits(lin) == {"East Hill Tea"}
    lin = type(lin).objects.get(pk=lin.pk)
    say(county.tea, lin)
    assert row_of(county.tea).in_place_of == county.li_ming
    assert Event.objects.get(code="survey.confirmed").words["in_place_of"] == "Li Ming"
    small.assign(guide, county.mall)
    assert waits(lin) == {"Qinghe Mall"}
    Assignment.objects.filter(firm=county.mall).update(until=county.today, ended_as="before")
    assert waits(county.wang_fang) == {"Qinghe Mall"}


def test_what_is_late_is_the_offices(county):
    a_survey(county, days=2)
    after = county.today + timedelta(days=3)
    assert waits(county.li_ming, on=after) == set()
    assert waits(county.wang_fang, on=after) == {"East Hill Tea", "Qinghe Mall"}


def test_people_are_reminded_once_and_the_office_is_told_once(county):
    made = a_survey(county, days=20)
    Notice.objects.all().delete()
    for day in (5, 14, 14, 21, 21):
        tend(timezone.now() + timedelta(days=day))
    codes = list(Notice.objects.values_list("event__code", "to"))
    assert sorted(codes) == sorted([
        ("survey.reminder", county.li_ming.pk), ("survey.reminder", county.zhao_qiang.pk),
        ("survey.reminder", county.wang_fang.pk), ("survey.late", county.wang_fang.pk),
        ("survey.late", county.he_jun.pk),
    ])  # fmt: skip
    made.refresh_from_db()
    assert made.reminded_at and made.late_told_at


# ── answering ──────────────────────────────────────────────────────────────────────────────────
def test_as_it_stands_changes_nothing_in_the_ledger(county):
    a_survey(county)
    assert say(county.tea, county.li_ming) == answers.IN_TIME
    assert row_of(county.tea).state == State.CONFIRMED
    assert Firm.objects.get(pk=county.tea.pk).version == county.tea.version


def test_a_difference_goes_through_the_ledgers_own_act(county):
    a_survey(county)
    say(county.tea, county.li_ming, employees=77, contact_name="Wu")
    row, firm = row_of(county.tea), Firm.objects.get(pk=county.tea.pk)
    assert (row.state, row.changes) == (
        State.CHANGED, {"employees": ["40", "77"], "contact_name": ["–", "Wu"]}
    )  # fmt: skip
    assert (firm.employees, firm.version) == (77, county.tea.version + 1)
    assert Spell.objects.get(firm=firm, until=None).employees == 77
    assert Event.objects.filter(code="firm.changed", firm=firm, by=county.li_ming).exists()


def test_an_instructor_changes_no_area_and_no_foreign_firm(county):
    a_survey(county)
    with pytest.raises(Refused) as refusal:
        say(county.tea, county.li_ming, area=small.WEST)
    assert refusal.value.code == Refused.NOT_YOURS
    with pytest.raises(Refused) as refusal:
        say(county.paper, county.li_ming)
    assert refusal.value.code == Refused.NOT_YOURS


def test_a_firm_is_answered_once(county):
    a_survey(county)
    say(county.tea, county.li_ming)
    with pytest.raises(Refused, match="Li Ming") as refusal:
        say(county.tea, county.wang_fang, employees=5)
    assert refusal.value.code == Refused.FASTER
    assert Firm.objects.get(pk=county.tea.pk).employees == 40


def test_an_entry_that_changed_meanwhile_is_not_confirmed_blindly(county):
    a_survey(county)
    with pytest.raises(Refused) as refusal:
        say(county.tea, county.li_ming, version=county.tea.version + 1)
    assert refusal.value.code == Refused.FASTER
    assert row_of(county.tea).state == State.OPEN


def test_a_slip_is_taken_back_but_not_what_the_ledger_took(county):
    a_survey(county)
    say(county.tea, county.li_ming)
    answers.take_back(row_of(county.tea), by=county.li_ming)
    assert row_of(county.tea).state == State.OPEN
    say(county.tea, county.li_ming, employees=9)
    with pytest.raises(Refused):
        answers.take_back(row_of(county.tea), by=county.li_ming)


# ── not found ──────────────────────────────────────────────────────────────────────────────────
def test_not_found_goes_to_the_office_with_a_reason(county):
    a_survey(county)
    with pytest.raises(Refused):
        miss(county.tea, county.li_ming, reason="other")
    miss(county.tea, county.li_ming, words="The gate is locked.")
    assert waits(county.wang_fang) == {"East Hill Tea", "Qinghe Mall"}
    assert Notice.objects.filter(to=county.wang_fang, event__code="survey.not_found").exists()
    with pytest.raises(Refused) as refusal:
        settle(county.tea, county.li_ming)
    assert refusal.value.code == Refused.NOT_YOURS


def test_that_it_closed_changes_no_stage_and_leads_to_the_proposal(county, signed_in):
    a_survey(county)
    miss(county.tea, county.li_ming)
    settle(county.tea, county.wang_fang)
    assert Firm.objects.get(pk=county.tea.pk).operation == "operating"
    page = signed_in(county.wang_fang).get(row_of(county.tea).get_absolute_url()).content.decode()
    assert f"/firms/{county.tea.pk}/propose/close/" in page
    assert "East Hill Tea" not in waits(county.wang_fang)


def test_moved_within_the_offices_area_at_once_and_further_by_the_county(county):
    village = Area.objects.create(code=f"{small.EAST}001", name="Hill village", kind="village")
    a_survey(county)
    miss(county.mall, county.wang_fang)
    settle(county.mall, county.wang_fang, "moved", village.pk)
    assert Firm.objects.get(pk=county.mall.pk).area == village.pk
    miss(county.tea, county.li_ming)
    settle(county.tea, county.wang_fang, "moved", small.WEST)
    assert Firm.objects.get(pk=county.tea.pk).area == small.EAST
    assert waits(county.zhou_tao) == {"East Hill Tea"}
    settle(county.tea, county.zhou_tao, "moved", small.WEST)
    assert (Firm.objects.get(pk=county.tea.pk).area, row_of(county.tea).area) == (
        small.WEST, small.WEST
    )  # fmt: skip
    assert waits(county.zhou_tao) == set()


def test_it_is_found_after_all(county):
    a_survey(county)
    miss(county.tea, county.li_ming)
    with pytest.raises(Refused):
        say(county.tea, county.li_ming)  # it is the office's now
    say(county.tea, county.wang_fang, address="Behind the hill")
    assert row_of(county.tea).state == State.CHANGED


def test_a_firm_that_closes_meanwhile_waits_for_nobody(county):
    a_survey(county)
    perform(county.tea, "close", by=county.zhou_tao, on=county.today, reason="It is shut.")
    assert row_of(county.tea).state == State.GONE
    assert waits(county.li_ming) == set()


# ── counting, closing, cancelling ──────────────────────────────────────────────────────────────
def test_counts_by_township_are_the_lists_behind_them(county, signed_in):
    made = a_survey(county)
    say(county.tea, county.li_ming)
    miss(county.paper, county.zhao_qiang)
    lines = progress(SurveyFirm.objects.filter(round=made))
    assert [line["town"] for line in lines] == [small.EAST, small.WEST, ""]
    browser = signed_in(county.zhou_tao)
    for line in lines:
        for cell in (*line["cells"], {"state": "unsettled", "many": line["unsettled"]}):
            url = f"/surveys/{made.pk}/firms/?show={cell['state']}&town={line['town']}"
            assert len(browser.get(url).context["rows"]) == cell["many"], url


def test_each_sees_the_counts_of_their_own_reach(county, signed_in):
    made = a_survey(county)
    for who, every in (("li_ming", 1), ("wang_fang", 2), ("zhou_tao", 3), ("chen_jing", 1)):
        page = signed_in(getattr(county, who)).get(made.get_absolute_url())
        assert page.context["total"]["all"] == every, who


def test_closing_freezes_what_was_said_and_the_figures_of_the_day(county, signed_in):
    small.put(county.paper, stage="mass_organised")
    made = a_survey(county, small.EAST)
    say(county.tea, county.li_ming, employees=77)
    made = close(made, county)
    assert made.figures["firms"] == 2
    assert made.figures["with_instructor"] == [1, 2]
    assert made.figures["employees"] == 117
    small.put(county.tea, name="Renamed", employees=1)
    row = row_of(county.tea)
    assert (row.name, row.employees, row.stage) == ("East Hill Tea", 77, "blank")
    page = signed_in(county.zhou_tao).get(made.get_absolute_url())
    assert {figure["label"]: figure["text"] for figure in page.context["figures"]}["Firms"] == 2
    page = signed_in(county.zhou_tao).get(f"/surveys/{made.pk}/firms/").content.decode()
    assert "East Hill Tea" in page and "Renamed" not in page


@pytest.mark.django_db
def test_the_database_keeps_a_closed_round_as_it_is(county):
    made = close(a_survey(county), county)
    for act in (
        lambda: made.firms.update(state="confirmed", answered_at=timezone.now()),
        lambda: SurveyFirm.objects.filter(round=made)._raw_delete("default"),
        lambda: SurveyRound.objects.filter(pk=made.pk).update(closed_at=None, closed_by=None),
    ):
        with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic():
            act()


def test_what_was_typed_when_the_round_closed_is_kept(county, signed_in):
    made = a_survey(county)
    row = row_of(county.tea)
    page = {"key": uuid4(), "act": "change", "version": county.tea.version,
            "initial-address": "", "address": "New street 5"}  # fmt: skip
    close(made, county)
    browser = signed_in(county.li_ming)
    answer = browser.post(f"{row.get_absolute_url()}answer/", page, follow=True)
    assert "New street 5" in answer.content.decode()
    assert "The round was closed meanwhile" in answer.content.decode()
    assert LateAnswer.objects.get().by == county.li_ming
    assert Firm.objects.get(pk=county.tea.pk).address == ""
    assert row_of(county.tea).state == State.OPEN


def test_a_round_is_cancelled_while_nothing_is_answered_and_never_opened_again(county):
    made = a_survey(county, small.WEST)
    cancel_round(made, by=county.zhou_tao, at=timezone.now())
    assert waits(county.zhao_qiang) == set()
    for act in (lambda: say(county.paper, county.zhao_qiang), lambda: close(made, county)):
        with pytest.raises(Refused, match="cancelled"):
            act()
    made = a_survey(county)
    say(county.tea, county.li_ming)
    with pytest.raises(Refused):
        cancel_round(made, by=county.zhou_tao, at=timezone.now())
