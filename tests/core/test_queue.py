from datetime import UTC, datetime, time

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from django_q.models import OrmQ, Schedule

from core import queue
from core.management.commands.schedules import next_at


@pytest.mark.django_db
def test_the_table_is_written_once_however_often_the_server_starts():
    call_command("schedules")
    first = list(Schedule.objects.order_by("name").values())
    call_command("schedules")
    assert list(Schedule.objects.order_by("name").values()) == first
    assert {(s["name"], s["func"]) for s in first} == {(n, f) for n, f, _ in queue.SCHEDULES}


@pytest.mark.django_db
def test_a_row_that_left_the_table_leaves_the_queue_and_a_changed_one_follows():
    call_command("schedules")
    Schedule.objects.create(name="of yesterday", func="workflows.nightly.gone")
    Schedule.objects.filter(name="deadlines").update(minutes=99)
    call_command("schedules")
    assert not Schedule.objects.filter(name="of yesterday").exists()
    assert Schedule.objects.get(name="deadlines").minutes == 10


@pytest.mark.django_db
def test_the_night_begins_at_ten_past_two_on_the_county_s_clock():
    call_command("schedules")
    begins = timezone.localtime(Schedule.objects.get(name="nightly check").next_run)
    assert (begins.hour, begins.minute) == (2, 10)
    assert str(begins.tzinfo) == "Asia/Shanghai"


@pytest.mark.parametrize(
    ("now", "day"),
    [(datetime(2026, 3, 1, 18, 9, tzinfo=UTC), 2), (datetime(2026, 3, 1, 18, 10, tzinfo=UTC), 3)],
)
def test_the_next_time_is_today_until_it_has_come(now, day):
    when = next_at(time(2, 10), now)
    assert (when.day, when.hour, when.minute) == (day, 2, 10)


@pytest.mark.django_db
def test_work_is_enqueued_with_the_change_and_gone_with_it():
    with pytest.raises(RuntimeError), transaction.atomic():
        queue.enqueue("workflows.nightly.sweep")
        raise RuntimeError
    assert not OrmQ.objects.exists()
    queue.enqueue("builtins.divmod", 7, 2)
    assert OrmQ.objects.get().task["args"] == (7, 2)
