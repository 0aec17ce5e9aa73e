"""The conversation about an assignment over HTTP: each role on its own pages, and sent twice."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from core.accounts.absence import Leave
from core.people.models import Assignment
from tests import county as small
from tests.workflows.sending import answer, asked, contact_of, ready, steps
from workflows.assignments.models import AssignmentList, AssignmentRequest

pytestmark = pytest.mark.usefixtures("english")


def browser(who) -> Client:
    client = Client()
    client.force_login(who)
    return client


def test_the_whole_way_by_each_role(county):
    contact = contact_of(county.mall)
    township = browser(county.wang_fang)
    case = township.get(f"/firms/{county.mall.pk}/").content.decode()
    assert f"/firms/{county.mall.pk}/propose-instructor/" in case
    page = f"/firms/{county.mall.pk}/propose-instructor/"
    assert township.get(page).status_code == 200
    form = {"instructor": county.guide_li.pk, "reasons": "Same township.", "key": uuid4()}
    made, again = township.post(page, form), township.post(page, form)
    assert made.status_code == again.status_code == 302
    assert made.url == again.url  # safe to send twice
    request = AssignmentRequest.objects.get()
    assert township.get(made.url).status_code == 200
    for who, step in (
        (county.xu_min, "unit_answer"), (contact, "firm_answer"), (county.li_ming, "instructor_answer"),
    ):  # fmt: skip
        task = steps(request)[step]
        person = browser(who)
        assert task.get_absolute_url() in person.get(reverse("inbox:mine")).content.decode()
        shown = person.get(task.get_absolute_url()).content.decode()
        assert "Li Ming" in shown
        assert "How it was given" not in shown  # they answer for themselves
        form = {"agrees": "yes", "key": uuid4()}
        answers = [person.post(task.get_absolute_url(), form) for _n in range(2)]
        assert [one.status_code for one in answers] == [302, 302], step
        assert person.get(answers[0].url).status_code == 200
    office = browser(county.zhou_tao)
    assert "Qinghe Mall" in office.get("/assignments/").content.decode()
    form = {"requests": [request.pk], "key": uuid4()}
    issued = [office.post("/assignments/", form) for _n in range(2)]
    assert [one.status_code for one in issued] == [302, 302]
    assert issued[0].url == issued[1].url == f"/assignments/lists/{AssignmentList.objects.get().pk}/"
    assert "Qinghe Mall" in office.get(issued[0].url).content.decode()
    assert Assignment.objects.current().get(firm=county.mall).instructor == county.guide_li
    for who in (county.wang_fang, county.li_ming, county.xu_min, contact, county.sun_li):
        assert browser(who).get(made.url).status_code == 200, who


def test_a_no_without_a_reason_keeps_what_was_typed(county):
    request = asked(county)
    task = steps(request)["unit_answer"]
    sent = browser(county.xu_min).post(task.get_absolute_url(), {"agrees": "no", "key": uuid4()})
    assert sent.status_code == 422
    assert "Say why, so that the proposer knows" in sent.content.decode()
    assert set(steps(request)) == {"unit_answer"}


def test_the_proposer_chooses_again_on_the_tasks_page(county):
    request = asked(county)
    answer(request, "unit_answer", county.xu_min, agrees=False, reason="Needed at the bureau.")
    page = steps(request)["choose_again"].get_absolute_url()
    township = browser(county.wang_fang)
    assert "Needed at the bureau." in township.get(page).content.decode()
    assert township.post(page, {"what": "another", "key": uuid4()}).status_code == 422
    other = small.instructor("Tang Yu")
    form = {"what": "another", "instructor": other.pk, "key": uuid4()}
    assert township.post(page, form).status_code == 302
    assert AssignmentRequest.objects.get().instructor == other


def test_who_is_asked_does_not_read_what_the_others_said(county):
    contact = contact_of(county.mall)
    request = asked(county)
    page = f"/assignments/{request.pk}/"
    assert browser(contact).get(page).status_code == 404  # not before the unit agrees
    answer(request, "unit_answer", county.xu_min, reason="Gladly, after the harvest.")
    answer(request, "instructor_answer", county.li_ming, agrees=False, reason="My brother works there.")
    for who, sees in ((contact, False), (county.xu_min, False), (county.wang_fang, True),
                      (county.li_ming, True)):  # fmt: skip
        shown = browser(who).get(page).content.decode()
        assert ("My brother works there." in shown) == sees, who
    assert "Same township." not in browser(contact).get(page).content.decode()
    assert "Gladly" not in browser(county.li_ming).get(page).content.decode()


def test_a_warning_is_said_on_the_form_and_ticked_away(county):
    for n in range(2):
        small.assign(county.guide_li, small.firm(f"Firm {n}"))
    township, page = browser(county.wang_fang), f"/firms/{county.mall.pk}/propose-instructor/"
    form = {"instructor": county.guide_li.pk, "reasons": "Nearest."}
    sent = township.post(page, form | {"key": uuid4()})
    assert sent.status_code == 422
    assert "guides 3 firms" in sent.content.decode()
    assert "Nearest." in sent.content.decode()
    assert township.post(page, form | {"key": uuid4(), "all_the_same": "on"}).status_code == 302


def test_an_instructor_is_proposed_from_their_own_page(county):
    township, page = browser(county.wang_fang), f"/instructors/{county.guide_li.pk}/propose-firm/"
    shown = township.get(page).content.decode()
    assert "Qinghe Mall" in shown
    assert "East Hill Tea" not in shown  # it has one
    form = {"firm": county.mall.pk, "key": uuid4()}
    assert township.post(page, form).status_code == 302
    shown = township.get(f"/instructors/{county.guide_li.pk}/").content.decode()
    assert "The sending unit&#x27;s answer" in shown
    assert "Qinghe Mall" not in township.get(page).content.decode()


def test_the_firms_page_says_what_a_proposal_waits_for(county):
    asked(county)
    shown = browser(county.wang_fang).get(f"/firms/{county.mall.pk}/").content.decode()
    assert "is proposed" in shown
    assert "with Xu Min" in shown
    assert "propose-instructor" not in shown


def test_withdrawn_with_a_reason(county):
    request = asked(county)
    township, page = browser(county.wang_fang), f"/assignments/{request.pk}/withdraw/"
    assert township.post(page, {"key": uuid4(), "reason": " "}).status_code == 422
    assert township.post(page, {"key": uuid4(), "reason": "The firm moves."}).status_code == 302
    assert AssignmentRequest.objects.get().outcome == "withdrawn"


def test_nothing_ticked_or_something_strange_issues_nothing(county):
    request = ready(county)
    office = browser(county.zhou_tao)
    for requests in ([], ["x"], [request.pk + 99], [request.pk, request.pk + 99]):
        sent = office.post("/assignments/", {"requests": requests, "key": uuid4()})
        assert sent.status_code == 422, requests
    assert not AssignmentList.objects.exists()


def test_the_county_turns_one_down_on_its_task(county):
    request = ready(county)
    page = steps(request)["issue_assignment"].get_absolute_url()
    form = {"agrees": "no", "reason": "First the larger firms.", "key": uuid4()}
    assert browser(county.zhou_tao).post(page, form).status_code == 302
    assert set(steps(request)) == {"choose_again"}


def test_the_list_asks_no_more_for_more_rows(county, django_assert_max_num_queries):
    office = browser(county.zhou_tao)
    asked(county)
    office.get("/assignments/")
    for n in range(3):
        ready(county, small.firm(f"Ready {n}"), guide=small.instructor(f"Tang {n}"))
        asked(county, small.firm(f"Asked {n}"), guide=small.instructor(f"Deng {n}"))
    with django_assert_max_num_queries(16):
        office.get("/assignments/")


def test_a_closed_firm_is_no_longer_proposed_for(county):
    small.put(county.mall, operation="closed", closed_on=county.today)
    sent = browser(county.wang_fang).get(f"/firms/{county.mall.pk}/propose-instructor/")
    assert sent.status_code == 409 or "closed" in sent.content.decode()


def test_who_stands_in_for_an_absent_instructor_is_on_the_firms_page(county):
    Leave.objects.create(
        person=county.li_ming, substitute=county.zhao_qiang, by=county.li_ming,
        since=county.today, until=county.today + timedelta(days=5),
    )  # fmt: skip
    shown = browser(county.wang_fang).get(f"/firms/{county.tea.pk}/").content.decode()
    assert "Zhao Qiang stands in" in shown


def test_another_countys_office_sees_nothing_of_it(county):
    request = ready(county)
    away = small.person("away", small.Role.COUNTY, small.AWAY)
    assert browser(away).get(f"/assignments/{request.pk}/").status_code == 404
    sent = browser(away).post("/assignments/", {"requests": [request.pk], "key": uuid4()})
    assert sent.status_code == 422
    assert not AssignmentList.objects.exists()
