"""Fifty issue at once: every number is given once, and none is left out."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from core.credentials.acts import issue_to
from core.credentials.models import Card, Credential
from tests import county as small

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
AT_ONCE = 50


def in_threads(count: int, act) -> None:
    together = Barrier(count)

    def run(number):
        together.wait(60)
        try:
            act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        list(pool.map(run, range(count)))


def test_numbers_are_gapless_though_every_fifth_act_fails(transactional_db):
    county = small.build()
    people = [small.instructor(f"Guide {n}") for n in range(AT_ONCE)]

    def issue(number):
        try:
            with transaction.atomic():
                issue_to(people[number], by=county.zhou_tao, on=county.today)
                if number % 5 == 0:
                    raise RuntimeError
        except RuntimeError:
            return

    in_threads(AT_ONCE, issue)
    serials = sorted(Credential.objects.values_list("serial", flat=True))
    assert serials == list(range(1, AT_ONCE * 4 // 5 + 1))
    assert len(set(Credential.objects.values_list("number", flat=True))) == len(serials)


def test_one_instructor_gets_one_credential_however_many_ask(transactional_db):
    county = small.build()
    in_threads(16, lambda number: issue_to(county.guide_li, by=county.zhou_tao, on=county.today))
    assert (Credential.objects.count(), Card.objects.count()) == (1, 1)
    assert Credential.objects.get().serial == 1
