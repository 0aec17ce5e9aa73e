"""What a digest counts: nothing that is put off, never to the end, and calls by @name as news."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.utils import timezone

from tests.workflows.talk import at_hand
from workflows.engine.models import Task
from workflows.engine.verbs import claim
from workflows.inbox.comments import comment
from workflows.mailroom import digests
from workflows.mailroom.models import Wishes
from workflows.mailroom.round import run

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # the county's clock
DAY = timedelta(days=1)


def wants(person, **wishes) -> Wishes:
    """Every day at eight, in English."""
    person.email = f"{person.username}@county.example"
    person.save()
    given = {"digest": "daily", "language": "en", "hour": 8, "digest_since": MONDAY.date() - DAY}
    return Wishes.objects.update_or_create(person=person, defaults=given | wishes)[0]


@pytest.fixture
def at_work(county, own_branch):
    """Wang Fang of East has a review in her hands, due on Wednesday."""
    claim(at_hand(own_branch), by=county.wang_fang)
    Task.objects.filter(process=own_branch).update(due_at=MONDAY + 2 * DAY)
    return county


def test_what_is_put_off_does_not_wait_until_its_day(at_work):
    rest = Task.objects.mine(at_work.wang_fang)
    rest.update(held_until=MONDAY.date() + DAY)
    said = digests.digest_for(at_work.wang_fang, wants(at_work.wang_fang), since=MONDAY, at=MONDAY)
    assert (said.tasks, said.waiting, said.late) == (0, [], [])
    rest.update(due_at=MONDAY - DAY)
    said = digests.digest_for(at_work.wang_fang, wants(at_work.wang_fang), since=MONDAY, at=MONDAY)
    assert (said.tasks, said.late_tasks, said.late) == (0, 0, [])
    tomorrow = MONDAY + DAY
    said = digests.digest_for(at_work.wang_fang, wants(at_work.wang_fang), since=MONDAY, at=tomorrow)
    assert (said.tasks, said.late_tasks) == (1, 1)
    assert said.late[0].firm == at_work.tea


def test_more_than_a_hundred_are_not_counted_to_the_end(at_work):
    like = Task.objects.mine(at_work.wang_fang).get()
    Task.objects.bulk_create(
        Task(
            process_id=like.process_id, flow_task=like.flow_task, token=like.token, owner=owner,
            owner_permission=like.owner_permission, due_at=MONDAY + day * DAY, status=status,
            firm_id=like.firm_id, county=like.county, area=like.area, town=like.town,
            flow_task_type=like.flow_task_type,
        )
        for day in (-1, 1)
        for owner, status in ((at_work.wang_fang, "ASSIGNED"), (None, "NEW"))
        for _time in range(120)
    )  # fmt: skip
    wants(at_work.wang_fang)
    run(MONDAY)
    assert mail.outbox[0].subject == "Instructor Desk: 99+ tasks open, 99+ overdue"
    assert "99+ tasks that anybody of your office may take" in mail.outbox[0].body


def test_a_call_by_name_is_news(at_work):
    """As the only kind that was asked for: what else is written beside the task is none."""
    task = at_hand(at_work.tea.processes.get())
    wishes, since = wants(at_work.zhou_tao, kinds=["mention"]), timezone.now()
    comment(task, by=at_work.zhou_tao, text="Is it so?", at=since)
    comment(task, by=at_work.wang_fang, text="It is.", at=since)
    assert not digests.digest_for(at_work.zhou_tao, wishes, since=since, at=since)
    comment(task, by=at_work.wang_fang, text="@Zhou Tao it is.", at=since)
    said = digests.digest_for(at_work.zhou_tao, wishes, since=since, at=since)
    assert [group.newest.event.code for group in said.decided] == ["task.commented"]
