"""Pairs of firms and instructors: the best plan there is, never a pair that is ruled out, in words."""

from datetime import date, timedelta
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.errors import Refused
from core.people import matching
from core.people.criteria import CRITERIA, CriteriaError, read, sentence
from core.people.matching import NEVER, NOBODY, PLACES_GONE, TIED, explain, of_pair, solve, weigh
from core.people.pairs import FirmRow, GuideRow, Pairs, spoken

TODAY = date(2026, 6, 1)
LONG, SHORT = TODAY + timedelta(days=600), TODAY + timedelta(days=100)
EAST, WEST, COUNTY = "139901100", "139901200", "139901"


def firm(pk, area=EAST, industry="C", languages="", line="") -> FirmRow:
    return FirmRow(pk, area, industry, languages, line)


def guide(pk, area=EAST, trade="", languages="", unit="", have=0, places=3, until=SHORT, further=()):
    return GuideRow(pk, area, trade, languages, unit, have, places, until, further)


def pairs(firms, guides, **more) -> Pairs:
    given = {"usual": 3, "stays_until": TODAY + timedelta(days=365), "places": {EAST: "East"}} | more
    return Pairs(firms, guides, **given)


def plan(of: Pairs) -> list[matching.Match]:
    blocks = [block for _done, block in weigh(of)]
    worth = np.concatenate(blocks) if blocks else np.zeros((0, len(of.guides)), np.float32)
    return explain(of, worth, solve(of, worth))


def chosen(of: Pairs) -> dict[int, int | None]:
    return {match.firm: match.choice and match.choice.instructor for match in plan(of)}


def codes(choice) -> list[str]:
    return [code for code, _words in choice.reasons]


# ── the best there is ──────────────────────────────────────────────────────────────────────────
def value(of: Pairs, who: tuple) -> tuple | None:
    """How good a plan is, reckoned the slow way: (firms with somebody, worth); None if it may not
    be. `who` gives for each firm the place of a guide, or None."""
    total, have = 0.0, [0] * len(of.guides)
    for f, g in enumerate(who):
        if g is None:
            continue
        at_f, at_g = np.array([f]), np.array([g])
        if of.tied(at_f, at_g)[0] or have[g] >= of.guides[g].places:
            return None
        total += float(of.worth(at_f, at_g)[0]) - of.room_costs(g, have[g] + 1)[-1]
        have[g] += 1
    return sum(g is not None for g in who), round(total, 3)


tongue = some.sampled_from(["", "普通话", "苗语", "苗语、普通话"])
place = some.sampled_from([EAST, WEST, COUNTY, EAST + "001", EAST + "002"])
a_firm = some.builds(
    firm, pk=some.just(0), area=place, industry=some.sampled_from("ACF"), languages=tongue,
    line=some.sampled_from(["", "商务局"]),
)  # fmt: skip
a_guide = some.builds(
    guide, pk=some.just(0), area=place, trade=some.sampled_from(["", "A", "C"]), languages=tongue,
    unit=some.sampled_from(["青岚县商务局", "教育局"]), have=some.integers(0, 4),
    places=some.integers(1, 3), until=some.sampled_from([LONG, SHORT]),
    further=some.sampled_from([(), (WEST,), (EAST + "001", WEST)]),
)  # fmt: skip


@some.composite
def counties(draw, firms=4, guides=3):
    rows = [row._replace(pk=n) for n, row in enumerate(draw(some.lists(a_firm, max_size=firms)), 1)]
    people = [g._replace(pk=n) for n, g in enumerate(draw(some.lists(a_guide, max_size=guides)), 101)]
    cells = [(row.pk, one.pk) for row in rows for one in people]
    tied = draw(some.lists(some.sampled_from(cells), unique=True)) if cells else []
    known = draw(some.lists(some.sampled_from(cells), unique=True)) if cells else []
    return pairs(rows, people, ties=tied, known=known), set(tied)


@given(counties())
def test_no_plan_is_better(drawn):
    of, _ties = drawn
    found = chosen(of)
    at = {one.pk: place for place, one in enumerate(of.guides)}
    ours = value(of, tuple(at.get(found[row.pk]) for row in of.firms))
    ways = product([None, *range(len(of.guides))], repeat=len(of.firms))
    best = max(worth for who in ways if (worth := value(of, who)) is not None)
    assert ours is not None
    assert ours[0] == best[0]
    assert ours[1] == pytest.approx(best[1], abs=0.01)


