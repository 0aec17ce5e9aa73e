"""The one place where a pair of a board becomes a proposal: which act that is, and what it has open."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone

from core.people.assigning import assign


def _assign_at_once(firm, instructor, *, by, at, reasons=""):
    day = timezone.localdate(at)
    return assign(firm, instructor, since=day, by=by, on=day, all_the_same=True)


def _nothing_open(county: str) -> list[tuple[int, int]]:
    return []


@dataclass
class Way:
    """How pairs go on. `propose` raises Refused; `under_way` gives the pairs of a county (firm,
    instructor) that are proposed and not yet settled. Where assignments are a conversation, that
    room puts its own functions here; without one, the assignment is made at once."""

    propose: Callable = _assign_at_once
    under_way: Callable[[str], list[tuple[int, int]]] = _nothing_open


WAY = Way()


def propose(firm, instructor, *, by, at, reasons: str = ""):
    """Propose an instructor for a firm. Raises Refused."""
    return WAY.propose(firm, instructor, by=by, at=at, reasons=reasons)


def under_way(county: str) -> list[tuple[int, int]]:
    """Pairs (firm, instructor) of a county that are proposed and not settled."""
    return WAY.under_way(county)
