"""Live for who stands in for somebody on leave, who lent a task, and who is only told of something."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.accounts.absence import Leave
from core.accounts.leave import end_leave, go_on_leave
from core.accounts.models import LineDepartment, User
from core.accounts.verbs import Role
from core.audit.record import record
from core.errors import Refused
from tests import county as small
from tests.workflows.ears import Ear, until
from tests.workflows.talk import D, at_hand, say
from workflows.coverage.acts import propose
from workflows.engine import handing, verbs
from workflows.engine.act import acting
from workflows.engine.models import Task
from workflows.inbox import comments
from workflows.live import deliver as delivery
from workflows.live import hub, outbox, presence, socket
from workflows.live.deliver import deliver
from workflows.live.hub import hub_here
from workflows.live.models import Outbox, Signal
from workflows.live.who import stand_ins, who_may_see
from workflows.notices.models import Notice
from workflows.notices.tell import tell

pytestmark = pytest.mark.django_db


def leave(county, who, to) -> Leave:
    return go_on_leave(
        who, substitute=to, since=county.today, until=county.today + timedelta(days=2), by=who,
        on=county.today,
    )  # fmt: skip


def heard(user) -> list[tuple]:
    rows = Signal.objects.filter(to=user).order_by("number")
    return [(row.what, row.task) for row in rows]


def told_as_seen() -> dict[int, set[int]]:
    """For every person and every task: `who_may_see` is `visible_to`, turned round."""
    tasks = set(Task.objects.human().values_list("pk", flat=True))
    told = who_may_see(tasks)
    seen = {pk: set() for pk in tasks}
    for user in User.objects.all():
        for pk in Task.objects.visible_to(user).values_list("pk", flat=True):
            if user.is_active:
                seen[pk].add(user.pk)
    assert told == seen
    return told


@pytest.fixture
def away(county, own_branch):
    """Somebody of each role is on leave, in East also who stands in; one task of each is open, and
    the contact's is lent."""
    c = county
    c.third = small.person("third", Role.TOWNSHIP, "139901300")
    c.line_two = small.person("line.two", Role.LINE, small.COUNTY, line=c.commerce)
    c.county_two = small.person("county.two", Role.COUNTY, small.COUNTY)
    for firm in (c.paper, c.brick, c.mall):
        small.union(firm)
        by = {c.paper: c.zhao_qiang, c.brick: c.gao_yuan, c.mall: c.zhou_tao}[firm]
        propose(firm, "organise_mass", by=by, on=c.today, reason="Union.")
    say(at_hand(own_branch), D.ASK, c.wang_fang, "What does the firm say?", c.wu_laoban)
    comments.lend(at_hand(own_branch), by=c.wu_laoban, to=c.li_ming, wish="Ask.", at=timezone.now())
    for who, to in (
        (c.wang_fang, c.he_jun), (c.he_jun, c.third), (c.chen_jing, c.line_two),
        (c.zhou_tao, c.county_two), (c.li_ming, c.zhao_qiang),
    ):  # fmt: skip
        leave(c, who, to)
    return c


def test_who_is_told_is_who_may_see_also_when_people_stand_in_and_lend(away, own_branch):
    task = at_hand(own_branch).pk
    told = told_as_seen()
    standing = {away.he_jun.pk, away.third.pk, away.zhao_qiang.pk}
    assert standing | {away.wu_laoban.pk} <= told[task]
    User.objects.filter(pk=away.he_jun.pk).update(is_active=False)  # the chain is broken
    assert not {away.he_jun.pk, away.third.pk} & told_as_seen()[task]


@pytest.mark.parametrize(
    "moved",
    [
        ("he_jun", {"role": Role.COUNTY, "area": small.COUNTY}),
        ("he_jun", {"area": small.AWAY_TOWN}),
        ("wang_fang", {"area": small.AWAY_TOWN}),
        ("third", {"area": small.AWAY_TOWN}),
        ("wang_fang", {"is_active": False}),
        ("third", {"is_active": False}),
        ("line_two", {"line": "another"}),
        ("wu_laoban", {"is_active": False}),
        ("li_ming", {"is_active": False}),
        ("zhao_qiang", {"role": Role.CONTACT}),
    ],
)
def test_whoever_moves_is_told_what_they_see_from_then_on(away, moved):
    name, place = moved
    before = told_as_seen()
    if "line" in place:
        place = {"line": LineDepartment.objects.create(county=small.COUNTY, name="Bureau of tea")}
    User.objects.filter(pk=getattr(away, name).pk).update(**place)
    assert told_as_seen() != before


