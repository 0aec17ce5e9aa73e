"""The firm's side without an account: a signed link, once, for some days, on a phone."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.audit.models import Event
from core.errors import Refused
from tests.workflows.evaluating import MARK, begun, sheet, step, steps, typed
from workflows.engine.models import Task
from workflows.evaluations import acts, links, views_link
from workflows.evaluations.closing import finish, tend
from workflows.evaluations.models import Round, Sheet
from workflows.evaluations.rounds import close_round


@pytest.fixture(autouse=True)
def nothing_counted():
    cache.clear()


@pytest.fixture
def paper(county):
    """The evaluation of the paper firm, where nobody has an account."""
    return begun(county, county.paper)


@pytest.fixture
def address(county, paper) -> str:
    one = links.give_link(paper, by=county.he_jun, at=timezone.now())
    return reverse("evaluations:link", args=[links.token_of(one)])


def said(answer, status) -> str:
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def test_a_firm_answers_on_a_phone(paper, address):
    phone = Client()
    page = said(phone.get(address), 200)
    assert "West Paper" in page and "How often the instructor comes" in page
    assert "Visits on site" in page  # the facts are there, and not asked
    half = said(phone.post(address, typed(paper, "firm", attendance="")), 422)
    assert MARK in half and "Choose one answer." in half
    assert phone.post(address, typed(paper, "firm")).url == address
    assert "cannot be sent a second time" in said(phone.get(address), 200)
    one = sheet(paper, "firm")
    assert (one.state, one.source, one.by) == ("in", "link", None)
    assert steps(paper) == {"instructor_form"}
    assert Event.objects.get(code="evaluation.handed_in").by is None


def test_it_is_sent_once(paper, address):
    phone, form = Client(), typed(paper, "firm")
    assert phone.post(address, form).url == address
    assert "The form is in" in said(phone.post(address, form), 200)
    Client().post(address, typed(paper, "firm", "Something else."))
    assert Event.objects.filter(code="evaluation.handed_in").count() == 1
    acts.hand_in(
        step(paper, "instructor_form"), by=paper.instructor.user, at=timezone.now(), answers={}
    )
    assert sheet(paper, "firm").said["wishes"] == MARK


def test_it_is_gone_on_with_until_it_is_sent(paper, address):
    phone = Client()
    assert phone.post(
        address, {"wishes": MARK, "save": "1", "key": typed(paper, "firm")["key"]}
    ).url == (f"{address}?saved=1")
    page = said(phone.get(f"{address}?saved=1"), 200)
    assert MARK in page and "Saved for later" in page
    assert sheet(paper, "firm").state == "waiting"
    assert phone.post(address, typed(paper, "firm", "Now I know.")).status_code == 302
    assert sheet(paper, "firm").draft == ""


def test_who_declines_by_link_says_why(paper, address):
    phone, key = Client(), typed(paper, "firm")["key"]
    assert "Say in a sentence why" in said(phone.post(address, {"decline": "1", "key": key}), 422)
    assert phone.post(address, {"decline": "1", "declined": MARK, "key": key}).status_code == 302
    assert sheet(paper, "firm").state == "in"


@pytest.mark.parametrize(
    "token", ["1.1", "1.1~forged", "x", "~", "999.1~" + "A" * 43, "1.1~" + "é" * 9]
)
def test_a_forged_link(token, paper, address):
    page = said(Client().get(reverse("evaluations:link", args=[token])), 404)
    assert "This link is not valid" in page
    assert "West Paper" not in page


def test_a_link_of_another_form_opens_nothing_else(county, paper, address):
    other = begun(county, county.tea, paper.round)
    token = links.token_of(sheet(paper, "firm"))
    changed = token.replace(f"{sheet(paper, 'firm').pk}.", f"{sheet(other, 'firm').pk}.", 1)
    assert links.sheet_of(changed) is None
    own = sheet(paper, "instructor")  # signed by us, but no firm's form
    Sheet.objects.filter(pk=own.pk).update(link_until=county.today, link_serial=1)
    own.refresh_from_db()
    assert links.sheet_of(links.token_of(own)) is None


def test_an_expired_link(county, paper, address):
    Sheet.objects.filter(evaluation=paper, side="firm").update(
        link_until=county.today - timedelta(days=1)
    )
    assert "This link is no longer valid" in said(Client().get(address), 410)
    sent = Client().post(address, typed(paper, "firm"), follow=True)
    assert "This link is no longer valid" in said(sent, 410)
    assert sheet(paper, "firm").state == "waiting"
    fresh = links.give_link(paper, by=county.he_jun, at=timezone.now())
    assert said(Client().get(reverse("evaluations:link", args=[links.token_of(fresh)])), 200)
    said(Client().get(address), 404)  # the old slip is void


def test_its_days_are_the_rulebooks_and_no_more_than_the_rounds(county, paper):
    one = links.give_link(paper, by=county.he_jun, at=timezone.now())
    assert one.link_until == paper.round.closes_on  # 20 days, and the rule has 30
    Round.objects.update(closes_on=county.today + timedelta(days=90))
    again = begun(county, county.tea, Round.objects.get())
    one = links.give_link(again, by=county.wang_fang, at=timezone.now())
    assert one.link_until == county.today + timedelta(days=30)


def test_printed_again_it_is_the_same_link_and_a_new_one_ends_it(county, paper, address):
    again = links.give_link(paper, by=county.he_jun, at=timezone.now())
    assert reverse("evaluations:link", args=[links.token_of(again)]) == address
    links.give_link(paper, by=county.he_jun, at=timezone.now(), new=True)
    said(Client().get(address), 404)
    assert Event.objects.filter(code="evaluation.link_given").count() == 2


def test_who_may_give_a_link(county, paper):
    for other in (county.wang_fang, county.zhao_qiang, county.xu_min, county.zheng_guan):
        with pytest.raises(Refused):
            links.give_link(paper, by=other, at=timezone.now())


def test_a_round_closed_while_the_page_is_open(county, paper, address):
    phone = Client()
    phone.get(address)
    close_round(paper.round, by=county.zhou_tao, at=timezone.now())
    finish(paper.round_id)
    answer = phone.post(address, typed(paper, "firm"), follow=True)
    page = said(answer, 410)
    assert "The round is closed" in page and MARK in page  # kept, and shown to who typed it
    assert MARK not in said(Client().get(address), 410)
    assert sheet(paper, "firm").state == "missing"


def test_it_may_be_tried_so_often(paper, address, monkeypatch):
    monkeypatch.setattr(views_link, "AN_HOUR", 3)
    monkeypatch.setattr(views_link, "STRANGE", 2)
    assert [Client().get(address).status_code for _n in range(5)] == [200, 200, 200, 429, 429]
    strange = reverse("evaluations:link", args=["1.1~no"])
    assert [Client().get(strange).status_code for _n in range(4)] == [404, 404, 429, 429]


def test_a_paper_form_that_was_keyed_in_ends_the_link(county, paper, address):
    acts.hand_in(step(paper, "firm_form"), by=county.he_jun, at=timezone.now(), paper_on=county.today,
                 answers={})  # fmt: skip
    assert "The form is in" in said(Client().get(address), 200)
    assert Client().post(address, typed(paper, "firm")).status_code == 200
    assert sheet(paper, "firm").source == "paper"


def test_a_clerk_who_holds_the_task_does_not_stand_in_the_firms_way(county, paper, address):
    Task.objects.filter(pk=step(paper, "firm_form").pk).update(owner=county.he_jun, status="ASSIGNED")
    assert Client().post(address, typed(paper, "firm")).status_code == 302
    task = Task.objects.human().get(process=paper.pk, status="DONE")
    assert task.owner is None


def test_a_link_that_expires_while_the_page_is_open_loses_nothing(county, paper, address):
    phone = Client()
    phone.get(address)
    Sheet.objects.filter(evaluation=paper, side="firm").update(
        link_until=county.today - timedelta(days=1)
    )
    page = said(phone.post(address, typed(paper, "firm", attendance=""), follow=True), 410)
    assert "This link is no longer valid" in page and MARK in page
    assert MARK not in said(Client().get(address), 410)
    assert sheet(paper, "firm").state == "waiting"
    fresh = links.give_link(paper, by=county.he_jun, at=timezone.now())
    again = said(phone.get(reverse("evaluations:link", args=[links.token_of(fresh)])), 200)
    assert MARK in again  # gone on with behind the new link


def test_a_round_whose_day_comes_while_the_page_is_open_loses_nothing(county, paper, address):
    """The link ends with the round, so both are over at once."""
    phone = Client()
    phone.get(address)
    yesterday = county.today - timedelta(days=1)
    Sheet.objects.filter(evaluation=paper, side="firm").update(link_until=yesterday)
    Round.objects.update(closes_on=yesterday)
    tend(timezone.now())
    page = said(phone.post(address, typed(paper, "firm"), follow=True), 410)
    assert "The round is closed" in page and MARK in page


def test_the_second_of_two_phones_is_told_that_its_words_were_not_taken(paper, address):
    first, second = Client(), Client()
    first.get(address), second.get(address)
    first.post(address, typed(paper, "firm", "Of the owner."))
    for button in ({}, {"save": "1"}):
        page = said(second.post(address, typed(paper, "firm", **button), follow=True), 200)
        assert "was not taken" in page and MARK in page
    assert "was not taken" not in said(second.get(address), 200)


def test_who_has_an_account_is_led_to_their_own_form(county, paper):
    """A slip was printed as well: their draft is not hidden behind it, nor replaced."""
    evaluation = begun(county, county.tea, paper.round)
    one = links.give_link(evaluation, by=county.wang_fang, at=timezone.now())
    own = Client()
    own.force_login(county.wu_laoban)
    answer = own.get(reverse("evaluations:link", args=[links.token_of(one)]))
    assert answer.status_code == 302
    assert answer.url == step(evaluation, "firm_form").get_absolute_url()


def test_a_draft_is_kept_when_the_task_was_handed_on_meanwhile(county, paper):
    evaluation = begun(county, county.tea, paper.round)
    Task.objects.filter(pk=step(evaluation, "firm_form").pk).update(owner=county.wang_fang)
    own = Client()
    own.force_login(county.wu_laoban)
    url = reverse("evaluations:draft", args=[evaluation.pk])
    said(own.post(url, typed(evaluation, "firm", save="1"), follow=True), 200)
    assert sheet(evaluation, "firm").draft_by == county.wu_laoban
