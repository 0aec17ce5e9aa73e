"""At a glance: each number is the length of the list behind it, at any size, and nobody is ranked."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from core.accounts.absence import Leave
from core.ledger.models import Firm
from core.people.glance import NAMED, glance
from core.people.models import Instructor
from core.people.training import record_training
from tests import county as made
from workflows.coverage.acts import propose
from workflows.engine.models import Task

pytestmark = pytest.mark.usefixtures("english")
PAGE = "/instructors/load/"
EVERYBODY = ["An Yi", "He Yong", "Li Ming", "Ren Ping"]


@pytest.fixture
def busy(county):
    """East with people in each of the states that a supervisor looks for."""
    on = county.today
    for number in range(3):
        made.assign(county.guide_li, made.firm(f"East {number}", made.EAST))
    soon = made.instructor("Ren Ping", made.EAST, term_until=on + timedelta(days=30))
    over = made.instructor("An Yi", made.EAST, term_until=on - timedelta(days=1))
    away = made.instructor("He Yong", made.EAST, user=made.person("he.yong", "instructor", made.EAST))
    made.instructor("Gone Already", made.EAST, left_on=on)
    made.assign(over, made.firm("East 9", made.EAST))
    Leave.objects.create(
        person=away.user, substitute=county.li_ming, since=on, until=on, by=county.li_ming
    )
    Instructor.objects.filter(pk=over.pk).update(full_member=False)
    record_training([soon], day=on, days=Decimal(3), subject="x", by=county.wang_fang, on=on)
    made.visit(county.tea, by=county.li_ming)
    rests = Firm.objects.get(name="East 0")
    made.put(rests, operation="paused", paused_on=on)
    return county


def numbers(person, on) -> dict:
    return {number.key: number for number in glance(person, on=on)["numbers"]}


def test_the_numbers_of_a_township(busy):
    have = {key: number.many for key, number in numbers(busy.wang_fang, busy.today).items()}
    assert have == {
        "without": 1,  # the mall
        "due": 3,  # not the tea firm, which was visited, nor the one that rests
        "ends_soon": 1, "ended": 1, "above_usual": 1, "suspended_guides": 1, "training": 3, "away": 1,
        "no_firm": 2, "left_work": 0,
    }  # fmt: skip


def test_each_number_leads_to_a_list_of_that_length(busy, signed_in):
    browser = signed_in(busy.wang_fang)
    found = numbers(busy.wang_fang, busy.today)
    for number in found.values():
        context = browser.get(number.url).context
        rows = context["shown"].rows if "shown" in context else context["rows"]
        assert len(rows) == number.many, number.key
    spread = glance(busy.wang_fang, on=busy.today)["spread"]
    assert [(row["firms"], row["many"]) for row in spread["rows"]] == [
        (0, 2), (1, 1), (2, 0), (3, 0), (4, 1),
    ]  # fmt: skip
    for row in spread["rows"]:
        assert len(browser.get(row["url"]).context["shown"].rows) == row["many"]
    assert [row["above"] for row in spread["rows"]] == [False, False, False, False, True]


def test_people_are_named_by_name_and_not_by_number(busy):
    for name, many in (("Bao Er", 4), ("Zhu Wu", 5)):
        guide = made.instructor(name, made.EAST)
        for number in range(many):
            made.assign(guide, made.firm(f"{name} {number}", made.EAST))
    named = {group["key"]: group for group in glance(busy.wang_fang, on=busy.today)["named"]}
    assert [row.name for row in named["above_usual"]["rows"]] == ["Bao Er", "Li Ming", "Zhu Wu"]


def test_work_of_somebody_who_left_is_counted(busy, signed_in):
    made.union(busy.tea)
    propose(busy.tea, "organise_mass", by=busy.li_ming, on=busy.today, reason="It has one now.")
    Task.objects.human().open().update(left_behind=True, owner=busy.li_ming)
    assert numbers(busy.wang_fang, busy.today)["left_work"].many == 1
    assert numbers(busy.wang_fang, busy.today)["left_work"].url == "/tasks/left-behind/"
    assert "left_work" not in numbers(busy.sun_li, busy.today)  # an auditor hands nothing on


def test_the_page_shows_them_and_is_not_for_instructors(busy, signed_in):
    page = signed_in(busy.wang_fang).get(PAGE).content.decode()
    for said in ("Terms that end soon", "Ren Ping", "He Yong", "Li Ming stands in", "at the limit"):
        assert (said in page) is (said != "at the limit"), said
    assert signed_in(busy.li_ming).get(PAGE).status_code == 403
    assert "Li Ming" not in signed_in(busy.he_jun).get(PAGE).content.decode()


def test_it_costs_the_same_statements_at_any_size(busy, django_assert_max_num_queries):
    def cost() -> int:
        with django_assert_max_num_queries(16) as asked:
            glance(busy.wang_fang, on=busy.today)
        return len(asked)

    few = cost()
    for number in range(3 * NAMED):
        guide = made.instructor(f"New {number}", made.EAST, term_until=timezone.localdate())
        made.assign(guide, made.firm(f"New {number}", made.EAST))
    assert cost() == few


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({"q": "rp"}, ["Ren Ping"]), ({"q": "agriculture"}, EVERYBODY),
        ({"kind": "part_time", "which": "ends_soon"}, ["Ren Ping"]),
        ({"which": "left"}, ["Gone Already"]),
        ({"trade": "A"}, []), ({"firms": "4"}, ["Li Ming"]), ({"which": "dance"}, None),
        ({"area": made.WEST}, []), ({"firms": "999999"}, None), ({"area": "x"}, None),
    ],
)  # fmt: skip
def test_the_list_is_narrowed_by_what_is_asked(given, names, busy, signed_in):
    Instructor.objects.filter(name="Ren Ping").update(initials="rp")
    rows = signed_in(busy.wang_fang).get("/instructors/", given).context["shown"].rows
    assert [row.name for row in rows] == (EVERYBODY if names is None else names)


def test_specialty_and_further_areas_are_found(busy, signed_in):
    guide = Instructor.objects.get(name="Ren Ping")
    Instructor.objects.filter(pk=guide.pk).update(specialty="Tea growing")
    guide.further_areas.set([made.WEST])
    browser = signed_in(busy.wang_fang)
    for given in ({"q": "tea"}, {"area": made.WEST}):
        rows = browser.get("/instructors/", given).context["shown"].rows
        assert [row.name for row in rows] == ["Ren Ping"], given
