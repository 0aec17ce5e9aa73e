"""The dashboard: what it counts is what the lists and the trail say, within each reader's reach."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.accounts.absence import Leave
from core.figures.ledger import Ledger
from core.figures.parts import quarter_ends
from core.ledger.models import StageChange
from core.ledger.spells import note
from tests import county as small
from tests.workflows.talk import at_hand
from workflows.dashboard.standstill import Why, open_tasks, stuck, waiting
from workflows.engine.models import Task

pytestmark = pytest.mark.usefixtures("english")


def seen(signed_in, who):
    answer = signed_in(who).get("/dashboard/")
    assert answer.status_code == 200
    return answer


def test_the_path_and_the_tiles_count_the_readers_own_firms(county, signed_in):
    for who in (county.zhou_tao, county.wang_fang, county.chen_jing, county.li_ming):
        page = seen(signed_in, who).context
        firms = Ledger(who, county.today).counted()
        assert sum(row["firms"] for row in page["stages"]) == sum(group.firms for group in firms)
        assert sum(tile["share"].whole for tile in page["tiles"]) == sum(g.firms for g in firms)
        assert page["months"][-1][1] == [row["firms"] for row in page["stages"]]
    assert {tile["name"] for tile in seen(signed_in, county.wang_fang).context["tiles"]} == {"East"}


def test_the_net_of_the_quarter_is_told_by_stage(county, signed_in):
    before = quarter_ends(county.today, 1)[0]
    old = small.firm("Old hand", opened_on=before - timedelta(days=30))
    note(old, on=before)
    small.put(old, stage="work_covered")
    old.refresh_from_db()
    note(old, on=county.today)
    page = seen(signed_in, county.wang_fang).context
    rows = {row["stage"].value: row["net"] for row in page["stages"]}
    now = Ledger(county.wang_fang, county.today)
    assert rows["work_covered"] == now.firms(stage="work_covered")  # none of them then
    assert rows["blank"] == now.firms(stage="blank") - 1


def test_the_latest_moves_are_those_of_firms_within_reach(county, signed_in):
    for firm in (county.tea, county.paper):
        StageChange.objects.create(
            firm=firm, county=firm.county, track="stage", verb="cover_work", source="blank",
            target="work_covered", on=county.today, by=county.zhou_tao,
        )  # fmt: skip
    page = seen(signed_in, county.wang_fang)
    assert [move["firm"] for move in page.context["moves"]] == [county.tea]
    assert county.paper.name not in page.content.decode()


def test_who_waits_for_whom_and_what_is_stuck_name_offices_and_no_person(county, own_branch, signed_in):
    task = at_hand(own_branch)
    now = timezone.now()
    rows = waiting(open_tasks(county.wang_fang, county.today))
    assert [(row.waits, row.asked, row.count) for row in rows] == [("instructor", "township", 1)]
    assert stuck(open_tasks(county.wang_fang, county.today), now=now, on=county.today) == []
    Task.objects.filter(pk=task.pk).update(due_at=now - timedelta(days=2))
    page = seen(signed_in, county.wang_fang).content.decode()
    assert "nobody has taken it yet" in page
    assert county.li_ming.name not in page.split('id="dash-waiting"')[1]
    assert open_tasks(county.he_jun, county.today) == []


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({}, Why.FREE),
        ({"owner": "wang_fang"}, Why.HELD),
        ({"owner": "wang_fang", "held_until": timedelta(days=3)}, Why.RESTS),
        ({"owner": "wang_fang", "left_behind": True}, Why.LEFT),
        ({"owner": "away"}, Why.AWAY),
    ],
)
def test_a_stuck_task_says_why(county, own_branch, facts, why):
    now, facts = timezone.now(), dict(facts)
    if facts.get("owner") == "away":
        Leave.objects.create(
            person=county.wang_fang, substitute=county.zhou_tao, since=county.today,
            until=county.today + timedelta(days=5), by=county.wang_fang,
        )  # fmt: skip
    if "owner" in facts:
        facts["owner"] = county.wang_fang
    if "held_until" in facts:
        facts["held_until"] += county.today
    Task.objects.filter(pk=at_hand(own_branch).pk).update(due_at=now - timedelta(days=1), **facts)
    found = stuck(open_tasks(county.zhou_tao, county.today), now=now, on=county.today)
    assert [(row.name, row.why, row.count) for row in found] == [("East", why, 1)]


def test_guests_have_no_dashboard_and_few_statements_make_one(
    county, signed_in, django_assert_max_num_queries
):
    assert signed_in(county.wu_laoban).get("/dashboard/").status_code == 403
    browser = signed_in(county.zhou_tao)
    browser.get("/dashboard/")
    with django_assert_max_num_queries(18):
        assert browser.get("/dashboard/").status_code == 200
