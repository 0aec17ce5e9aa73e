"""The socket through the whole application: who is let in, what is said to whom, what is not."""

import json

import pytest
from asgiref.sync import async_to_sync, sync_to_async

from core.accounts.models import User
from tests import county as small
from tests.workflows.ears import Ear, until
from tests.workflows.talk import at_hand
from workflows.coverage.acts import propose
from workflows.engine import handing, verbs
from workflows.engine.models import Task
from workflows.live import socket as sockets
from workflows.live.hub import hub_here
from workflows.live.models import Signal

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("inline")]


claim, release = sync_to_async(verbs.claim), sync_to_async(handing.release)


def test_a_page_hears_what_others_do_with_a_task(county, own_branch):
    task, ear = at_hand(own_branch), Ear(county.zhou_tao)

    async def test():
        first = await ear.begin()
        await claim(task, by=county.wang_fang)
        await release(task, by=county.wang_fang)
        said = await ear.all()
        assert said == [
            {"n": first["n"] + 1, "what": "taken", "task": task.pk},
            {"n": first["n"] + 2, "what": "released", "task": task.pk},
        ]
        await ear.disconnect()

    async_to_sync(test)()


def test_nobody_hears_of_what_they_may_not_see_whatever_they_ask_for(county, own_branch, monkeypatch):
    """A test that tries to listen to every foreign group, in every way that a page can speak."""
    monkeypatch.setattr(sockets, "AT_ONCE", 10_000)  # about whom, not about how much
    for firm in (county.paper, county.brick, county.mall):
        small.union(firm)
    west = propose(county.paper, "organise_mass", by=county.zhao_qiang, on=county.today, reason="U.")
    line = propose(county.mall, "organise_mass", by=county.zhou_tao, on=county.today, reason="U.")
    tasks = [at_hand(own_branch), at_hand(west), at_hand(line)]
    people = list(User.objects.order_by("pk"))
    groups = [f"user-{other.pk}" for other in people] + ["live", "county-139901", "*"]
    tries = [{word: group} for group in groups for word in ("join", "group", "open", "since")]
    tries += [{"open": task.pk} for task in tasks] + [{"writing": task.pk} for task in tasks]
    tries += [{"since": 0, "to": other.pk} for other in people]
    ears = {person.pk: Ear(person) for person in people}
    may = {p.pk: set(Task.objects.visible_to(p).values_list("pk", flat=True)) for p in people}

    async def listen():
        heard = {}
        for ear in ears.values():
            await ear.begin()
            for message in tries:
                await ear.say(message)
            await ear.all()
        for task, by in zip(tasks, (county.wang_fang, county.he_jun, county.chen_jing), strict=True):
            await release(await claim(task, by=by), by=by)
        for pk, ear in ears.items():
            said = await ear.all()
            heard[pk] = [(s["what"], s["task"]) for s in said if "what" in s]
            assert not [s for s in said if "what" not in s and "present" not in s]
            await ear.disconnect()
        return heard

    heard = async_to_sync(listen)()
    for person in people:
        want = [(w, t.pk) for t in tasks if t.pk in may[person.pk] for w in ("taken", "released")]
        assert heard[person.pk] == want, person
    assert {len(heard[pk]) for pk in heard} == {0, 2, 4, 6}  # the county's eyes, and some have none
    assert heard[county.gao_yuan.pk] == []


@pytest.mark.parametrize(
    "origin", [None, b"http://evil.example", b"null", b"garbage", b"http://[", b"\xff"]
)
def test_a_page_of_another_host_opens_no_socket(county, origin):
    ear = Ear(county.wang_fang, origin=origin)
    assert async_to_sync(ear.connect)() is False


def test_another_address_is_refused_without_an_error(county):
    ear = Ear(county.wang_fang, path="/ws/user-1/")
    assert async_to_sync(ear.connect)() is False


def test_a_stranger_is_closed_and_hears_nothing(county):
    county.he_jun.must_change_password = True
    county.he_jun.save()
    county.wang_fang.is_active = False  # a session that was there before the account was closed
    ears = [Ear(), Ear(session="0" * 32), Ear(county.he_jun), Ear(county.wang_fang)]
    county.wang_fang.save()

    async def test():
        for ear in ears:
            assert await ear.connect()
            assert await ear.closed() == sockets.SIGNED_OUT
            await ear.say({"since": 0})
            assert await ear.receive_nothing(0.05)

    async_to_sync(test)()


# ── catching up ────────────────────────────────────────────────────────────────────────────────
def test_what_was_missed_is_said_when_the_page_is_back(county, own_branch):
    task, before, after = at_hand(own_branch), Ear(county.wang_fang), Ear(county.wang_fang)

    async def test():
        number = (await before.begin())["n"]
        await before.disconnect()
        await release(await claim(task, by=county.wang_fang), by=county.wang_fang)
        answer = await after.begin(number)
        assert [word["what"] for word in answer["missed"]] == ["taken", "released"]
        assert [word["n"] for word in answer["missed"]] == [number + 1, number + 2]
        assert answer["n"] == number + 2
        await claim(task, by=county.wang_fang)
        assert (await after.hear())["n"] == number + 3
        assert await after.ask({"since": number + 3}) == {"n": number + 3, "missed": []}
        await after.disconnect()

    async_to_sync(test)()


