"""QR codes drawn into a PDF page: one path of rectangles, no picture.

segno encodes. Of the eight masks that a code may have, the standard (ISO/IEC 18004, 7.8.3) asks for
the one with the least penalty; segno counts that module by module, which takes four fifths of its
time. Here the eight are counted together as arrays: the same masks are chosen, three times as fast.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import segno
from segno import consts

POINT = 72 / 25.4  # points of a millimetre
QUIET = 2  # modules left white around; the paper is white beyond them
LEVEL = "m"
FINDER = 0b1011101  # dark, light, three dark, light, dark: looks like a corner of the code


def drawn(said: str, *, left: float, top: float, side: float, height: float) -> bytes:
    """The drawing operators of a code: a rectangle for each run of dark modules in a row.

    All lengths in millimetres; `left` and `top` of its upper left corner, quiet zone included, on
    a page of `height`. PDF counts upwards from below.
    """
    rows = modules(said)
    module = side / (len(rows) + 2 * QUIET)
    x0, y0 = (left + QUIET * module) * POINT, (height - top - QUIET * module) * POINT
    step = module * POINT
    edges = np.diff(np.pad(rows, ((0, 0), (1, 1))).astype(np.int8))
    begin, end = np.nonzero(edges == 1), np.nonzero(edges == -1)
    runs = zip(begin[1].tolist(), begin[0].tolist(), (end[1] - begin[1]).tolist(), strict=True)
    drawn = [f"q {step:.4f} 0 0 {-step:.4f} {x0:.3f} {y0:.3f} cm"]
    drawn += [f"{x} {y} {wide} 1 re" for x, y, wide in runs]
    drawn.append("0 g f Q")
    return "\n".join(drawn).encode()


def modules(said: str) -> np.ndarray:
    """The rows of a code, 1 for a dark module."""
    first = segno.make(said, error=LEVEL, micro=False, mask=0)
    shape = _shape(first.version)
    rows = np.array(first.matrix, dtype=np.uint8)
    bare = np.where(shape.unmasked, 0, rows)  # the standard counts without the words on the mask
    best = int(np.argmin(_penalties(bare ^ shape.masks[0] ^ shape.masks)))
    rows ^= shape.masks[0] ^ shape.masks[best]
    where, what = _format(first.version, first.error, best)
    rows[where] = what
    return rows


class _Shape(NamedTuple):
    """What all codes of a version share."""

    masks: np.ndarray  # 8 × n × n: which modules of the data each mask turns over
    unmasked: np.ndarray  # n × n: the words on version and mask, and the dark module beside them
    formats: tuple  # where the words on the mask stand


@lru_cache(maxsize=8)
def _shape(version: int) -> _Shape:
    code = segno.make("1", version=version, error=LEVEL, mask=0, micro=False)
    kinds = np.array(list(code.matrix_iter(border=0, verbose=True)))
    size = len(kinds)
    formats = np.isin(kinds, (consts.TYPE_FORMAT_LIGHT, consts.TYPE_FORMAT_DARK))
    formats[8, size - 9] = False  # segno counts one too many: this one is data
    data = np.isin(kinds, (consts.TYPE_DATA_LIGHT, consts.TYPE_DATA_DARK))
    data[8, size - 9] = True
    words = np.isin(
        kinds, (consts.TYPE_VERSION_LIGHT, consts.TYPE_VERSION_DARK, consts.TYPE_DARKMODULE)
    )
    i, j = np.indices((size, size))
    turns = np.stack([
        (i + j) % 2, i % 2, j % 3, (i + j) % 3, (i // 2 + j // 3) % 2, i * j % 2 + i * j % 3,
        (i * j % 2 + i * j % 3) % 2, ((i + j) % 2 + i * j % 3) % 2,
    ])  # fmt: skip
    return _Shape(((turns == 0) & data).astype(np.uint8), formats | words, np.nonzero(formats))


@lru_cache(maxsize=64)
def _format(version: int, error: str, mask: int) -> tuple:
    """Where a code says its level and mask, and what stands there."""
    code = segno.make("1", version=version, error=error, mask=mask, micro=False, boost_error=False)
    where = _shape(version).formats
    return where, np.array(code.matrix, dtype=np.uint8)[where]


def _penalties(codes: np.ndarray) -> np.ndarray:
    """The points of each of these codes by the four rules of the standard: runs of five and more,
    blocks of four, what looks like a corner, and how far from half of the modules are dark."""
    size = codes.shape[-1]
    lines = np.concatenate([codes, codes.transpose(0, 2, 1)], axis=1)  # rows, then columns
    same = lines[:, :, 1:] == lines[:, :, :-1]
    five = same[:, :, :-3] & same[:, :, 1:-2] & same[:, :, 2:-1] & same[:, :, 3:]
    runs = five.copy()
    runs[:, :, 1:] &= ~five[:, :, :-1]
    points = five.sum((1, 2)) + 2 * runs.sum((1, 2))
    across = same[:, :size]
    blocks = across[:, 1:] & across[:, :-1] & (codes[:, 1:, 1:] == codes[:, :-1, 1:])
    points = points + 3 * blocks.sum((1, 2)) + _corners(lines)
    dark = codes.sum((1, 2), dtype=np.int64) / size**2
    return points + 10 * (np.abs(dark * 100 - 50) / 5).astype(int)


def _corners(lines: np.ndarray) -> np.ndarray:
    """40 points for each pattern of a corner with four light modules before or behind it; the
    margin counts as light. Of patterns that share modules the first counts."""
    size = lines.shape[-1]
    padded = np.pad(lines, ((0, 0), (0, 0), (4, 4)))
    bits = [padded[:, :, 4 + at : size - 2 + at] for at in range(7)]
    word = sum(bit << (6 - at) for at, bit in enumerate(bits))
    points, free = np.zeros(len(lines), dtype=int), (-1, -1, 0)
    for code, line, at in np.argwhere(word == FINDER).tolist():
        if (code, line) == free[:2] and at < free[2]:
            continue
        around = padded[code, line]
        light = not around[at : at + 4].any() or not around[at + 11 : at + 15].any()
        points[code] += 40 * light
        free = (code, line, at + (7 if light else 4))
    return points
