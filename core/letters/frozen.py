"""What a letter says, as the database keeps it: `frozen` and `thawed` undo each other."""

from dataclasses import asdict
from datetime import date

from core.errors import Refused
from core.papers.fonts import lacking
from core.papers.letter import Kind, LetterFacts, ListRow
from core.papers.paper import PaperError, no_font_has


def frozen(facts: LetterFacts) -> dict:
    return asdict(facts) | {"date": facts.date.isoformat(), "kind": str(facts.kind)}


def thawed(kept: dict) -> LetterFacts:
    return LetterFacts(
        **kept
        | {
            "date": date.fromisoformat(kept["date"]),
            "kind": Kind(kept["kind"]),
            "rows": [ListRow(**row) for row in kept["rows"]],
        }
    )


def check_characters(facts: LetterFacts) -> None:
    """Raises PaperError (BAD_INPUT) that names each character that no font has, and where it
    stands: before a number is given to a letter that cannot be printed."""
    words = asdict(facts)
    head = "".join(said for said in words.values() if isinstance(said, str))
    places = [("", head + "".join((*facts.paragraphs, *facts.copies)))]
    places += [(f"{row.firm}, {row.instructor}: ", "".join(asdict(row).values())) for row in facts.rows]
    found = [f"{where}{no_font_has(missing)}" for where, said in places if (missing := lacking(said))]
    if found:
        raise PaperError(Refused.BAD_INPUT, " ".join(found[:10]))
