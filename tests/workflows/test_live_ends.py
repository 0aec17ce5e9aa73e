"""Whoever signs out, or is no longer who they were, is cut off; and who has a task open is shown."""

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.contrib.sessions.models import Session
from django.test import Client

from core.accounts import acts
from core.accounts.models import User
from tests import county as small
from tests.workflows.ears import Ear, until
from tests.workflows.talk import at_hand
from workflows.engine import verbs
from workflows.live import hub, presence
from workflows.live.courier import COURIER
from workflows.live.hub import hub_here
from workflows.live.socket import SIGNED_OUT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("inline")]


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def ear_of(client, user) -> Ear:
    return Ear(user, session=client.cookies["sessionid"].value)


def test_signing_out_closes_the_sockets_of_this_session_only(county):
    here, there = signed_in(county.wang_fang), signed_in(county.wang_fang)
    ears = [ear_of(here, county.wang_fang), ear_of(here, county.wang_fang)]
    other = ear_of(there, county.wang_fang)

    async def test():
        for ear in (*ears, other):
            await ear.begin()
        await sync_to_async(here.post)("/sign-out/")
        assert [await ear.closed() for ear in ears] == [SIGNED_OUT] * 2
        assert await other.ask({"since": 0}) == {"n": 0, "missed": []}
        await other.disconnect()

    async_to_sync(test)()


def change_role(county):
    acts.change_place(county.wang_fang, by=county.zheng_guan, role="auditor", area=small.COUNTY)


def change_area(county):
    acts.change_place(county.wang_fang, by=county.zheng_guan, role="township", area=small.WEST)


def close(county):
    acts.close_account(county.wang_fang, by=county.zheng_guan)


def set_password(county):
    acts.set_temporary_password(county.wang_fang, "a-new-password-1", by=county.zheng_guan)


def change_password_elsewhere(county):
    new = "walks-quite-softly-now"
    form = {"old_password": small.PASSWORD, "new_password1": new, "new_password2": new}
    assert signed_in(county.wang_fang).post("/account/", form).status_code == 302


@pytest.mark.parametrize(
    "act", [change_role, change_area, close, set_password, change_password_elsewhere]
)
def test_who_is_no_longer_who_they_were_is_closed_at_once(county, act):
    ear, other = Ear(county.wang_fang), Ear(county.he_jun)

    async def test():
        await ear.begin()
        await other.begin()
        await sync_to_async(act)(county)
        assert await ear.closed() == SIGNED_OUT
        await other.disconnect()  # it was still open
        await until(lambda: not hub_here().sockets)

    async_to_sync(test)()


def role_behind_our_back(user):
    User.objects.filter(pk=user.pk).update(role="auditor")


def closed_behind_our_back(user):
    User.objects.filter(pk=user.pk).update(is_active=False)


def session_gone(user):
    Session.objects.all().delete()


def session_expired(user):
    Session.objects.update(expire_date="2020-01-01T00:00Z")


@pytest.mark.parametrize(
    "behind", [role_behind_our_back, closed_behind_our_back, session_gone, session_expired]
)
def test_the_second_wall_finds_what_nobody_told_it(county, behind, monkeypatch):
    monkeypatch.setattr(hub, "LOOK", 0.02)
    ear = Ear(county.wang_fang)

    async def test():
        await ear.begin()
        await sync_to_async(behind)(county.wang_fang)
        assert await ear.closed() == SIGNED_OUT

    async_to_sync(test)()


def test_the_second_wall_leaves_those_who_are_signed_in(county, monkeypatch):
    monkeypatch.setattr(hub, "LOOK", 0.01)
    ear, looks = Ear(county.wang_fang), []
    standing = hub.truth.standing
    monkeypatch.setattr(hub.truth, "standing", lambda *a: looks.append(1) or standing(*a))

    async def test():
        await ear.begin()
        await until(lambda: len(looks) > 3)
        assert await ear.ask({"since": 0}) == {"n": 0, "missed": []}
        await ear.disconnect()

    async_to_sync(test)()


