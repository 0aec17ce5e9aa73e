"""How long the ledger of firms takes as an Excel file, against XlsxWriter alone for the same rows.

export_ratio_xlsxwriter  the desk's export, from the query to the finished file ÷ XlsxWriter alone
                         writing the same cells (constant_memory): medians of alternating rounds,
                         each in a process of its own, wall time without starting Python
export_rss_mb            the most memory of the process that did the desk's work
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.export_seed import COUNTY, seed
from tests.bench.say import say

VAR = Path(__file__).resolve().parents[2] / "var" / "bench"


def options(parser) -> None:
    parser.add_argument("--firms", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)


def measure(given) -> dict:
    seed(given.firms)
    return measure_export(COUNTY, given.rounds)


def measure_export(county: str, rounds: int) -> dict:
    """The figures over the firms of a county that are in the database: another measure that has put
    them there calls it, too."""
    with tempfile.TemporaryDirectory(dir=VAR) as folder:
        said = {"desk": [], "xlsxwriter": []}
        for _number in range(rounds):  # the desk first: it leaves the rows that both write
            for who in said:
                said[who].append(_round(Path(folder), who, county))
    for who, told in said.items():
        times = ", ".join(f"{one['s']:.2f}" for one in told)
        say(
            f"  {who:<10} {times} s · {told[0]['mb']:.1f} MB · {max(o['rss'] for o in told):.0f} MB RSS"
        )
    first = said["desk"][0]
    say(f"  {first['rows']} rows × {first['columns']} columns, {first['read']:.2f} s of it reading")
    pairs = zip(said["desk"], said["xlsxwriter"], strict=True)
    return {
        "export_ratio_xlsxwriter": round(statistics.median(a["s"] / b["s"] for a, b in pairs), 3),
        "export_rss_mb": round(max(one["rss"] for one in said["desk"]), 1),
    }


def _round(folder: Path, who: str, county: str) -> dict:
    run = subprocess.run(
        [sys.executable, "-m", "tests.bench.export_round", who, str(folder), county],
        capture_output=True, text=True, check=False, env=os.environ,
    )  # fmt: skip
    if run.returncode:
        raise SystemExit(run.stderr)
    return json.loads(run.stdout.splitlines()[-1])
