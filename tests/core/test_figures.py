"""The figures: each number equals a recount by hand, within reach only, and links to its rows."""

from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.accounts.models import User
from core.accounts.verbs import GUESTS
from core.demo.build import build
from core.figures.behind import BEHIND
from core.figures.coverage import NUMBERS, Share, figures
from core.figures.keeping import keep
from core.figures.ledger import Ledger
from core.ledger.filters import firms_where
from core.ledger.models import Branch, Firm
from core.ledger.spells import note
from core.ledger.stages import Operation, Stage
from core.people.models import Member
from tests import county as small

FLOOR = 31  # days, as the rulebook has it


def scatter(county, rng, many=14):
    """Random firms over three townships of two counties, with everything that figures look at."""
    today = county.today
    joint = small.affiliated_branch(f"Joint {rng.random()}")
    truth = []
    for place in range(many):
        area = rng.choice([small.EAST, small.WEST, small.AWAY_TOWN])
        line = county.commerce if rng.random() < 0.3 and area != small.AWAY_TOWN else None
        stage, operation = rng.choice(Stage.values), rng.choice(Operation.values)
        firm = small.firm(
            f"Firm {place}", area, line=line, stage=stage, operation=operation,
            branch=joint if stage in (Stage.AFFILIATED, Stage.STANDALONE) else None,
            above_scale=rng.random() < 0.3, employees=rng.randint(0, 90),
            closed_on=today if operation == Operation.CLOSED else None,
        )  # fmt: skip
        full = rng.randint(0, 4)
        for _ in range(full):
            small.member(firm)
        small.member(firm, kind=Member.Kind.PROBATIONARY)
        small.member(firm, until=today - timedelta(days=1))
        guided, days = rng.random() < 0.6, rng.choice([None, 0, FLOOR, FLOOR + 1, 90])
        if guided:
            guide = small.instructor(f"Guide {place}", area)
            small.assign(guide, firm)
        if days is not None:
            small.visit(firm, by=county.li_ming, on=today - timedelta(days=days))
        union = rng.random() < 0.3
        if union:
            small.union(firm)
        worked_in = guided and days is not None and days <= FLOOR
        truth.append((firm, full, guided, worked_in, union))
    return truth


def recount(truth):
    """The same numbers, one firm after the other."""
    rows = [row for row in truth if row[0].operation != Operation.CLOSED]
    organised = [r for r in rows if r[0].stage in ("affiliated", "standalone")]
    rest = [r for r in rows if r not in organised]
    standing = [r for r in rows if r[0].stage == "standalone"]
    enough = [r for r in rows if r[1] >= 3]
    guided, worked = [r for r in rows if r[2]], [r for r in rows if r[3]]
    full, employees = sum(r[1] for r in rows), sum(r[0].employees for r in rows)
    return {
        "organisation_coverage": (len(organised), len(rows)),
        "work_coverage": (len([r for r in rows if r in organised or r[3]]), len(rows)),
        "work_coverage_of_unorganised": (len([r for r in rest if r[3]]), len(rest)),
        "standalone_rate": (len(standing), len(rows)),
        "should_have_rate": (len([r for r in enough if r in standing]), len(enough)),
        "with_instructor": (len(guided), len(rows)),
        "really_worked_in": (len(worked), len(guided)),
        "firms": len(rows),
        "firms_above_scale": len([r for r in rows if r[0].above_scale]),
        "paused_firms": len([r for r in rows if r[0].operation == "paused"]),
        "firms_with_members": len([r for r in rows if r[1]]),
        "should_have_own_branch": len([r for r in enough if r not in standing]),
        "employees": employees,
        "full_members": full,
        "full_members_share": (full, employees),
        "mass_organisations": len([r for r in rows if r[4]]),
    }


@pytest.mark.parametrize("seed", range(6))
def test_each_number_equals_a_recount_within_each_reach(county, seed):
    Firm.objects.filter(pk__in=[f.pk for f in Firm.objects.all()]).update(
        operation=Operation.CLOSED, closed_on=county.today
    )
    truth = scatter(county, Random(seed))
    for user in (county.zhou_tao, county.wang_fang, county.chen_jing, county.sun_li):
        seen = set(Firm.objects.visible_to(user).values_list("pk", flat=True))
        expected = recount([row for row in truth if row[0].pk in seen])
        got = figures(user)
        assert {key: got[key] for key in expected} == expected, user


def test_the_rows_behind_a_number_are_the_rows_of_its_list(county):
    scatter(county, Random(99), many=20)
    ledger = Ledger(county.zhou_tao, county.today)
    for number in NUMBERS:
        if not number.lists:
            continue
        value = number.counts(ledger)
        expected = value.part if isinstance(value, Share) else value
        seen = Firm.objects.visible_to(county.zhou_tao)
        listed, _in_force = firms_where(seen, QueryDict(number.lists), on=county.today)
        assert listed.count() == expected, number.key


