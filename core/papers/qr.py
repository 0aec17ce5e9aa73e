"""QR codes drawn into a PDF page: one path of rectangles, no picture."""

import segno

POINT = 72 / 25.4  # points of a millimetre
QUIET = 2  # modules left white around; the paper is white beyond them


def drawn(said: str, *, left: float, top: float, side: float, height: float) -> bytes:
    """The drawing operators of a code: a rectangle for each run of dark modules in a row.

    All lengths in millimetres; `left` and `top` of its upper left corner, quiet zone included, on
    a page of `height`. PDF counts upwards from below.
    """
    rows = segno.make(said, error="m", micro=False).matrix
    module = side / (len(rows) + 2 * QUIET)
    x0, y0 = (left + QUIET * module) * POINT, (height - top - QUIET * module) * POINT
    step = module * POINT
    drawn = [f"q {step:.4f} 0 0 {-step:.4f} {x0:.3f} {y0:.3f} cm"]
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            if not row[x]:
                x += 1
                continue
            end = x
            while end < len(row) and row[end]:
                end += 1
            drawn.append(f"{x} {y} {end - x} 1 re")
            x = end
    drawn.append("0 g f Q")
    return "\n".join(drawn).encode()
