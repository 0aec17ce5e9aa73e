"""Which instructor for which firm: an assignment problem, solved by scipy, explained in words.

Every instructor stands in it once for each firm that they may still take, each such place dearer
than the one before, so that work is spread. As many firms as possible get somebody; among all ways
to do so, one with the greatest sum of what speaks for its pairs. The same input gives the same plan.
"""

from collections.abc import Iterator
from importlib import import_module
from typing import NamedTuple

import numpy as np
from django.utils.translation import gettext as _

from core.errors import Refused
from core.ledger.names import spoken
from core.people.criteria import CRITERIA
from core.people.pairs import ASKED, TOWNSHIP, Pairs

NEVER = 1e9  # dearer than all weights of a whole plan together: as few such pairs as can be
BLOCK = 256  # firms whose pairs are weighed at once
AT_MOST = 30_000_000  # pairs of firm and place in one problem: 240 MB, twice for a while
OTHERS = 4  # alternatives that are named for a firm

NOBODY, TIED, PLACES_GONE = "nobody", "tied", "places_gone"
Reason = tuple[str, dict]


class Choice(NamedTuple):
    """Somebody for a firm, with what speaks for it and against it."""

    instructor: int
    reasons: list[Reason]


class Match(NamedTuple):
    """What is proposed for a firm: somebody, or why nobody; and the next best."""

    firm: int
    choice: Choice | None
    why_not: str  # one of the words above, when there is nobody
    others: list[Choice]


def check_size(pairs: Pairs) -> None:
    """Raises Refused for a problem that does not fit into memory."""
    cells = len(pairs.firms) * (sum(guide.places for guide in pairs.guides) + len(pairs.firms))
    if cells > AT_MOST:
        sentence = _("These are too many firms for one board. Choose a single township.")
        raise Refused(Refused.BAD_INPUT, sentence)


def weigh(pairs: Pairs) -> Iterator[tuple[int, np.ndarray]]:
    """The worth of every pair, in blocks of firms: (firms done, block). A pair that is ruled out is
    worth minus NEVER."""
    g = np.arange(len(pairs.guides))[None, :]
    for start in range(0, len(pairs.firms), BLOCK):
        f = np.arange(start, min(start + BLOCK, len(pairs.firms)))[:, None]
        worth = pairs.worth(f, g)
        worth[pairs.tied(f, g)] = -NEVER
        yield int(f[-1, 0]) + 1, worth


def _solver():
    """scipy's solver. It takes most of a second and 50 MB to load, and only the worker that works out
    a board needs it: no web process, no command."""
    return import_module("scipy.optimize").linear_sum_assignment


def solve(pairs: Pairs, worth: np.ndarray) -> np.ndarray:
    """For each firm the place of its guide in the list, or -1."""
    chosen = np.full(len(pairs.firms), -1, np.int64)
    places = [guide.places for guide in pairs.guides]
    owner = np.repeat(np.arange(len(places)), places)
    if not (len(owner) and len(chosen)):
        return chosen
    costs = [cost for g, many in enumerate(places) for cost in pairs.room_costs(g, many)]
    price = np.array(costs, np.float64)[None, :] - worth[:, owner]
    price[price > NEVER / 2] = 2 * NEVER
    assign = _solver()
    rows, columns = assign(price)
    real = price[rows, columns] < NEVER
    if lacking := len(chosen) - int(real.sum()):
        # So many must go without, whatever is done. With a place for each of them that is nobody's,
        # none of them stands in a place that somebody else could have had.
        price = np.hstack([price, np.full((len(chosen), lacking), NEVER)])
        rows, columns = assign(price)
        real = columns < len(owner)
    chosen[rows[real]] = owner[columns[real]]
    return chosen


