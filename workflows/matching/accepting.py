"""The one place where a pair of a board becomes a proposal: which act that is, and what it has open."""

from collections.abc import Callable
from dataclasses import dataclass

from workflows.assignments.acts import open_requests, propose_assignment


def _open(county: str) -> list[tuple[int, int]]:
    return list(open_requests().filter(county=county).values_list("firm_id", "instructor_id"))


@dataclass
class Way:
    """How pairs go on. `propose` raises Refused; `under_way` gives the pairs of a county (firm,
    instructor) that are proposed and not yet settled."""

    propose: Callable = propose_assignment
    under_way: Callable[[str], list[tuple[int, int]]] = _open


WAY = Way()


def propose(firm, instructor, *, by, at, reasons: str = ""):
    """Propose an instructor for a firm. Raises Refused."""
    return WAY.propose(firm, instructor, by=by, at=at, reasons=reasons)


def under_way(county: str) -> list[tuple[int, int]]:
    """Pairs (firm, instructor) of a county that are proposed and not settled."""
    return WAY.under_way(county)
