"""The list of firms: what is found, by whom, in which order, at what cost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from core.ledger.filters import HAS, firms_where
from core.ledger.models import Firm
from core.ledger.paging import COUNT_AT_MOST, counted, page_of
from core.ledger.scope import within
from core.ledger.search import firms_named, tidy
from tests import county as made

pytestmark = pytest.mark.usefixtures("english")


def names(response) -> list[str]:
    return [row["firm"].name for row in response.context["rows"]]


@pytest.fixture
def hengda(county):
    return made.firm("福建恒达机械（集团）有限公司", made.EAST)


@pytest.mark.parametrize(
    "typed",
    ["恒达机械", "恒达 机械", "hdjx", "HDJX", "ｈｄｊｘ", "hengdajixie", "heng da", "恒达机械(集团)",
     "恒达机械（集团）", "  恒达\u3000", "集团 恒达", "fjhdjx"],
)  # fmt: skip
def test_a_firm_is_found_by_name_pinyin_or_initials(typed, hengda):
    assert list(Firm.objects.filter(firms_named(typed))) == [hengda]


def test_a_firm_is_found_by_its_code_however_it_is_typed(hengda):
    code = hengda.credit_code
    spaced = f"{code[:4]} {code[4:8]} {code[8:]}".lower()
    for typed in (code, spaced, code[-6:], "".join(chr(ord(c) + 0xFEE0) for c in code)):
        assert hengda in Firm.objects.filter(firms_named(typed)), typed


@pytest.mark.parametrize("typed", ["%", "_", "恒达酒店", "hdjd", "\x00", "'; drop table", "（）"])
def test_what_matches_nothing_finds_nothing_and_breaks_nothing(typed, hengda, signed_in, county):
    answer = signed_in(county.zhou_tao).get("/firms/", {"q": typed})
    assert answer.status_code == 200
    assert names(answer) == [] or not tidy(typed)  # what cannot be seen is not a search


@pytest.mark.parametrize("area", ["13", "1399", made.COUNTY, made.EAST, "9", "99", "139902100", ""])
def test_an_area_is_a_range_that_holds_what_begins_with_it(area, county):
    expected = {firm.name for firm in Firm.objects.all() if area and firm.area.startswith(area)}
    assert {firm.name for firm in Firm.objects.filter(within(area))} == expected


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("li_ming", ["East Hill Tea"]),
        ("wang_fang", ["East Hill Tea", "Qinghe Mall"]),
        ("chen_jing", ["Qinghe Mall"]),
        ("zhou_tao", ["East Hill Tea", "Qinghe Mall", "West Paper"]),
        ("wu_laoban", ["East Hill Tea"]),
        ("sun_li", ["East Hill Tea", "Qinghe Mall", "West Paper"]),
        ("gao_yuan", ["Nanhu Brick"]),
    ],
)
def test_everybody_sees_the_firms_within_reach(who, sees, county, signed_in):
    assert names(signed_in(getattr(county, who)).get("/firms/")) == sees


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ({"township": made.WEST}, ["West Paper"]),
        ({"line": "none"}, ["East Hill Tea", "West Paper"]),
        ({"size": "large"}, ["West Paper"]),
        ({"operation": "closed"}, ["Shut Shop"]),
        ({"operation": "all", "q": "shut"}, ["Shut Shop"]),
        ({"instructor": "li ming"}, ["East Hill Tea"]),
        ({"instructor": "none"}, ["Qinghe Mall"]),
        ({"instructor": "无"}, ["Qinghe Mall"]),
        ({"has": "members"}, ["Qinghe Mall", "West Paper"]),
        ({"has": "3_members"}, ["West Paper"]),
        ({"has": ["3_members", "no_own_branch"]}, ["West Paper"]),
        ({"has": "few_members"}, ["Qinghe Mall"]),
        ({"has": "no_members"}, ["East Hill Tea"]),
        ({"has": "no_instructor"}, ["Qinghe Mall"]),
        ({"has": "worked_in"}, ["East Hill Tea"]),
        ({"has": "not_worked_in"}, ["West Paper"]),
        ({"has": "mass_organisation"}, ["East Hill Tea"]),
        ({"has": ["members", "instructor"]}, ["West Paper"]),
        ({"stage": "nonsense", "has": "nonsense", "township": "x", "line": "9" * 40, "sort": "?"},
         ["East Hill Tea", "Qinghe Mall", "West Paper"]),
        ({"before": "abc", "after": "9" * 30}, ["East Hill Tea", "Qinghe Mall", "West Paper"]),
        ({"sort": "-name"}, ["West Paper", "Qinghe Mall", "East Hill Tea"]),
        ({"sort": "employees"}, ["West Paper", "Qinghe Mall", "East Hill Tea"]),
    ],
)  # fmt: skip
def test_filters_and_sorting(address, found, county, signed_in):
    Firm.objects.filter(pk=county.paper.pk).update(size="large", employees=900)
    Firm.objects.filter(pk=county.mall.pk).update(employees=300)
    shut = made.firm("Shut Shop", made.EAST)
    Firm.objects.filter(pk=shut.pk).update(operation="closed", closed_on=county.today)
    for place in range(3):
        made.member(county.paper, f"Member {place}")
    made.member(county.mall)
    made.member(county.tea, until=county.today)  # left: no longer counted
    made.visit(county.tea, by=county.li_ming)
    made.visit(county.paper, by=county.zhao_qiang, on=county.today - timedelta(days=200))
    made.union(county.tea)
    assert names(signed_in(county.zhou_tao).get("/firms/", address)) == found


def test_a_filter_in_force_can_be_taken_out_alone(county, signed_in):
    answer = signed_in(county.zhou_tao).get("/firms/", {"has": ["members", "instructor"], "q": "tea"})
    without = [chip["without"] for chip in answer.context["in_force"]]
    assert without == ["/firms/?has=instructor&q=tea", "/firms/?has=members&q=tea"]


def test_every_kind_of_having_can_be_asked(county):
    for name in HAS:
        given = QueryDict(f"has={name}")
        found, in_force = firms_where(Firm.objects.all(), given, on=county.today)
        assert found.count() <= 4
        assert in_force == [("has", name)]


def test_an_empty_list_says_what_to_do(county, signed_in):
    body = signed_in(county.zhou_tao).get("/firms/", {"q": "nothing like it"}).content.decode()
    assert "operation=all" in body
    made.Assignment.objects.all().delete()
    alone = signed_in(county.li_ming).get("/firms/")
    assert names(alone) == [] and "firms/new" not in alone.content.decode()


@pytest.mark.parametrize("down", [False, True])
@pytest.mark.parametrize("column", ["pinyin", "employees"])
def test_pages_go_forth_and_back_and_miss_no_firm(column, down, county):
    for number in range(20):
        made.firm(f"Firm {number % 4}", made.EAST, employees=number % 3)
    rows = Firm.objects.all()
    sign = "-" if down else ""
    expected = list(rows.order_by(f"{sign}{column}", f"{sign}pk"))
    seen, page = [], page_of(rows, by=column, down=down, size=5)
    while True:
        seen += page.rows
        if not page.after:
            break
        page = page_of(rows, by=column, down=down, size=5, after=str(page.after))
    assert seen == expected
    back = []
    while page.before:
        page = page_of(rows, by=column, down=down, size=5, before=str(page.before))
        back = page.rows + back
    assert back == expected[: len(back)] and len(back) >= 19


def test_nothing_is_counted_to_the_end(county):
    with CaptureQueriesContext(connection) as asked:
        assert counted(Firm.objects.all()) == "4"
    assert f"LIMIT {COUNT_AT_MOST + 1}" in asked[0]["sql"]


def test_the_list_costs_the_same_however_many_firms_it_shows(county, signed_in):
    browser = signed_in(county.zhou_tao)
    browser.get("/firms/")

    def cost(address) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert browser.get("/firms/", address).status_code == 200
        return len([one for one in asked if "SAVEPOINT" not in one["sql"]])

    few = cost({})
    for number in range(120):
        made.assign(county.guide_li, made.firm(f"Firm {number}", made.EAST, line=county.commerce))
    assert cost({}) == few
    second = browser.get("/firms/").context["shown"].after
    assert cost({"after": second, "has": "instructor", "instructor": "li", "q": "f"}) == few + 1
    core_tables = ("core_firm", "core_area", "core_linedepartment")
    with CaptureQueriesContext(connection) as asked:
        browser.get("/firms/", {"after": second})
    own = [one for one in asked if any(f'FROM "{table}"' in one["sql"] for table in core_tables)]
    assert len(own) + 1 <= 8  # and the instructors of the page
