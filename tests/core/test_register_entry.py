"""What the register keeps of an instructor is entered, shown and changed; and a firm's languages."""

from uuid import uuid4

import pytest

from core.audit.models import Event
from core.audit.sentences import sentence
from core.credentials.acts import issue_to
from core.errors import Refused
from core.ledger.models import Firm
from core.people.assigning import assign
from core.people.entries import change_instructor
from core.people.models import Instructor
from core.people.ties import Tie, declare_tie
from tests import county as made

pytestmark = pytest.mark.usefixtures("english")


def typed(**more):
    return {
        "key": str(uuid4()), "name": "Sun Mei", "area": made.EAST, "sending_unit": "Tax office",
        "full_member": "on", "term_from": "2026-01-01", "term_until": "2027-12-31", "trade": "C",
        "kind": "retired", "mode": "single", "languages": "汉语, 傣语;English/汉语",
        "further_areas": [made.WEST, made.EAST], "takes_more_from": "2026-12-01",
    } | more  # fmt: skip


def test_the_fields_are_entered_and_shown(county, signed_in):
    browser = signed_in(county.wang_fang)
    page = browser.get("/instructors/new/").content.decode()
    assert (
        '<option value="County bureau of agriculture">' in page and 'list="sending_unit-known"' in page
    )
    given = typed()
    shown = browser.post("/instructors/new/", given).url
    assert browser.post("/instructors/new/", given).url == shown  # sent twice
    one = Instructor.objects.get(name="Sun Mei")
    assert (one.trade, one.kind, one.mode, one.sending_unit) == ("C", "retired", "single", "Tax office")
    assert one.languages == "汉语、傣语、English" and str(one.takes_more_from) == "2026-12-01"
    assert [area.code for area in one.further_areas.all()] == [made.WEST]  # one's own is no further one
    page = browser.get(shown).content.decode()
    for said in ("Retired cadre", "One firm", "汉语、傣语、English", "Manufacturing", "West"):
        assert said in page


def test_what_is_not_given_is_not_shown(county, signed_in):
    page = signed_in(county.wang_fang).get(f"/instructors/{county.guide_li.pk}/").content.decode()
    assert "Part-time" in page
    for heading in (
        "Further areas",
        "Languages of work",
        "Trade that they know",
        "Takes further firms",
    ):
        assert heading not in page


def test_a_change_is_named_and_the_rest_stays(county, signed_in):
    browser, page = signed_in(county.wang_fang), f"/instructors/{county.guide_li.pk}/"
    given = typed(name="Li Ming", sending_unit="County bureau of agriculture")
    assert browser.post(f"{page}edit/", given).url == page
    event = Event.objects.get(code="instructor.changed")
    assert sentence(event).endswith(
        "further areas, trade, kind, sent to, languages of work, takes further firms from"
    )
    shown = browser.get(f"{page}edit/").context["form"].initial
    assert (shown["kind"], shown["mode"], shown["trade"]) == ("retired", "single", "C")
    assert [area.code for area in shown["further_areas"]] == [made.WEST]
    browser.post(f"{page}edit/", given | {"key": str(uuid4())})  # nothing differs: nothing to tell
    assert Event.objects.filter(code="instructor.changed").count() == 1
    without = {k: v for k, v in given.items() if k not in ("kind", "mode")} | {"key": str(uuid4())}
    browser.post(f"{page}edit/", without)
    assert Instructor.objects.get(pk=county.guide_li.pk).kind == "retired"


@pytest.mark.parametrize(
    "wrong",
    [
        {"trade": "?"}, {"kind": "none"}, {"mode": "all"}, {"languages": "x" * 121},
        {"further_areas": [made.AWAY_TOWN]}, {"further_areas": [made.COUNTY]},
        {"takes_more_from": "31.2.2026"}, {"sending_unit": " "},
    ],
)  # fmt: skip
def test_wrong_input_is_refused_at_its_field(county, signed_in, wrong):
    answer = signed_in(county.wang_fang).post("/instructors/new/", typed(**wrong))
    assert answer.status_code == 422 and list(answer.context["form"].errors) == list(wrong)
    assert not Instructor.objects.filter(name="Sun Mei").exists()


def test_the_door_itself_refuses_another_countys_area(county):
    away = made.Area.objects.get(code=made.AWAY_TOWN)
    with pytest.raises(Refused, match="of this county"):
        change_instructor(county.guide_li, by=county.wang_fang, further_areas=[away])


