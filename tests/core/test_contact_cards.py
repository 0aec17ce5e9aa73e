"""Contact cards: who is named where, which one counts for a firm, and what is printed."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.audit.models import Event
from core.contact_cards import printing
from core.contact_cards.acts import end_contact, keep_visiting_days, name_contact
from core.contact_cards.facts import facts_of
from core.contact_cards.models import TierContact, VisitingDays
from core.credentials.acts import issue_to, move
from core.errors import Refused
from core.ledger.models import Firm
from core.people.models import Instructor
from tests import county as small
from tests.core.test_letters import pages

pytestmark = pytest.mark.usefixtures("english")
COUNTY, SECTION = TierContact.Tier
MEMBERSHIP = ("正式党员", "预备党员", "积极分子", "Full member")


def named(by, on, tier=COUNTY, *, name="欧阳建国", area=small.EAST, **more) -> TierContact:
    said = {"post": "县委副书记", "phone": "0690-5000001"} | more
    return name_contact(tier, area="" if "firm" in more else area, name=name, by=by, on=on, **said)


def card(firm, on):
    return facts_of([Firm.objects.get(pk=firm.pk)], on=on)[0]


def leader(firm, on, tier=COUNTY) -> str:
    found = card(firm, on).leaders[tier]
    return found.name if found else ""


# ── who is named ───────────────────────────────────────────────────────────────────────────────
def test_the_nearest_leader_counts(county):
    on, zhou = county.today, county.zhou_tao
    assert leader(county.tea, on) == ""
    named(zhou, on, area=small.COUNTY, name="甲")
    assert (leader(county.tea, on), leader(county.paper, on)) == ("甲", "甲")
    named(zhou, on, area=small.EAST, name="乙")
    assert (leader(county.tea, on), leader(county.paper, on)) == ("乙", "甲")
    own = named(county.wang_fang, on, firm=county.tea, name="丙")
    assert (leader(county.tea, on), leader(county.mall, on)) == ("丙", "乙")
    assert leader(county.tea, on, SECTION) == ""
    end_contact(own, by=county.wang_fang, on=on)
    assert leader(county.tea, on) == "乙"


def test_who_follows_gets_a_row_of_their_own(county):
    later = county.today + timedelta(days=9)
    first = named(county.wang_fang, county.today, name="甲")
    second = named(county.wang_fang, later, name="乙")
    first.refresh_from_db()
    assert (first.name, first.until, second.since, second.until) == ("甲", later, later, None)
    assert [e.words["name"] for e in Event.objects.filter(code="contact.named").order_by("pk")] == [
        "甲", "乙",
    ]  # fmt: skip


def test_the_same_person_named_again_changes_nothing(county):
    first = named(county.wang_fang, county.today)
    assert named(county.wang_fang, county.today, name=" 欧阳建国 ").pk == first.pk
    assert TierContact.objects.count() == Event.objects.filter(code="contact.named").count() == 1


@pytest.mark.parametrize("role", ["instructor", "line", "contact", "unit", "auditor", "administrator"])
def test_only_who_keeps_the_ledger_names_somebody(county, role):
    with pytest.raises(Refused, check=lambda no: no.code == Refused.NOT_YOURS):
        named(county.by_role[role], county.today)


def test_a_township_names_nobody_next_door_or_for_the_county(county):
    for where in (small.WEST, small.COUNTY, small.AWAY_TOWN):
        with pytest.raises(Refused, check=lambda no: no.code == Refused.NOT_YOURS):
            named(county.wang_fang, county.today, area=where)
    with pytest.raises(Refused, check=lambda no: no.code == Refused.NOT_YOURS):
        named(county.wang_fang, county.today, firm=county.paper)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"name": " "}, "Give the name"),
        ({"phone": ""}, "Give the name"),
        ({"name": "王\ue123"}, r"U\+E123"),
    ],
)
def test_what_cannot_be_printed_is_not_kept(county, more, says):
    with pytest.raises(Refused, match=says):
        named(county.wang_fang, county.today, **more)
    assert not TierContact.objects.exists()


def test_what_ended_does_not_end_again(county):
    one = named(county.wang_fang, county.today)
    end_contact(one, by=county.wang_fang, on=county.today)
    with pytest.raises(Refused, check=lambda no: no.code == Refused.FASTER):
        end_contact(one, by=county.wang_fang, on=county.today)


def test_the_database_keeps_one_leader_of_a_tier(county):
    named(county.wang_fang, county.today)
    named(county.wang_fang, county.today, firm=county.tea)
    for twin in list(TierContact.objects.all()):
        twin.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            twin.save(force_insert=True)


# ── visiting days ──────────────────────────────────────────────────────────────────────────────
def test_visiting_days_belong_to_the_assignment(county):
    on = county.today
    keep_visiting_days(county.tea, "每周三上午", by=county.li_ming, on=on)
    assert card(county.tea, on).visits == "每周三上午"
    keep_visiting_days(county.tea, "每周五上午", by=county.wang_fang, on=on)
    assert [row.words for row in VisitingDays.objects.order_by("pk")] == ["每周三上午", "每周五上午"]
    small.assign_away(county.tea, small.instructor("Tang Hua"))
    assert card(county.tea, on).visits == ""


def test_no_days_are_agreed_any_more(county):
    keep_visiting_days(county.tea, "每周三上午", by=county.zhou_tao, on=county.today)
    keep_visiting_days(county.tea, "", by=county.zhou_tao, on=county.today)
    assert card(county.tea, county.today).visits == ""
    days = Event.objects.filter(code="visiting_days.kept").order_by("pk")
    assert [e.words["days"] for e in days] == ["每周三上午", "–"]


def test_nobody_comes_to_a_firm_without_an_instructor(county):
    with pytest.raises(Refused, match="no instructor"):
        keep_visiting_days(county.mall, "每周三", by=county.wang_fang, on=county.today)


def test_another_townships_instructor_keeps_no_days_here(county):
    with pytest.raises(Refused, check=lambda no: no.code == Refused.NOT_YOURS):
        keep_visiting_days(county.tea, "每周三", by=county.zhao_qiang, on=county.today)


# ── the code ───────────────────────────────────────────────────────────────────────────────────
def test_the_code_leads_to_the_check_page_of_an_active_credential_only(county, client):
    on, zhou = county.today, county.zhou_tao
    assert card(county.tea, on).address == "tel:12380"
    held = issue_to(county.guide_li, by=zhou, on=on)
    assert not card(county.tea, on).checks  # not handed out yet
    move(held, "hand_out", by=zhou, on=on)
    address = card(county.tea, on).address
    assert client.get("/c/" + address.partition("/c/")[2]).status_code == 200
    move(held, "suspend", by=zhou, on=on, reason="x")
    assert card(county.tea, on).address == "tel:12380"


def test_many_firms_cost_as_many_statements_as_one(county, django_assert_num_queries):
    firms = [county.tea]
    for n in range(12):
        firms.append(small.firm(f"Firm {n}"))
        small.assign(small.instructor(f"Tang {n}"), firms[-1])
    with django_assert_num_queries(7):
        assert len(facts_of(firms, on=county.today)) == 13


# ── the paper ──────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def tea(county):
    """A firm with everything on its card, and with a member, of whom nothing is printed."""
    Firm.objects.filter(pk=county.tea.pk).update(name="青岚县㛃记云雾茶业有限公司")
    Instructor.objects.filter(pk=county.guide_li.pk).update(name="陈𫖯", phone="13800000009")
    small.member(county.tea, name="张建国")
    named(county.zhou_tao, county.today, name="王䶮")
    named(county.zhou_tao, county.today, SECTION, name="李𬬮", phone="0690-5000002", post="党委副书记")
    keep_visiting_days(county.tea, "每月第一周星期三", by=county.zhou_tao, on=county.today)
    return Firm.objects.get(pk=county.tea.pk)


def test_everything_is_on_the_card_and_nothing_of_membership(county, tea):
    (text,) = pages(printing.one_card(tea, on=county.today))
    for said in (
        tea.name, "王䶮", "0690-5000001", "李𬬮", "党委副书记", "0690-5000002", "陈𫖯", "13800000009",
        "每月第一周星期三", "12380", "Countybureauofagriculture", "县级领导", "科级领导", "指导员",
    ):  # fmt: skip
        assert said in text
    assert not [word for word in (*MEMBERSHIP, "张建国") if word in text]


def test_the_code_is_drawn_into_the_page(county, tea, monkeypatch):
    drawn = []
    real = printing.qr.drawn
    monkeypatch.setattr(
        printing.qr, "drawn", lambda said, **where: drawn.append(said) or real(said, **where)
    )
    printing.one_card(tea, on=county.today)
    assert drawn == ["tel:12380"]


@pytest.mark.parametrize("name", ["长" * 128, "短"])
def test_a_card_stays_one_page(county, tea, name):
    Firm.objects.filter(pk=tea.pk).update(name=name)
    (text,) = pages(printing.one_card(Firm.objects.get(pk=tea.pk), on=county.today))
    assert name in text


def test_a_character_without_a_font_names_the_firm(county, tea):
    Instructor.objects.filter(pk=county.guide_li.pk).update(name="陈\ue123")
    with pytest.raises(printing.paper.PaperError, match=rf"{tea.name}.*U\+E123"):
        printing.one_card(tea, on=county.today)


def test_a_firm_without_an_instructor_has_no_card(county):
    with pytest.raises(Refused, match="no instructor"):
        printing.one_card(county.mall, on=county.today)


# ── the pages ──────────────────────────────────────────────────────────────────────────────────
def test_from_the_case_to_the_paper(county, tea, signed_in):
    browser = signed_in(county.wang_fang)
    card_page = f"/firms/{tea.pk}/contact-card/"
    assert card_page in browser.get(f"/firms/{tea.pk}/").content.decode()
    assert "王䶮" in browser.get(card_page).content.decode()
    key = uuid4()
    answers = [browser.post(f"{card_page}paper/", {"key": key}) for _n in range(2)]
    assert [a.headers["Content-Type"] for a in answers] == ["application/pdf"] * 2
    event = Event.objects.get(code="contact_card.printed")
    assert (event.by, event.firm_id) == (county.wang_fang, tea.pk)


def test_a_card_that_cannot_be_printed_says_why_on_its_page(county, tea, signed_in):
    Instructor.objects.filter(pk=county.guide_li.pk).update(name="陈\ue123")
    answer = signed_in(county.wang_fang).post(f"/firms/{tea.pk}/contact-card/paper/", {"key": uuid4()})
    assert answer.status_code == 422 and "U+E123" in answer.content.decode()
    assert not Event.objects.filter(code="contact_card.printed").exists()


def test_somebody_is_named_on_a_page(county, signed_in):
    browser, page = signed_in(county.wang_fang), f"/contact-cards/area/{small.EAST}/section_leader/"
    said = {"key": uuid4(), "name": "赵敏", "post": "党委副书记", "phone": "0690-5000003"}
    assert browser.post(page, said).url == "/contact-cards/"
    assert "赵敏" in browser.get("/contact-cards/").content.decode()
    bad = browser.post(page, said | {"key": uuid4(), "phone": "call me", "name": "钱多"})
    assert bad.status_code == 422 and "钱多" in bad.content.decode()
    one = TierContact.objects.get()
    assert browser.post(f"/contact-cards/named/{one.pk}/end/", {"key": uuid4()}).status_code == 302
    assert not TierContact.objects.standing().exists()


def test_a_tier_that_there_is_not(county, signed_in):
    browser = signed_in(county.wang_fang)
    assert browser.get(f"/contact-cards/area/{small.EAST}/king/").status_code == 404
    assert browser.get(f"/firms/{county.tea.pk}/contact-card/king/").status_code == 404


def test_the_page_of_areas_costs_the_same_for_many(county, signed_in):
    browser, took = signed_in(county.zhou_tao), []
    browser.get("/contact-cards/")  # the session is found once
    for many in (2, 30):
        for n in range(many):
            named(county.zhou_tao, county.today, firm=small.firm(f"Firm {many} {n}"), name=f"名{n}")
        with CaptureQueriesContext(connection) as asked:
            page = browser.get("/contact-cards/")
        took.append(len(asked))
    assert took[0] == took[1] and "名29" in page.content.decode()
