"""What the night finds, and what it leaves alone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.accounts.verbs import Role
from core.audit.models import Event
from core.figures.keeping import keep
from core.figures.trend import make, month_ends
from core.ledger.models import Firm
from core.people.acts import record_guidance
from core.people.models import Assignment
from tests import county as small
from tests.workflows.talk import D, at_hand, say
from workflows.coverage.acts import propose
from workflows.coverage.door import perform
from workflows.engine.models import Process, Task
from workflows.followups.acts import handle
from workflows.nightly import night, sweep
from workflows.notices.models import Notice


def found(firm):
    return set(Process.objects.open().filter(firm=firm).values_list("subject", "data__move"))


def test_a_quiet_night_finds_nothing(county, visited):
    assert night(county.today) == {"opened": 0, "closed": 0}


def test_a_firm_that_could_move_up_is_the_instructors_task(county, visited):
    for name in "ABC":
        small.member(county.tea, name)
    night(county.today)
    assert found(county.tea) == {("can_move_up", "stand_alone")}
    task = Task.objects.human().open().get(firm=county.tea)
    assert task.owner == county.li_ming
    assert task.due_at == task.created + timedelta(days=15)


def test_a_finding_ends_with_the_move_that_answers_it(county, visited):
    for name in "ABC":
        small.member(county.tea, name)
    night(county.today)
    perform(county.tea, "stand_alone", by=county.zhou_tao, on=county.today, branch_name="Tea branch")
    assert found(county.tea) == set()
    assert not Task.objects.human().open().filter(firm=county.tea).exists()


def test_a_finding_points_to_the_proposal_that_is_under_way(county, visited, client):
    for name in "ABC":
        small.member(county.tea, name)
    night(county.today)
    asked = propose(county.tea, "stand_alone", by=county.li_ming, on=county.today,
                    reason="Three members.", branch_name="Tea branch")  # fmt: skip
    client.force_login(county.li_ming)
    page = client.get(Task.objects.mine(county.li_ming).get().get_absolute_url())
    hrefs = page.content.decode()
    assert f'href="/requests/{asked.pk}/"' in hrefs
    assert "/propose/" not in hrefs


def test_conditions_that_no_longer_hold_are_proposed_not_done(county, visited):
    small.put(county.tea, stage="affiliated", branch=small.affiliated_branch())
    night(county.today)
    assert found(county.tea) == {("lost_conditions", "fall_to_covered")}
    assert Firm.objects.get(pk=county.tea.pk).stage == "affiliated"


def test_one_member_left_of_three_suggests_the_affiliated_branch(county, visited):
    small.put(county.tea, stage="standalone", branch=small.affiliated_branch())
    small.member(county.tea, "Last One")
    night(county.today)
    assert found(county.tea) == {("lost_conditions", "rejoin")}


def test_a_late_visit_is_due_and_a_very_late_one_asks_whether_the_coverage_stands(county, visited):
    county.tea.guidance.update(on=county.today - timedelta(days=40))
    night(county.today)
    assert found(county.tea) == {("contact_due", None)}
    county.tea.guidance.update(on=county.today - timedelta(days=100))
    night(county.today)
    assert found(county.tea) == {("contact_due", None), ("lost_conditions", "fall_to_blank")}


def test_without_an_instructor_the_township_gets_the_task(county, visited):
    Assignment.objects.filter(firm=county.tea).update(until=county.today, ended_as="before")
    night(county.today)
    task = Task.objects.human().open().get(firm=county.tea)
    assert task.owner is None
    assert task in Task.objects.queue(county.wang_fang)
    assert task not in Task.objects.queue(county.he_jun)


def test_twice_a_night_changes_nothing(county, visited):
    for name in "ABC":
        small.member(county.tea, name)
    first = night(county.today)
    events = Event.objects.count()
    assert first["opened"] == 1
    assert night(county.today) == {"opened": 0, "closed": 0}
    assert Event.objects.count() == events


def test_what_is_no_longer_so_is_closed_by_itself(county, visited):
    county.tea.guidance.update(on=county.today - timedelta(days=40))
    night(county.today)
    small.visit(county.tea, by=county.li_ming)
    assert night(county.today)["closed"] == 1
    assert not Task.objects.human().open().filter(firm=county.tea).exists()


@pytest.mark.parametrize(
    ("kind", "days_ago", "left"), [("visit", 0, 0), ("visit", 40, 1), ("call", 0, 1)]
)
def test_a_visit_that_is_written_down_answers_the_one_that_was_due(
    county, visited, kind, days_ago, left
):
    county.tea.guidance.update(on=county.today - timedelta(days=50))
    night(county.today)
    record_guidance(
        county.tea, day=county.today - timedelta(days=days_ago), kind=kind, done="Talked.",
        by=county.li_ming, on=county.today,
    )  # fmt: skip
    assert Task.objects.mine(county.li_ming).count() == left


def test_a_handled_finding_is_not_asked_again_while_it_is_being_proposed(county, visited):
    for name in "ABC":
        small.member(county.tea, name)
    night(county.today)
    propose(county.tea, "stand_alone", by=county.li_ming, on=county.today, reason="Three.",
            branch_name="Own")  # fmt: skip
    handle(Task.objects.mine(county.li_ming).get(), by=county.li_ming, note="Proposed.")
    assert night(county.today)["opened"] == 0


def test_a_paused_firm_rests_until_its_day(county):
    small.put(county.tea, operation="paused", paused_on=county.today,
        resumes_on=county.today + timedelta(days=10))  # fmt: skip
    night(county.today)
    assert found(county.tea) == set()
    night(county.today + timedelta(days=10))
    assert {kind for kind, _move in found(county.tea)} == {"resume_due"}


def test_closed_firms_are_left_in_peace(county):
    small.put(county.tea, operation="closed", closed_on=county.today)
    night(county.today)
    assert found(county.tea) == set()


def test_the_night_counts_its_facts_in_bulk(county, visited, django_assert_max_num_queries):
    for number in range(30):
        small.put(small.firm(f"Firm {number}", small.EAST), stage="blank")
    keep(county.today)
    make(month_ends(county.today))  # once a month
    with django_assert_max_num_queries(60):
        night(county.today)


@pytest.fixture
def late(own_branch):
    Task.objects.filter(pk=at_hand(own_branch).pk).update(due_at=timezone.now() - timedelta(hours=1))
    return own_branch


def test_an_overdue_review_goes_up_a_level_once(county, late):
    assert at_hand(late) not in Task.objects.queue(county.zhou_tao)
    assert sweep() == 1
    assert sweep() == 0
    assert at_hand(late) in Task.objects.queue(county.zhou_tao)
    assert at_hand(late) in Task.objects.queue(county.wang_fang)  # who was late may still do it
    event = Event.objects.get(code="task.escalated")
    told = set(Notice.objects.filter(event=event).values_list("to__username", flat=True))
    assert told == {"li.ming", "wang.fang", "zhou.tao"}


def test_the_county_that_took_a_late_review_decides_once(county, late):
    sweep()
    say(at_hand(late), D.APPROVE, county.zhou_tao)
    late.refresh_from_db()
    assert late.outcome == "approved"
    assert Firm.objects.get(pk=county.tea.pk).stage == "standalone"


def test_a_far_county_takes_nothing(county, late):
    sweep()
    stranger = small.person("far", Role.COUNTY, small.AWAY)
    assert not Task.objects.queue(stranger).exists()


def test_what_is_not_late_or_paused_stays(county, own_branch):
    assert sweep() == 0
    Task.objects.filter(pk=at_hand(own_branch).pk).update(due_at=timezone.now() - timedelta(1))
    small.put(county.tea, operation="paused")
    assert sweep() == 0
