"""The pages of a survey round: prefilled, one button, only differences typed, nothing lost."""

from uuid import uuid4

import pytest

from core.ledger.models import Firm
from tests import county as small
from tests.workflows.surveying import a_survey, row_of
from workflows.live.models import Outbox
from workflows.surveys.models import SurveyFirm

State = SurveyFirm.State
pytestmark = pytest.mark.usefixtures("english")


def sent(browser, firm, **typed):
    """What the page of a firm would send: everything as it was shown, and what was typed."""
    row = row_of(firm)
    form = browser.get(row.get_absolute_url()).context["answer"]
    data = {"key": str(uuid4()), "version": str(form["version"].value()), "act": "change"}
    for name in form.asked:
        value = form[name].value()
        data[f"initial-{name}"] = "" if value is None else str(value)
        if value is not False:
            data[name] = "" if value is None else "on" if value is True else str(value)
    return data | typed


def test_the_inbox_leads_to_the_firm_and_one_button_leads_to_the_next(county, signed_in):
    small.assign(county.guide_li, county.mall)
    a_survey(county)
    browser = signed_in(county.li_ming)
    for page in ("/tasks/", "/today/"):
        assert "Survey round: Autumn survey" in browser.get(page).content.decode()
    rows = browser.get(browser.get("/tasks/").context["beside"][0].url).context["rows"]
    assert [row.firm.name for row in rows] == ["East Hill Tea", "Qinghe Mall"]
    form = {"key": uuid4(), "version": county.tea.version, "act": "confirm"}
    for _twice in range(2):
        answer = browser.post(f"{rows[0].get_absolute_url()}answer/", form)
        assert answer.url == rows[1].get_absolute_url()
    assert row_of(county.tea).state == State.CONFIRMED
    form = {"key": uuid4(), "version": county.mall.version, "act": "confirm"}
    answer = browser.post(f"{rows[1].get_absolute_url()}answer/", form)
    assert answer.url == rows[0].round.get_absolute_url()


def test_the_form_is_prefilled_and_only_differences_are_written(county, signed_in):
    small.put(county.tea, contact_name="Wu", contact_phone="0912 123456", seasonal=True)
    a_survey(county)
    browser = signed_in(county.li_ming)
    data = sent(browser, county.tea, address="New street 5")
    assert data["contact_name"] == "Wu"
    browser.post(f"{row_of(county.tea).get_absolute_url()}answer/", data)
    row, firm = row_of(county.tea), Firm.objects.get(pk=county.tea.pk)
    assert row.changes == {"address": ["–", "New street 5"]}
    assert (firm.address, firm.seasonal, firm.contact_name) == ("New street 5", True, "Wu")


def test_differences_are_not_lost_behind_the_wrong_button(county, signed_in):
    a_survey(county)
    browser = signed_in(county.li_ming)
    data = sent(browser, county.tea, address="New street 5", act="confirm")
    answer = browser.post(f"{row_of(county.tea).get_absolute_url()}answer/", data)
    assert answer.status_code == 422
    assert answer.context["answer"]["address"].value() == "New street 5"
    assert row_of(county.tea).state == State.OPEN


def test_an_old_slip_of_the_ledger_does_not_stand_in_the_way(county, signed_in):
    small.put(county.tea, credit_code="91139901MA0000001X", contact_phone="none")
    a_survey(county)
    browser = signed_in(county.li_ming)
    data = sent(browser, county.tea, act="confirm")
    assert browser.post(f"{row_of(county.tea).get_absolute_url()}answer/", data).status_code == 302
    assert row_of(county.tea).state == State.CONFIRMED


def test_what_changed_meanwhile_stands_beside_what_was_typed(county, signed_in):
    a_survey(county)
    browser = signed_in(county.li_ming)
    data = sent(browser, county.tea, employees="50", address="New street 5")
    small.put(county.tea, employees=60, owner_name="Wu", version=county.tea.version + 1)
    url = f"{row_of(county.tea).get_absolute_url()}answer/"
    answer = browser.post(url, data)
    assert answer.status_code == 422
    form = answer.context["answer"]
    told = {line["label"]: (line["was"], line["now"], line["typed"]) for line in form.side_by_side}
    assert told["Employees"] == ("40", "60", "50")
    assert told["Owner"][:2] == ("–", "Wu")
    assert form["address"].value() == "New street 5"
    again = {"key": data["key"], "version": str(form["version"].value()), "act": "change"}
    for name in form.asked:
        again[f"initial-{name}"] = form.data.get(f"initial-{name}", "")
        if form.data.get(name):
            again[name] = form.data[name]
    assert browser.post(url, again).status_code == 302
    firm = Firm.objects.get(pk=county.tea.pk)
    assert (firm.employees, firm.owner_name, firm.address) == (50, "Wu", "New street 5")


def test_not_found_and_settled_on_the_page(county, signed_in):
    a_survey(county)
    browser, url = signed_in(county.li_ming), row_of(county.tea).get_absolute_url()
    assert browser.post(f"{url}not-found/", {"key": uuid4()}).status_code == 422
    browser.post(f"{url}not-found/", {"key": uuid4(), "reason": "nobody"})
    office = signed_in(county.wang_fang)
    assert office.get(url).context["settles"]
    office.post(f"{url}settle/", {"key": uuid4(), "outcome": "closed", "version": 1})
    assert row_of(county.tea).outcome == "closed"


def test_an_answer_is_heard_on_the_page_of_the_round(county, signed_in):
    made = a_survey(county)
    Outbox.objects.all().delete()
    browser = signed_in(county.li_ming)
    form = {"key": uuid4(), "version": county.tea.version, "act": "confirm"}
    browser.post(f"{row_of(county.tea).get_absolute_url()}answer/", form)
    said = [one for row in Outbox.objects.all() for one in row.said if one["what"] == ["survey"]]
    assert [one["ref"] for one in said] == [made.pk]
    assert {county.zhou_tao.pk, county.wang_fang.pk, county.li_ming.pk} == set(said[0]["to"])


def test_rounds_and_firms_are_shown_in_pages(county, signed_in):
    for n in range(60):
        small.firm(f"Mill {n:02}", small.WEST)
    made = a_survey(county, small.WEST)
    page = signed_in(county.zhou_tao).get(f"/surveys/{made.pk}/firms/")
    assert len(page.context["rows"]) == 50 and page.context["shown"].after
    assert len(signed_in(county.he_jun).get("/surveys/mine/").context["rows"]) == 50


def test_what_was_typed_outlives_the_session(county, client):
    a_survey(county)
    door = {"username": county.li_ming.username, "password": small.PASSWORD}
    client.post("/sign-in/", door)
    data = sent(client, county.tea, address="New street 5")
    url = f"{row_of(county.tea).get_absolute_url()}answer/"
    del client.cookies["sessionid"]
    away = client.post(url, data)
    assert away.url == f"/sign-in/?next={url}"
    page = client.post(away.url, door, follow=True)
    form = page.context["answer"]
    assert form["address"].value() == "New street 5"
    assert set(form.changed_data) - {"key"} == {"address"}
    assert client.post(url, data).status_code == 302
    assert row_of(county.tea).changes == {"address": ["–", "New street 5"]}


def test_a_new_round_ticks_only_areas_that_no_open_round_asks(county, signed_in):
    a_survey(county, small.EAST)
    page = signed_in(county.zhou_tao).get("/surveys/new/")
    assert page.context["form"].initial["areas"] == [small.WEST]