def test_a_leave_that_is_over_or_not_yet_begun_lets_nobody_hear(away):
    """Nor one that was taken back."""
    before = told_as_seen()
    yesterday, tomorrow = away.today - timedelta(days=1), away.today + timedelta(days=1)
    for change in ({"since": tomorrow}, {"since": yesterday, "until": yesterday}, {"taken_back": True}):
        with transaction.atomic():
            Leave.objects.update(**change)
            assert told_as_seen() != before
            assert stand_ins([away.wang_fang.pk]) == {}
            transaction.set_rollback(True)
    assert stand_ins([away.wang_fang.pk]) == {away.wang_fang.pk: {away.he_jun.pk, away.third.pk}}


def test_it_takes_as_many_statements_for_many_people_on_leave_as_for_one(
    away, django_assert_num_queries
):
    tasks = list(Task.objects.human().values_list("pk", flat=True))
    with django_assert_num_queries(5):  # tasks, guides, people; leaves of theirs, and of the third
        who_may_see(tasks)


def test_who_stands_in_is_told_that_something_left_as_the_absent_person_is(county):
    small.union(county.tea)
    asked = propose(county.tea, "organise_mass", by=county.zhou_tao, on=county.today, reason="U")
    task = verbs.claim(at_hand(asked), by=county.wang_fang)
    lent = handing.delegate(task, by=county.wang_fang, to=county.li_ming, wish="Look.")
    deliver()
    leave(county, county.li_ming, county.zhao_qiang)
    deliver()
    assert heard(county.zhao_qiang) == [("leave", None)]
    small.assign_away(county.tea, county.guide_gao)
    handing.give_back(lent, by=county.li_ming)
    deliver()
    assert heard(county.zhao_qiang)[1:] == [("gone", None)] == heard(county.li_ming)[-1:]


def test_a_leave_that_is_recorded_or_ends_is_said_to_those_it_changes_something_for(county):
    third = small.person("third", Role.TOWNSHIP, "139901300")
    chain = leave(county, county.he_jun, third)
    deliver()
    assert heard(county.he_jun) == heard(third) == [("leave", None)]
    first = leave(county, county.wang_fang, county.he_jun)
    deliver()
    assert heard(county.wang_fang) == [("leave", None)]
    assert heard(county.he_jun) == heard(third) == [("leave", None)] * 2  # at second hand, too
    end_leave(first, by=county.wang_fang, on=county.today)
    end_leave(chain, by=county.he_jun, on=county.today)
    deliver()
    assert len(heard(county.wang_fang)) == 2
    assert not heard(county.zhou_tao)
    with pytest.raises(Refused):
        leave(county, county.wang_fang, county.zhou_tao)
    assert not Outbox.objects.exists()


# ── being told ─────────────────────────────────────────────────────────────────────────────────
def note_to(county, person) -> None:
    with acting():
        event = record("task.nudged", by=county.li_ming, firm=county.tea, task="review")
        tell(event, people=[person.pk])


def test_who_is_told_of_what_they_do_not_see_hears_that_there_is_a_notice(county, own_branch):
    with acting():
        verbs.claim(at_hand(own_branch), by=county.wang_fang)
        note_to(county, county.gao_yuan)
        note_to(county, county.zhou_tao)
    assert Outbox.objects.count() == 2  # of the proposal, and of this act
    deliver()
    assert heard(county.gao_yuan) == [("notice", None)]
    assert ("notice", None) not in heard(county.zhou_tao)  # their page fetches what it heard of
    assert not heard(county.zhao_qiang)


def test_a_notice_without_a_task_is_said_and_one_of_a_failed_act_is_not(county):
    note_to(county, county.gao_yuan)
    with acting():
        with pytest.raises(RuntimeError), transaction.atomic(), acting():
            note_to(county, county.zhao_qiang)
            raise RuntimeError("something later fails")
        note_to(county, county.he_jun)
    deliver()
    for told in (county.gao_yuan, county.he_jun):
        assert heard(told) == [("notice", None)]
    assert not heard(county.zhao_qiang)


def test_telling_nobody_writes_nothing_to_be_said(county):
    note_to(county, county.li_ming)  # who did it themselves
    assert not Notice.objects.exists()
    assert not Outbox.objects.exists()


def test_a_notice_costs_an_act_on_a_task_no_statement(county, own_branch):
    with CaptureQueriesContext(connection) as seen:
        say(at_hand(own_branch), D.APPROVE, county.wang_fang)
    assert Notice.objects.exists()
    assert len([one for one in seen if "workflows_outbox" in one["sql"]]) == 1


def test_acts_of_which_nobody_hears_do_not_stop_the_delivery(county, own_branch, monkeypatch):
    monkeypatch.setattr(delivery, "BATCH", 2)
    deliver()
    for _n in range(5):
        outbox.say("job", to=[999_999], ref=1)
    outbox.say("job", to=[county.gao_yuan.pk], ref=2)
    assert list(deliver()) == [county.gao_yuan.pk]
    assert not Outbox.objects.exists()


