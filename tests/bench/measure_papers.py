"""How long the cards of a county take, against ReportLab for the same cards in the same run.

cards_ratio_reportlab   the desk's job (its parts, bound) ÷ ReportLab: medians of alternating rounds,
                        each in a process of its own, wall time without starting Python
cards_rss_mb            the most memory of the process that did the desk's work
cards_pdf_mb            the desk's file, MB of 1024² bytes
single_card_s           one card, two pages, when the fonts are loaded (median)
match_s                 one matching board: see papers_match
"""

import json
import os
import pickle
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.papers_cards import faces, truetype
from tests.bench.papers_match import measure_match
from tests.bench.say import say

VAR = Path(__file__).resolve().parents[2] / "var" / "bench"


def options(parser) -> None:
    parser.add_argument("--cards", type=int, default=329)
    parser.add_argument("--rounds", type=int, default=5)


def measure(given) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        people = faces(given.cards)
        (here / "faces").write_bytes(pickle.dumps(people))
        font = truetype(VAR / "NotoSansSC-TrueType.ttf")
        (here / "cards.ttf").symlink_to(font.resolve())
        weight = sum(len(face.portrait) for face in people) / len(people) / 1024
        say(f"{len(people)} cards, photos of {weight:.1f} KB each")
        said = {"desk": [], "reportlab": []}
        for number in range(given.rounds):
            for who in said if number % 2 else reversed(said):
                said[who].append(_round(here, who))
    for who, rounds in said.items():
        times = ", ".join(f"{one['s']:.2f}" for one in rounds)
        most = max(one["rss"] for one in rounds)
        say(f"  {who:<10} {times} s · {rounds[0]['mb']:.2f} MB · {most:.0f} MB RSS")
    desk, other = (statistics.median(one["s"] for one in said[who]) for who in ("desk", "reportlab"))
    return {
        "cards_ratio_reportlab": round(desk / other, 3),
        "cards_rss_mb": round(max(one["rss"] for one in said["desk"]), 1),
        "cards_pdf_mb": round(said["desk"][0]["mb"], 2),
        "single_card_s": round(statistics.median(one["single"] for one in said["desk"]), 3),
        "match_s": round(measure_match(), 2),
    }  # fmt: skip


def _round(here: Path, who: str) -> dict:
    run = subprocess.run(
        [sys.executable, "-m", "tests.bench.papers_round", who, str(here)],
        capture_output=True, text=True, check=False, env=os.environ,
    )  # fmt: skip
    if run.returncode:
        raise SystemExit(run.stderr)
    return json.loads(run.stdout.splitlines()[-1])
