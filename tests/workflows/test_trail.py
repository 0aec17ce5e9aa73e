"""Who is told what of a task and reads what beside it: calls by @name, wishes, leave, days."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from core.accounts.leave import end_leave, go_on_leave
from core.accounts.models import User
from core.accounts.verbs import Role
from core.audit.record import record
from core.ledger.acts import change
from core.ledger.models import Firm
from tests import county as small
from tests.workflows.talk import D, at_hand, say
from workflows.engine.changes import gathering
from workflows.engine.handing import give_back
from workflows.engine.models import Task
from workflows.engine.pace import hold, nudge
from workflows.engine.verbs import claim
from workflows.followups.acts import open_follow_up
from workflows.inbox import comments
from workflows.inbox.models import Comment
from workflows.notices.kinds import Kind
from workflows.notices.models import Notice
from workflows.notices.tell import tell

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def taken(county, own_branch):
    """The township's review of the tea firm, in Wang Fang's hands."""
    return claim(at_hand(own_branch), by=county.wang_fang)


def on_leave(county, person, substitute, days=3):
    return go_on_leave(
        person, substitute=substitute, since=county.today, until=county.today + timedelta(days=days),
        by=person, on=county.today,
    )  # fmt: skip


def written(task, by, text) -> list[tuple]:
    """A comment; who is told of it, and as what."""
    before = Notice.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    comments.comment(task, by=by, text=text, at=timezone.now())
    return sorted(Notice.objects.filter(pk__gt=before).values_list("to__name", "kind"))


# ── who is called ────────────────────────────────────────────────────────────────────────────────
def test_who_is_called_is_told_as_called_and_the_others_as_ever(county, taken):
    assert written(taken, county.zhou_tao, "Is it so?") == [("Wang Fang", Kind.TASK)]
    assert written(taken, county.li_ming, "@Wang Fang it is.") == [
        ("Wang Fang", Kind.MENTION), ("Zhou Tao", Kind.TASK),
    ]  # fmt: skip
    assert written(taken, county.li_ming, "@Li Ming notes it.") == [
        ("Wang Fang", Kind.TASK), ("Zhou Tao", Kind.TASK),
    ]  # fmt: skip


def test_of_two_with_one_name_both_are_called(county, taken):
    small.person("second.zhou", Role.COUNTY, small.COUNTY, name="Zhou Tao")
    small.person("zhou.tao.tao", Role.COUNTY, small.COUNTY, name="Zhou Taotao")
    called = written(taken, county.wang_fang, "@Zhou Tao: please look.")
    assert called == [("Zhou Tao", Kind.MENTION)] * 2
    assert Comment.objects.get().mentioned.count() == 2
    assert ("Zhou Taotao", Kind.MENTION) in written(taken, county.wang_fang, "@Zhou Taotao: and you.")


def test_nobody_is_told_twice_of_a_comment(county, taken):
    """He Jun stands in for her, and is told once: as called, since she is."""
    on_leave(county, county.wang_fang, county.he_jun)
    told = written(taken, county.li_ming, "@Wang Fang it is.")
    assert told == [("He Jun", Kind.MENTION), ("Wang Fang", Kind.MENTION)]
    told = written(taken, county.li_ming, "@Zhou Tao it is.")
    assert told == [("He Jun", Kind.TASK), ("Wang Fang", Kind.TASK), ("Zhou Tao", Kind.MENTION)]


# ── who is there ─────────────────────────────────────────────────────────────────────────────────
def test_who_stands_in_today_hears_it_too(county, taken):
    nudge(taken, by=county.li_ming, at=timezone.now())
    asked = Notice.objects.filter(event__code="task.nudged")
    assert [notice.to for notice in asked] == [county.wang_fang]
    leave = on_leave(county, county.wang_fang, county.he_jun)

    def told() -> list:
        event = record("request.returned", by=None, firm=county.tea, move="stand_alone")
        tell(event, people=[county.wang_fang.pk])
        return list(Notice.objects.filter(event=event).order_by("to").values_list("to", flat=True))

    both = sorted([county.wang_fang.pk, county.he_jun.pk])
    assert told() == both
    end_leave(leave, by=county.wang_fang, on=county.today)
    assert told() == [county.wang_fang.pk]
    on_leave(county, county.wang_fang, county.he_jun)
    assert told() == both
    User.objects.filter(pk=county.he_jun.pk).update(role=Role.COUNTY)  # powers end with the role
    assert told() == [county.wang_fang.pk]


def test_who_stands_in_and_did_it_knows(county, taken):
    on_leave(county, county.wang_fang, county.he_jun)
    event = record("request.returned", by=county.he_jun, firm=county.tea, move="stand_alone")
    tell(event, people=[county.wang_fang.pk])
    assert [notice.to for notice in Notice.objects.filter(event=event)] == [county.wang_fang]


def test_substitutes_cost_no_statement_and_nobody_named_is_nobody_told(
    county, taken, django_assert_num_queries
):
    on_leave(county, county.wang_fang, county.he_jun)
    event = record("request.returned", by=None, firm=county.tea, move="stand_alone")
    told = Notice.objects.filter(event=event)
    tell(event)
    assert not told.exists()
    with gathering(), django_assert_num_queries(1):
        tell(event, people=[county.li_ming.pk], area=small.EAST, levels=[Role.TOWNSHIP])
    assert set(told.values_list("to__name", flat=True)) >= {"Li Ming", "Wang Fang", "He Jun"}
    assert told.count() == told.values("to").distinct().count()


# ── what a helper is asked for ───────────────────────────────────────────────────────────────────
def test_a_helper_reads_the_wish_also_one_who_reads_no_comment(county, taken, signed_in):
    for helper in (county.wu_laoban, county.li_ming):
        wish = f"Count the chairs, {helper.name}."
        comments.comment(taken, by=county.wang_fang, text="Between us.", at=timezone.now())
        comments.lend(taken, by=county.wang_fang, to=helper, wish=wish, at=timezone.now())
        comments.comment(taken, by=county.wang_fang, text="And the tables.", at=timezone.now())
        answer = signed_in(helper).get(f"/tasks/{taken.pk}/")
        assert answer.context["asks"] == wish
        page = answer.content.decode()
        assert page.count(f'<dd class="said">{wish}</dd>') == 1
        assert ("Between us." in page) == helper.may("read_record")
        assert signed_in(county.wang_fang).get(f"/tasks/{taken.pk}/").context["asks"] != wish
        give_back(Task.objects.get(pk=taken.pk), by=helper)
        assert signed_in(helper).get(f"/tasks/{taken.pk}/").status_code in (200, 404)
        assert not Comment.objects.wished_of(helper).exists()


def test_who_lost_the_firm_reads_no_later_comment(county, taken, signed_in):
    say(taken, D.APPROVE, county.wang_fang)
    comments.comment(taken, by=county.wang_fang, text="As long as I see it.", at=timezone.now())
    browser = signed_in(county.wang_fang)
    assert "As long as I see it." in browser.get(f"/tasks/{taken.pk}/").content.decode()
    assert "1 comment" in browser.get("/tasks/done/").content.decode()
    firm = Firm.objects.get(pk=county.tea.pk)
    change(firm, by=county.zhou_tao, on=county.today, version=firm.version, area=small.WEST)
    comments.comment(
        at_hand(taken.process), by=county.he_jun, text="Among us of West.", at=timezone.now()
    )
    page = browser.get(f"/tasks/{taken.pk}/")
    assert page.status_code == 200
    assert not page.context["thread"]
    assert "Among us of West." not in page.content.decode()
    rows = browser.get("/tasks/done/").context["rows"]
    assert [row["task"].pk for row in rows] == [taken.pk]
    assert not [said for _colour, said in rows[0]["marks"] if "comment" in said]


# ── when it is there again ───────────────────────────────────────────────────────────────────────
def test_a_task_whose_day_has_come_is_not_put_off_any_more(county, taken, signed_in):
    browser, address = signed_in(county.wang_fang), f"/tasks/{taken.pk}/"
    hold(taken, by=county.wang_fang, until=county.today + timedelta(days=2), on=county.today)
    page = browser.get(address)
    assert {"resume", "hold"} & page.context["can"] == {"resume"}
    assert "It is put off until" in page.content.decode()
    for days in (0, 1):
        Task.objects.filter(pk=taken.pk).update(held_until=county.today - timedelta(days=days))
        page = browser.get(address)
        assert {"resume", "hold"} & page.context["can"] == {"hold"}
        assert "It is put off until" not in page.content.decode()
    again = county.today + timedelta(days=1)
    hold(Task.objects.get(pk=taken.pk), by=county.wang_fang, until=again, on=county.today)
    assert f"It is put off until {date_format(again)}." in browser.get(address).content.decode()


def test_a_follow_up_says_once_why_it_is_here(county, signed_in):
    process = open_follow_up(county.tea, "contact_due", last_visit="", days=31)
    task = Task.objects.human().open().get(process=process)
    page = signed_in(county.li_ming).get(f"/tasks/{task.pk}/").content.decode()
    assert page.count("No visit on site is on record yet.") == 1
