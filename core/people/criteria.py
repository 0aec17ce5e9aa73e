"""What makes an instructor suit a firm, in weights and words. Reads matching.toml once; a slip in
it stops the server, not a board."""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.ledger.kinds import Industry

HEAVIEST = 1000

# Each criterion, with a filling of its words to try them with.
KNOWN = {
    "same_trade": {"trade": "C"},
    "same_village": {},
    "same_township": {"place": ""},
    "further_area": {"place": ""},
    "whole_county": {},
    "common_language": {"languages": []},
    "no_common_language": {"firm": [], "instructor": []},
    "same_line": {},
    "knows_firm": {},
    "stays": {"day": "2026-01-01"},
    "room": {"will": 1, "usual": 3},
    "above_usual": {"will": 4, "usual": 3},
}


class CriteriaError(Exception):
    """The criteria cannot be used as they are; the sentence names the slip."""


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """One thing that speaks for a pair, or against it."""

    weight: int
    says_zh: str
    says_en: str
    against: bool = False

    @property
    def says(self) -> str:
        return self.says_zh if (get_language() or "").startswith("zh") else self.says_en


def read(text: str) -> dict[str, Criterion]:
    """The criteria of a file's text, in its order: that in which reasons are shown.

    Raises CriteriaError.
    """
    said = tomllib.loads(text)
    if odd := sorted(said.keys() ^ KNOWN.keys()):
        raise CriteriaError(f"The criteria lack, or do not know: {', '.join(odd)}.")
    found = {}
    for code, block in said.items():
        try:
            found[code] = Criterion(**block)
        except TypeError as slip:
            raise CriteriaError(f"[{code}]: {slip}") from slip
        if type(found[code].weight) is not int or not 0 <= found[code].weight <= HEAVIEST:
            raise CriteriaError(f"[{code}]: weight must be a whole number from 0 to {HEAVIEST}.")
        for words in (found[code].says_zh, found[code].says_en):
            try:
                words.format(**KNOWN[code])
            except (KeyError, IndexError, ValueError) as slip:
                raise CriteriaError(f"[{code}]: {words} cannot be filled in: {slip}") from slip
    return found


CRITERIA = read(Path(__file__).with_name("matching.toml").read_text(encoding="utf-8"))


def sentence(code: str, words: dict) -> str:
    """A reason in the reader's language. `words` as `matching` gives them: codes, names, days."""
    return CRITERIA[code].says.format(**{name: _shown(name, said) for name, said in words.items()})


def _shown(name: str, said):
    if name == "trade":
        return str(Industry(said).label)
    if name == "day":
        return date_format(date.fromisoformat(said))
    return _(", ").join(said) if isinstance(said, list) else said
