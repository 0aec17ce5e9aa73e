"""What waits for a person and is no task of the engine: rooms with hundreds of like rows for one
person list them in one line each, above the tasks."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple


class Beside(NamedTuple):
    """One line: what it is, how many rows wait, until when, and the page that lists them."""

    title: str
    many: int
    until: date
    url: str


# Called with a person and the day. Rooms above put theirs here at import.
BESIDE: list[Callable[..., list[Beside]]] = []


def beside(user, *, on: date) -> list[Beside]:
    """The lines of a person, from all rooms."""
    return [line for lines in BESIDE for line in lines(user, on=on)]
