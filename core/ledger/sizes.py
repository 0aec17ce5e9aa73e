"""Which class of size fits a firm's employees, turnover and assets. Reads sizes.toml once."""

import tomllib
from datetime import date
from pathlib import Path

from core.ledger.kinds import Size

STANDARDS = tomllib.loads((Path(__file__).parent / "sizes.toml").read_text("utf-8"))["standard"]
FALLING = tuple(Size)  # large, medium, small, micro
MEASURES = ("employees", "turnover", "assets")


def fitting(industry: str, *, on: date, employees=None, turnover=None, assets=None) -> list[Size]:
    """The classes that a firm may be of, the largest first, by the standard in force on a day:
    several where a figure is not known or the section has several branches, all four where no
    standard says anything. Employees are people, turnover and assets 10,000 yuan."""
    figures = dict(zip(MEASURES, (employees, turnover, assets), strict=True))
    found = set()
    for branch in _branches(industry, on):
        bounds = [(branch[name], figures[name]) for name in MEASURES if name in branch]
        best, worst = _class(bounds, float("inf")), _class(bounds, float("-inf"))
        found.update(FALLING[best : worst + 1])
    return [size for size in FALLING if size in found] or list(FALLING)


def _branches(industry: str, on: date) -> list[dict]:
    standards = [standard for standard in STANDARDS if standard["since"] <= on]
    if not standards:
        return []
    newest = max(standards, key=lambda standard: standard["since"])
    return [branch for branch in newest["branch"] if industry in branch["industries"]]


def _class(bounds: list[tuple], unknown: float) -> int:
    """The place in FALLING, a figure that is not known taken as `unknown`."""
    for place in range(len(FALLING) - 1):
        if all((unknown if have is None else have) >= wanted[place] for wanted, have in bounds):
            return place
    return len(FALLING) - 1