def test_signing_in_again_closes_nothing(county):
    ear = Ear(county.wang_fang)

    async def test():
        await ear.begin()
        await sync_to_async(signed_in)(county.wang_fang)
        assert await ear.receive_nothing(0.2)
        await ear.disconnect()

    async_to_sync(test)()


# ── two on one task ────────────────────────────────────────────────────────────────────────────
def test_the_second_on_a_task_is_told_of_the_first_and_who_may_not_see_it_of_nobody(county, own_branch):
    task = at_hand(own_branch).pk
    first, second, foreign = Ear(county.wang_fang), Ear(county.zhou_tao), Ear(county.gao_yuan)

    async def test():
        for ear in (first, second, foreign):
            await ear.begin()
        await first.say({"open": task})
        assert await first.receive_nothing(0.1)
        await foreign.say({"open": task})
        await second.say({"open": task})
        said = {"present": task, "who": ["Wang Fang"], "writing": None}
        assert await second.hear() == said
        assert await first.hear() == said | {"who": ["Zhou Tao"]}
        await first.say({"writing": task})
        assert await second.hear() == said | {"writing": "Wang Fang"}
        await foreign.say({"writing": task})
        await second.say({"close": task})
        assert await first.hear() == said | {"who": []}
        await second.say({"open": task})
        assert await first.hear() == said | {"who": ["Zhou Tao"]}
        await second.hear()
        await first.disconnect()
        assert await second.hear() == said | {"who": []}
        assert await foreign.all() == []
        for ear in (second, foreign):
            await ear.disconnect()

    async_to_sync(test)()


def test_two_windows_of_one_person_are_no_company(county, own_branch):
    task = at_hand(own_branch).pk
    ears = [Ear(county.wang_fang), Ear(county.wang_fang)]

    async def test():
        for ear in ears:
            await ear.begin()
            await ear.say({"open": task})
        for ear in ears:
            assert await ear.receive_nothing(0.1)
            await ear.disconnect()

    async_to_sync(test)()


def test_who_types_no_more_is_no_longer_writing_and_who_is_not_heard_of_is_gone(
    county, own_branch, monkeypatch
):
    monkeypatch.setattr(hub, "LOOK", 0.02)
    monkeypatch.setattr(presence, "WRITING", 0.1)
    monkeypatch.setattr(presence, "FORGOTTEN", 0.3)
    task, ear = at_hand(own_branch).pk, Ear(county.wang_fang)
    elsewhere = {"task": task, "id": "x", "who": [county.zhou_tao.pk, "Zhou Tao"], "ask": True}

    async def test():
        await ear.begin()
        await ear.say({"open": task})
        assert await ear.receive_nothing(0.05)
        COURIER.post({"here": elsewhere | {"writes": True}})  # as another process says it
        said = {"present": task, "who": ["Zhou Tao"], "writing": "Zhou Tao"}
        assert await ear.hear() == said
        assert await ear.hear() == said | {"writing": None}
        assert await ear.hear() == said | {"who": [], "writing": None}
        await ear.disconnect()

    async_to_sync(test)()


def test_who_no_longer_sees_a_task_is_no_longer_told_who_has_it_open(county, own_branch, monkeypatch):
    monkeypatch.setattr(hub, "LOOK", 0.01)
    task = verbs.claim(at_hand(own_branch), by=county.wang_fang)
    guide, other = Ear(county.li_ming), Ear(county.zhou_tao)
    task.process.opened_by = county.zhou_tao  # or the proposer sees it for ever
    task.process.save()

    async def test():
        for ear in (guide, other):
            await ear.begin()
            await ear.say({"open": task.pk})
        assert (await other.hear())["who"] == ["Li Ming"]
        assert (await guide.hear())["who"] == ["Zhou Tao"]
        await sync_to_async(small.assign_away)(county.tea, county.guide_gao)
        assert (await other.hear())["who"] == []
        await other.disconnect()
        assert await guide.all() == []
        await guide.disconnect()

    async_to_sync(test)()
