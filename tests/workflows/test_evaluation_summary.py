"""The summary: no group so small that somebody could be picked out, not even by subtraction."""

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as some

from tests import county as small
from tests.workflows.evaluating import a_round, answers, begun, step
from workflows.engine.rehouse import follow_the_firm
from workflows.evaluations import acts
from workflows.evaluations.closing import finish
from workflows.evaluations.models import Evaluation
from workflows.evaluations.rounds import close_round
from workflows.evaluations.summary import Form, enough, heaps, shown, summary, suppressed

PAIRS = some.sets(some.tuples(some.integers(0, 9), some.integers(0, 9)), max_size=14)
AREAS = some.dictionaries(some.text("abcdef", min_size=1, max_size=2), PAIRS)
FORMS = some.lists(
    some.builds(
        Form, area=some.sampled_from("ABC"), line=some.sampled_from([None, 1, 2]),
        about=some.tuples(some.integers(0, 20), some.integers(0, 20)), said=some.just({}),
        seen=some.just(True),
    ),
    max_size=45,
)  # fmt: skip


@given(groups=AREAS, least=some.integers(1, 6))
def test_what_is_hidden_is_enough_together(groups, least):
    hidden = suppressed(groups, least)
    there = {name: about for name, about in groups.items() if about}
    assert all(enough(there[name]) >= least for name in there.keys() - hidden)
    rest = set().union(*(groups[name] for name in hidden))
    assert not hidden or enough(rest) >= least or hidden == there.keys()


@given(groups=AREAS, least=some.integers(1, 6))
def test_no_more_is_hidden_than_must_be(groups, least):
    if not any(about and enough(about) < least for about in groups.values()):
        assert suppressed(groups, least) == set()


def test_one_small_group_takes_the_smallest_other_along():
    groups = {"a": {1, 2}, "b": {3, 4, 5, 6, 7}, "c": set(range(10, 20))}
    assert suppressed(groups, 5, size=len) == {"a", "b"}


@given(forms=FORMS, least=some.integers(2, 5))
def test_readers_who_lay_their_summaries_side_by_side_pick_nobody_out(forms, least):
    """The county, the townships and the lines, each with what they see by area and together."""
    heap, told = heaps(forms, least), []
    rows = list(enumerate(forms))
    for reader in (None, *"ABC", 1, 2):
        own = [row for row in rows if reader is None or reader in (row[1].area, row[1].line)]
        for some_of in (own, *([row for row in own if row[1].area == area] for area in "ABC")):
            if shown([form for _n, form in some_of], forms, heap):
                told.append(dict(some_of))
    for one in told:
        assert enough({form.about for form in one.values()}) >= least
        for other in told:
            more = {form.about for n, form in one.items() if n not in other}
            if other.keys() < one.keys():
                assert enough(more) >= least


@pytest.fixture
def closed(county):
    """Five instructors of five firms in East, two in West; all said the same; the round is closed."""
    return a_closed_one(county, east=5, west=2)


def a_closed_one(county, *, east: int, west: int, of_line: int = 0):
    made = a_round(county)
    for number in range(east + west):
        area = small.EAST if number < east else small.WEST
        who = small.instructor(f"Guide {number}", area)
        firm = small.firm(f"Summed {number}", area, line=county.commerce if number < of_line else None)
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


def table_of(made, user) -> list:
    found = summary(made, user)["sides"][0]
    return counts(found["tables"][0]) if found["tables"] else []


def test_a_small_area_is_not_shown_and_cannot_be_worked_out(county, closed):
    assert table_of(closed, county.zhou_tao) == [None, None, [7, 0, 0, 0]]  # not East for West's sake
    assert table_of(closed, county.he_jun) == [None, None]
    # Nor by East's own reader, who would need but to take theirs from the county's.
    assert table_of(closed, county.wang_fang) == [None, None]
    assert not summary(closed, county.wang_fang)["sides"][0]["shown"]


def test_a_line_and_a_township_side_by_side_tell_no_small_rest(county):
    made = a_closed_one(county, east=7, west=0, of_line=5)  # two of East have no line
    assert table_of(made, county.wang_fang) == [[7, 0, 0, 0], [7, 0, 0, 0]]
    assert table_of(made, county.chen_jing) == [None, None]
    other = a_closed_one(county, east=10, west=0, of_line=5)
    assert table_of(other, county.chen_jing) == [[5, 0, 0, 0], [5, 0, 0, 0]]


def test_a_firm_that_moves_is_not_told_by_the_difference(county):
    made = a_closed_one(county, east=6, west=5)
    before = table_of(made, county.zhou_tao), table_of(made, county.wang_fang)
    firm = made.evaluations.order_by("pk").first().firm
    small.put(firm, area=small.WEST)
    firm.refresh_from_db()
    follow_the_firm(firm, by=county.zhou_tao)
    assert made.evaluations.filter(area=small.EAST).count() == 5
    assert (table_of(made, county.zhou_tao), table_of(made, county.wang_fang)) == before


def test_many_instructors_of_few_firms_are_few(county):
    made = a_round(county)
    firm = small.firm("Often changed")
    for number in range(6):
        row = small.assign(small.instructor(f"Short {number}"), firm)
        type(row).objects.filter(pk=row.pk).update(until=county.today, ended_as="asked")
        acts.begin_evaluation(made, row, at=timezone.now())
    for evaluation in made.evaluations.all():
        acts.hand_in(step(evaluation, "firm_form"), by=county.wang_fang, at=timezone.now(),
                     paper_on=county.today, answers=answers(evaluation, "firm"))  # fmt: skip
    close_round(made, by=county.zhou_tao, at=timezone.now())
    finish(made.pk)
    made.refresh_from_db()
    assert table_of(made, county.zhou_tao) == [None, None]


def test_there_are_no_tables_while_forms_are_being_opened(county, client):
    made = a_closed_one(county, east=6, west=0)
    begun_late = begun(county, county.paper)
    Evaluation.objects.filter(pk=begun_late.pk).update(round=made)  # not opened yet
    assert summary(made, county.zhou_tao)["sides"] == []
    client.force_login(county.zhou_tao)
    url = f"/evaluations/rounds/{made.pk}/summary"
    page = client.get(f"{url}/").content.decode()
    assert "still being opened" in page and "counted" not in page
    assert "still being opened" in client.get(f"{url}.pdf").content.decode()


def test_there_is_none_while_forms_come_in(county):
    assert summary(a_round(county), county.zhou_tao) is None


def test_grades_are_counted_when_all_are_settled(county):
    closed = a_closed_one(county, east=5, west=5)
    assert summary(closed, county.wang_fang)["grades"] is None
    for evaluation in closed.evaluations.filter(area=small.EAST):
        acts.give_opinion(step(evaluation, "supervisor_opinion"), by=county.wang_fang,
                          at=timezone.now(), opinion="Good.", proposed="competent")  # fmt: skip
        acts.answer(step(evaluation, "right_to_answer"), by=county.wang_fang, at=timezone.now(),
                    text="", paper_on=county.today)  # fmt: skip
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
