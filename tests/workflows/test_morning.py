"""The morning page: what each role sees first, and that every number is its list."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from viewflow.workflow.status import STATUS

from core.accounts.verbs import Role
from core.audit.record import record
from core.capped import CAP, capped
from core.ledger.acts import change
from core.ledger.models import Firm
from core.people.acts import record_guidance
from core.people.models import Member
from tests import county as small
from tests.workflows.talk import at_hand
from workflows.coverage.acts import propose
from workflows.coverage.door import perform
from workflows.engine.models import Process, Task
from workflows.followups.acts import open_follow_up
from workflows.followups.findings import CAN_MOVE_UP, CONTACT_DUE
from workflows.morning import late
from workflows.morning.models import Sighting
from workflows.nightly import night

pytestmark = pytest.mark.usefixtures("english")

LISTS = {"can_move": "/today/could-move/", "nearly": "/today/nearly/", "quiet": "/today/quiet/"}
SUPERVISORS = ("wang_fang", "chen_jing", "zhou_tao")


def today(person):
    browser = Client()
    browser.force_login(person)
    return browser, browser.get("/today/")


def seen(person, kind) -> set[str]:
    browser, page = today(person)
    rows = browser.get(LISTS[kind]).context["rows"]
    assert page.context["counts"][kind] == len(rows)  # the number is its list
    assert {each["firm"].name for each in page.context[f"{kind}_rows"]} <= {
        each["firm"].name for each in rows
    }
    return {each["firm"].name for each in rows}


# what the night writes down


def test_a_firm_that_may_move_is_shown_with_its_move(county, visited):
    for name in "ABC":
        small.member(county.tea, name)
    night(county.today)
    assert seen(county.zhou_tao, "can_move") == {"East Hill Tea"}
    assert seen(county.he_jun, "can_move") == set()  # another township
    page = today(county.wang_fang)[1].content.decode()
    assert "Possible: Found a branch of its own" in page


def test_once_somebody_looked_into_it_it_is_no_longer_shown(county, visited):
    for name in "ABC":
        small.member(county.tea, name)
    night(county.today)
    perform(county.tea, "stand_alone", by=county.zhou_tao, on=county.today, branch_name="Tea branch")
    assert seen(county.zhou_tao, "can_move") == set()


def test_one_member_short_is_nearly_and_says_what_is_lacking(county, visited):
    small.put(county.tea, stage="affiliated", branch=small.affiliated_branch())
    for name in "AB":
        small.member(county.tea, name)
    night(county.today)
    assert seen(county.zhou_tao, "nearly") == {"East Hill Tea"}
    page = today(county.zhou_tao)[1].content.decode()
    assert "Found a branch of its own: 2 full members; a branch of its own needs 3." in page
    small.put(county.tea, stage="standalone")
    assert seen(county.zhou_tao, "nearly") == set()  # it moved since


def test_two_members_short_is_not_nearly(county, visited):
    small.put(county.tea, stage="affiliated", branch=small.affiliated_branch())
    small.member(county.tea, "A")
    night(county.today)
    assert seen(county.zhou_tao, "nearly") == set()


def test_a_probationary_member_or_a_visit_is_the_one_thing(county, visited):
    small.member(county.tea, kind=Member.Kind.PROBATIONARY)
    small.put(county.paper, stage="blank")
    county.paper.guidance.update(on=county.today - timedelta(days=40))
    night(county.today)
    moves = dict(Sighting.objects.filter(kind="nearly").values_list("firm__name", "verb"))
    assert moves == {"East Hill Tea": "affiliate", "West Paper": "cover_work"}


def test_what_is_being_proposed_is_not_nearly(county, visited):
    small.put(county.tea, stage="blank")
    small.union(county.tea)
    small.member(county.tea, kind=Member.Kind.PROBATIONARY)
    propose(county.tea, "organise_mass", by=county.li_ming, on=county.today, reason="A union.")
    night(county.today)
    assert not Sighting.objects.filter(firm=county.tea, kind="nearly").exists()


def test_a_case_is_quiet_after_the_days_of_the_rulebook(county):
    for firm, days in ((county.tea, 93), (county.paper, 94)):
        small.put(firm, stage_since=county.today - timedelta(days=days))
    small.put(county.mall, operation="paused", paused_on=county.today)
    small.put(county.brick, operation="closed", closed_on=county.today)
    night(county.today)
    assert set(Sighting.objects.filter(kind="quiet").values_list("firm__name", "since")) == {
        ("West Paper", county.today - timedelta(days=94))
    }


def test_a_visit_or_any_persons_act_breaks_the_silence(county):
    small.visit(county.tea, by=county.li_ming, on=county.today - timedelta(days=93))
    small.visit(county.paper, by=county.zhao_qiang, on=county.today - timedelta(days=94))
    record("firm.changed", by=county.wang_fang, firm=county.mall, firm_name="Mall", what="phone")
    night(county.today)
    assert seen(county.zhou_tao, "quiet") == {"West Paper"}
    later = county.today + timedelta(days=100)
    night(later)
    quiet = dict(Sighting.objects.filter(kind="quiet").values_list("firm__name", "since"))
    assert quiet["Qinghe Mall"] == county.today  # the night's own findings are no sign of life


def test_what_is_recorded_today_ends_it_at_once(county):
    night(county.today)
    assert seen(county.wang_fang, "quiet") == {"East Hill Tea", "Qinghe Mall"}
    record_guidance(county.tea, day=county.today, kind="call", done="x", by=county.li_ming,
                    on=county.today)  # fmt: skip
    assert seen(county.wang_fang, "quiet") == {"Qinghe Mall"}


def test_each_sees_the_own_places_only(county):
    night(county.today)
    assert seen(county.wang_fang, "quiet") == {"East Hill Tea", "Qinghe Mall"}
    assert seen(county.he_jun, "quiet") == {"West Paper"}
    assert seen(county.chen_jing, "quiet") == {"Qinghe Mall"}
    assert seen(county.zhou_tao, "quiet") == {"East Hill Tea", "Qinghe Mall", "West Paper"}
    assert set(Sighting.objects.visible_to(county.wu_laoban)) == set()
    own = Sighting.objects.visible_to(county.li_ming).values_list("firm__name", flat=True)
    assert set(own) == {"East Hill Tea"}
    village = small.person("village", Role.TOWNSHIP, f"{small.EAST}001")
    assert not Sighting.objects.visible_to(village).exists()


def test_a_firm_that_moves_house_is_seen_where_it_is(county):
    night(county.today)
    change(county.tea, by=county.zhou_tao, on=county.today, version=1, area=small.WEST)
    rows = Sighting.objects.filter(firm=county.tea)
    assert set(rows.values_list("town", flat=True)) == {small.WEST}


def test_twice_a_night_changes_nothing_and_what_is_gone_goes(county, visited):
    small.put(county.tea, stage="affiliated", branch=small.affiliated_branch())
    members = [small.member(county.tea, name) for name in "AB"]
    night(county.today)
    first = Sighting.objects.values_list("pk", "firm", "kind", "since")
    before = list(first.order_by("pk"))
    night(county.today + timedelta(days=1))
    assert list(first.order_by("pk")) == before  # seen since the first night
    Member.objects.filter(pk=members[0].pk).update(until=county.today)
    night(county.today + timedelta(days=2))
    assert not Sighting.objects.filter(firm=county.tea, kind="nearly").exists()


# what is late, and where


@pytest.fixture
def overdue(county):
    """Late tasks: two visits due in East (one at the mall, of commerce), one in West."""
    for firm in (county.tea, county.mall, county.paper):
        whose = {county.tea.pk: county.li_ming, county.paper.pk: county.zhao_qiang}.get(firm.pk)
        open_follow_up(firm, CONTACT_DUE, whose=whose, last_visit="", days=31)
    other = small.firm("East Mill")
    open_follow_up(other, CONTACT_DUE, last_visit="", days=31)
    now = timezone.now()
    for days, task in enumerate(Task.objects.human().open().order_by("pk")):
        Task.objects.filter(pk=task.pk).update(due_at=now - timedelta(days=10 - days))
    return now


def test_late_tasks_are_grouped_by_place_and_step_the_oldest_first(county, overdue):
    browser, page = today(county.zhou_tao)
    groups = [(g.name, g.step, g.count) for g in page.context["late"]]
    assert groups == [("East", "look_into", 2), ("Bureau of commerce", "look_into", 1),
                      ("West", "look_into", 1)]  # fmt: skip
    assert page.context["late_count"] == browser.get("/today/late/").context["count"] == 4
    for group in page.context["late"]:
        listed = browser.get(f"/today/late/?place={group.place}&step={group.step}")
        assert len(listed.context["rows"]) == listed.context["count"] == group.count
        assert f"place={group.place}&amp;step={group.step}" in page.content.decode()
        assert group.name in listed.content.decode()


def test_late_is_told_within_reach_and_rests_with_the_firm(county, overdue):
    names = {
        who: {g.name for g in today(getattr(county, who))[1].context["late"]}
        for who in ("wang_fang", "he_jun", "chen_jing")
    }
    assert names == {"wang_fang": {"East", "Bureau of commerce"}, "he_jun": {"West"},
                     "chen_jing": {"Bureau of commerce"}}  # fmt: skip
    small.put(county.paper, operation="paused", paused_on=county.today)
    assert today(county.he_jun)[1].context["late"] == []


@pytest.mark.parametrize("query", ["?place=x", "?step=y", "?place=line-9999999", "?page=999999",
                                   "?page=-1", "?place=%00"])  # fmt: skip
def test_a_strange_address_of_the_late_list_is_an_empty_list(query, county, overdue):
    answer = today(county.zhou_tao)[0].get(f"/today/late/{query}")
    assert answer.status_code == 200


def test_a_flood_of_late_tasks_is_cut_to_a_window_and_says_so(county, overdue, monkeypatch):
    monkeypatch.setattr(late, "WINDOW", 3)
    monkeypatch.setattr("workflows.morning.views.WINDOW", 3)
    browser, page = today(county.zhou_tao)
    assert page.context["late_count"] == sum(g.count for g in page.context["late"]) == 3
    assert "More than 3 tasks are late" in page.content.decode()
    assert browser.get("/today/late/").context["count"] == 3


def test_long_lists_of_late_tasks_have_pages(county, overdue, monkeypatch):
    monkeypatch.setattr("workflows.morning.views.PAGE", 3)
    browser = today(county.zhou_tao)[0]
    first, second = (browser.get(f"/today/late/?page={n}").context["rows"] for n in (1, 2))
    assert (len(first), len(second)) == (3, 1)
    assert [task.due_at for task in first + second] == sorted(t.due_at for t in first + second)


# whose page it is


def test_a_supervisor_sees_the_own_tasks_and_the_queue(county, own_branch):
    page = today(county.wang_fang)[1]
    assert page.context["queue"] == [at_hand(own_branch)]
    assert page.context["counts"]["queue"] == 1
    Task.objects.filter(pk=at_hand(own_branch).pk).update(owner=county.wang_fang,
                                                          status=STATUS.ASSIGNED)  # fmt: skip
    page = today(county.wang_fang)[1]
    assert (page.context["mine"], page.context["queue"]) == ([at_hand(own_branch)], [])
    assert page.context["counts"]["mine"] == 1


def test_an_instructor_sees_the_firms_the_next_step_and_what_is_lacking(county):
    small.put(county.tea, size="large", stage="affiliated", branch=small.affiliated_branch())
    small.member(county.tea, "A")
    browser, page = today(county.li_ming)
    said = page.content.decode()
    assert [card["firm"].name for card in page.context["cards"]] == ["East Hill Tea"]
    assert "Demonstrate" in said and "no visit yet" in said
    assert "1 full member; a branch of its own needs 3." in said
    assert f'href="/firms/{county.tea.pk}/guidance/new/?next=/today/"' in said
    assert page.context["late_visits"] == 1
    listed = browser.get("/firms/?has=not_worked_in&operation=operating")
    assert len(listed.context["rows"]) == 1
    small.visit(county.tea, by=county.li_ming)
    assert today(county.li_ming)[1].context["late_visits"] == 0


def test_an_instructor_may_propose_from_here_what_the_facts_allow(county, three_members):
    said = today(county.li_ming)[1].content.decode()
    assert f"/firms/{county.tea.pk}/propose/stand_alone/" in said
    asked = propose(county.tea, "stand_alone", by=county.li_ming, on=county.today,
                    reason="Three.", branch_name="Own")  # fmt: skip
    said = today(county.li_ming)[1].content.decode()
    assert f"/requests/{asked.pk}/" in said and "/propose/" not in said


def test_an_instructor_without_firms_is_told_who_assigns(county):
    county.tea.assignments.update(until=county.today, ended_as="asked")
    assert "Your township assigns firms" in today(county.li_ming)[1].content.decode()


def test_a_contact_sees_what_is_asked_and_no_colleague_of_the_lists(county):
    page = today(county.wu_laoban)[1]
    assert page.status_code == 200 and page.context["firm"] == county.tea
    assert "late" not in page.context and "cards" not in page.context


@pytest.mark.parametrize(("who", "first"), [("sun_li", "/audit/"), ("zheng_guan", "/accounts/")])
def test_others_are_led_to_their_own_first_page(who, first, county):
    assert today(getattr(county, who))[1].url == first


def test_nobody_is_counted_or_ranked(county, overdue):
    """The page names places and firms, and no person besides the reader."""
    night(county.today)
    for who in SUPERVISORS:
        page = today(getattr(county, who))[1].content.decode()
        assert "Li Ming" not in page.replace("Li Ming is assigned", "")
        assert "Zhao Qiang" not in page.replace("Zhao Qiang is assigned", "")


# what it costs


def statements(captured) -> int:
    """What is asked of the tables; not the brackets that a test's own transaction adds."""
    return sum("SAVEPOINT" not in query["sql"] for query in captured)


