"""Paper name → template and style → PDF. The one way in which the product prints.

One form takes about a quarter of a second and stays in the web process. Whoever prints many
(cards, ledgers) gives the work to the queue, one document for all of them: a process that prints
keeps Pango and the fonts in memory, some 100 MB.
"""

import importlib
import io
import unicodedata
from contextlib import redirect_stdout
from functools import cache
from pathlib import Path
from threading import Lock

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from core.errors import Refused
from core.papers.fonts import fonts_ready, use_fonts

_loading = Lock()  # standard output is turned aside for a moment: one thread at a time


class PaperError(Refused):
    """A paper was not printed. The sentence says why and what to do about it."""

    UNAVAILABLE = "unavailable"  # this machine cannot print at all


def render(paper: str, facts: dict, *, language: str = "zh-hans") -> bytes:
    """The PDF of templates/papers/<paper>.html filled with `facts`, in the given language.

    Raises PaperError: UNAVAILABLE when this machine lacks Pango or the fonts, BAD_INPUT when the
    facts hold a character that no font has (it would be printed as an empty box, and nobody
    would notice: a copy from the PDF reads right).
    """
    sheaf = Sheaf(language=language)
    sheaf.add(paper, facts)
    return sheaf.pdf()


class Sheaf:
    """Several papers in one PDF, each with page numbers of its own. The fonts, most of a small
    file, are in it once. It is kept in memory: print a long row of papers in parts."""

    def __init__(self, *, language: str = "zh-hans") -> None:
        """Raises PaperError (UNAVAILABLE) as `render` does."""
        self.press, self.language, self.papers = _press(), language, []

    def add(self, paper: str, facts: dict, *, style: str = "paper") -> int:
        """Lay out one more paper by a style sheet of static/core; returns the number of its pages."""
        with translation.override(self.language):
            html = render_to_string(f"papers/{paper}.html", {**facts, "language": self.language})
        self.papers.append(self.press.lay_out(_printable(html), _style(style)))
        return len(self.papers[-1].pages)

    def pdf(self) -> bytes:
        """Raises PaperError (BAD_INPUT) as `render` does."""
        pdf, missing = self.press.bind(self.papers)
        if missing:
            raise _lacking(missing)
        return pdf

    def lacking(self) -> dict[int, str]:
        """Which of the papers hold characters that no font has: place → sentence."""
        found = {}
        for place, paper in enumerate(self.papers):
            missing = self.press.bind([paper])[1]
            if missing:
                found[place] = str(_lacking(missing))
        return found


def _lacking(letters: str) -> PaperError:
    return PaperError(PaperError.BAD_INPUT, no_font_has(letters))


def no_font_has(letters: str) -> str:
    """The sentence about characters that cannot be printed."""
    named = ", ".join(f"{letter} (U+{ord(letter):04X})" for letter in letters[:10])
    return _(
        "No font has %(letters)s. Write it in another way, "
        "or ask the operator to add a font that has it."
    ) % {"letters": named}


def _press():
    """The press, loaded when the first paper is printed: see its own first lines."""
    ready, sentence = fonts_ready()
    if not ready:
        raise _unavailable(sentence)
    try:
        with _loading:
            return _load()
    except OSError as missing:
        raise _unavailable(str(missing)) from missing


@cache
def _load():
    use_fonts()
    with redirect_stdout(io.StringIO()):  # WeasyPrint prints a help text when Pango is missing
        return importlib.import_module("core.papers.press")


def _unavailable(why: str) -> PaperError:
    return PaperError(PaperError.UNAVAILABLE, _("PDF is not available here: %(why)s") % {"why": why})


@cache
def _style(name: str) -> str:
    return Path(finders.find(f"core/{name}.css")).read_text(encoding="utf-8")


def _printable(text: str) -> str:
    """Without control characters, which come along when text is pasted and have no glyph."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc")
