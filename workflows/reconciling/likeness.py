"""A list and a ledger, compared: by credit code, then by name as it is, then by how alike the names
are. Knows no database: the caller gives what is compared."""

import re
import unicodedata
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from rapidfuzz import fuzz, process

from workflows.reconciling.models import Kind

# What names of firms end with, the longest first.
FORMS = (
    "股份有限公司", "有限责任公司", "有限公司", "普通合伙", "有限合伙", "个人独资", "股份公司", "公司",
    "co.,ltd", "ltd",
)  # fmt: skip
STRUCK = ("注销", "吊销", "撤销")
BLOCK = 250  # rows of the list at a time
BETWEEN = re.compile(r"[\W_]+")


class Known(NamedTuple):
    """A firm of the ledger, as far as it is compared."""

    pk: int
    name: str
    credit_code: str
    closed: bool
    former: tuple[str, ...] = ()


class Found(NamedTuple):
    """A difference: the row of the list (None where the firm is missing from it), and the firm."""

    kind: Kind
    entry: dict | None
    firm: Known | None
    likeness: int | None = None


@dataclass
class Compared:
    found: list[Found] = field(default_factory=list)
    same: int = 0
    repeated: int = 0


def bare(name: str, places: tuple[str, ...] = ()) -> str:
    """A name as it is compared: half-width, small letters, without blanks, brackets, the legal form
    at its end and the places at its beginning. Two characters are always left."""
    said = BETWEEN.sub("", unicodedata.normalize("NFKC", name).casefold())
    forms = tuple(BETWEEN.sub("", form) for form in FORMS)
    while ending := next((f for f in forms if said.endswith(f) and len(said) - len(f) > 1), ""):
        said = said[: -len(ending)]
    while place := next((p for p in places if said.startswith(p) and len(said) - len(p) > 1), ""):
        said = said[len(place) :]
    return said


def is_struck(status: str) -> bool:
    return any(word in status for word in STRUCK)


def compare(
    entries: list[dict], firms: list[Known], *, places: tuple[str, ...], least: int, complete: bool
) -> Generator[int, None, Compared]:
    """Yields how many rows are done; returns what differs. `least` is the likeness (percent) from
    which two names may be one firm's; `complete`: firms that the list lacks are differences too."""
    result, met = Compared(), set()
    rest = _by_code(entries, firms, result, met)
    rest = _by_name(rest, [firm for firm in firms if firm.pk not in met], places, result, met)
    yield len(entries) - len(rest)
    left = [firm for firm in firms if firm.pk not in met and not firm.closed]
    pairs = yield from _alike(rest, left, places, least, len(entries) - len(rest))
    for number, entry in enumerate(rest):
        if number in pairs:
            firm, likeness = pairs[number]
            met.add(firm.pk)
            result.found.append(Found(Kind.LIKELY, entry, firm, likeness))
        elif not is_struck(entry.get("status", "")):
            result.found.append(Found(Kind.NEW, entry, None))
        else:
            result.same += 1  # gone there, and unknown here: nothing to do
    if complete:
        missing = (firm for firm in firms if firm.pk not in met and not firm.closed)
        result.found += [Found(Kind.MISSING, None, firm) for firm in missing]
    return result


def _by_code(entries, firms, result: Compared, met: set) -> list[dict]:
    """Takes away what the code decides; returns the rows that it does not."""
    by_code = {firm.credit_code: firm for firm in firms}
    rest, seen = [], set()
    for entry in entries:
        code = entry["credit_code"]
        if code and code in seen:
            result.repeated += 1
            continue
        seen.add(code)
        if (firm := by_code.get(code)) is None:
            rest.append(entry)
            continue
        met.add(firm.pk)
        _judge(entry, firm, entry["name"] != firm.name and _plain(entry["name"]) != _plain(firm.name),
               result)  # fmt: skip
    return rest


def _plain(name: str) -> str:
    """A name without what typing changes: width, blanks, kinds of brackets."""
    return BETWEEN.sub("", unicodedata.normalize("NFKC", name).casefold())


def _judge(entry: dict, firm: Known, renamed: bool, result: Compared) -> None:
    struck = is_struck(entry.get("status", ""))
    if struck and not firm.closed:
        result.found.append(Found(Kind.STRUCK, entry, firm))
    elif firm.closed and not struck:
        result.found.append(Found(Kind.CLOSED_HERE, entry, firm))
    elif renamed and not firm.closed:
        result.found.append(Found(Kind.RENAMED, entry, firm))
    else:
        result.same += 1


def _by_name(rest, firms, places, result: Compared, met: set) -> list[dict]:
    """Rows whose name, or former name, is a firm's to the letter. Where the list gives a code, it is
    another one than the ledger's: a person looks at it."""
    by_name: dict[str, Known] = {}
    for firm in firms:
        for name in (*firm.former, firm.name):
            by_name[_plain(name)] = firm
    left = []
    for entry in rest:
        firm = by_name.get(_plain(entry["name"]))
        if firm is None or firm.pk in met:
            left.append(entry)
            continue
        met.add(firm.pk)
        if entry["credit_code"] and not is_struck(entry.get("status", "")) and not firm.closed:
            result.found.append(Found(Kind.LIKELY, entry, firm, 100))
        else:
            _judge(entry, firm, False, result)
    return left


def _alike(rest, left, places, least: int, before: int):
    """Pairs of a row and a firm, the most alike first, each in one pair at most."""
    names = [bare(firm.name, places) for firm in left]
    asked = [bare(entry["name"], places) for entry in rest]
    found = []
    for start in range(0, len(asked) if names else 0, BLOCK):
        block = asked[start : start + BLOCK]
        worth = process.cdist(block, names, scorer=fuzz.ratio, score_cutoff=least, dtype=np.uint8)
        rows, columns = np.nonzero(worth)
        found += [
            (-int(worth[row, column]), start + int(row), int(column))
            for row, column in zip(rows, columns, strict=True)
        ]
        yield before + start + len(block)
    pairs, taken = {}, set()
    for minus, row, column in sorted(found):
        if row not in pairs and column not in taken:
            taken.add(column)
            pairs[row] = (left[column], -minus)
    return pairs
