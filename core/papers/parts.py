"""A long paper that is printed in parts: each a file of its own, kept until all are bound."""

import io
from pathlib import Path

import pikepdf


def part(folder: Path, place: int) -> Path:
    return folder / "parts" / f"{place:04}.pdf"


def still_there(folder: Path, printed: list) -> list:
    """What was printed, part after part, as far as the files are still there."""
    lost = (n for n in range(len(printed)) if not part(folder, n).is_file())
    return printed[: next(lost, len(printed))]


def bound(folder: Path, parts: int) -> bytes:
    """All parts as one PDF. A part of which nothing was left to print is an empty file."""
    with pikepdf.new() as whole:
        for place in range(parts):
            path = part(folder, place)
            if path.stat().st_size:
                with pikepdf.open(path) as opened:
                    whole.pages.extend(opened.pages)
        made = io.BytesIO()
        whole.save(made, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return made.getvalue()
