"""What a column of an Excel file is: its heading, how a cell is read and written, what helps there."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]0{1,2}:00(?::00)?)?")
EIGHT_DIGITS = re.compile(r"(\d{4})(\d\d)(\d\d)")


class Slip(Exception):
    """A cell that cannot be taken; the sentence says what to do."""


class Column(NamedTuple):
    """One column. `read` turns the text of a cell into a value, or raises Slip; `write` gives the
    text, day or number for a cell. `choices` is the drop-down: its labels, in order."""

    code: str
    heading: str
    read: Callable[[str, "Context"], object]
    write: Callable
    hint: str = ""
    example: str = ""
    required: bool = False  # for a new entry
    width: int = 14
    choices: Callable[["Context"], Iterable[str]] | None = None
    is_day: bool = False


class Context(NamedTuple):
    """What cells are read against: the divisions of the county by name, and by code."""

    areas: dict[str, list[str]]  # name → codes
    names: dict[str, str]  # code → name
    own: tuple[str, ...] = ()  # codes within the person's own area


def text(most: int):
    """A reader of text of at most so many characters."""

    def read(said: str, context) -> str:
        said = " ".join(said.split())
        if len(said) > most:
            raise Slip(
                _("has %(have)d characters; %(most)d fit. Make it shorter.")
                % {"have": len(said), "most": most}
            )
        return said

    return read


def day(said: str, context) -> date:
    """A day, as Excel keeps it or as people write it: 2026-03-01, 2026/3/1, 2026年3月1日."""
    found = DAY.fullmatch(said) or EIGHT_DIGITS.fullmatch(said)
    try:
        return date(*map(int, found.groups()))
    except (AttributeError, ValueError):
        raise Slip(
            _("“%(said)s” is not a day. Write it as 2026-03-01.") % {"said": said[:40]}
        ) from None


def one_of(choices):
    """A reader of a choice by its label, in any language of the desk, or its code."""

    def read(said: str, context):
        wanted = said.strip().casefold()
        for code in choices.values:
            if wanted in (
                code.casefold(),
                *(w.casefold() for w in in_all_languages(choices(code).label)),
            ):
                return code
        raise Slip(
            _("“%(said)s” is not one of: %(choices)s.")
            % {"said": said[:40], "choices": _(", ").join(str(c.label) for c in choices)}
        )

    return read


def yes_or_no(said: str, context) -> bool:
    wanted = said.strip().casefold()
    if wanted in {"是", "yes", "y", "true", "1", "√", "有"}:
        return True
    if wanted in {"否", "no", "n", "false", "0", "×", "无"}:
        return False
    raise Slip(_("“%(said)s” is neither yes nor no.") % {"said": said[:40]})


def in_all_languages(label) -> set[str]:
    """A lazy text in each language of the desk: files travel between people."""
    said = set()
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            said.add(str(label))
    return said
