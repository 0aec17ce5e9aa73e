"""The dashboard in a real browser: pictures drawn from tables, which stay for who does not see."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_each_picture_is_drawn_from_its_table_and_hidden_from_who_hears(county, window, width):
    desk = window(county.zhou_tao, width)
    desk.open("/dashboard/")
    page = desk.page
    page.wait_for_selector(".picture svg")
    assert page.locator(".picture svg").count() == 2
    assert page.locator(".picture:not([aria-hidden=true])").count() == 0
    assert page.locator("details.as-table[open]").count() == 0
    bars = page.locator("[data-picture=bars] svg text").all_text_contents()
    values = page.locator("#path-table [data-value]")
    firms = values.evaluate_all("all => all.map(each => each.dataset.value)")
    assert set(firms) <= set(bars)
    page.locator("details.as-table summary").first.press("Enter")
    assert page.locator("#path-table").is_visible()
    desk.look()


def test_on_a_wall_only_the_figures_are_seen(county, window):
    desk = window(county.zhou_tao)
    desk.open("/dashboard/")
    page = desk.page
    page.wait_for_selector(".picture svg")
    page.click("[data-fullscreen]")
    page.wait_for_function("document.fullscreenElement !== null")
    assert not page.locator("nav.side").is_visible()
    assert page.locator("#dash-stuck").count() == 1
