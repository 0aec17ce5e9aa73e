"""Where everything of a card lies: millimetres from the card's upper left corner, and on a sheet."""

from typing import NamedTuple

from core.papers.qr import QUIET  # noqa: F401  part of the layout

TEMPLATE = "2026-1"  # written down with each printed card; changed with the look of the card
WIDTH, HEIGHT = 85.6, 54.0  # ISO/IEC 7810 ID-1
PHOTO = (5.0, 15.5, 22.0, 30.8)  # left, top, width, height; the ratio of a portrait
QR = (61.6, 25.0, 20.0)  # left, top, side, quiet zone included
SHEET = (210.0, 297.0)
COLUMNS, ROWS = 2, 5
GAP = (4.0, 2.0)  # between the columns and the rows
PER_SHEET = COLUMNS * ROWS
MARK, OFF = 4.0, 1.5  # length of a crop mark, and how far it keeps off the card


class Spot(NamedTuple):
    """Where a card lies on its page (mm from the upper left corner)."""

    left: float
    top: float


def spots(*, back: bool) -> list[Spot]:
    """The places on a sheet in the order of the cards. Backs are mirrored: turned over along the
    long edge, each back lies behind its front."""
    left = (SHEET[0] - COLUMNS * WIDTH - GAP[0]) / 2
    top = (SHEET[1] - ROWS * HEIGHT - (ROWS - 1) * GAP[1]) / 2
    found = []
    for place in range(PER_SHEET):
        row, column = divmod(place, COLUMNS)
        column = COLUMNS - 1 - column if back else column
        found.append(Spot(left + column * (WIDTH + GAP[0]), top + row * (HEIGHT + GAP[1])))
    return found


def crop_marks() -> list[tuple[float, float, float, float]]:
    """Lines (x, y, x, y) outside the cards at each edge where the knife goes."""
    all_spots = spots(back=False)
    xs = sorted({x for spot in all_spots for x in (spot.left, spot.left + WIDTH)})
    ys = sorted({y for spot in all_spots for y in (spot.top, spot.top + HEIGHT)})
    lines = []
    for x in xs:
        lines += [(x, ys[0] - OFF - MARK, x, ys[0] - OFF), (x, ys[-1] + OFF, x, ys[-1] + OFF + MARK)]
    for y in ys:
        lines += [(xs[0] - OFF - MARK, y, xs[0] - OFF, y), (xs[-1] + OFF, y, xs[-1] + OFF + MARK, y)]
    return lines
