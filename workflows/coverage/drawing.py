"""The chart as shapes, a firm's path as steps, and the README's diagram. Pure: chart in, shapes out.

Each row of the chart is one lane: it leaves every one of its sources with a dot and ends with an
arrow at its target. Moves forward run above the states, moves back below, the longest outermost,
so that no two lanes ever lie on one another.
"""

from dataclasses import dataclass, field

from django.utils.translation import override

from workflows.coverage.chart import CHART, COUNTY, OPERATION, STAGE, Move
from workflows.coverage.words import STATES, VERBS, states_of

# Everything in units of the picture; a state's label of 17 letters fits its box.
BOX_WIDTH, BOX_HEIGHT, GAP, MARGIN = 140, 58, 88, 8
LANE, FIRST_LANE, SLOT, ARROW = 38, 30, 25, 7


@dataclass(frozen=True)
class Box:
    """A state."""

    name: str
    x: int
    y: int
    width: int = BOX_WIDTH
    height: int = BOX_HEIGHT

    @property
    def middle(self) -> int:
        return self.x + self.width // 2

    @property
    def word_y(self) -> int:
        return self.y + 26

    @property
    def count_y(self) -> int:
        return self.y + 45

    @property
    def label(self):
        return STATES[self.name]


@dataclass(frozen=True)
class Lane:
    """A row of the chart: `path` is its line, `tip` its arrowhead, `dots` where sources join."""

    move: Move
    back: bool
    path: str
    tip: str
    dots: tuple[tuple[int, int], ...]
    word_x: int
    word_y: int

    @property
    def label(self):
        return VERBS[self.move.verb]

    @property
    def county(self) -> bool:
        return self.move.decides == COUNTY


@dataclass(frozen=True)
class Drawing:
    track: str
    width: int
    height: int
    boxes: tuple[Box, ...]
    lanes: tuple[Lane, ...]


@dataclass
class _Side:
    """The lanes above or below the states, from the innermost to the outermost."""

    back: bool
    moves: list[Move] = field(default_factory=list)


def drawing(track: str, chart=CHART) -> Drawing:
    """One track of the chart as boxes and lanes."""
    states = states_of(track)
    place = {state: number for number, state in enumerate(states)}
    sides = [_Side(back=False), _Side(back=True)]
    for move in chart:
        if move.track == track:
            sides[_goes_back(move, place)].moves.append(move)
    for side in sides:
        side.moves.sort(key=lambda move: _span(move, place))
    above, below = (len(side.moves) for side in sides)
    top = MARGIN + FIRST_LANE + LANE * above
    boxes = {state: Box(state, MARGIN + place[state] * (BOX_WIDTH + GAP), top) for state in states}
    lanes = [lane for side in sides for lane in _lanes(side, boxes, place)]
    return Drawing(
        track=track,
        width=2 * MARGIN + len(states) * BOX_WIDTH + (len(states) - 1) * GAP,
        height=top + BOX_HEIGHT + FIRST_LANE + LANE * below + MARGIN,
        boxes=tuple(boxes.values()),
        lanes=tuple(lanes),
    )


def _goes_back(move: Move, place: dict) -> bool:
    return place[move.target] < min(place[source] for source in move.sources)


def _span(move: Move, place: dict) -> int:
    return max(abs(place[move.target] - place[source]) for source in move.sources)


def _lanes(side: _Side, boxes: dict, place: dict):
    slots = {state: _slots(state, side) for state in boxes}
    for level, move in enumerate(side.moves):
        edge = {state: box.y + (BOX_HEIGHT if side.back else 0) for state, box in boxes.items()}
        reach = FIRST_LANE + LANE * level
        height = next(iter(edge.values())) + (reach if side.back else -reach)
        sources = sorted(move.sources, key=lambda source: place[source], reverse=side.back)
        x_of = {state: boxes[state].x + slots[state][move.verb] for state in (*sources, move.target)}
        end, edge_y = x_of[move.target], edge[move.target]
        stop = edge_y + (ARROW if side.back else -ARROW)
        risers = "".join(f"M{x_of[state]} {edge[state]}V{height}" for state in sources)
        yield Lane(
            move=move,
            back=side.back,
            path=f"{risers}M{x_of[sources[0]]} {height}H{end}V{stop}",
            tip=f"M{end} {edge_y}l{-ARROW + 2} {stop - edge_y}h{2 * ARROW - 4}z",
            dots=tuple((x_of[state], height) for state in sources[1:]),
            word_x=(x_of[sources[-1]] + end) // 2,
            word_y=height - 6,
        )


def _slots(state: str, side: _Side) -> dict[str, int]:
    """Where on a state's edge each lane touches it, so that no lane crosses its neighbours there:
    arrivals on the side they come from, the innermost outside; departures on the other side."""
    arrivals = [move.verb for move in side.moves if move.target == state]
    departures = [move.verb for move in reversed(side.moves) if state in move.sources]
    order = arrivals + departures
    if side.back:
        order.reverse()
    first = (BOX_WIDTH - SLOT * (len(order) - 1)) // 2
    return {verb: first + SLOT * number for number, verb in enumerate(order)}


@dataclass(frozen=True)
class Step:
    """One stage on a firm's path. `standing`: done (passed or skipped), now, open, ahead."""

    name: str
    number: int
    standing: str

    @property
    def label(self):
        return STATES[self.name]


def stage_path(stage: str, possible=()) -> list[Step]:
    """The five stages as seen by a firm that stands at `stage`; `possible`: stages that the facts
    allow now."""
    states = states_of(STAGE)
    here = states.index(stage)
    return [
        Step(state, number + 1, _standing(number, here, state in possible))
        for number, state in enumerate(states)
    ]


def _standing(number: int, here: int, possible: bool) -> str:
    if number == here:
        return "now"
    if number < here:
        return "done"
    return "open" if possible else "ahead"


def as_mermaid(chart=CHART) -> str:
    """The chart as a Mermaid state diagram in English, for the README."""
    lines = ["stateDiagram-v2"]
    with override("en"):
        for track, title in ((STAGE, "Stage of the firm"), (OPERATION, "Operation, beside the stage")):
            lines.append(f'    state "{title}" as {track} {{')
            lines += [f"        {state}: {STATES[state]}" for state in states_of(track)]
            lines.append(f"        [*] --> {states_of(track)[0]}")
            for move in chart:
                if move.track != track:
                    continue
                word = f"{VERBS[move.verb]}{' (county)' if move.decides == COUNTY else ''}"
                lines += [f"        {source} --> {move.target}: {word}" for source in move.sources]
            lines.append("    }")
    return "\n".join(lines)
