"""The quick note of a visit: what is filled in, what is closed, and where it leads."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils.translation import override

from core.errors import Refused
from core.ledger.filters import firms_where
from core.ledger.kinds import Size
from core.ledger.models import Firm
from core.ledger.stages import Stage
from core.people import plan
from core.people.acts import record_guidance
from core.people.contacts import contacts_of, next_contact
from core.people.models import GuidanceRecord
from tests import county as small
from tests.core.test_firm_form import errors

pytestmark = pytest.mark.usefixtures("english")


def wrote(county, **other) -> dict:
    return {"key": str(uuid4()), "kind": "visit", "day": county.today, "done": "Talked."} | other


def address(firm, query="") -> str:
    return f"/firms/{firm.pk}/guidance/new/{query}"


def note(county, **given) -> GuidanceRecord:
    given = {"day": county.today, "kind": "visit", "done": "Talked.", "by": county.li_ming} | given
    return record_guidance(county.tea, on=county.today, **given)


# the plan


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_size_and_stage_has_a_next_step(language):
    with override(language):
        for size in Size:
            for stage in Stage:
                said = plan.plan_for(Firm(size=size, stage=stage))
                assert said.word and said.next and said.usual
                assert said.next.isascii() is False or language == "en"


@pytest.mark.parametrize(("size", "word"), [("large", "Demonstrate"), ("medium", "Guide"),
                                            ("small", "Help"), ("micro", "Help")])  # fmt: skip
def test_large_firms_are_shown_medium_ones_guided_small_ones_helped(size, word):
    assert plan.plan_for(Firm(size=size, stage="blank")).word == word


def test_a_plan_with_a_gap_is_refused():
    text = plan.Path(plan.__file__).with_suffix(".toml").read_text(encoding="utf-8")
    with pytest.raises(plan.PlanError, match="micro/"):
        plan.read(text.replace('["small", "micro"]', '["small"]'))
    with pytest.raises(plan.PlanError, match="next_zh"):
        plan.read(text.replace("next_zh", "nxt_zh", 1))


# the next contact


@pytest.fixture
def three_firms(county):
    """Li Ming's firms: one never visited, one visited 40 days ago, one 10 days ago, one at rest."""
    names = {"never": None, "late": 40, "lately": 10, "rests": 80}
    firms = {name: small.firm(name.title()) for name in names}
    county.tea.assignments.update(instructor=county.guide_zhao)
    for name, days in names.items():
        small.assign(county.guide_li, firms[name])
        if days:
            small.visit(firms[name], by=county.li_ming, on=county.today - timedelta(days=days))
    Firm.objects.filter(pk=firms["rests"].pk).update(operation="paused", paused_on=county.today)
    return firms


def test_the_firms_come_in_the_order_in_which_they_are_to_be_visited(county, three_firms):
    contacts = contacts_of(county.li_ming, on=county.today)
    assert [contact.firm.name for contact in contacts] == ["Never", "Late", "Lately", "Rests"]
    assert [contact.late for contact in contacts] == [True, True, False, False]
    assert [contact.days_late for contact in contacts] == [0, 9, 0, 0]
    assert contacts[2].due == county.today + timedelta(days=21)
    assert contacts_of(county.wang_fang, on=county.today) == []


def test_a_call_does_not_move_the_day_a_visit_does(county):
    small.visit(county.tea, by=county.li_ming, on=county.today - timedelta(days=40))
    note(county, kind="call")
    assert contacts_of(county.li_ming, on=county.today)[0].late
    note(county)
    assert not contacts_of(county.li_ming, on=county.today)[0].late


def test_what_is_due_is_what_the_list_of_firms_calls_so(county, three_firms, rf):
    given = rf.get("/?has=not_worked_in&operation=operating").GET
    seen = Firm.objects.visible_to(county.li_ming)
    listed, _in_force = firms_where(seen, given, on=county.today)
    late = {c.firm.pk for c in contacts_of(county.li_ming, on=county.today) if c.late}
    assert late == set(listed.values_list("pk", flat=True))
    assert len(late) == 2


