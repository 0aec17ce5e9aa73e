"""One act on many tasks: a result for each, nothing half done, once however often it is sent."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from core.accounts.verbs import Role
from tests import county as small
from workflows.coverage.acts import propose
from workflows.engine.models import Task
from workflows.engine.verbs import claim
from workflows.inbox import bulk
from workflows.inbox.models import BulkRun

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def five(county):
    """Five reviews in the township's queue, one after the other."""
    for n in range(5):
        firm = small.firm(f"Firm {n}")
        small.assign(county.guide_li, firm)
        small.union(firm)
        propose(firm, "organise_mass", by=county.li_ming, on=county.today, reason="It has a union.")
    return list(Task.objects.queue(county.wang_fang).order_by("due_at", "pk"))


def send(browser, act, tasks, query="?from=queue", **given):
    typed = {"key": uuid4(), "act": act, "task": [task.pk for task in tasks], **given}
    return browser.post(f"/tasks/bulk/{query}", typed)


def states(tasks) -> list[str]:
    rows = Task.objects.filter(pk__in=[task.pk for task in tasks]).order_by("pk")
    return list(rows.values_list("status", flat=True))


def test_many_are_approved_with_a_comment_and_each_has_its_row(county, five, signed_in):
    browser = signed_in(county.wang_fang)
    answer = send(browser, "approve", five, comment="Seen on the round.")
    assert states(five) == ["DONE"] * 5
    page = browser.get(answer.url)
    text = page.content.decode()
    assert [row[1] for row in page.context["results"]] == [True] * 5
    assert all(task.firm.name in text for task in five)
    assert 'href="/tasks/queue/"' in text  # back to the list


def test_of_many_with_three_forbidden_the_others_are_done(county, five, signed_in):
    """One was taken, one lies out of reach, one was decided; each says so, the others are done."""
    other = small.person("ren.jie", Role.TOWNSHIP, small.EAST)
    taken, decided = five[1], five[3]
    claim(taken, by=other)
    claim(decided, by=other)
    bulk.ACTS["approve"][1](decided, {}, bulk.Moment(other, county.today, timezone.now()))
    small.union(county.paper)
    asked = propose(county.paper, "organise_mass", by=county.zhao_qiang, on=county.today, reason="Now.")
    foreign = Task.objects.get(process=asked)
    browser = signed_in(county.wang_fang)
    page = browser.get(send(browser, "claim", [*five, foreign]).url)
    said = {task and task.pk: (done, words) for task, done, words in page.context["results"]}
    assert said[taken.pk] == (False, "Ren Jie has this task now.")
    assert not said[decided.pk][0] and "Ren Jie already did this" in said[decided.pk][1]
    assert said[None] == (False, "This task is not within your reach.")
    assert county.paper.name not in page.content.decode()
    assert "3 tasks were left as they were" in page.content.decode()
    for task in (five[0], five[2], five[4]):
        assert Task.objects.get(pk=task.pk).owner == county.wang_fang
    assert Task.objects.get(pk=foreign.pk).owner is None


def test_everything_on_the_page_is_meant_without_a_script(county, five, signed_in):
    browser = signed_in(county.wang_fang)
    here = ",".join(str(task.pk) for task in five[:4])
    send(browser, "claim", [], all="1", here=here)
    assert states(five) == ["ASSIGNED"] * 4 + ["NEW"]


def test_sent_twice_it_is_done_once(county, five, signed_in):
    browser, key = signed_in(county.wang_fang), uuid4()
    typed = {"key": key, "act": "claim", "task": [task.pk for task in five]}
    first = browser.post("/tasks/bulk/?from=queue", typed)
    results = BulkRun.objects.get().results
    second = browser.post("/tasks/bulk/?from=queue", typed | {"act": "release"})
    assert first.url == second.url
    assert BulkRun.objects.get().results == results
    assert states(five) == ["ASSIGNED"] * 5


