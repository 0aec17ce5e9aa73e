"""What the ledger knows otherwise of a reported day than when it was reported."""

from dataclasses import dataclass

from core.reports.copies import ReportedCopy
from core.reports.counts import BY_KEY, numbers
from core.reports.standing import Changed, changed, in_words

SHOWN = 50  # firms that are named


@dataclass(frozen=True)
class Since:
    """The numbers that differ (label, reported, now), and the firms, of which `SHOWN` are named."""

    numbers: list[tuple[str, str, str]]
    firms: list[Changed]
    many: int

    @property
    def more(self) -> int:
        return self.many - len(self.firms)


def since(copy: ReportedCopy, today) -> Since:
    """The differences between a copy and its day as the ledger has it now."""
    first, ledger = copy.same_as or copy, copy.asked(today).ledger
    now = numbers(ledger)
    found = changed(bytes(first.standing), ledger)
    return Since(
        [
            (str(BY_KEY[key].label), in_figures(value), in_figures(now[key]))
            for key, value in first.numbers.items()
            if key in now and now[key] != value
        ],
        in_words(found[:SHOWN]), len(found),
    )  # fmt: skip


def in_figures(value) -> str:
    """A number as it was kept, in figures: 408, or 79/408."""
    if value is None:
        return "–"
    return "/".join(map(str, value)) if isinstance(value, list) else str(value)


def told(copy: ReportedCopy) -> list[tuple[str, str]]:
    """The figures of a copy, each with its label."""
    return [
        (str(BY_KEY[key].label), in_figures(value))
        for key, value in copy.numbers.items()
        if key in BY_KEY and value is not None
    ]
