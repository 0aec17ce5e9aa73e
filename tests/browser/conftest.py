"""A real Chromium on the real web server, sockets included. Fonts for Chinese are our own packages."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from core.papers.fonts import use_fonts
from tests import county as small
from tests.live_desk import LiveDesk

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
WIDTHS = {"desk": (1280, 900), "phone": (390, 844)}

# Playwright keeps an event loop in the thread of the test; the ORM is used beside it, never in it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


@pytest.fixture(scope="session")
def chromium():
    use_fonts()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=FLAGS)
        yield browser
        browser.close()


class Desk:
    """One person's browser window. Every page that it opens is looked at: no error in the console,
    no sideways scrolling, no serious finding of axe."""

    def __init__(self, browser, url, width, language, script):
        size = {"width": width[0], "height": width[1]}
        self.context = browser.new_context(
            base_url=url, viewport=size, locale=language, timezone_id="Asia/Shanghai"
        )
        self.context.add_init_script(script)
        self.page = self.context.new_page()
        self.complaints = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message):
        # A form that is shown again answers 422 on purpose; Chromium calls that an error.
        if message.type in ("error", "warning") and "422" not in message.text:
            self.complaints.append(message.text)

    def sign_in(self, user):
        self.page.goto("/sign-in/")
        self.page.fill("[name=username]", user.username)
        self.page.fill("[name=password]", small.PASSWORD)
        self.page.press("[name=password]", "Enter")
        self.page.wait_for_url(lambda url: "sign-in" not in url)
        return self

    def open(self, path):
        self.page.goto(path)
        self.look()

    def look(self):
        """The page as it is now, judged."""
        page = self.page
        page.wait_for_load_state("load")  # a step may have sent it on just now
        assert not self.complaints, self.complaints
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{page.url} scrolls sideways by {wide} px"
        found = Axe().run(page).response["violations"]
        serious = [
            (one["id"], [node["target"] for node in one["nodes"]][:3])
            for one in found
            if one["impact"] in ("serious", "critical")
        ]
        assert not serious, f"{page.url}: {serious}"

    def send(self, form="main form"):
        """Press the first button of a form and judge the page that comes."""
        self.page.locator(f"{form} button.primary").first.click()
        self.page.wait_for_load_state()
        self.look()


@pytest.fixture
def desk(transactional_db, settings):
    """The server of this test; what is said live is carried in the request that says it."""
    settings.LIVE_DELIVERY = "inline"
    desk = LiveDesk()
    desk.start()
    yield desk
    desk.stop()


@pytest.fixture
def window(chromium, desk):
    """`window(user, "phone")`: a window in which this person is signed in. `script` runs before
    each of its pages."""
    opened = []

    def open_window(user=None, size="desk", language="zh-CN", script=""):
        one = Desk(chromium, desk.url, WIDTHS[size], language, script)
        opened.append(one)
        return one.sign_in(user) if user else one

    yield open_window
    for one in opened:
        one.context.close()