def explain(pairs: Pairs, worth: np.ndarray, chosen: np.ndarray) -> list[Match]:
    """The plan in words, in the order of the firms."""
    many = np.bincount(chosen[chosen >= 0], minlength=len(pairs.guides))
    numbers = _turns(chosen, len(pairs.guides))
    others = _next_best(pairs, worth, chosen, many)
    asked = [(f, g) for f, row in enumerate(others) for g in row]
    asked += [(f, int(g)) for f, g in enumerate(chosen) if g >= 0]
    held = _held(pairs, asked)
    found = []
    for f, g in enumerate(chosen.tolist()):
        choice, why_not = None, ""
        if g >= 0:
            choice = _choice(pairs, f, g, held[f, g], numbers[f])
        else:
            why_not = _why_not(pairs, worth[f])
        alternatives = [_choice(pairs, f, o, held[f, o], int(many[o])) for o in others[f]]
        found.append(Match(pairs.firms[f].pk, choice, why_not, alternatives))
    return found


def of_pair(pairs: Pairs, *, taken: int = 0) -> Choice:
    """The only pair of these, in words; its guide has `taken` firms more by now."""
    return _choice(pairs, 0, 0, _held(pairs, [(0, 0)])[0, 0], taken)


def _turns(chosen: np.ndarray, guides: int) -> list[int]:
    """For each firm how many firms before it in the list have the same guide."""
    seen, turns = [0] * guides, []
    for g in chosen.tolist():
        turns.append(seen[g] if g >= 0 else 0)
        if g >= 0:
            seen[g] += 1
    return turns


def _next_best(pairs: Pairs, worth, chosen, many) -> list[list[int]]:
    """For each firm the few who would suit next, by their order in the list. Whoever this plan
    fills up stands behind those who still have room."""
    if not pairs.guides:
        return [[] for _firm in pairs.firms]
    costs = np.array(
        [pairs.room_costs(g, int(n) + 1)[-1] for g, n in enumerate(many)], np.float32
    ) + np.where(many < [guide.places for guide in pairs.guides], 0, NEVER / 1000).astype(np.float32)
    rows = []
    for f, g in enumerate(chosen.tolist()):
        net = np.where(worth[f] > -NEVER, worth[f] - costs, -np.inf)
        if g >= 0:
            net[g] = -np.inf
        best = np.argsort(-net, kind="stable")[:OTHERS]
        rows.append(sorted(int(o) for o in best if net[o] > -np.inf))
    return rows


def _held(pairs: Pairs, asked: list[tuple[int, int]]) -> dict[tuple[int, int], list[str]]:
    """For single pairs the criteria that hold, in the order of the table."""
    if not asked:
        return {}
    f, g = np.array(asked, np.int64).T
    holds = {code: getattr(pairs, code)(f, g) for code in ASKED}
    return {
        pair: [code for code in ASKED if CRITERIA[code].weight and holds[code][n]]
        for n, pair in enumerate(asked)
    }


def _choice(pairs: Pairs, f: int, g: int, held: list[str], taken: int) -> Choice:
    firm, guide = pairs.firms[f], pairs.guides[g]
    if "same_village" in held:
        held = [code for code in held if code != "same_township"]  # said already
    reasons = [(code, _words(code, pairs, firm, guide)) for code in held]
    will, usual = guide.have + taken + 1, pairs.usual
    reasons.append(("room" if will <= usual else "above_usual", {"will": will, "usual": usual}))
    return Choice(guide.pk, reasons)


def _words(code: str, pairs: Pairs, firm, guide) -> dict:
    match code:
        case "same_trade":
            return {"trade": firm.industry}
        case "same_township":
            return {"place": pairs.places.get(firm.area[:TOWNSHIP], firm.area[:TOWNSHIP])}
        case "further_area":
            within = [area for area in guide.further if firm.area.startswith(area)]
            return {"place": pairs.places.get(max(within, key=len), max(within, key=len))}
        case "common_language":
            has = spoken(guide.languages)
            return {"languages": [word for word in spoken(firm.languages) if word in has]}
        case "no_common_language":
            return {"firm": spoken(firm.languages), "instructor": spoken(guide.languages)}
        case "stays":
            return {"day": guide.term_until.isoformat()}
    return {}


def _why_not(pairs: Pairs, worth: np.ndarray) -> str:
    if not pairs.guides:
        return NOBODY
    return PLACES_GONE if (worth > -NEVER).any() else TIED
