from datetime import UTC, datetime, time

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.cluster import Value
from django_q.models import Failure, OrmQ, Schedule, Success
from django_q.monitor import monitor
from django_q.queues import Queue
from django_q.signals import post_spawn
from django_q.signing import SignedPackage
from django_q.worker import worker

from core import queue
from core.management.commands.schedules import next_at
from tests.core import job_kinds


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


# ── calls ──────────────────────────────────────────────────────────────────────────────────────
def turn() -> None:
    """What a worker does with the next call of the queue, in this process."""
    broker, calls, results = get_broker(), Queue(), Queue()
    ((ack, package),) = broker.dequeue()
    calls.put(SignedPackage.loads(package) | {"ack_id": ack})
    calls.put("STOP")
    worker(calls, results, Value("f", -1))
    results.put("STOP")
    monitor(results, broker)


def come_due() -> None:
    OrmQ.objects.update(lock=timezone.now())


@pytest.fixture
def stumbles(monkeypatch):
    monkeypatch.setattr(job_kinds, "raised", [])
    return "tests.core.job_kinds.stumble"


@pytest.mark.django_db
def test_a_call_is_part_of_its_transaction(stumbles):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        queue.enqueue(stumbles, 0)
        assert queue.waiting() == 1
        1 / 0  # noqa: B018
    assert queue.waiting() == 0


@pytest.mark.django_db(transaction=True)
def test_a_call_that_raises_is_made_again_until_it_succeeds(stumbles):
    queue.enqueue(stumbles, 2)
    for times in (1, 2):
        turn()
        assert (queue.waiting(), Failure.objects.count()) == (1, 1)
        assert queue.ready(stumbles) == set()  # not at once: the reason may take a while to go
        assert [(call.kind, call.args) for call in queue.failures()] == [("OSError", (2,))]
        assert len(job_kinds.raised) == times
        come_due()
    assert queue.ready(stumbles) == {(2,)}
    turn()
    assert (queue.waiting(), Failure.objects.count(), Success.objects.count()) == (0, 0, 1)


@pytest.mark.django_db(transaction=True)
def test_after_three_times_it_is_left_to_the_administrator(stumbles):
    queue.enqueue(stumbles, 9)
    for _time in range(3):
        turn()
        come_due()
    assert (queue.waiting(), Failure.objects.count()) == (0, 1)
    assert queue.again(Failure.objects.get().pk) == stumbles
    assert (queue.waiting(), Failure.objects.count()) == (1, 0)
    assert queue.again("gone") is None


@pytest.mark.django_db
def test_a_worker_begins_also_when_the_tables_are_not_there(monkeypatch):
    called = []

    def away():
        called.append(1)
        raise DatabaseError("no such table")

    before = post_spawn.receivers
    monkeypatch.setattr(post_spawn, "receivers", [])
    queue.when_worker_starts(away)
    monkeypatch.setattr(queue.connection, "close", lambda: called.append("closed"))
    post_spawn.send(sender="test", proc_name="x")
    assert called == [1, "closed"]
    assert before  # those who resume jobs
