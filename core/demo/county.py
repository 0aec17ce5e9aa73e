"""One county in the making: what the rooms of the demo hand to one another."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from itertools import count
from random import Random
from uuid import UUID

from core.demo import places


class Row:
    """A row to be, with its columns as attributes. A whole model takes ten times as long to make."""


@cache
def _shape(table) -> tuple[dict, dict]:
    """A table's columns with their defaults, and under which names they are given."""
    fields = table._meta.concrete_fields
    blank = {field.attname: field.get_default() for field in fields}
    names = {field.name: field.attname for field in fields} | {name: name for name in blank}
    return blank, names


@dataclass
class County:
    """Rows by table, in memory. Keys are given out here, so rows can name one another."""

    number: int
    seed: int
    on: date
    ids: dict  # table → the next key
    events: bool = True  # whether the cases get their history in the audit trail
    rows: dict = field(default_factory=lambda: defaultdict(list))
    areas: list = field(default_factory=list)
    shares: list = field(default_factory=list)
    lines: dict = field(default_factory=dict)
    supervisors: dict = field(default_factory=dict)  # area code, line key or "county" → user
    accounts: dict = field(default_factory=dict)  # the visitor's accounts by user name
    stands: dict = field(default_factory=dict)  # firm's key → its stage so far
    organised: dict = field(default_factory=dict)  # firm's key → when it was mass organised

    def __post_init__(self):
        self.rng = Random(f"{self.seed}:{self.number}")
        self.code = places.code_of(self.number)
        self.name = places.name_of(self.number)

    @property
    def first(self) -> bool:
        """The county that a visitor signs in to; the others are for load work."""
        return self.number == 0

    def new(self, table, **given):
        """A row of a table, with the table's own defaults for what is not given."""
        blank, names = _shape(table)
        row = Row()
        values = row.__dict__
        values.update(blank)
        for name, value in given.items():
            values[name] = value
            if names[name] != name:
                values[names[name]] = value and value.pk
        if "id" in blank:
            if table not in self.ids:
                last = table.objects.order_by("-pk").values_list("pk", flat=True).first()
                self.ids[table] = count((last or 0) + 1)
            values["id"] = values["pk"] = next(self.ids[table])
        self.rows[table].append(row)
        return row

    def ago(self, least: int, most: int) -> date:
        """A day at least and at most so many days ago."""
        return self.on - timedelta(days=self.rng.randint(least, most))

    def key(self) -> UUID:
        return UUID(int=self.rng.getrandbits(128), version=4)


def apportion(total: int, weights: list) -> list[int]:
    """Whole shares of a total after weights (largest remainders first)."""
    whole = sum(weights)
    shares = [int(total * weight / whole) for weight in weights]
    left = sorted(range(len(weights)), key=lambda i: shares[i] - total * weights[i] / whole)
    for i in left[: total - sum(shares)]:
        shares[i] += 1
    return shares
