"""Two windows on a desk with sockets: what one does, the other sees without loading its page."""

import time

import pytest
from django.contrib.sessions.models import Session

from tests import county as small
from tests.workflows.talk import D, at_hand, say
from workflows.coverage.acts import propose
from workflows.engine import verbs

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OPEN = "window.__live = new Promise((done) => document.addEventListener('live:said', done))"


@pytest.fixture
def window(window):
    """As everywhere; its pages tell when their socket was answered."""
    return lambda user, size="desk", script="": window(user, size, script=f"{OPEN};{script}")


@pytest.fixture
def review(county):
    """A township's review lies in the queue; a second reviewer is there."""
    small.union(county.tea)
    county.liu_yan = small.person("liu.yan", "township", small.EAST, name="Liu Yan")
    asked = propose(county.tea, "organise_mass", by=county.li_ming, on=county.today, reason="Union.")
    return at_hand(asked)


def heard(window) -> None:
    """Wait until the page's socket was answered."""
    window.page.evaluate("window.__live")


def until(page, script) -> None:
    """Wait until a script says true; our policy forbids what Playwright would do for that."""
    deadline = time.monotonic() + 20
    while not page.evaluate(script):
        assert time.monotonic() < deadline, script
        time.sleep(0.05)


def open_live(window, path):
    window.open(path)
    heard(window)
    window.page.evaluate("window.__stays = true")
    return window.page


def test_what_one_takes_leaves_the_others_queue(county, review, window):
    one, two = window(county.wang_fang), window(county.liu_yan)
    seen = open_live(two, "/tasks/queue/")
    assert seen.locator("#list tbody tr").count() == 1
    one.open(f"/tasks/{review.pk}/")
    one.page.locator(f"form[action='/tasks/{review.pk}/claim/'] button").click()
    seen.wait_for_selector("#list p.empty")
    until(seen, "document.querySelector('[data-count=queue]').hidden")
    assert seen.evaluate("window.__stays")  # the page was never loaded anew
    two.look()


def test_who_has_the_task_open_is_shown_before_anything_is_written(county, review, window):
    one, two = window(county.wang_fang), window(county.liu_yan)
    first = open_live(one, f"/tasks/{review.pk}/")
    second = open_live(two, f"/tasks/{review.pk}/")
    second.wait_for_selector("#live:has-text('Wang Fang')")
    first.wait_for_selector("#live:has-text('Liu Yan')")
    two.look()
    first.fill("textarea[name=comment]", "情况")
    second.wait_for_selector("#live:has-text('正在')")
    one.open("/tasks/")
    second.wait_for_selector("#live", state="hidden")


def test_a_page_whose_socket_is_quicker_than_its_scripts_is_seen_too(county, review, window):
    one, two = window(county.wang_fang), window(county.liu_yan)

    def late(route):
        heard(one)
        route.continue_()

    one.page.route("**/live-task*.js", late)
    one.open(f"/tasks/{review.pk}/")
    open_live(two, f"/tasks/{review.pk}/").wait_for_selector("#live:has-text('Wang Fang')")


def test_who_writes_is_told_and_keeps_what_was_written(county, review, window):
    two = window(county.liu_yan)
    page = open_live(two, f"/tasks/{review.pk}/")
    page.check("input[name=decision][value=reject]")
    page.fill("textarea[name=comment]", "还没有成立工会。")
    say(review, D.APPROVE, county.wang_fang, "Agreed.")
    page.wait_for_selector("#live:has-text('Wang Fang')")
    assert page.input_value("textarea[name=comment]") == "还没有成立工会。"
    assert page.is_checked("input[name=decision][value=reject]")
    assert page.evaluate("window.__stays")
    two.look()
    page.click("#live a")
    page.wait_for_load_state()
    assert page.locator("textarea[name=comment]").count() == 0  # the page as it is now


def test_the_title_and_the_bell_count_on_a_page_without_parts(county, review, window):
    one = window(county.wang_fang)
    page = open_live(one, "/rulebook/")
    assert not page.title().startswith("(")
    verbs.claim(review, by=county.wang_fang)
    until(page, "document.title.startsWith('(1) ')")
    assert page.locator(".side [data-count=mine]").inner_text().startswith("1")
    assert page.evaluate("window.__stays")


@pytest.mark.parametrize(
    "script",
    ["delete window.WebSocket", "window.WebSocket = class { constructor() { setTimeout(() => "
     "this.onclose({}), 5) } close() {} send() {} }"],
    ids=["none", "blocked"],
)  # fmt: skip
def test_where_no_socket_opens_the_page_asks_now_and_then(county, review, window, script):
    one = window(county.wang_fang, script=script)
    one.page.clock.install()
    one.open("/tasks/queue/")
    one.page.evaluate("window.__stays = true")
    one.page.clock.run_for(3000)
    until(one.page, f"sessionStorage.getItem('live-{county.wang_fang.pk}') !== null")
    verbs.claim(review, by=county.liu_yan)
    one.page.clock.run_for(25000)
    one.page.wait_for_selector("#list p.empty", state="attached")
    assert one.page.evaluate("window.__stays")
    assert one.page.is_hidden("#live")  # it works: nothing to worry anybody with


