"""Writers of one chain wait for one another, writers of different chains never do."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.utils import timezone

from core.audit.models import Event
from core.audit.record import record
from core.audit.seal import seal
from core.audit.verify import verify

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def in_threads(count: int, act) -> None:
    """Run `act(number)` in so many threads at once; the first error is raised here."""
    together = Barrier(count)

    def run(number):
        together.wait(10)
        try:
            act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        list(pool.map(run, range(count)))


def test_many_writers_of_a_new_chain_leave_one_whole_chain():
    def write(number):
        for _time in range(10):
            record("account.signed_in", by=None, chain="user:1")

    in_threads(16, write)
    places = list(Event.objects.order_by("place").values_list("place", flat=True))
    assert places == list(range(1, 161))
    assert verify().faults == []


def test_writers_of_different_chains_do_not_wait():
    """While one act is still under way on its chain, another one records and commits."""
    first_wrote, second_done = Barrier(2), Barrier(2)

    def write(number):
        if number == 0:
            with transaction.atomic():
                record("account.signed_in", by=None, chain="user:0")
                first_wrote.wait(10)
                second_done.wait(10)  # breaks, and fails the test, if the other one has to wait
        else:
            first_wrote.wait(10)
            record("account.signed_in", by=None, chain="user:1")
            second_done.wait(10)

    in_threads(2, write)
    assert Event.objects.count() == 2


def test_seals_of_one_moment_hang_on_one_another():
    """The night by the queue and the night by hand: no false alarm comes of it."""
    record("account.signed_in", by=None, chain="user:1")
    for _round in range(4):
        in_threads(4, lambda number: seal(timezone.now()))
    assert verify().faults == []