@pytest.mark.parametrize("who", [*SUPERVISORS, "li_ming", "wu_laoban"])
def test_twelve_statements_are_enough_however_much_there_is(who, county, overdue, three_members):
    night(county.today)
    person = getattr(county, who)
    small.put(county.tea, stage="affiliated", branch=small.affiliated_branch("First"))
    browser, _page = today(person)
    with CaptureQueriesContext(connection) as few:
        browser.get("/today/")
    task = Task.objects.human().open().filter(firm=county.tea).first()
    Task.objects.bulk_create(
        Task(process_id=task.process_id, flow_task=task.flow_task, token=task.token, firm=county.tea,
             county=county.tea.county, area=small.EAST, flow_task_type="HUMAN", owner=person,
             status=STATUS.ASSIGNED, due_at=task.due_at)
        for _n in range(150)
    )  # fmt: skip
    firms = [small.firm(f"Firm {number}") for number in range(60)]
    branch = small.affiliated_branch()
    for firm in firms[:3]:
        small.assign(county.guide_li, firm)
    for firm in (county.tea, *firms[:2]):
        small.put(firm, stage="affiliated", branch=branch)
    night(county.today)
    with CaptureQueriesContext(connection) as many:
        page = browser.get("/today/")
    assert statements(many) <= 12, "\n".join(query["sql"] for query in many)
    assert statements(many) <= statements(few)
    assert len(page.content) < 60_000
    assert page.context["counts"]["mine"] == CAP + 1
    assert f"{CAP}+" in page.content.decode()