def test_a_firms_languages_are_entered_and_shown(county, signed_in):
    browser, page = signed_in(county.wang_fang), f"/firms/{county.tea.pk}/"
    form = browser.get(f"{page}edit/").context["form"]
    given = {k: v for k, v in form.initial.items() if v not in (None, False)}
    given |= {"key": str(uuid4()), "languages": "汉语，英语 / 汉语", "line": ""}
    assert browser.post(f"{page}edit/", given).url == page
    assert Firm.objects.get(pk=county.tea.pk).languages == "汉语、英语"
    assert "汉语、英语" in browser.get(page).content.decode()
    assert Event.objects.get(code="firm.changed").words["what"] == "languages"


# ── declared ties ────────────────────────────────────────────────────────────────────────────────
def declare(browser, who, **more):
    given = {"key": str(uuid4()), "firm": "Qinghe Mall", "kind": "relative"} | more
    return browser.post(f"/instructors/{who.pk}/tie/", given)


@pytest.mark.parametrize("by", ["li_ming", "wang_fang", "zhou_tao"])
def test_a_tie_is_declared_keeps_the_firm_away_and_ends(county, signed_in, by):
    browser, page = signed_in(getattr(county, by)), f"/instructors/{county.guide_li.pk}/"
    assert declare(browser, county.guide_li).url == page
    assert "Qinghe Mall" in browser.get(page).content.decode()
    given = {"since": county.today, "by": county.wang_fang, "on": county.today}
    with pytest.raises(Refused, match="declared that a relative works"):
        assign(county.mall, county.guide_li, **given)
    tie = Tie.objects.get()
    for _twice in range(2):
        browser.post(f"/ties/{tie.pk}/end/", {"key": str(uuid4())})
    tie.refresh_from_db()
    assert tie.ended_on == county.today
    told = Event.objects.filter(code__startswith="tie.").order_by("pk")
    assert [one.code for one in told] == ["tie.declared", "tie.ended"]
    assign(county.mall, county.guide_li, **given)


def test_sent_twice_or_declared_again_it_is_there_once(county, signed_in):
    browser, key = signed_in(county.li_ming), str(uuid4())
    assert [declare(browser, county.guide_li, key=key).status_code for _twice in range(2)] == [302, 302]
    again = declare(browser, county.guide_li)
    assert again.status_code == 422 and "on record already" in again.content.decode()
    assert Tie.objects.count() == 1


@pytest.mark.parametrize(
    ("firm", "said"),
    [("No such firm", "has this name"), ("Nanhu Brick", "has this name"), ("Twin", "Several firms")],
)
def test_a_firm_that_cannot_be_meant_is_asked_for_again(county, signed_in, firm, said):
    made.firm("Twin"), made.firm("Twin", made.WEST)
    answer = declare(signed_in(county.li_ming), county.guide_li, firm=firm)
    assert answer.status_code == 422 and said in answer.content.decode()
    assert f'value="{firm}"' in answer.content.decode()  # what was typed is still there
    assert not Tie.objects.exists()


def test_the_credit_code_names_a_firm_too(county, signed_in):
    declare(signed_in(county.li_ming), county.guide_li, firm=f" {county.paper.credit_code.lower()} ")
    assert Tie.objects.get().firm == county.paper


def test_a_tie_is_private(county, signed_in):
    made.assign(county.guide_zhao, made.firm("East second"))  # so that East sees him
    declare(signed_in(county.zhao_qiang), county.guide_zhao, firm="East Hill Tea")
    page = f"/instructors/{county.guide_zhao.pk}/"
    for reader, sees in (("zhao_qiang", True), ("he_jun", True), ("zhou_tao", True),
                         ("wang_fang", False), ("sun_li", False), ("zheng_guan", False)):  # fmt: skip
        answer = signed_in(getattr(county, reader)).get(page)
        assert ("East Hill Tea" in answer.content.decode()) == sees, reader
    for event in Event.objects.filter(code__startswith="tie."):
        assert "East Hill" not in sentence(event)
        assert event.firm_id is None


def test_nobody_declares_for_a_colleague(county):
    for by in (county.zhao_qiang, county.he_jun, county.chen_jing, county.sun_li, county.xu_min):
        with pytest.raises(Refused):
            declare_tie(county.guide_li, county.mall, kind="relative", by=by, on=county.today)
    assert not Tie.objects.exists()


def test_a_page_says_each_thing_once(county, signed_in):
    held = issue_to(county.guide_li, by=county.zhou_tao, on=county.today)
    for reader in (county.li_ming, county.wang_fang, county.zhou_tao):
        page = signed_in(reader).get(f"/instructors/{county.guide_li.pk}/").content.decode()
        assert page.count(f">{held.number}<") == page.count('id="ties"') == 1, reader
    page = signed_in(county.zheng_guan).get(f"/instructors/{county.guide_li.pk}/").content.decode()
    assert "Declared ties" not in page