def test_what_is_forgotten_or_never_was_begins_the_page_anew(county, own_branch):
    task, ear = at_hand(own_branch), Ear(county.wang_fang)
    for _n in range(3):
        handing.release(verbs.claim(task, by=county.wang_fang), by=county.wang_fang)
    last = Signal.objects.filter(to=county.wang_fang).order_by("-number").first().number
    Signal.objects.filter(to=county.wang_fang, number=last - 1).delete()

    async def test():
        reset = {"n": last, "reset": True}
        assert await ear.begin(last - 3) == reset
        assert await ear.ask({"since": last + 50}) == reset
        assert await ear.ask({"since": 2**62}) == reset
        assert len((await ear.ask({"since": last - 1}))["missed"]) == 1
        await ear.disconnect()

    async_to_sync(test)()


def test_a_message_that_was_lost_is_looked_up(county, own_branch, settings):
    """Numbers tell what is missing; and when nothing comes at all, the next look finds it."""
    task, ear = at_hand(own_branch), Ear(county.wang_fang)

    async def test():
        first = (await ear.begin())["n"]
        hub = hub_here()
        hear, hub.hear = hub.hear, lambda message: None  # lost on its way
        await claim(task, by=county.wang_fang)
        assert await ear.receive_nothing(0.05)
        hub.hear = hear
        await release(task, by=county.wang_fang)  # this one comes: number 2 without number 1
        assert [(await ear.hear())["n"] for _n in range(2)] == [first + 1, first + 2]
        hub.hear = lambda message: None
        await claim(task, by=county.wang_fang)
        hub.look_soon()  # what happens every two seconds
        assert (await ear.hear())["n"] == first + 3
        await ear.disconnect()

    async_to_sync(test)()


# ── bad input ──────────────────────────────────────────────────────────────────────────────────
GARBAGE = (
    "", "{", "null", "[]", "7", '"since"', "{}", '{"since": -1}', '{"since": true}',
    '{"since": "1"}', '{"since": 1.5}', '{"since": 1e999}', '{"since": NaN}', '{"open": null}',
    '{"open": 99999999999999999999}', '{"open": 1, "close": 1}', '{"__class__": 1}',
    "[" * 4000, "\x00", "\ud800", "党" * 900, b"\x00\xff", b"",
)  # fmt: skip


@pytest.mark.parametrize("words", GARBAGE, ids=lambda words: repr(words[:20]))
def test_garbage_is_answered_and_the_socket_lives(county, words):
    ear = Ear(county.wang_fang)

    async def test():
        first = await ear.begin()
        assert await ear.ask(words) == {"error": "not understood"}
        assert await ear.ask({"since": first["n"]}) == {"n": first["n"], "missed": []}
        await ear.disconnect()

    async_to_sync(test)()


def test_a_flood_closes_its_socket_and_no_other(county, own_branch):
    flood, calm = Ear(county.wang_fang), Ear(county.wang_fang)

    async def test():
        await flood.begin()
        await calm.begin()
        for _n in range(sockets.AT_ONCE + 1):
            await flood.say({"writing": 1})
        assert await flood.closed() == sockets.FLOOD
        await claim(at_hand_of[0], by=county.wang_fang)
        assert (await calm.hear())["what"] == "taken"
        await calm.disconnect()

    at_hand_of = [at_hand(own_branch)]
    async_to_sync(test)()


def test_one_person_opens_so_many_sockets_and_no_more(county, monkeypatch):
    monkeypatch.setattr(sockets, "OF_ONE_PERSON", 2)
    ears = [Ear(county.wang_fang) for _n in range(3)]
    other = Ear(county.he_jun)

    async def test():
        await ears[0].begin()
        await ears[1].begin()
        await ears[2].connect()
        assert await ears[2].closed() == sockets.TOO_MANY
        await other.begin()
        for ear in (*ears[:2], other):
            await ear.disconnect()
        await until(lambda: not hub_here().sockets)

    async_to_sync(test)()


def test_a_page_that_does_not_read_is_closed_and_holds_nobody_up(county, own_branch, monkeypatch):
    monkeypatch.setattr(sockets, "WAITING", 3)
    slow, task = Ear(county.wang_fang), at_hand(own_branch)

    async def stuck(one, text):
        await until(lambda: False, 60)

    async def test():
        first = await slow.begin()
        monkeypatch.setattr(sockets.Socket, "send", stuck)
        for _n in range(3):
            await release(await claim(task, by=county.wang_fang), by=county.wang_fang)
        assert await slow.closed() == sockets.TOO_SLOW
        missed = Signal.objects.filter(to=county.wang_fang, number__gt=first["n"])
        assert await sync_to_async(missed.count)() == 6  # for when it is back

    async_to_sync(test)()


def test_the_words_on_the_socket_are_small_and_name_nobody(county, own_branch):
    task, ear = at_hand(own_branch), Ear(county.zhou_tao)

    async def test():
        await ear.begin()
        await claim(task, by=county.wang_fang)
        said = json.dumps(await ear.hear())
        assert len(said) < 80
        assert "Tea" not in said and "Wang" not in said
        await ear.disconnect()

    async_to_sync(test)()