def test_the_firm_to_go_to_next_is_another_one_that_does_not_rest(county, three_firms):
    after = next_contact(county.li_ming, three_firms["never"], on=county.today)
    assert after.firm.name == "Late"
    for name in ("late", "lately"):
        small.assign_away(three_firms[name], county.guide_zhao)
    assert next_contact(county.li_ming, three_firms["never"], on=county.today) is None


# the form


def test_a_visit_today_is_filled_in_and_a_call_on_request(county, signed_in):
    browser = signed_in(county.li_ming)
    form = browser.get(address(county.tea)).context["form"]
    assert (form["kind"].value(), form["day"].value()) == ("visit", county.today)
    assert browser.get(address(county.tea, "?kind=call")).context["form"]["kind"].value() == "call"
    assert browser.get(address(county.tea, "?kind=dance")).context["form"]["kind"].value() == "visit"


def test_no_place_and_no_photo_is_asked(county, signed_in):
    page = signed_in(county.li_ming).get(address(county.tea)).content.decode()
    assert 'type="file"' not in page
    assert not any(word in page.lower() for word in ("geolocation", "latitude", "camera"))


def test_usual_sentences_are_the_plans_and_ones_own(county, signed_in):
    note(county, done="Read the plan together.")
    note(county, done="Rang them up.", kind="call")
    note(county, done="long " * 30)
    small.assign(county.guide_li, county.mall)
    note(county, done="Of somebody else.", by=county.wang_fang)
    browser = signed_in(county.li_ming)
    usual = browser.get(address(county.mall)).context["form"].usual
    assert usual[0] == "Read the plan together."
    assert set(usual[1:]) <= set(plan.plan_for(county.mall).usual) and len(usual) > 1
    page = browser.get(address(county.mall, "?kind=call")).content.decode()
    assert 'data-fill="Rang them up."' in page
    assert "Of somebody else." not in page


def test_a_sentence_written_at_a_firm_that_one_no_longer_guides_is_not_offered(county, signed_in):
    note(county, done="About the tea firm.")
    small.assign_away(county.tea, county.guide_zhao)
    small.assign(county.guide_li, county.mall)
    usual = signed_in(county.li_ming).get(address(county.mall)).context["form"].usual
    assert "About the tea firm." not in usual


@pytest.mark.parametrize(("again", "days"), [("week", 7), ("two_weeks", 14), ("", None)])
def test_a_quick_choice_becomes_a_day(again, days, county, signed_in):
    signed_in(county.li_ming).post(address(county.tea), wrote(county, again=again))
    record = GuidanceRecord.objects.get()
    assert record.follow_up_on == (days and county.today + timedelta(days=days))


def test_a_day_that_is_typed_goes_before_the_quick_choice(county, signed_in):
    day = county.today + timedelta(days=3)
    signed_in(county.li_ming).post(address(county.tea), wrote(county, again="month", follow_up_on=day))
    assert GuidanceRecord.objects.get().follow_up_on == day


def test_an_unknown_quick_choice_is_said_and_the_text_is_kept(county, signed_in):
    answer = signed_in(county.li_ming).post(address(county.tea), wrote(county, again="soon"))
    assert answer.status_code == 422 and "valid choice" in errors(answer)
    assert "Talked." in answer.content.decode() and not GuidanceRecord.objects.exists()


# what was to follow up


def test_last_times_wish_is_shown_and_closed_with_a_tick(county, signed_in):
    wish = note(county, follow_up="Bring the form", follow_up_on=county.today)
    note(county, done="Nothing to follow up.")
    browser = signed_in(county.li_ming)
    page = browser.get(address(county.tea))
    assert "Bring the form (by" in page.content.decode()
    assert list(page.context["form"].fields["settles"].queryset) == [wish]
    browser.post(address(county.tea), wrote(county, settles=[wish.pk]))
    wish.refresh_from_db()
    assert wish.settled_by == GuidanceRecord.objects.order_by("-pk").first()
    assert "settles" not in browser.get(address(county.tea)).context["form"].fields
    assert "done" in browser.get(f"/firms/{county.tea.pk}/guidance/").content.decode()


