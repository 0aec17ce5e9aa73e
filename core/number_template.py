"""Templates of numbers, as `{area6}-{year4}-{serial3}`: read, proved not to repeat, filled in.

{serial3} counts from 1 in each county and year, {running5} in each county for ever; the digit is
the least width, larger numbers take more. {area6} is the county's division code, {year4} the year.
"""

import re
from typing import NamedTuple

PART = re.compile(r"\{([a-z]+)(\d)\}")
WIDTHS = {"area": "6", "year": "4"}
LITERALS = re.compile(r"[A-Za-z0-9\u4e00-\u9fff〔〕()\[\]./_-]*")
LONGEST = 40  # characters of the template


class Series(NamedTuple):
    """Where a number is counted: `year` is 0 when the count never begins anew."""

    county: str
    year: int


def objection(template: str) -> str:
    """Why a template cannot be used, as a sentence for the operator; "" when it can."""
    parts = PART.findall(template)
    literal = PART.sub("", template)
    if len(template) > LONGEST or not LITERALS.fullmatch(literal):
        return "it may hold {area6}, {year4}, {serial3} or {running5}, letters, digits and - / . _ ( )"
    names = [name for name, _width in parts]
    if unknown := [n for n, width in parts if WIDTHS.get(n, width) != width or n not in KNOWN]:
        return f"{{{unknown[0]}…}} is not known; write {{area6}}, {{year4}}, {{serial3}}, {{running5}}"
    counts = [(name, width) for name, width in parts if name in ("serial", "running")]
    if len(counts) != 1 or counts[0][1] == "0":
        return "it needs exactly one {serial3} or {running5}, or its numbers would repeat"
    if names.count("area") != 1:
        return "it needs {area6} once, or the numbers of two counties would repeat"
    if counts[0][0] == "serial" and names.count("year") != 1:
        return "{serial…} begins anew each year: without {year4} its numbers would repeat"
    return ""


KNOWN = ("area", "year", "serial", "running")


def series_of(template: str, *, county: str, year: int) -> Series:
    """The series in which a template's next number is counted."""
    return Series(county, year if "{serial" in template else 0)


def filled(template: str, *, county: str, year: int, serial: int) -> str:
    """The number. A serial that outgrows its width takes more digits."""
    values = {"area": county, "year": f"{year:04d}"}
    return PART.sub(lambda part: values.get(part[1]) or str(serial).zfill(int(part[2])), template)