@given(counties(firms=30, guides=8))
def test_never_a_tie_and_never_more_than_there_is_room(drawn):
    of, ties = drawn
    found = plan(of)
    took = [match.choice.instructor for match in found if match.choice]
    assert [match.firm for match in found] == [row.pk for row in of.firms]
    for one in of.guides:
        assert took.count(one.pk) <= one.places
    for match in found:
        offered = [choice.instructor for choice in match.others]
        assert not ties & {(match.firm, pk) for pk in offered}
        assert bool(match.choice) != bool(match.why_not)
        if match.choice:
            assert (match.firm, match.choice.instructor) not in ties
            assert match.choice.instructor not in offered


@given(counties(firms=12, guides=6))
def test_the_same_facts_give_the_same_plan_in_blocks_of_any_size(drawn):
    of, _ties = drawn
    whole = plan(of)
    before, matching.BLOCK = matching.BLOCK, 2
    try:
        assert plan(of) == whole == plan(of)
    finally:
        matching.BLOCK = before


def test_work_is_spread():
    even = chosen(pairs([firm(1), firm(2)], [guide(101), guide(102)]))
    assert set(even.values()) == {101, 102}
    three = chosen(pairs([firm(n) for n in (1, 2, 3)], [guide(101), guide(102, have=2, places=1)]))
    assert list(three.values()) == [101] * 3  # a third firm for both: no reason to take the other


def test_as_many_firms_as_possible_get_somebody_even_if_it_suits_less():
    """Only one of the two may take the second firm, so the better place for the first is given up."""
    of = pairs([firm(1, industry="C"), firm(2, area=WEST, industry="F")],
               [guide(101, trade="C", places=1), guide(102, area=COUNTY, places=1)],
               ties=[(2, 102)])  # fmt: skip
    assert chosen(of) == {1: 102, 2: 101}


# ── what counts ────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("of_firm", "of_guide", "more", "held", "not_held"),
    [
        ({"industry": "C"}, {"trade": "C"}, {}, "same_trade", ""),
        ({"industry": "C"}, {"trade": ""}, {}, "", "same_trade"),
        ({}, {}, {}, "same_township", "same_village whole_county further_area"),
        ({"area": EAST + "001"}, {"area": EAST + "001"}, {}, "same_village", "same_township"),
        ({"area": EAST + "001"}, {"area": EAST + "002"}, {}, "same_township", "same_village"),
        ({"area": EAST + "001"}, {"area": EAST}, {}, "same_township", "same_village"),
        ({"area": EAST}, {"area": COUNTY}, {}, "whole_county", "same_township same_village"),
        ({"area": COUNTY}, {"area": COUNTY}, {}, "whole_county", "same_township same_village"),
        ({}, {"area": WEST}, {}, "", "same_township whole_county further_area"),
        ({}, {"area": WEST, "further": (EAST,)}, {}, "further_area", "same_township"),
        ({}, {"area": EAST, "further": (EAST,)}, {}, "same_township", "further_area"),
        ({"languages": "苗语"}, {"languages": "普通话，苗语"}, {}, "common_language", ""),
        ({"languages": "苗语"}, {"languages": "普通话"}, {}, "no_common_language", "common_language"),
        ({"languages": ""}, {"languages": "普通话"}, {}, "", "no_common_language common_language"),
        ({"languages": "苗语"}, {"languages": ""}, {}, "", "no_common_language common_language"),
        ({"line": "商务局"}, {"unit": "青岚县商务局"}, {}, "same_line", ""),
        ({"line": ""}, {"unit": "青岚县商务局"}, {}, "", "same_line"),
        ({"line": "商务局"}, {"unit": "教育局"}, {}, "", "same_line"),
        ({}, {}, {"known": [(1, 101)]}, "knows_firm", ""),
        ({}, {}, {"known": [(2, 101)]}, "", "knows_firm"),
        ({}, {"until": LONG}, {}, "stays", ""),
        ({}, {"until": SHORT}, {}, "", "stays"),
        ({}, {"have": 2}, {}, "room", "above_usual"),
        ({}, {"have": 3}, {}, "above_usual", "room"),
    ],
)  # fmt: skip
def test_what_speaks_for_a_pair(of_firm, of_guide, more, held, not_held):
    said = codes(of_pair(pairs([firm(1, **of_firm)], [guide(101, **of_guide)], **more)))
    assert set(held.split()) <= set(said)
    assert not set(not_held.split()) & set(said)


