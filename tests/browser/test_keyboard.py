"""The keys of the inbox: they go where the sheet says, and never while somebody writes."""

import pytest

from tests import county as small
from workflows.coverage.acts import propose
from workflows.engine.models import Task
from workflows.engine.verbs import claim
from workflows.followups.acts import open_follow_up
from workflows.inbox.models import BulkRun

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def queue(county):
    for n in range(3):
        firm = small.firm(f"企业{n}号")
        small.assign(county.guide_li, firm)
        small.union(firm)
        propose(firm, "organise_mass", by=county.li_ming, on=county.today, reason="已有工会。")
    return list(Task.objects.queue(county.wang_fang).order_by("due_at", "pk"))


def focused(page) -> str:
    return page.evaluate("document.activeElement.getAttribute('href') || document.activeElement.name")


def test_through_a_list_and_into_a_task(county, queue, window):
    page = window(county.wang_fang).page
    page.goto("/tasks/queue/")
    page.keyboard.press("j")
    assert focused(page) == f"/tasks/{queue[0].pk}/?from=queue"
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert focused(page) == f"/tasks/{queue[1].pk}/?from=queue"
    page.keyboard.press("x")
    assert page.is_checked(f"[name=task][value='{queue[1].pk}']")
    assert page.is_visible(".bar")
    page.keyboard.press("x")
    assert not page.is_visible(".bar")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/tasks/{queue[1].pk}/?from=queue")
    page.keyboard.press("a")
    assert page.is_checked("[name=decision][value=approve]")
    assert focused(page) == "comment"
    page.keyboard.type("jrax?")
    assert page.input_value("#answer textarea") == "jrax?"
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("r")
    assert page.is_checked("[name=decision][value=return]")


def test_many_are_approved_by_keys_and_the_result_is_shown(county, queue, window):
    desk = window(county.wang_fang)
    page = desk.page
    page.goto("/tasks/queue/")
    page.check("thead [name=all]")
    assert page.locator("[name=task]:checked").count() == 3
    page.keyboard.press("a")
    page.keyboard.type("同意。")
    page.click(".bar [open] button[value=approve]")
    page.wait_for_url("**/tasks/bulk/**")
    desk.look()
    assert BulkRun.objects.get().done == 3
    assert Task.objects.filter(pk__in=[t.pk for t in queue], status="DONE").count() == 3


def test_a_key_in_a_list_gives_back_and_puts_off_the_task_in_focus(county, queue, window):
    for task in queue[:2]:
        claim(task, by=county.wang_fang)
    page = window(county.wang_fang).page
    page.goto("/tasks/")
    page.keyboard.press("j")
    page.keyboard.press("h")
    assert focused(page) == "until" and page.is_checked(f"[name=task][value='{queue[0].pk}']")
    page.goto("/tasks/")
    page.keyboard.press("j")
    page.keyboard.press("r")
    page.wait_for_url("**/tasks/bulk/**")
    assert Task.objects.get(pk=queue[0].pk).owner is None
    assert Task.objects.get(pk=queue[1].pk).owner == county.wang_fang


def test_enter_on_a_tick_sends_nothing(county, queue, window):
    page = window(county.wang_fang).page
    page.goto("/tasks/queue/")
    page.check("thead [name=all]")
    page.focus(f"[name=task][value='{queue[0].pk}']")
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert page.url.endswith("/tasks/queue/") and not BulkRun.objects.exists()


def test_search_the_sheet_and_the_other_lists(county, queue, window):
    desk = window(county.wang_fang)
    page = desk.page
    page.goto("/tasks/queue/")
    page.keyboard.press("/")
    assert focused(page) == "q" and page.input_value("#q") == ""
    page.keyboard.type("gt?")  # writing, not going
    assert page.input_value("#q") == "gt?" and not page.is_visible("#keys")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    assert page.is_visible("#keys")
    desk.look()
    page.keyboard.press("j")  # the sheet is read, nothing moves behind it
    page.keyboard.press("Escape")
    assert not page.is_visible("#keys")
    page.click("[data-keys]")
    assert page.is_visible("#keys")
    page.click("#keys button")
    page.keyboard.press("g")
    page.keyboard.press("p")
    page.wait_for_url("**/tasks/put-off/")


@pytest.mark.parametrize("given", ["{isComposing: true}", "{ctrlKey: true}", "{altKey: true}",
                                   "{metaKey: true}", "{keyCode: 229}"])  # fmt: skip
def test_no_key_while_an_input_method_composes_or_with_a_modifier(county, queue, window, given):
    page = window(county.wang_fang).page
    page.goto("/tasks/queue/")
    before = focused(page)
    page.evaluate(f"""document.body.dispatchEvent(new KeyboardEvent("keydown",
        {{key: "j", bubbles: true, ...{given}}}))""")
    assert focused(page) == before
    page.evaluate(
        """document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "j", bubbles: true}))"""
    )
    assert focused(page) == f"/tasks/{queue[0].pk}/?from=queue"


def test_a_follow_up_is_answered_by_the_key_too_and_a_name_is_put_where_one_writes(
    county, window, queue
):
    task = Task.objects.get(process=open_follow_up(county.tea, "contact_due", whose=county.li_ming))
    page = window(county.li_ming).page
    page.goto(f"/tasks/{task.pk}/")
    page.keyboard.press("a")
    assert focused(page) == "note"
    page.fill("#comment_text", "请看一下")
    page.click("[data-mention='Wang Fang']")
    assert page.input_value("#comment_text") == "请看一下 @Wang Fang "


def test_what_is_written_in_another_form_is_not_lost_unasked(county, queue, window):
    page = window(county.wang_fang).page
    page.goto(f"/tasks/{queue[0].pk}/")
    page.fill("#answer textarea", "写了一半")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.fill("#comment_text", "留言")
    page.click("#comments .button")
    page.wait_for_timeout(300)
    assert len(asked) == 1
    assert page.input_value("#answer textarea") == "写了一半"
    assert not Task.objects.get(pk=queue[0].pk).comments.exists()
