"""From what is asked to a finished file. Rows are read in one moment of the ledger into a file of the
work's folder; then they are written out, which may take its time and can be watched."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.errors import Refused
from core.exchange.writing import XLSX as XLSX_TYPE
from core.figures.coverage import Share
from core.ledger.files import clean_name
from core.reports import counts, lists, paper
from core.reports.asked import PDF, XLSX, Asked
from core.reports.layouts import Layout
from core.reports.sheet import writing
from core.reports.standing import standing_of
from core.reports.tables import OF_FIRMS, Report
from core.rulebook import rule

PREVIEWED = 8  # rows that a page shows of a table
SMALL = {XLSX: 2000, PDF: 150}  # rows of a table that is made while its reader waits
TYPES = {XLSX: XLSX_TYPE, PDF: "application/pdf"}
ROWS_OF = {Report.COVERAGE: counts.coverage_rows, Report.QUARTERLY: counts.quarterly_rows}


@dataclass(frozen=True)
class Gathered:
    """The rows of a table, read and kept in a file; and of a copy that is to be frozen, what counts
    and how each firm stood at the same moment."""

    path: Path
    many: int
    numbers: dict
    standing: bytes

    def chunks(self) -> Iterator[list]:
        with self.path.open(encoding="utf-8") as lines:
            for line in lines:
                yield [_from_json(row) for row in json.loads(line)]


def chunks_of(asked: Asked, layout: Layout) -> Iterator[list]:
    """The rows of a table, some at a time; within a transaction."""
    codes = [column.code for column in layout.columns]
    if asked.report in OF_FIRMS:
        yield from lists.chunks_of(asked, codes)
    else:
        yield list(ROWS_OF[asked.report](asked, codes))


def gather(asked: Asked, layout: Layout, folder: Path, *, frozen: bool) -> Gathered:
    """Read the rows; with `frozen` also the figures and the firms, in the same moment."""
    path, many = folder / "rows.jsonl", 0
    folder.mkdir(parents=True, exist_ok=True)
    with lists.one_moment(), path.open("w", encoding="utf-8") as file:
        for chunk in chunks_of(asked, layout):
            file.write(json.dumps(chunk, default=list, ensure_ascii=False) + "\n")
            many += len(chunk)
        numbers = counts.numbers(asked.ledger) if frozen else {}
        standing = standing_of(asked.ledger) if frozen else b""
    return Gathered(path, many, numbers, standing)


def _from_json(row):
    """A row as it was: a text alone was a heading, a pair of numbers a share."""
    if isinstance(row, str):
        return counts.Heading(row)
    return [Share(*cell) if isinstance(cell, list) else cell for cell in row]


def preview(asked: Asked, layout: Layout) -> list:
    """The first rows of a table, for the screen."""
    with lists.one_moment():
        first = next(chunks_of(asked, layout), [])
    return first[:PREVIEWED] if asked.report in OF_FIRMS else first


def write(asked: Asked, layout: Layout, gathered: Gathered, path: Path) -> Iterator[int]:
    """Write the file; yields the number of rows that are written. Raises PaperError as
    `core.papers.paper.render` does."""
    with translation.override(asked.language):
        day = _("As of %(day)s") % {"day": date_format(asked.on)}
    if asked.form == PDF:
        yield 0
        path.write_bytes(paper.printed(layout, gathered.chunks(), day, language=asked.language))
        yield gathered.many
        return
    done = 0
    with writing(path, layout, day) as sheet:
        for chunk in gathered.chunks():
            sheet.add(chunk)
            done += len(chunk)
            yield done


def check(asked: Asked) -> int:
    """How many rows the table will have, about. Raises Refused when a PDF takes no so long table."""
    if asked.report not in OF_FIRMS:
        return 0
    many = lists.counted(asked)
    most = rule("report_pdf_rows", on=asked.today).value
    if asked.form == PDF and many > most:
        raise Refused(
            Refused.BAD_INPUT,
            _("This table has %(many)d rows; a PDF takes %(most)d. Save it as Excel, or choose a "
              "single township.") % {"many": many, "most": most},
        )  # fmt: skip
    return many


def name_of(asked: Asked, layout: Layout) -> str:
    """The name under which the file is saved."""
    return clean_name(f"{layout.title}-{asked.on:%Y%m%d}.{asked.form}")


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
