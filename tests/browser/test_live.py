"""Two windows on a desk with sockets: what one does, the other sees without loading its page."""

import pytest

from tests import county as small
from tests.browser.conftest import WIDTHS, Desk
from tests.browser.live_desk import LiveDesk
from tests.workflows.talk import at_hand
from workflows.coverage.acts import propose

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OPEN = "window.__live = new Promise((done) => document.addEventListener('live:said', done))"


@pytest.fixture
def desk(county, settings):
    settings.LIVE_DELIVERY = "inline"
    desk = LiveDesk()
    desk.start()
    yield desk
    desk.stop()


@pytest.fixture
def window(chromium, desk):
    """`window(user)`: a signed-in window; `script` runs before each of its pages."""
    opened = []

    def open_window(user, size="desk", script=""):
        one = Desk(chromium, desk.url, WIDTHS[size], "zh-CN")
        opened.append(one)
        one.context.add_init_script(f"{OPEN};{script}")
        return one.sign_in(user)

    yield open_window
    for one in opened:
        one.context.close()


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
    seen.wait_for_function("document.querySelector('[data-count=queue]').hidden")
    assert seen.evaluate("window.__stays")  # the page was never loaded anew
    two.look()