def test_more_than_sixty_four_languages_are_told_apart():
    firms = [firm(n, languages=f"L{n}") for n in range(1, 101)]
    guides = [guide(1000 + n, languages=f"L{n}", places=1) for n in range(1, 101)]
    assert chosen(pairs(firms, guides)) == {n: 1000 + n for n in range(1, 101)}


def test_the_reasons_are_said_in_the_language_of_the_reader(english):
    one = of_pair(pairs(
        [firm(1, languages="Miao、Dong")],
        [guide(101, trade="C", languages="Dong,Miao", until=LONG, have=3)],
    ))  # fmt: skip
    assert [sentence(code, words) for code, words in one.reasons] == [
        "Knows the trade: Manufacturing", "In the same township: East",
        "Speaks Miao, Dong, as the firm does", "In office until 22 January 2028: no change soon",
        "Would have 4 firms, more than the usual 3",
    ]  # fmt: skip


def test_languages_are_read_as_people_write_them():
    assert spoken(" 普通话、苗语,侗语；普通话 / ") == ["普通话", "苗语", "侗语"]


# ── when it cannot be ──────────────────────────────────────────────────────────────────────────
def test_nobody_to_ask():
    [match] = plan(pairs([firm(1)], []))
    assert (match.choice, match.why_not, match.others) == (None, NOBODY, [])


def test_no_firm_and_nobody_at_all():
    assert plan(pairs([], [guide(101)])) == []
    assert plan(pairs([], [])) == []


def test_everybody_is_tied():
    [match] = plan(pairs([firm(1)], [guide(101), guide(102)], ties=[(1, 101), (1, 102)]))
    assert (match.choice, match.why_not, match.others) == (None, TIED, [])


def test_too_few_places_and_those_who_were_given_elsewhere_are_still_named():
    found = plan(pairs([firm(1), firm(2, industry="A")], [guide(101, trade="A", places=1)]))
    assert found[1].choice.instructor == 101
    assert (found[0].choice, found[0].why_not) == (None, PLACES_GONE)
    assert [other.instructor for other in found[0].others] == [101]


def test_what_does_not_fit_into_memory_is_refused_before(monkeypatch):
    monkeypatch.setattr(matching, "AT_MOST", 6)
    matching.check_size(pairs([firm(1)], [guide(101, places=5)]))
    with pytest.raises(Refused, match="一个乡镇|single township"):
        matching.check_size(pairs([firm(1), firm(2)], [guide(101, places=3)]))


def test_no_weight_can_buy_a_pair_that_is_ruled_out():
    heaviest = sum(1000 for _criterion in CRITERIA) * 30_000
    assert 2 * heaviest < NEVER


# ── the table of criteria ──────────────────────────────────────────────────────────────────────
TEXT = Path(matching.__file__).with_suffix(".toml")


def table() -> str:
    return TEXT.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [("[stays]", "[stay]", "stay"), ("weight   = 6\n", "weight   = -1\n", "stays"),
     ("weight   = 6\n", "weight   = 1001\n", "stays"), ("weight   = 6\n", "", "stays"),
     ("{day}", "{dya}", "stays"), ("weight   = 6\n", "weight   = 6\nweigth = 3\n", "stays")],
)  # fmt: skip
def test_a_slip_in_the_table_is_named(old, new, says):
    assert old in table()
    with pytest.raises(CriteriaError, match=says):
        read(table().replace(old, new))


def test_a_criterion_without_weight_is_not_mentioned(monkeypatch):
    off = read(table().replace('weight   = 25\nsays_zh  = "同在', 'weight   = 0\nsays_zh  = "同在'))
    monkeypatch.setattr("core.people.matching.CRITERIA", off)
    assert "same_township" not in codes(of_pair(pairs([firm(1)], [guide(101)])))