def test_counts_stop_at_their_cap(county):
    firms = Firm.objects.all()
    assert capped(county.li_ming, all=firms, none=firms.none(), tea=firms.filter(pk=county.tea.pk)) == {
        "all": 4, "none": 0, "tea": 1,
    }  # fmt: skip


# a visit that was due


@pytest.mark.parametrize("who", ["li_ming", "wang_fang"])
def test_whoever_visits_closes_the_visit_that_was_due(who, county):
    night(county.today)
    due = Process.objects.open().filter(firm=county.tea, subject=CONTACT_DUE)
    assert due.exists()
    sent = {"day": county.today, "done": "Talked.", "by": getattr(county, who), "on": county.today}
    record_guidance(county.tea, kind="call", **sent)
    assert due.exists()
    record_guidance(county.tea, kind="visit", **sent)
    assert not due.exists()
    assert not Task.objects.mine(county.li_ming).filter(process__subject=CONTACT_DUE).exists()


def test_the_form_leads_back_to_the_tasks_from_a_visit_that_is_due(county):
    night(county.today)
    task = Task.objects.mine(county.li_ming).get(process__subject=CONTACT_DUE)
    browser, _page = today(county.li_ming)
    where = f"/firms/{county.tea.pk}/guidance/new/?next=/tasks/"
    assert where in browser.get(task.get_absolute_url()).content.decode()
    sent = {"key": "6f1c2f0e-8a6c-4a3b-9d1d-111111111111", "kind": "visit", "day": county.today,
            "done": "Talked."}  # fmt: skip
    assert browser.post(where, sent).url == "/tasks/"


def test_can_move_is_only_what_is_still_open(county):
    open_follow_up(county.tea, CAN_MOVE_UP, whose=county.li_ming, move="stand_alone")
    assert seen(county.wang_fang, "can_move") == set()  # the night has not seen it yet
