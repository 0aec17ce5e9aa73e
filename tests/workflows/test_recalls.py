"""A recall: a reason from the table, an approver who did not propose it, and what it ends."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from core.errors import Refused
from core.people.assigning import WHEN_ENDED, unassign
from core.people.models import Assignment
from tests import county as small
from workflows.engine.models import Process, Task
from workflows.nightly import night, sweep
from workflows.recalls.acts import decide_recall, propose_recall, withdraw_recall
from workflows.recalls.models import RecallRequest

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def recall(county):
    return propose_recall(county.tea, reason="post", words="Promoted.", by=county.wang_fang)


def step(recall) -> Task:
    return Task.objects.human().open().get(process_id=recall.pk)


def test_approved_it_ends_the_assignment_and_says_so(county, recall, monkeypatch):
    heard = []

    def hear(ended, *, by, on):
        heard.append((ended, by, on))

    monkeypatch.setattr("core.people.assigning.WHEN_ENDED", [*WHEN_ENDED, hear])
    decide_recall(step(recall), by=county.zhou_tao, at=timezone.now(), approve=True)
    ended = Assignment.objects.get(firm=county.tea)
    assert (ended.until, ended.ended_because) == (county.today, "recalled: Moved to another post")
    assert heard == [(ended, county.zhou_tao, county.today)]
    recall.refresh_from_db()
    assert (recall.outcome, recall.decided_by) == ("approved", county.zhou_tao)


def test_rejected_with_a_reason_the_instructor_stays(county, recall):
    with pytest.raises(Refused, match="Say why"):
        decide_recall(step(recall), by=county.zhou_tao, at=timezone.now(), approve=False)
    decide_recall(step(recall), by=county.zhou_tao, at=timezone.now(), approve=False, comment="Stay.")
    assert Assignment.objects.current().filter(firm=county.tea).exists()


def test_nobody_approves_their_own_and_no_township_decides(county):
    recall = propose_recall(county.tea, reason="term", words="Two terms.", by=county.zhou_tao)
    for who in (county.zhou_tao, county.wang_fang, county.li_ming):
        with pytest.raises(Refused):
            decide_recall(step(recall), by=who, at=timezone.now(), approve=True)
    other = small.person("qian.yi", small.Role.COUNTY, small.COUNTY)
    decide_recall(step(recall), by=other, at=timezone.now(), approve=True)


@pytest.mark.parametrize(("reason", "words"), [("", "Why."), ("whim", "Why."), ("post", "  ")])
def test_a_reason_of_the_table_and_words_are_needed(county, reason, words):
    with pytest.raises(Refused):
        propose_recall(county.tea, reason=reason, words=words, by=county.wang_fang)
    assert not RecallRequest.objects.exists()


def test_it_is_withdrawn_by_who_proposed_it(county, recall):
    with pytest.raises(Refused):
        withdraw_recall(recall, by=county.zhou_tao)
    withdraw_recall(recall, by=county.wang_fang)
    recall.refresh_from_db()
    assert (recall.outcome, bool(recall.finished)) == ("withdrawn", True)
    propose_recall(county.tea, reason="post", words="Again.", by=county.wang_fang)


def test_an_assignment_that_ends_otherwise_needs_no_recall(county, recall):
    unassign(county.tea, until=county.today, why="moved", by=county.wang_fang, on=county.today)
    recall.refresh_from_db()
    assert recall.outcome == "overtaken"
    assert not Task.objects.human().open().filter(process_id=recall.pk).exists()


def test_an_overdue_decision_is_told_and_can_be_taken(county, recall):
    Task.objects.filter(pk=step(recall).pk).update(due_at=timezone.now() - timedelta(days=1))
    assert sweep() == 1
    assert Task.objects.queue(county.zhou_tao).filter(pk=step(recall).pk).exists()


def test_over_http_by_township_and_county(county):
    township, office = Client(), Client()
    township.force_login(county.wang_fang), office.force_login(county.zhou_tao)
    page, form = (
        f"/firms/{county.tea.pk}/recall/",
        {"reason": "health", "words": "Ill.", "key": uuid4()},
    )
    assert township.get(page).status_code == 200
    assert township.post(page, form | {"reason": "whim", "key": uuid4()}).status_code == 422
    made = [township.post(page, form) for _n in range(2)]
    assert made[0].url == made[1].url
    recall = RecallRequest.objects.get()
    assert township.get(page).url == made[0].url
    task = step(recall).get_absolute_url()
    assert office.get(task).status_code == 200
    assert office.post(task, {"decision": "reject", "key": uuid4()}).status_code == 422
    form = {"decision": "approve", "key": uuid4()}
    assert {office.post(task, form).status_code for _n in range(2)} == {302}
    assert "Approved" in office.get(made[0].url).content.decode()
    assert township.get(page).status_code == 409  # nobody is there any more


def test_a_recall_is_a_matter_of_the_offices(county, recall):
    for who in (county.li_ming, county.wu_laoban, county.xu_min):
        client = Client()
        client.force_login(who)
        assert client.get(f"/recalls/{recall.pk}/").status_code == 404
        assert "proposed to recall" not in client.get(f"/firms/{county.tea.pk}/").content.decode()


def test_a_term_that_ends_soon_is_a_question_to_the_supervisor_once(county, visited):
    small.assign(county.guide_li, county.mall)
    county.guide_li.term_until = county.today + timedelta(days=59)
    county.guide_li.save()
    night(county.today), night(county.today)
    found = Process.objects.open().get(subject="term_ends")
    assert found.firm == county.tea  # of two firms the first
    task = Task.objects.human().open().get(process=found)
    assert (task.owner, task.owner_permission) == (None, "desk.follow_up")
    shown = Client()
    shown.force_login(county.wang_fang)
    assert "The term of Li Ming ends on" in shown.get(task.get_absolute_url()).content.decode()
    county.guide_li.term_until = county.today + timedelta(days=400)
    county.guide_li.save()
    night(county.today)
    assert not Process.objects.open().filter(subject="term_ends").exists()
    assert Assignment.objects.current().filter(firm=county.tea).exists()  # nothing ends by itself
