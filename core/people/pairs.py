"""Firms and instructors as columns of numbers, so that two million pairs are judged at once.

Everything here is asked with index arrays `f` (firms) and `g` (guides) that broadcast against each
other: `f[:, None], g[None, :]` is every pair of a block, two arrays of one length are single pairs.
So the reasons of a pair are found by the very code that weighed it.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import numpy as np

from core.ledger.names import spoken
from core.people.criteria import CRITERIA

VILLAGE, TOWNSHIP, COUNTY = 12, 9, 6  # digits of a division code


class FirmRow(NamedTuple):
    """What is asked of a firm."""

    pk: int
    area: str
    industry: str
    languages: str = ""
    line: str = ""  # the name of the department that manages it


class GuideRow(NamedTuple):
    """What is asked of an instructor who may take a firm. `places`: how many more, 1 or above."""

    pk: int
    area: str
    trade: str
    languages: str
    unit: str
    have: int  # firms now, with those that are proposed for them
    places: int
    term_until: date
    further: tuple[str, ...] = ()  # codes of further areas


class Pairs:
    """Every pair of some firms and some instructors: what speaks for it, and what rules it out.

    `ties` and `known` are pairs of keys (firm, instructor): those that are ruled out by a declared
    tie, and those that worked together before. `stays_until`: a term that runs so long counts as
    long. `usual`: the usual number of firms. The order of firms and guides is kept.
    """

    def __init__(self, firms: list[FirmRow], guides: list[GuideRow], *, usual: int, stays_until: date,
                 ties: Iterable = (), known: Iterable = (), places: dict | None = None):  # fmt: skip
        self.firms, self.guides, self.usual, self.places = firms, guides, usual, places or {}
        self._ties, self._known = self._keys(ties), self._keys(known)
        trades = _Numbers()
        self._industry = np.array([trades[firm.industry] for firm in firms], np.int32)
        self._trade = np.array([trades[guide.trade] if guide.trade else -1 for guide in guides],
                               np.int32)  # fmt: skip
        codes = _Numbers()
        self._firm_at = {n: _places(firms, n, codes) for n in (TOWNSHIP, VILLAGE)}
        self._guide_at = {n: _places(guides, n, codes, unknown=-2) for n in (TOWNSHIP, VILLAGE)}
        self._wide = np.array([len(guide.area) <= COUNTY for guide in guides], bool)
        self._further = self._areas()
        tongues = _Numbers()
        self._firm_speaks = _bits([[tongues[w] for w in spoken(x.languages)] for x in firms])
        self._guide_speaks = _bits([[tongues[w] for w in spoken(x.languages)] for x in guides])
        lines, units = _Numbers(), _Numbers()
        self._line = np.array([lines[firm.line] for firm in firms], np.int32)
        self._unit = np.array([units[guide.unit] for guide in guides], np.int32)
        self._sends = np.array(
            [[_same_house(line, unit) for unit in units] for line in lines], bool
        ).reshape(len(lines), len(units))
        self._stays = np.array([guide.term_until >= stays_until for guide in guides], bool)

    def _keys(self, pairs) -> np.ndarray:
        """Pairs of primary keys as the numbers of cells, sorted."""
        at_firm = {firm.pk: place for place, firm in enumerate(self.firms)}
        at_guide = {guide.pk: place for place, guide in enumerate(self.guides)}
        cells = {
            at_firm[firm] * len(self.guides) + at_guide[guide]
            for firm, guide in pairs
            if firm in at_firm and guide in at_guide
        }
        return np.array(sorted(cells), np.int64)

    def _areas(self) -> tuple[np.ndarray, np.ndarray]:
        """Which further areas a guide has, and in which of them a firm lies, as bits."""
        codes = _Numbers()
        have = _bits([[codes[code] for code in guide.further] for guide in self.guides])
        lies = _bits(
            [[n for code, n in codes.items() if firm.area.startswith(code)] for firm in self.firms]
        )
        return lies, have

    # ── one question a method ──────────────────────────────────────────────────────────────────
    def tied(self, f, g):
        """A declared tie: never proposed."""
        return self._among(self._ties, f, g)

    def same_trade(self, f, g):
        return self._industry[f] == self._trade[g]

    def same_village(self, f, g):
        return self._firm_at[VILLAGE][f] == self._guide_at[VILLAGE][g]

    def same_township(self, f, g):
        return self._firm_at[TOWNSHIP][f] == self._guide_at[TOWNSHIP][g]

    def further_area(self, f, g):
        lies, have = self._further
        return _meet(lies, f, have, g) & ~self.same_township(f, g)

    def whole_county(self, f, g):
        return np.broadcast_to(self._wide[g], np.broadcast_shapes(f.shape, g.shape))

    def common_language(self, f, g):
        return _meet(self._firm_speaks, f, self._guide_speaks, g)

    def no_common_language(self, f, g):
        """Both say what they speak, and nothing is the same. No language given speaks against
        nobody."""
        both = self._firm_speaks.any(axis=1)[f] & self._guide_speaks.any(axis=1)[g]
        return both & ~self.common_language(f, g)

    def same_line(self, f, g):
        return self._sends[self._line[f], self._unit[g]]

    def knows_firm(self, f, g):
        return self._among(self._known, f, g)

    def stays(self, f, g):
        return np.broadcast_to(self._stays[g], np.broadcast_shapes(f.shape, g.shape))

    def _among(self, cells, f, g):
        shape = np.broadcast_shapes(f.shape, g.shape)
        if not len(cells):
            return np.zeros(shape, bool)
        asked = f.astype(np.int64) * len(self.guides) + g
        found = np.searchsorted(cells, asked)
        return cells[np.minimum(found, len(cells) - 1)] == asked

    # ── together ───────────────────────────────────────────────────────────────────────────────
    def worth(self, f, g) -> np.ndarray:
        """How well pairs suit, without the room: the weights of what speaks for them, less those of
        what speaks against. Compared, never shown."""
        total = np.zeros(np.broadcast_shapes(f.shape, g.shape), np.float32)
        for code in ASKED:
            criterion = CRITERIA[code]
            if criterion.weight:
                weight = np.float32(-criterion.weight if criterion.against else criterion.weight)
                total += weight * getattr(self, code)(f, g)
        return total

    def room_costs(self, guide: int, many: int) -> list[float]:
        """What each of the next `many` firms of a guide costs: the fuller, the dearer."""
        have, room, above = self.guides[guide].have, CRITERIA["room"].weight, CRITERIA["above_usual"]
        return [
            room * have_then / max(self.usual, 1) + (above.weight if have_then >= self.usual else 0)
            for have_then in range(have, have + many)
        ]


# Criteria that hang on the pair; the others hang on how many firms a guide has.
ASKED = [code for code in CRITERIA if code not in ("room", "above_usual")]


class _Numbers(dict):
    """Gives each new word the next number."""

    def __missing__(self, word) -> int:
        self[word] = number = len(self)
        return number


def _places(rows, digits: int, codes: _Numbers, *, unknown: int = -1) -> np.ndarray:
    """The number of each row's division at so many digits; of one that says less, `unknown`."""
    return np.array(
        [codes[row.area[:digits]] if len(row.area) >= digits else unknown for row in rows], np.int32
    )


def _bits(rows: list[list[int]]) -> np.ndarray:
    """For each row the numbers that it holds, as bits of as many 64-bit words as are needed."""
    words = 1 + max((number for row in rows for number in row), default=0) // 64
    bits = np.zeros((len(rows), words), np.uint64)
    for place, row in enumerate(rows):
        for number in row:
            bits[place, number // 64] |= np.uint64(1 << number % 64)
    return bits


def _meet(left, f, right, g) -> np.ndarray:
    """Where two sets of bits have one in common."""
    met = np.zeros(np.broadcast_shapes(f.shape, g.shape), bool)
    for word in range(min(left.shape[1], right.shape[1])):
        met |= (left[:, word][f] & right[:, word][g]) != 0
    return met


def _same_house(line: str, unit: str) -> bool:
    """Whether a sending unit is the department that manages a firm, with or without the county's
    name before it."""
    return bool(line and unit) and (line.endswith(unit) or unit.endswith(line))
