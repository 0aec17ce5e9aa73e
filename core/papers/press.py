"""The printing press: the only file that loads WeasyPrint, and with it Pango.

Imported late, by `core.papers.paper`: it costs a second, and may be absent from a machine.
What it reads is the given text and one style sheet. Nothing is fetched: a paper that names
any address, on the network or on this disk, is stopped.
"""

import logging
from threading import Lock

from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

# A letter without a font is reported to the reader by name; no need to log it as well.
logging.getLogger("weasyprint").setLevel(logging.ERROR)

_no_fetching = URLFetcher(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
_turn = Lock()  # Pango's font map is not safe to share between threads
_fonts = FontConfiguration()  # shared: finding the fonts is most of the cost of a small paper
_styles: dict[str, CSS] = {}


def press(html: str, style: str) -> tuple[bytes, str]:
    """The PDF of a page's HTML, and the characters that no font has ("" when all is well)."""
    return bind([lay_out(html, style)])


def lay_out(html: str, style: str) -> Document:
    """The pages of a paper, numbered for themselves, not yet printed."""
    with _turn:
        if style not in _styles:
            _styles[style] = CSS(string=style, font_config=_fonts, url_fetcher=_no_fetching)
        return HTML(string=html, url_fetcher=_no_fetching).render(
            font_config=_fonts, stylesheets=[_styles[style]]
        )


def bind(papers: list[Document]) -> tuple[bytes, str]:
    """Papers as one PDF, which holds each font once; and the characters that no font has."""
    whole = papers[0].copy([page for paper in papers for page in paper.pages])
    with _turn:
        pdf = whole.write_pdf()
    missing = {point for font in whole.fonts.values() for point in font.missing}
    return pdf, "".join(map(chr, sorted(missing)))
