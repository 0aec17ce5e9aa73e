"""Where a firm may go next from where it stands, and what each move still lacks."""

from dataclasses import dataclass

from core.ledger.models import Firm
from core.ledger.stages import Operation
from workflows.coverage.chart import CHART, OPERATION, STAGE, Move, moves_from
from workflows.coverage.door import objection
from workflows.coverage.facts import Facts
from workflows.coverage.words import DECIDES, NEEDS, STATES, VERBS, states_of

# Guards that judge what the proposer will be asked: they say nothing before anybody was asked.
JUDGE_ANSWERS = {"return_day_is_ahead"}


@dataclass(frozen=True)
class Way:
    """One row of the chart as seen by one firm. `lack`: the sentence with the shortfall, or None."""

    move: Move
    lack: str | None
    back: bool  # against the direction of the path

    @property
    def label(self):
        return VERBS[self.move.verb]

    @property
    def target(self):
        return STATES[self.move.target]

    @property
    def decides(self):
        return DECIDES[self.move.decides]

    @property
    def needs(self):
        return NEEDS[self.move.needs]


def shortfall(move: Move, facts: Facts) -> str | None:
    """What the facts lack for a move, before the proposer was asked anything."""
    return None if move.when in JUDGE_ANSWERS else objection(move, facts, {})


def ways_from(firm: Firm, facts: Facts) -> list[Way]:
    """The moves that leave where the firm stands; a closed firm's stage no longer changes."""
    tracks = (OPERATION,) if firm.operation == Operation.CLOSED else (STAGE, OPERATION)
    ways = []
    for track in tracks:
        states, here = states_of(track), getattr(firm, track)
        for move in moves_from(track, here):
            back = states.index(move.target) < states.index(here)
            ways.append(Way(move, shortfall(move, facts), back))
    return ways


def best_of(forward: list[Way]) -> Way | None:
    """The next step: the farthest that is possible now, or else the nearest one."""
    possible = [way for way in forward if way.lack is None]
    return possible[-1] if possible else next(iter(forward), None)


def next_way(firm: Firm, facts: Facts) -> Way | None:
    """The next step of an operating firm along the path; None at its end."""
    ways = [way for way in ways_from(firm, facts) if way.move.track == STAGE and not way.back]
    return best_of(ways)


def ground_lost(firm: Firm, facts: Facts) -> str | None:
    """What the firm's own stage rests on and the facts no longer show: the shortfall of the move
    forward that leads to it. None when the stage is well founded, or closed."""
    if firm.operation == Operation.CLOSED:
        return None
    states = states_of(STAGE)
    below = states[: states.index(firm.stage)]
    leads_here = (
        move for move in CHART if move.target == firm.stage and set(move.sources) & set(below)
    )
    move = next(leads_here, None)
    return shortfall(move, facts) if move else None