def test_sent_twice_it_is_one_record_and_leads_to_the_same_page(county, signed_in):
    wish = note(county, follow_up="Bring the form")
    browser, sent = signed_in(county.li_ming), wrote(county, settles=[wish.pk])
    first = browser.post(address(county.tea, "?next=/today/"), sent)
    second = browser.post(address(county.tea, "?next=/today/"), sent)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.url == second.url == "/today/"
    assert GuidanceRecord.objects.count() == 2


def test_a_wish_that_somebody_closed_meanwhile_or_of_another_firm_is_refused(county, signed_in):
    wish = note(county, follow_up="Bring the form")
    elsewhere = small.visit(county.paper, by=county.zhao_qiang)
    GuidanceRecord.objects.filter(pk=elsewhere.pk).update(follow_up="Theirs")
    note(county, settles=[wish], by=county.wang_fang)
    for strange in (wish.pk, elsewhere.pk, "x"):
        answer = signed_in(county.li_ming).post(address(county.tea), wrote(county, settles=[strange]))
        assert answer.status_code == 422, strange
        assert "done already" in errors(answer)
    with pytest.raises(Refused, match="done already"):
        note(county, settles=[wish])
    assert GuidanceRecord.objects.filter(firm=county.tea).count() == 2


def test_a_strange_key_is_an_error_not_a_crash(county, signed_in):
    answer = signed_in(county.li_ming).post(address(county.tea), wrote(county, key="x"))
    assert answer.status_code == 422
    with pytest.raises(ValidationError):
        answer.context["form"].fields["key"].clean("x")


# where it leads


@pytest.mark.parametrize("strange", ["https://evil.example/", "//evil.example/", "today/", "/" * 2,
                                     "/\\evil.example", "/today/?x=" + "y" * 300, "/a\nb"])  # fmt: skip
def test_it_never_leads_away(strange, county, signed_in):
    page = address(county.tea)
    browser = signed_in(county.li_ming)
    answer = browser.post(page, wrote(county), QUERY_STRING=f"next={strange}".replace("\n", "%0A"))
    assert answer.url == f"/firms/{county.tea.pk}/"


def test_the_next_firm_is_offered_and_leads_back_to_the_same_page(county, signed_in):
    small.assign(county.guide_li, county.mall)
    browser = signed_in(county.li_ming)
    answer = browser.post(address(county.tea, "?next=/today/"), wrote(county), follow=True)
    said = answer.content.decode()
    assert "The next visit:" in said and "(no visit yet)" in said
    assert f'href="{address(county.mall, "?next=%2Ftoday%2F")}"' in said


def test_a_firms_name_in_the_offer_is_escaped(county, signed_in):
    sly = small.firm("<b>Sly & Co</b>")
    small.assign(county.guide_li, sly)
    browser = signed_in(county.li_ming)
    said = browser.post(address(county.tea), wrote(county), follow=True).content.decode()
    assert "&lt;b&gt;Sly &amp; Co" in said and "<b>Sly" not in said


def test_typed_text_survives_an_expired_session(county):
    browser = Client()
    browser.post("/sign-in/", {"username": "li.ming", "password": small.PASSWORD})
    page = address(county.tea, "?kind=call&next=/today/")
    browser.cookies.pop("sessionid")
    browser.post(page, wrote(county, kind="call", done="Half an hour of typing.", again="week"))
    browser.post("/sign-in/", {"username": "li.ming", "password": small.PASSWORD})
    form = browser.get(page).context["form"]
    assert form["done"].value() == "Half an hour of typing."
    assert (form["kind"].value(), form["again"].value()) == ("call", "week")


def test_a_day_ahead_is_said_at_its_field(county, signed_in):
    ahead = county.today + timedelta(days=1)
    form = signed_in(county.li_ming).post(address(county.tea), wrote(county, day=ahead)).context["form"]
    assert "in the future" in form.errors["day"][0] and not form.non_field_errors()
    assert "settles" not in form.fields  # nothing was left to do last time


def test_what_is_on_record_is_called_by_its_kind(county, signed_in):
    browser = signed_in(county.li_ming)
    for kind, said in (("visit", "The visit is on record."), ("call", "The call is on record.")):
        page = browser.post(address(county.tea), wrote(county, kind=kind), follow=True)
        assert said in page.content.decode()
