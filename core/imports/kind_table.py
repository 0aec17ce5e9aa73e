"""What a kind of list is, beside the list of firms: its columns, and how a row of it is found in the
ledger, judged, carried out and taken back. Each kind declares itself once, by `declare`."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from core.audit.sentences import teach
from core.exchange.columns import in_all_languages
from core.imports.child import bare
from core.ledger.models import Firm
from core.ledger.permits import allow

ROWS = 2000  # of one list: each is carried out by itself, through the acts of its room


class Column(NamedTuple):
    code: str
    heading: Any  # lazy
    read: Callable[[str], object]  # text → what is kept as JSON; takes its own outcome too. Raises Slip
    known_as: tuple[str, ...] = ()  # beside the heading in each language
    needed: bool = False
    example: str = ""
    choices: Any = None  # of a model: its labels are offered


class Notes:
    """What is to be said of one row: [column or "", sentence, whether it is an error]."""

    def __init__(self) -> None:
        self.said: list[list] = []

    def wrong(self, code: str, sentence: str) -> None:
        self.said.append([code, sentence, True])

    def warn(self, code: str, sentence: str) -> None:
        self.said.append([code, sentence, False])

    @property
    def bad(self) -> bool:
        return any(wrong for _code, _sentence, wrong in self.said)


class Look(NamedTuple):
    """Who judges, when, and what the rows before this one would do: (firm, `tallied`) → rows."""

    by: Any
    on: date
    tally: Counter


class ListKind(NamedTuple):
    code: str
    title: Any  # lazy
    lead: Any  # lazy: what the page of the upload says of it
    verb: str  # asked beside `register`
    columns: tuple[Column, ...]
    once: tuple[str, ...]  # columns that no two rows of a file share
    match: Callable[[dict, Look, Notes], dict]  # row → "firm" (or none), "held" and whatever is meant
    judge: Callable[[dict, dict, Look, Notes], str]  # row and what it matched → verdict
    carry_out: Callable[[dict, dict, Look], tuple]  # → the entry that was made or changed, its before
    take_back: Callable[..., None]  # (entry, before or None, by=, on=)
    model: Any  # of the entry
    tallied: str = ""
    private: bool = False  # names people whom few may see: each look at the rows is recorded
    notes: tuple = ()  # lazy sentences for the template

    def row(self, values: list) -> dict:
        """The cells of a row by column."""
        return {c.code: v for c, v in zip(self.columns, values, strict=True)}

    def column(self, code: str) -> Column | None:
        return next((column for column in self.columns if column.code == code), None)

    def headings_known(self) -> dict[str, str]:
        """Bare heading → column."""
        return {
            bare(word): column.code
            for column in self.columns
            for word in (*in_all_languages(column.heading), *column.known_as)
        }


KINDS: dict[str, ListKind] = {}


def declare(kind: ListKind) -> ListKind:
    KINDS[kind.code] = kind
    teach("table", {kind.code: kind.title})
    return kind


def permitted(kind: ListKind, by) -> None:
    """Raises Refused for who may not bring in lists of this kind."""
    allow(by, "register")
    allow(by, kind.verb)


def may(kind: ListKind, user) -> bool:
    return user.may("register") and user.may(kind.verb)


def firm_of(row: dict, look: Look, notes: Notes) -> Firm | None:
    """The firm that a row names by its credit code, when the person reaches it."""
    found = Firm.objects.visible_to(look.by).filter(
        county=look.by.county, credit_code=row["credit_code"]
    ).first()  # fmt: skip
    if found is None:
        notes.wrong("credit_code", _("belongs to no firm of the ledger in your area."))
    return found