def test_a_restart_of_the_server_loses_nothing(county, review, window, desk):
    two = window(county.liu_yan)
    page = open_live(two, "/tasks/queue/")
    desk.stop()
    page.wait_for_selector("#live:has-text('中断')", timeout=20_000)
    verbs.claim(review, by=county.wang_fang)
    desk.start()
    page.wait_for_selector("#list p.empty", timeout=20_000)
    page.wait_for_selector("#live", state="hidden")
    assert page.evaluate("window.__stays")


def test_who_is_signed_out_elsewhere_is_told_and_asks_no_more(county, review, window):
    one = window(county.wang_fang)
    page = open_live(one, "/tasks/queue/")
    one.context.request.get("/tasks/")  # the same session, as in another window
    Session.objects.all().delete()
    county.wang_fang.save()  # what changes a person is asked about at once
    page.wait_for_selector("#live:has-text('登录')", timeout=20_000)
    verbs.claim(review, by=county.liu_yan)
    assert page.locator("#list tbody tr").count() == 1  # nothing more comes


SWAP = """(html) => {
    const part = document.createElement('div');
    part.id = 'part'; part.dataset.live = 'tasks'; part.innerHTML = html;
    document.querySelector('#list').replaceWith(part);
}"""
ROWS = "".join(
    f"<tr><td><input type=checkbox name=task value={n} id=id_{i}><a href=/tasks/{n}/>T{n}</a></td></tr>"
    for i, n in enumerate((7, 8, 9))
)


def test_ticks_focus_and_typed_text_outlive_a_fetch(county, review, window):
    """A list that a later room shows: rows to tick, and a box to write in."""
    one = window(county.liu_yan)
    page = open_live(one, "/tasks/queue/")
    table, less = f"<table><tbody>{ROWS}</tbody></table>", ROWS.replace(ROWS[: len(ROWS) // 3], "")
    fresh = f"<table><tbody>{less.replace('id_1', 'id_0').replace('id_2', 'id_1')}</tbody></table>"
    page.route(
        "**/tasks/queue/",
        lambda route: route.fulfill(
            content_type="text/html",
            body=f'<meta charset=utf-8><div id="part" data-live="tasks">{fresh}</div>'
            '<div id="note" data-live="tasks"><textarea name="note"></textarea></div>',
        ) if route.request.headers.get("x-live") else route.continue_(),
    )  # fmt: skip
    page.evaluate(SWAP, table)
    page.evaluate(
        "document.querySelector('#part').insertAdjacentHTML('afterend',"
        "'<div id=note data-live=tasks><textarea name=note></textarea></div>')"
    )
    page.check("input[value='7']")
    page.check("input[value='9']")
    page.fill("textarea[name=note]", "写到一半")
    page.focus("a[href='/tasks/8/']")
    page.evaluate("window.__old = document.querySelector('#part')")
    verbs.claim(review, by=county.wang_fang)
    until(page, "!window.__old.isConnected")
    ticked = "[...document.querySelectorAll('#part input:checked')].map((box) => box.value)"
    assert page.evaluate(ticked) == ["7", "9"]  # 7 is gone from the list, and still ticked
    assert page.evaluate("document.activeElement.getAttribute('href')") == "/tasks/8/"
    assert page.input_value("textarea[name=note]") == "写到一半"


def test_a_list_with_its_bulk_bar_stays_fresh_and_keeps_what_waits_in_a_fold(county, review, window):
    """The bar has a choice of people, in which nothing is chosen: that is not "written in"."""
    two = window(county.liu_yan)
    page = open_live(two, "/tasks/queue/")
    assert page.locator("#bulk-to option").count() > 1
    firm = small.firm("Green Hill Tea")
    small.assign(county.guide_li, firm)
    small.union(firm)
    later = at_hand(propose(firm, "organise_mass", by=county.li_ming, on=county.today,
                            reason="Union."))  # fmt: skip
    until(page, "document.querySelectorAll('#list tbody tr').length === 2")
    page.evaluate("document.querySelector('#bulk-comment').value = '都已核实。'")
    verbs.claim(later, by=county.wang_fang)
    until(page, "document.querySelectorAll('#list tbody tr').length === 1")
    assert page.input_value("#bulk-comment") == "都已核实。"
    page.evaluate("document.querySelector('#bulk-reassign').open = true")
    page.evaluate("document.querySelector('#bulk-to').selectedIndex = 1")  # now somebody chooses
    verbs.claim(review, by=county.wang_fang)
    until(page, "document.querySelector('[data-count=queue]').hidden")
    assert page.locator("#list tbody tr").count() == 1
    assert page.evaluate("window.__stays")
