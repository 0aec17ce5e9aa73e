"""The lists of the inbox as people open them: who finds what, filters, pages, what they cost."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from viewflow.workflow.status import STATUS

from core.accounts.leave import go_on_leave
from core.accounts.models import LineDepartment
from core.accounts.verbs import Role
from tests import county as small
from tests.workflows.talk import at_hand
from workflows.coverage.acts import propose
from workflows.engine.models import Process, Task
from workflows.engine.pace import hold
from workflows.engine.verbs import claim
from workflows.followups.acts import open_follow_up
from workflows.inbox import lists, saved
from workflows.inbox.lists import PAGE, Filters
from workflows.inbox.models import SavedFilter

pytestmark = pytest.mark.usefixtures("english")


def many(county, number, *, firm=None, step=None, owner=None, days=0):
    """Reviews that wait in the township; each due an hour after the one before, two at a time."""
    firm = firm or county.tea
    asked = Process.objects.filter(firm=firm).first() or asked_for(county, firm)
    like = Task.objects.human().filter(process_id=asked.pk).first()
    start = timezone.now() + timedelta(days=3 + days)
    return [
        Task.objects.create(
            process_id=asked.pk, flow_task=step or like.flow_task, token=like.token, owner=owner,
            owner_permission=like.owner_permission, due_at=start + timedelta(hours=n // 2),
            status=STATUS.ASSIGNED if owner else STATUS.NEW,
        )
        for n in range(number)
    ]  # fmt: skip


def asked_for(county, firm, by=None):
    small.union(firm)
    return propose(
        firm, "organise_mass", by=by or county.li_ming, on=county.today, reason="It has a union."
    )


def shown(answer) -> list[int]:
    return [row["task"].pk for row in answer.context["rows"]]


def walk(browser, address) -> tuple[list[int], list[int]]:
    """All rows of a list by its pages forwards, and again backwards from the last page."""
    answer, there = browser.get(address), []
    while True:
        there += shown(answer)
        after = answer.context["shown"].after
        if after is None:
            break
        answer = browser.get(address, {"after": after})
    back = shown(answer)
    while before := answer.context["shown"].before:
        answer = browser.get(address, {"before": before})
        back = shown(answer) + back
    return there, back


def test_pages_of_merged_parts_show_every_row_once_in_both_directions(county, signed_in):
    """The county's queue has two parts: its own decisions, and what was passed up overdue."""
    late = many(county, PAGE + 7)
    Task.objects.filter(pk__in=[t.pk for t in late]).update(escalated_at=timezone.now())
    for task in many(county, PAGE, days=1):
        Task.objects.filter(pk=task.pk).update(owner_permission="desk.decide_county")
    assert len(lists.queue(county.zhou_tao)) == 2
    there, back = walk(signed_in(county.zhou_tao), "/tasks/queue/")
    wanted = list(
        Task.objects.queue(county.zhou_tao).order_by("due_at", "pk").values_list("pk", flat=True)
    )
    assert len(wanted) == 2 * PAGE + 7
    assert there == wanted
    assert back == wanted


def test_a_substitute_finds_both_queues_and_no_row_twice(county, signed_in):
    other = small.person("ren.jie", Role.TOWNSHIP, small.EAST)
    go_on_leave(county.wang_fang, substitute=other, since=county.today, until=county.today,
                by=county.wang_fang, on=county.today)  # fmt: skip
    many(county, PAGE + 3)
    other.refresh_from_db()
    there, back = walk(signed_in(other), "/tasks/queue/")
    assert there == back and len(there) == len(set(there)) == PAGE + 4  # and the proposal itself


def test_filters_by_firm_kind_township_and_overdue(county, signed_in):
    asked_for(county, county.tea)
    asked_for(county, county.paper, by=county.zhao_qiang)
    follow = open_follow_up(county.tea, "contact_due")
    Task.objects.update(escalated_at=timezone.now())
    late = Task.objects.get(process=follow)
    Task.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(days=1))
    browser = signed_in(county.zhou_tao)

    def firms(**given):
        rows = browser.get("/tasks/queue/", given).context["rows"]
        return sorted(row["task"].firm.name for row in rows)

    assert firms() == ["East Hill Tea", "East Hill Tea", "West Paper"]
    assert firms(q="paper") == ["West Paper"]
    assert firms(q=county.paper.credit_code) == ["West Paper"]
    assert firms(area=small.EAST) == ["East Hill Tea"] * 2
    assert firms(step="look_into") == ["East Hill Tea"]
    assert firms(late="1") == ["East Hill Tea"]
    assert firms(area=small.EAST, step="township_review") == ["East Hill Tea"]
    assert firms(q="nothing like it") == []
    page = browser.get("/tasks/queue/", {"q": "nothing like it"}).content.decode()
    assert "No task fits these filters." in page


def test_who_waits_longest_comes_first_when_asked(county, signed_in):
    first, second = many(county, 2)
    Task.objects.filter(pk=second.pk).update(created=timezone.now() - timedelta(days=9))
    browser = signed_in(county.wang_fang)
    assert shown(browser.get("/tasks/queue/")).index(first.pk) == 0
    answer = browser.get("/tasks/queue/", {"sort": "waiting"})
    assert shown(answer)[0] == second.pk
    assert "9 days" in answer.content.decode()


