"""A survey on a phone: from the inbox to the answer in three touches, and the next firm comes."""

import pytest

from tests import county as small
from tests.workflows.surveying import a_survey, row_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def round_of_two(county):
    small.assign(county.guide_li, county.mall)
    small.put(county.tea, contact_name="吴老板", contact_phone="0912 123456", address="东山路 5 号")
    return a_survey(county, title="二〇二六年秋季摸底普查")


def test_one_button_confirms_and_leads_to_the_next_firm(county, round_of_two, window):
    desk = window(county.li_ming, "phone")
    desk.open("/tasks/")
    desk.page.click("#beside a")
    desk.look()
    desk.page.locator("#waiting tbody a").first.click()
    desk.look()
    button = desk.page.locator("button[value=confirm]")
    box = button.bounding_box()
    assert box["y"] + box["height"] <= 844 - 58  # seen without scrolling, above the short cuts
    assert box["height"] >= 44
    button.click()
    desk.page.wait_for_load_state()
    desk.look()
    assert row_of(county.tea).state == "confirmed"
    assert desk.page.locator("h1").inner_text() == county.mall.name
    desk.page.locator("main details summary").first.click()
    desk.page.fill("[name=address]", "新街 9 号")
    desk.look()
    desk.page.click("button[value=change]")
    desk.page.wait_for_load_state()
    desk.look()
    assert row_of(county.mall).changes["address"][1] == "新街 9 号"
    assert desk.page.url.endswith(f"/surveys/{round_of_two.pk}/")


def test_the_page_of_the_round_hears_an_answer(county, round_of_two, window):
    office = window(county.zhou_tao)
    office.open(f"/surveys/{round_of_two.pk}/")
    assert office.page.locator("#progress progress").get_attribute("value") == "0"
    phone = window(county.li_ming, "phone")
    phone.open(row_of(county.tea).get_absolute_url())
    phone.page.click("button[value=confirm]")
    office.page.wait_for_selector("#progress progress[value='1']")
    office.look()
