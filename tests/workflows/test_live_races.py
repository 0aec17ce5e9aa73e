"""Many acts and several couriers at once, on PostgreSQL: each person's numbers have no gap and no
double, and everything is said once."""

from collections import Counter
from contextlib import contextmanager
from threading import Barrier

import pytest
from django.db import connection, transaction

from core.accounts.models import User
from tests import county as small
from tests.workflows.talk import at_hand
from tests.workflows.test_races import at_once
from workflows.coverage.acts import propose
from workflows.engine import handing, verbs
from workflows.live.deliver import deliver
from workflows.live.models import Outbox, Signal, SignalCount

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@contextmanager
def aborting(barrier):
    """Let nobody wait for ever for one that failed."""
    try:
        yield
    except BaseException:
        barrier.abort()
        raise


def test_couriers_of_several_processes_number_without_gap_double_or_deadlock(county):
    tasks = []
    for n in range(6):
        firm = small.firm(f"Live {n}", [small.EAST, small.WEST][n % 2])
        small.union(firm)
        asked = propose(firm, "organise_mass", by=county.zhou_tao, on=county.today, reason="Union.")
        tasks.append((at_hand(asked), [county.wang_fang, county.he_jun][n % 2]))
    told, done = [], Barrier(9)

    def act(task, by):
        def run():
            with aborting(done):
                for _n in range(8):
                    handing.release(verbs.claim(task, by=by), by=by)
            done.wait(60)

        return run

    def carry():
        while not done.broken and (done.n_waiting < 6 or Outbox.objects.exists()):
            told.append(deliver())
        done.wait(60)

    at_once(*[act(task, by) for task, by in tasks], carry, carry, carry)
    assert not Outbox.objects.exists()
    said = Counter((user, word["n"]) for each in told for user, words in each.items() for word in words)
    assert set(said.values()) == {1}
    for user in User.objects.all():
        rows = Signal.objects.filter(to=user).order_by("number")
        numbers = [row.number for row in rows]
        assert numbers == list(range(1, len(numbers) + 1))
        counted = Counter((row.task, row.what) for row in rows)
        last = SignalCount.objects.filter(to=user).values_list("last", flat=True).first()
        assert (last or 0) == len(numbers)
        for task, _by in tasks:
            seen = type(task).objects.visible_to(user).filter(pk=task.pk).exists()
            want = {"new": 1, "taken": 8, "released": 8} if seen else {}
            assert {what: n for (pk, what), n in counted.items() if pk == task.pk} == want


def test_an_act_does_not_wait_for_a_courier_that_is_stuck(county, task_of):
    """The counters are locked by couriers only: a decision never waits for one."""
    task = task_of(county)
    deliver()
    gate = Barrier(2)

    def stuck():
        with transaction.atomic():
            list(SignalCount.objects.select_for_update())
            gate.wait(20)  # while the act is done
            gate.wait(20)

    def act():
        gate.wait(20)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        verbs.claim(task, by=county.wang_fang)
        gate.wait(20)
        return True

    assert at_once(stuck, act)[1] is True


@pytest.fixture
def task_of():
    def make(county):
        small.union(county.tea)
        asked = propose(
            county.tea, "organise_mass", by=county.li_ming, on=county.today, reason="Union."
        )
        return at_hand(asked)

    return make