@pytest.mark.parametrize("seed", range(2))
def test_the_rows_behind_every_other_number_come_to_the_number(county, signed_in, seed):
    scatter(county, Random(seed), many=20)
    for firm in Firm.objects.all():
        note(firm, on=county.today)
    stalls = Branch.objects.create(
        county=small.COUNTY, area=small.COUNTY, line=county.commerce, name="Stalls",
        kind="affiliated", founded_on=county.today,
    )  # fmt: skip
    Member.objects.create(
        county=small.COUNTY, branch=stalls, name="Stall", kind="full", since=county.today
    )
    assert {n.key for n in NUMBERS if not n.lists} == BEHIND.keys()
    for reader in (county.zhou_tao, county.wang_fang, county.chen_jing, county.li_ming):
        for past in (False, True):
            ledger = Ledger(reader, county.today, past=past)
            for number in (n for n in NUMBERS if n.key in BEHIND):
                value = number.counts(ledger)
                value = value.part if isinstance(value, Share) else value
                rows = BEHIND[number.key].rows(ledger)
                assert sum(row.many for row in rows) == (value or 0), (reader, past, number.key)
        page = signed_in(reader).get("/figures/behind/employees/").context
        assert page["whole"] == Ledger(reader, county.today).total("employees")
    assert signed_in(county.wang_fang).get("/figures/behind/nothing/").status_code == 404


@pytest.mark.parametrize("way", ["town", "line", "industry", "size", "period"])
def test_each_part_leads_to_as_many_firms_as_it_counts(county, signed_in, way):
    scatter(county, Random(7), many=20)
    browser = signed_in(county.zhou_tao)
    page = browser.get(f"/figures/?by={way}")
    assert page.status_code == 200 and page.context["parts"]
    if way != "period":
        whole = Ledger(county.zhou_tao, county.today).firms()
        assert sum(part["cells"][0]["value"] for part in page.context["parts"]) == whole
    for part in page.context["parts"]:
        for cell in part["cells"]:
            value = cell["share"].part if cell["share"] else cell["value"]
            listed = browser.get(cell["link"]).content.decode()
            assert f"{value} firm" in listed, (way, part["name"], cell["number"].key)


def test_branches_instructors_and_self_employed_are_counted_apart(county):
    county.commerce.association = True
    county.commerce.save()
    east = small.affiliated_branch()
    small.affiliated_branch("West joint branch", small.WEST)
    gone = small.affiliated_branch("Gone")
    gone.dissolved_on = county.today
    gone.save()
    stalls = Branch.objects.create(
        county=small.COUNTY, area=small.COUNTY, line=county.commerce, name="Stalls",
        kind=Branch.Kind.AFFILIATED, founded_on=county.today,
    )  # fmt: skip
    for name in ("Ma Li", "Ma Yun"):
        Member.objects.create(
            county=small.COUNTY, name=name, kind=Member.Kind.FULL, branch=stalls, since=county.today
        )
    Firm.objects.filter(pk=county.tea.pk).update(stage=Stage.AFFILIATED, branch=east)
    at_county, at_town = figures(county.zhou_tao), figures(county.wang_fang)
    assert at_county["affiliated_branches"] == 3
    assert at_county["association_branches"] == 1
    assert at_county["self_employed_members"] == 2
    assert at_county["full_members"] == 0
    assert at_county["instructors"] == 2
    assert at_town["affiliated_branches"] == 1
    assert at_town["self_employed_members"] is None
    assert figures(county.chen_jing)["association_branches"] == 1


def test_the_demo_county_shows_the_printed_figures(db):
    build([0], seed=2014, on=timezone.localdate())
    got = figures(User.objects.get(username="county"))
    printed = {
        "firms": 408, "firms_above_scale": 15, "employees": 7219, "firms_with_members": 79,
        "full_members": 168, "self_employed_members": 206, "instructors": 329,
        "affiliated_branches": 36, "association_branches": 21, "mass_organisations": 76,
        "organisation_coverage": (79, 408), "standalone_rate": (19, 408),
        "should_have_rate": (19, 24), "should_have_own_branch": 5,
    }  # fmt: skip
    assert {key: got[key] for key in printed} == printed
    assert got["organisation_coverage"].text == "19.36%"
    assert got["full_members_share"].text == "2.33%"  # printed as 2.23%


def test_a_share_of_nothing_is_a_dash_and_halves_go_up(county):
    assert Share(0, 0).percent is None
    assert Share(0, 0).text == "–"
    assert Share(1, 8).percent == Decimal("12.50")
    assert Share(1, 2000).text == "0.05%"
    assert Share(1, 20_000).text == "0.01%"  # 0.005 is rounded up, not to even
    Firm.objects.all().update(operation=Operation.CLOSED, closed_on=county.today)
    nothing = figures(county.zhou_tao)
    assert nothing["organisation_coverage"].text == "–"
    assert nothing["employees"] == 0


def test_the_page_is_for_staff(county, signed_in):
    for role, user in county.by_role.items():
        expected = 403 if role in GUESTS else 200
        assert signed_in(user).get(reverse("figures:coverage")).status_code == expected, role
    assert Client().get(reverse("figures:coverage")).status_code == 302


def test_the_page_holds_without_a_single_firm(county, signed_in):
    Firm.objects.all().update(operation=Operation.CLOSED, closed_on=county.today)
    answer = signed_in(county.zhou_tao).get(reverse("figures:coverage"))
    assert answer.status_code == 200
    assert answer.context["parts"] == []


def test_few_statements_however_many_firms(county, signed_in, django_assert_max_num_queries):
    build([0], seed=2014, on=county.today)
    user = User.objects.get(username="county")
    keep(county.today)
    with django_assert_max_num_queries(5):
        figures(user)
    browser = signed_in(user)
    with django_assert_max_num_queries(15):  # with the frame: who, session, counts of tasks
        answer = browser.get(reverse("figures:coverage"))
    assert len(answer.context["parts"]) == 12
    assert sum(town["cells"][0]["value"] for town in answer.context["parts"]) == 408
