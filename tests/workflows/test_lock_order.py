"""Locks are taken in one order everywhere: the firm, its processes, the chain of its events. So
acts on one firm wait for one another and never in a ring."""

import threading

import pytest
from django.db import transaction

from core.audit.record import record
from core.ledger.permits import locked
from core.people.acts import record_guidance
from tests.workflows.talk import D, at_hand, say
from tests.workflows.test_races import at_once
from workflows.coverage.acts import propose
from workflows.engine.models import Process, Task
from workflows.followups.acts import handle
from workflows.nightly import night

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_a_review_and_a_guidance_record_of_one_firm_never_wait_in_a_ring(county, own_branch):
    """One holds the firm, the other its process: both wait for nobody who waits for them."""
    holds_firm, review_began = threading.Event(), threading.Event()

    def guidance():
        with transaction.atomic():
            locked(county.tea, by=county.li_ming, verb="record_guidance")
            holds_firm.set()
            review_began.wait(1)
            record_guidance(
                county.tea, day=county.today, kind="visit", done="Came by.", by=county.li_ming,
                on=county.today,
            )  # fmt: skip
        return "recorded"

    def review():
        holds_firm.wait(5)
        review_began.set()
        say(at_hand(own_branch), D.APPROVE, county.wang_fang)
        return "approved"

    assert at_once(guidance, review) == ["recorded", "approved"]


def test_a_file_that_is_opened_never_stands_in_the_way_of_the_firm(county):
    """An event names its firm: that alone must not wait for who changes the firm."""
    held, looked = threading.Event(), threading.Event()

    def change():
        with transaction.atomic():
            locked(county.tea, by=county.li_ming, verb="record_guidance")
            held.set()
            looked.wait(1)
            record("firm.registered", by=county.li_ming, firm=county.tea, firm_name="x")
        return "changed"

    def look():
        held.wait(5)
        record("file.opened", by=county.li_ming, firm=county.tea, name="minutes.pdf")
        looked.set()
        return "looked"

    assert at_once(change, look) == ["changed", "looked"]
    assert looked.is_set()


def test_closing_a_firm_and_handling_its_follow_up_never_wait_in_a_ring(county):
    night(county.today)
    follow_up = Task.objects.human().open().get(firm=county.tea, process__subject="contact_due")
    asked = propose(county.tea, "close", by=county.wang_fang, on=county.today, reason="Bankrupt.")
    decision = at_hand(asked)

    def close():
        with transaction.atomic():
            say(decision, D.APPROVE, county.zhou_tao)
            transaction.set_rollback(True)
        return "closed"

    def note():
        with transaction.atomic():
            handle(follow_up, by=county.li_ming, note="Called them.")
            transaction.set_rollback(True)
        return "noted"

    for _round in range(5):
        assert at_once(close, note) == ["closed", "noted"]
    assert Process.objects.open().filter(firm=county.tea).count() == 2
