"""One round of the measure of papers, in a process of its own: python -m tests.bench.papers_round
desk|reportlab FOLDER. Its last line is JSON: seconds, MB of the file, MB of memory."""

import json
import os
import pickle
import sys
from pathlib import Path

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")
    django.setup()

from core.credentials import cards, printing
from core.papers import paper
from tests.bench.papers_cards import by_reportlab, peak_mb, timed


def by_desk(people, here: Path) -> bytes:
    """What the job does with them: part after part, each kept, then bound."""
    parts = [people[at : at + printing.PART] for at in range(0, len(people), printing.PART)]
    for place, some in enumerate(parts):
        printing.replace(printing.part(here, place), cards.sheets(some, phone="12380"))
    return printing.bound(here, len(parts))


def main(who: str, here: Path) -> dict:
    people = pickle.loads((here / "faces").read_bytes())  # noqa: S301  written by the measure itself
    if who == "reportlab":
        seconds, pdf = timed(lambda: by_reportlab(people, here / "cards.ttf"))
        return {"s": seconds, "mb": len(pdf) / 1024**2, "rss": peak_mb()}
    paper.Sheaf()  # loads the press, as ReportLab is loaded: a worker does it once
    seconds, pdf = timed(lambda: by_desk(people, here))
    said = {"s": seconds, "mb": len(pdf) / 1024**2, "rss": peak_mb()}
    singles = sorted(timed(lambda: cards.singles(people[:1], phone="12380"))[0] for _time in range(5))
    return said | {"single": singles[2]}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1], Path(sys.argv[2]))) + "\n")
