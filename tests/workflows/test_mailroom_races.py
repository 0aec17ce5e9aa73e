"""Several senders at once, on PostgreSQL: each message leaves once, each minute is counted once."""

import pytest
from django.core import mail

from tests import county as small
from tests.workflows.robots import LATER, MINUTE, NOW, news, office, running_maker
from tests.workflows.test_races import at_once
from workflows.mailroom.models import Delivery, Wishes
from workflows.mailroom.pass_on import pass_on
from workflows.mailroom.round import run
from workflows.mailroom.sending import LEASE, _claim_mail
from workflows.notices.models import Notice

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_four_rounds_at_once_send_each_message_once(county, settings):
    with running_maker() as maker:
        settings.WEBHOOK_HOSTS = [maker.url]
        for number in range(6):
            office(county, maker, name=f"Group {number}")
        firms = [small.firm(f"Firm {number}") for number in range(5)]
        for firm in firms:
            news(firm, county.wang_fang, times=10)
        looked = at_once(*[lambda: pass_on(NOW, seconds=60)] * 4)
        assert sum(looked) == Notice.objects.count() == 50
        assert Delivery.objects.count() == 30
        assert set(Delivery.objects.values_list("events", flat=True)) == {10}
        sent = at_once(*[lambda: run(LATER)["messages"]] * 4)
        assert sum(sent) == len(maker.received) == 30
        assert set(Delivery.objects.values_list("state", "attempts")) == {("sent", 1)}


def test_the_minute_is_kept_by_several_senders_together(county, settings):
    with running_maker() as maker:
        settings.WEBHOOK_HOSTS = [maker.url]
        office(county, maker)
        for number in range(50):
            news(small.firm(f"Firm {number}"), county.wang_fang)
        run(NOW)
        at_once(*[lambda: run(LATER)] * 4)
        while len(maker.received) < 20:  # a sender that met another one's lock gave up its turn
            run(LATER)
        assert len(maker.received) == 20
        at_once(*[lambda: run(LATER + MINUTE / 2)] * 4)
        assert len(maker.received) == 20


def test_two_senders_send_a_digest_once(county, settings):
    people = [small.person(f"p{n}", "township", small.EAST) for n in range(12)]
    for person in people:
        person.email = f"{person.username}@county.example"
        person.save()
        Wishes.objects.create(person=person, digest="daily", digest_since="2026-01-01", hour=8)
        news(county.tea, person)
    sent = at_once(*[lambda: run(NOW)["mails"]] * 4)
    assert sum(sent) == 12
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(p.email for p in people)
    assert Delivery.objects.count() == 12


def test_what_a_dead_sender_held_is_taken_over_later(county):
    Wishes.objects.create(person=county.wang_fang, digest="daily", digest_since="2026-01-01", hour=8)
    county.wang_fang.email = "fang@county.example"
    county.wang_fang.save()
    news(county.tea, county.wang_fang)
    Delivery.objects.create(
        what="digest", person=county.wang_fang, period=f"{NOW:%Y-%m-%d}", made_at=NOW, due_at=NOW
    )
    assert _claim_mail(NOW)  # … and its sender is killed
    assert run(NOW)["mails"] == 0
    assert run(NOW + LEASE)["mails"] == 1