def test_rows_say_what_is_special(county, own_branch, signed_in):
    task = claim(at_hand(own_branch), by=county.wang_fang)
    hold(task, by=county.wang_fang, until=county.today + timedelta(days=2), on=county.today)
    browser = signed_in(county.wang_fang)
    assert task.pk not in shown(browser.get("/tasks/"))
    page = browser.get("/tasks/put-off/")
    assert shown(page) == [task.pk]
    assert "put off until" in page.content.decode()
    waits = signed_in(county.li_ming).get("/tasks/waiting/")
    assert shown(waits) == [task.pk] and waits.context["rows"][0]["who"] == "Wang Fang"


def test_each_list_that_is_empty_says_so(county, signed_in):
    browser = signed_in(county.wang_fang)
    for address, said in {
        "/tasks/": "Nothing waits for you.", "/tasks/queue/": "The queue is empty.",
        "/tasks/put-off/": "You have put nothing off.", "/tasks/waiting/": "You wait for nobody.",
        "/tasks/done/": "Nothing done yet.", "/tasks/left-behind/": "No task lies with somebody",
    }.items():  # fmt: skip
        assert said in browser.get(address).content.decode()


@pytest.mark.parametrize("who", ["li_ming", "wang_fang", "chen_jing", "zhou_tao"])
def test_what_a_page_of_forty_rows_costs(county, signed_in, django_assert_max_num_queries, who):
    """At most 12 statements and 60 KB, whatever the list and the filters; one more on one's own list,
    which says what waits besides."""
    user = getattr(county, who)
    many(county, PAGE + 2)
    many(county, PAGE + 2, owner=user)
    Task.objects.filter(owner=None).update(escalated_at=timezone.now(), line=county.commerce)
    for n in range(30):
        LineDepartment.objects.create(county=small.COUNTY, name=f"Bureau {n}")
    browser = signed_in(user)
    for which in ("", "queue/", "put-off/", "waiting/", "done/", "left-behind/"):
        if who == "li_ming" and which == "left-behind/":
            continue
        for given in ({}, {"sort": "waiting", "q": "tea", "late": "1", "area": small.EAST}):
            with django_assert_max_num_queries(12 if which else 13):
                page = browser.get(f"/tasks/{which}", given)
            assert page.status_code == 200
            assert len(page.content) < 60_000, f"{which}: {len(page.content)}"
    full = browser.get("/tasks/")
    assert len(full.context["rows"]) == PAGE
    with django_assert_max_num_queries(12):
        browser.get("/tasks/", {"after": full.context["shown"].after})


# ── filters that are kept ────────────────────────────────────────────────────────────────────────
def keep(browser, address="?from=queue&late=1", **given):
    return browser.post(f"/tasks/filters/{address}", {"key": uuid4(), **given})


def test_a_kept_filter_is_seen_by_its_office_only(county, signed_in):
    mate = small.person("ren.jie", Role.TOWNSHIP, small.EAST)
    keep(signed_in(county.wang_fang), name="Late ones", shared="on")
    keep(signed_in(county.wang_fang), name="For me", address="?from=mine&q=tea")
    assert SavedFilter.objects.get(name="Late ones").query == "late=1"

    def seen(user):
        return [one.name for one in signed_in(user).get("/tasks/").context["saved"]]

    assert seen(county.wang_fang) == ["For me", "Late ones"]
    assert seen(mate) == ["Late ones"]
    for stranger in (county.he_jun, county.zhou_tao, county.li_ming):
        assert seen(stranger) == []
    page = signed_in(mate).get("/tasks/").content.decode()
    assert 'href="/tasks/queue/?late=1"' in page and "kept by Wang Fang" in page


def test_only_the_owner_removes_a_kept_filter(county, signed_in):
    mate = small.person("ren.jie", Role.TOWNSHIP, small.EAST)
    keep(signed_in(county.wang_fang), name="Late ones", shared="on")
    one = SavedFilter.objects.get()
    answer = signed_in(mate).post(f"/tasks/filters/{one.pk}/remove/", follow=True)
    assert "only they can remove it" in answer.content.decode()
    assert SavedFilter.objects.exists()
    signed_in(county.wang_fang).post(f"/tasks/filters/{one.pk}/remove/")
    assert not SavedFilter.objects.exists()


def test_a_filter_that_cannot_be_kept_says_why_and_keeps_what_was_typed(county, signed_in):
    browser = signed_in(county.wang_fang)
    for n in range(saved.AT_MOST):
        saved.keep(county.wang_fang, name=f"F{n}", which="mine", filters=Filters(), shared=False)
    answer = keep(browser, name="One more")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "You keep 30 filters already." in page and 'value="One more"' in page
    long = keep(browser, address=f"?from=mine&q={'茶' * 64}", name="F1")
    assert "too long to be kept" in long.content.decode()