def test_a_run_that_was_cut_off_goes_on_with_the_rest_only(county, five, signed_in):
    for task in five[:2]:
        claim(task, by=county.wang_fang)
    run = BulkRun.objects.create(
        key=uuid4(), by=county.wang_fang, at=timezone.now(), act="claim",
        tasks=[task.pk for task in five], results=[[task.pk, True, ""] for task in five[:2]],
    )  # fmt: skip
    browser, address = signed_in(county.wang_fang), f"/tasks/bulk/{run.key}/"
    page = browser.get(address).content.decode()
    assert "3 tasks are not reached yet." in page and "Go on with the rest" not in page
    browser.post(address)  # perhaps it is still at work
    sent_again = {"key": run.key, "act": "claim", "task": run.tasks}
    assert browser.post("/tasks/bulk/", sent_again).url.startswith(address)
    assert states(five[2:]) == ["NEW"] * 3
    BulkRun.objects.update(at=timezone.now() - timedelta(minutes=5))
    assert "Go on with the rest" in browser.get(address).content.decode()
    browser.post(address)
    assert states(five) == ["ASSIGNED"] * 5
    assert "not reached yet" not in browser.get(address).content.decode()


@pytest.mark.parametrize(
    ("act", "given", "said"),
    [
        ("hold", {}, "Choose a day after today."),
        ("hold", {"until": "soon"}, "Enter the day as in 2026-11-03."),
        ("", {}, "Choose what is to be done with these tasks."),
        ("explode", {}, "Select a valid choice."),
        ("reassign", {"to": "999999"}, "This person cannot be chosen any more."),
    ],
)
def test_what_cannot_be_done_is_said_on_the_list_with_what_was_ticked_and_typed(
    county, five, signed_in, act, given, said
):
    answer = send(signed_in(county.wang_fang), act, five[:2], **given, comment="Kept.")
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page
    assert f'value="{five[1].pk}" aria-label="Firm 1" checked' in page
    assert f'value="{five[2].pk}" aria-label="Firm 2" checked' not in page
    assert "Kept.</textarea>" in page
    assert not BulkRun.objects.exists() and states(five) == ["NEW"] * 5


def test_nothing_ticked_and_too_much_ticked(county, five, signed_in):
    browser = signed_in(county.wang_fang)
    assert "Tick the tasks first." in send(browser, "claim", []).content.decode()
    typed = {"key": uuid4(), "act": "claim", "task": range(1, bulk.AT_MOST + 2)}
    answer = browser.post("/tasks/bulk/?from=queue", typed)
    assert answer.status_code == 422 and "500 are done at once" in answer.content.decode()


def test_put_off_past_a_deadline_is_refused_for_that_task_only(county, five, signed_in):
    for task in five[:2]:
        claim(task, by=county.wang_fang)
    Task.objects.filter(pk=five[0].pk).update(due_at=timezone.now() + timedelta(days=1))
    until = county.today + timedelta(days=4)
    browser = signed_in(county.wang_fang)
    page = browser.get(send(browser, "hold", five[:2], "?from=mine", until=until.isoformat()).url)
    assert [row[1] for row in page.context["results"]] == [False, True]
    assert "it cannot rest longer than that" in page.content.decode()
    assert Task.objects.get(pk=five[1].pk).held_until == until


def test_a_supervisor_hands_many_on_and_asks_many_to_hurry(county, five, signed_in):
    mate = small.person("ren.jie", Role.TOWNSHIP, small.EAST)
    browser = signed_in(county.wang_fang)
    send(browser, "reassign", five, to=mate.pk)
    assert set(Task.objects.filter(process__finished=None).values_list("owner", flat=True)) == {mate.pk}
    hurry = signed_in(county.li_ming)
    page = hurry.get(send(hurry, "nudge", five, "?from=waiting").url)
    assert [row[1] for row in page.context["results"]] == [True] * 5
    again = hurry.get(send(hurry, "nudge", five[:1], "?from=waiting").url)
    assert "tomorrow" in again.content.decode()


def test_nobody_reads_another_s_run_or_takes_its_key(county, five, signed_in):
    browser, key = signed_in(county.wang_fang), uuid4()
    typed = {"key": key, "act": "claim", "task": [five[0].pk]}
    browser.post("/tasks/bulk/?from=queue", typed)
    stranger = signed_in(county.he_jun)
    assert stranger.get(f"/tasks/bulk/{key}/").status_code == 404
    answer = stranger.post("/tasks/bulk/?from=queue", typed)
    assert answer.status_code == 422 and "Open the list again." in answer.content.decode()
