"""Finding a firm or a person by what is typed: name, credit code, pinyin, initials."""

import re
import unicodedata

from django.db.models import Q

WORDS_AT_MOST = 5
LETTERS_AT_MOST = 100
ROUND_BRACKETS = str.maketrans("()", "（）")  # as firms write them in their names


def tidy(typed: str) -> str:
    """What was typed without full-width letters, invisible characters and doubled blanks."""
    half = unicodedata.normalize("NFKC", typed[:LETTERS_AT_MOST])
    seen = "".join(" " if c.isspace() else c for c in half if c.isspace() or c.isprintable())
    return " ".join(seen.split())


def firms_named(typed: str) -> Q:
    """Firms whose name, credit code, pinyin or initials hold what was typed, or all its words."""
    meant = tidy(typed)
    if not meant:
        return Q()
    every_word = Q()
    for word in meant.split()[:WORDS_AT_MOST]:
        every_word &= _firm_holds(word)
    return every_word | _firm_holds(meant) | _firm_holds(meant.replace(" ", ""))


def _firm_holds(word: str) -> Q:
    holds = Q(name__icontains=word) | Q(name__icontains=word.translate(ROUND_BRACKETS))
    if word.isascii() and (letters := re.sub(r"[^0-9a-z]", "", word.lower())):
        holds |= Q(pinyin__contains=letters) | Q(initials__contains=letters)
        holds |= Q(credit_code__contains=letters.upper())
    return holds


def people_named(typed: str, *, path: str = "") -> Q:
    """Instructors by name, pinyin or initials; `path` leads to them ("instructor__")."""
    meant = tidy(typed).replace(" ", "").lower()
    if not meant:
        return Q()
    holds = Q(**{f"{path}name__icontains": tidy(typed)}) | Q(**{f"{path}name__icontains": meant})
    if meant.isascii():
        holds |= Q(**{f"{path}pinyin__contains": meant}) | Q(**{f"{path}initials__contains": meant})
    return holds
