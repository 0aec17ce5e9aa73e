"""The summary: no group so small that somebody could be picked out, not even by subtraction."""

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as some

from tests import county as small
from tests.workflows.evaluating import a_round, answers, begun, step
from workflows.evaluations import acts
from workflows.evaluations.closing import finish
from workflows.evaluations.rounds import close_round
from workflows.evaluations.summary import summary, suppressed, total_is_shown

AREAS = some.dictionaries(some.text("abcdef", min_size=1, max_size=2), some.sets(some.integers(0, 30)))


@given(groups=AREAS, least=some.integers(1, 8))
def test_what_is_shown_lets_nobody_be_picked_out(groups, least):
    hidden = suppressed(groups, least)
    for name, people in groups.items():
        if people and name not in hidden:
            assert len(people) >= least
    together = set().union(*groups.values()) if groups else set()
    rest = set().union(*(groups[name] for name in hidden))
    if total_is_shown(groups, least):
        assert len(together) >= least
        assert not hidden or len(rest) >= least  # the total minus what is shown tells no small group
    else:
        assert {name for name, people in groups.items() if people} <= hidden


@given(groups=AREAS, least=some.integers(1, 8))
def test_no_more_is_hidden_than_must_be(groups, least):
    small_ones = {name for name, people in groups.items() if 0 < len(people) < least}
    if not small_ones:
        assert suppressed(groups, least) == set()


def test_one_small_group_takes_the_smallest_other_along():
    groups = {"a": {1, 2}, "b": {3, 4, 5, 6, 7}, "c": set(range(10, 20))}
    assert suppressed(groups, 5) == {"a", "b"}


@pytest.fixture
def closed(county):
    """Five instructors of five firms in East, two in West; all said the same; the round is closed."""
    made = a_round(county)
    for number in range(7):
        area = small.EAST if number < 5 else small.WEST
        who = small.instructor(f"Guide {number}", area)
        firm = small.firm(f"Summed {number}", area)
        small.assign(who, firm)
        evaluation = begun(county, firm, made)
        clerk = county.wang_fang if area == small.EAST else county.he_jun
        for side in ("firm", "instructor"):
            acts.hand_in(step(evaluation, f"{side}_form"), by=clerk, at=timezone.now(),
                         paper_on=county.today, answers=answers(evaluation, side))  # fmt: skip
    close_round(made, by=county.zhou_tao, at=timezone.now())
    finish(made.pk)
    made.refresh_from_db()
    return made


def counts(table) -> list:
    """The numbers of a table's lines, the total last; None for a line that is not shown."""
    lines = [[cell["count"] for cell in line["cells"]] for line in table["lines"]]
    return [None if line[0] is None else line for line in lines]


def test_a_small_area_is_not_shown_and_cannot_be_worked_out(county, closed):
    found = summary(closed, county.zhou_tao)
    table = found["sides"][0]["tables"][0]
    assert counts(table) == [None, None, [7, 0, 0, 0]]  # not West, and not East for its sake
    own = summary(closed, county.wang_fang)["sides"][0]["tables"][0]
    assert counts(own) == [[5, 0, 0, 0], [5, 0, 0, 0]]
    west = summary(closed, county.he_jun)["sides"][0]
    assert counts(west["tables"][0]) == [None, None] and not west["shown"]


def test_there_is_none_while_forms_come_in(county):
    assert summary(a_round(county), county.zhou_tao) is None


def test_grades_are_counted_when_all_are_settled(county, closed):
    assert summary(closed, county.wang_fang)["grades"] is None
    for evaluation in closed.evaluations.filter(area=small.EAST):
        acts.give_opinion(step(evaluation, "supervisor_opinion"), by=county.wang_fang,
                          at=timezone.now(), opinion="Good.", proposed="competent")  # fmt: skip
        acts.settle(step(evaluation, "settle_grade"), by=county.zhou_tao, at=timezone.now(),
                    grade="competent")  # fmt: skip
    assert summary(closed, county.wang_fang)["grades"]["lines"][-1]["cells"][1]["count"] == 5
    assert summary(closed, county.zhou_tao)["grades"] is None  # West is not settled


def test_the_page_and_the_paper_say_the_same(county, closed, client):
    whole = summary(closed, county.zhou_tao)
    client.force_login(county.zhou_tao)
    page = client.get(f"/evaluations/rounds/{closed.pk}/summary/").content.decode()
    assert "fewer than 5 instructors" in page
    assert "XIANGYANG" not in page  # no free text
    assert page.count('class="table counted"') == len(whole["sides"][0]["tables"]) * 2
    client.force_login(county.he_jun)
    few = client.get(f"/evaluations/rounds/{closed.pk}/summary/").content.decode()
    assert few.count("Not shown: it is about fewer than 5") == 2 and 'class="table counted' not in few
    client.force_login(county.zhou_tao)
    answer = client.get(f"/evaluations/rounds/{closed.pk}/summary.pdf")
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF")