# ── the sockets ────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def live(county, inline, monkeypatch):
    monkeypatch.setattr(hub, "LOOK", 0.02)
    small.union(county.tea)
    asked = propose(county.tea, "organise_mass", by=county.li_ming, on=county.today, reason="U.")
    county.task = verbs.claim(at_hand(asked), by=county.wang_fang)
    return county


@pytest.mark.django_db(transaction=True)
def test_a_substitute_opens_a_task_as_long_as_the_leave_lasts(live):
    """The socket lives longer than the leave: who they are is read anew each time."""
    substitute, other = Ear(live.he_jun), Ear(live.zhou_tao)
    there = {"present": live.task.pk, "who": ["He Jun"], "writing": None}

    async def test():
        for ear in (substitute, other):
            await ear.begin()
        await other.say({"open": live.task.pk})
        await substitute.say({"open": live.task.pk})  # before the leave: nothing
        assert not await substitute.all() + await other.all()
        mine = await sync_to_async(leave)(live, live.wang_fang, live.he_jun)
        assert [word["what"] for word in await substitute.all()] == ["leave"]
        await substitute.say({"open": live.task.pk})
        assert await other.hear() == there
        assert (await substitute.hear())["who"] == ["Zhou Tao"]
        await sync_to_async(end_leave)(mine, by=live.wang_fang, on=live.today)
        assert (await other.hear())["who"] == []  # the next check throws the substitute out
        await substitute.say({"open": live.task.pk})
        assert [word["what"] for word in await substitute.all()] == ["leave"]
        assert await other.all() == []
        for ear in (substitute, other):
            await ear.disconnect()

    async_to_sync(test)()


@pytest.mark.django_db(transaction=True)
def test_the_check_leaves_substitutes_and_lenders_where_they_are(live, monkeypatch):
    comments.lend(live.task, by=live.wang_fang, to=live.li_ming, wish="Look.", at=timezone.now())
    User.objects.filter(pk=live.wang_fang.pk).update(area="139901300")  # sees it as its lender only
    live.wang_fang.refresh_from_db()
    leave(live, live.li_ming, live.zhao_qiang)
    ears = [Ear(live.wang_fang), Ear(live.zhao_qiang), Ear(live.li_ming)]
    checks, asked = [], presence.who_may_see
    monkeypatch.setattr(presence, "who_may_see", lambda *tasks: checks.append(1) or asked(*tasks))

    async def test():
        for ear in ears:
            await ear.begin()
            await ear.say({"open": live.task.pk})
        there = hub_here().presence
        await until(lambda: len(there._readers.get(live.task.pk, ())) == 3)
        done = len(checks)
        await until(lambda: len(checks) > done + 2)
        assert len(there._readers[live.task.pk]) == 3
        for ear in ears:
            await ear.disconnect()

    async_to_sync(test)()


def test_who_opens_a_task_while_the_check_asks_stays(monkeypatch):
    there = presence.Presence(post=lambda said: None)
    page = SimpleNamespace(id="a", person=1, name="Wang Fang", put=lambda message: None)
    monkeypatch.setattr(presence, "who_may_see", lambda tasks: there.opened(page, 7) or {})
    async_to_sync(there.check)()
    assert there.open_by(page) == [7]
    monkeypatch.setattr(presence, "who_may_see", lambda tasks: {})
    async_to_sync(there.check)()
    assert there.open_by(page) == []


@pytest.mark.django_db(transaction=True)
def test_a_page_hears_that_there_is_a_notice_and_a_substitute_what_becomes_of_a_task(live):
    told, substitute = Ear(live.gao_yuan), Ear(live.he_jun)
    leave(live, live.wang_fang, live.he_jun)

    async def test():
        number = (await told.begin())["n"]
        await substitute.begin()
        await sync_to_async(note_to)(live, live.gao_yuan)
        assert await told.hear() == {"n": number + 1, "what": "notice"}
        await sync_to_async(handing.release)(live.task, by=live.wang_fang)
        word = await substitute.hear()
        assert (word["what"], word["task"]) == ("released", live.task.pk)
        for ear in (told, substitute):
            await ear.disconnect()

    async_to_sync(test)()


def test_nobody_sees_a_task_that_is_not_there_or_when_their_account_is_closed(county, own_branch):
    task = at_hand(own_branch).pk
    assert socket.sees(county.wang_fang.pk, task)
    assert not socket.sees(county.gao_yuan.pk, task)
    assert not socket.sees(county.wang_fang.pk, 2**63 - 1)
    User.objects.filter(pk=county.wang_fang.pk).update(is_active=False)
    assert not socket.sees(county.wang_fang.pk, task)
