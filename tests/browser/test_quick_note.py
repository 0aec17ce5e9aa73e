"""A visit written down on a phone: counted in touches, for a clock would measure the machine."""

import pytest

from core.people.models import GuidanceRecord
from tests import county as small
from workflows.engine.models import Process
from workflows.nightly import night

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TOUCHES_AT_MOST = 4


class Thumb:
    """A finger that counts what it touches."""

    def __init__(self, page):
        self.page, self.touches = page, 0

    def touch(self, selector):
        self.page.locator(selector).first.click()
        self.page.wait_for_load_state()
        self.touches += 1


@pytest.fixture
def two_firms(county):
    small.assign(county.guide_li, county.mall)
    night(county.today)
    return county


def test_from_today_to_the_saved_visit_in_a_few_touches(two_firms, window):
    desk = window(two_firms.li_ming, "phone")
    desk.look()
    thumb = Thumb(desk.page)
    thumb.touch("main .firm .button.primary")
    desk.look()
    assert desk.page.locator(".usual button").first.is_visible()
    button = desk.page.locator(".quick .button.primary").bounding_box()
    assert button["y"] + button["height"] <= 844 - 58  # seen without scrolling, above the short cuts
    thumb.touch(".usual button")
    desk.page.locator("textarea[name=done]").press_sequentially("企业主支持。")
    thumb.touch(".quick .button.primary")
    desk.look()
    assert thumb.touches <= TOUCHES_AT_MOST
    assert desk.page.url.endswith("/today/")
    record = GuidanceRecord.objects.get()
    assert record.done.endswith("企业主支持。") and len(record.done) > len("企业主支持。")
    assert (record.kind, record.on) == ("visit", two_firms.today)
    due = Process.objects.open().filter(subject="contact_due")
    assert not due.filter(firm=record.firm).exists()  # nobody asks for this visit again
    other = due.get(firm__in=(two_firms.tea, two_firms.mall)).firm
    thumb.touch(".notice.success a")  # and the next firm is one touch away
    assert f"/firms/{other.pk}/guidance/new/" in desk.page.url


def test_a_call_with_a_wish_for_next_week_and_its_closing(two_firms, window):
    firm = two_firms.tea
    desk = window(two_firms.li_ming, "phone")
    desk.open(f"/firms/{firm.pk}/guidance/new/?kind=call&next=/today/")
    desk.page.fill("textarea[name=done]", "电话联系。")
    desk.page.locator(".fold summary").nth(1).click()
    desk.page.fill("[name=follow_up]", "带上申请表")
    desk.page.locator("label:has([name=again][value=week])").click()
    desk.look()
    desk.send(".quick")
    wish = GuidanceRecord.objects.get()
    assert (wish.kind, (wish.follow_up_on - two_firms.today).days) == ("call", 7)
    desk.open(f"/firms/{firm.pk}/guidance/new/?next=/today/")
    desk.page.locator("label:has([name=settles])").click()
    desk.page.locator(".usual button").first.click()
    desk.send(".quick")
    wish.refresh_from_db()
    assert wish.settled_by_id


def test_a_slip_in_what_was_folded_is_shown(two_firms, window):
    desk = window(two_firms.li_ming, "phone")
    desk.open(f"/firms/{two_firms.tea.pk}/guidance/new/")
    desk.page.locator(".fold summary").first.click()
    desk.page.fill("[name=day]", "2999-01-01")
    desk.page.fill("textarea[name=done]", "走访。")
    desk.send(".quick")
    assert desk.page.locator(".error-summary").is_visible()
    assert desk.page.locator("[name=day]").is_visible()
    assert desk.page.input_value("textarea[name=done]") == "走访。"
