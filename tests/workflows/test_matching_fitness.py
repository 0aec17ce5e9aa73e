"""The board's rules, which judge everybody at once, and those for a single pair say the same."""

from datetime import timedelta
from random import Random

import pytest

from core.people.fitness import BLOCK, objections
from core.people.models import Instructor
from core.people.ties import Tie
from tests import county as small
from tests.workflows.boards import made

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def mixed(town):
    """Thirty instructors and a dozen firms with every kind of hindrance, in every mixture."""
    chance, day = Random(5), timedelta(days=1)
    town.firms = [town.mall, *town.waiting, town.brick, *(small.firm(f"Mixed {n}") for n in range(8))]
    small.put(town.firms[5], operation="paused")
    small.put(town.firms[6], operation="closed", closed_on=town.today)
    town.guides = [
        small.instructor(
            f"Guide {n}", chance.choice([small.EAST, small.EAST, small.AWAY_TOWN]),
            unit=small.unit(f"School {n}"), full_member=chance.random() > 0.1,
            mode=chance.choice(["single", "multiple", "multiple"]),
            left_on=chance.choice([None] * 5 + [town.today]),
            term_from=town.today + chance.choice([-day, -day, -day, 0 * day, day]),
            term_until=town.today + chance.choice([2, 20, 59, 60, 61, 300, 400]) * day,
            takes_more_from=chance.choice([None, None, None, town.today, town.today + day]),
        )
        for n in range(30)
    ]  # fmt: skip
    for n, guide in enumerate(town.guides):
        for place in range(chance.choice([0, 0, 1, 2, 3, 4, 5])):
            small.assign(guide, small.firm(f"Taken {n}.{place}", guide.area))
        for firm in chance.sample(town.firms, 2):
            Tie.objects.create(
                instructor=guide, firm=firm, kind=chance.choice(["employer", "relative"]),
                declared_on=town.today, by=town.zhou_tao,
                ended_on=chance.choice([None, None, town.today]),
            )  # fmt: skip
    small.assign(town.guides[0], town.firms[7])
    return town


def blocks(firm, guide, on) -> list[str]:
    return [one.code for one in objections(firm, guide, on=on) if one.treat == BLOCK]


def test_the_mixture_holds_every_hindrance(mixed):
    for firm in mixed.firms:
        firm.refresh_from_db()
    seen = {code for f in mixed.firms for g in mixed.guides for code in blocks(f, g, mixed.today)}
    assert len(seen) > 8, f"the mixture is too thin: {sorted(seen)}"


@pytest.mark.parametrize("above_usual", [False, True])
def test_the_board_proposes_and_offers_nobody_whom_a_single_look_would_refuse(mixed, above_usual):
    board = made(mixed, by=mixed.zhou_tao, area=mixed.whole, above_usual=above_usual)
    people = Instructor.objects.in_bulk()
    pairs = [(row.firm, row.instructor_id) for row in board.rows.exclude(instructor=None)]
    pairs += [(row.firm, other) for row in board.rows.all() for other, _reasons in row.others]
    assert len(pairs) > 20
    bad = [(f.name, people[g].name, b) for f, g in pairs if (b := blocks(f, people[g], mixed.today))]
    assert bad == []
