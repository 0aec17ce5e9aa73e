"""The class of size by the statistical standard: all bounds hold, or it is one class down."""

from datetime import date
from decimal import Decimal

import pytest

from core.ledger.kinds import Industry, Size
from core.ledger.sizes import STANDARDS, fitting

DAY = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("industry", "figures", "sizes"),
    [
        ("C", {"employees": 1000, "turnover": 40000}, ["large"]),
        ("C", {"employees": 999, "turnover": 40000}, ["medium"]),
        ("C", {"employees": 1000, "turnover": Decimal("1999.99")}, ["small"]),
        ("C", {"employees": 19, "turnover": 90000}, ["micro"]),
        ("C", {"employees": 320}, ["medium", "small", "micro"]),
        ("C", {}, ["large", "medium", "small", "micro"]),
        ("A", {"turnover": 500, "employees": 1}, ["medium"]),
        ("F", {"employees": 30, "turnover": 5000}, ["medium", "small"]),  # wholesale or retail
        ("E", {"turnover": 6000, "assets": 4999}, ["small"]),
        ("P", {"employees": 5}, ["large", "medium", "small", "micro"]),  # no standard
    ],
)
def test_the_class_follows_from_the_figures(industry, figures, sizes):
    assert fitting(industry, on=DAY, **figures) == sizes


def test_before_the_standard_every_class_may_fit():
    assert fitting("C", on=date(2017, 1, 1), employees=1, turnover=1) == list(Size)


def test_the_bounds_fall_and_name_sections_that_there_are():
    for standard in STANDARDS:
        for branch in standard["branch"]:
            assert set(branch["industries"]) <= set(Industry.values)
            for bounds in (value for name, value in branch.items() if name != "industries"):
                assert len(bounds) == 3 and bounds == sorted(bounds, reverse=True)
