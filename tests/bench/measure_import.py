"""How long a list of firms takes from the upload until it is in the ledger, against the least that
must be done: calamine reading the same file and COPY of the same rows into a bare table.

import_ratio_floor  the desk (taken in, read, judged, staged, applied) ÷ the floor: medians of
                    alternating rounds, each in a process of its own, wall time without starting it
import_rss_mb       the most memory of any process that did the desk's work
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import xlsxwriter

from tests.bench.say import say
from tests.county import credit_code

HEADINGS = (
    "企业名称", "统一社会信用代码", "乡镇", "行业", "经营范围", "规模", "规上", "职工人数", "营业收入",
    "资产总额", "法定代表人", "联系人", "联系电话", "地址", "成立日期",
)  # fmt: skip
INDUSTRIES = ("制造业", "批发和零售业", "建筑业")


def options(parser) -> None:
    parser.add_argument("--firms", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)


def measure(given) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "firms.xlsx"
        _list(path, given.firms)
        say(f"{given.firms} firms × {len(HEADINGS)} columns, {path.stat().st_size / 1024**2:.1f} MB")
        said = {"desk": [], "floor": []}
        for number in range(given.rounds):
            for who in said if number % 2 else reversed(said):
                said[who].append(_round(path, who, number))
    for who, rounds in said.items():
        times = ", ".join(f"{one['s']:.2f}" for one in rounds)
        say(f"  {who:<6} {times} s · {max(one['rss'] for one in rounds):.0f} MB RSS")
    desk, floor = (statistics.median(one["s"] for one in said[who]) for who in ("desk", "floor"))
    return {
        "import_ratio_floor": round(desk / floor, 2),
        "import_rss_mb": round(max(one["rss"] for one in said["desk"]), 1),
    }


def _list(path: Path, firms: int) -> None:
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADINGS)
    for at in range(1, firms + 1):
        sheet.write_row(at, 0, _firm(at))
    book.close()


def _firm(at: int) -> tuple:
    return (
        f"青河县{at}号茶业有限公司", credit_code(at), f"第{at % 20}镇", INDUSTRIES[at % 3], "茶叶加工",
        "小型", "否", at % 90, at % 5000 / 4, at % 800, "王某", "李某", f"0571-{at:07d}",
        f"茶园路{at}号", f"20{at % 20:02d}-03-01",
    )  # fmt: skip


def _round(path: Path, who: str, number: int) -> dict:
    run = subprocess.run(
        [sys.executable, "-m", "tests.bench.import_round", who, str(path), str(number)],
        capture_output=True, text=True, check=False, env=os.environ,
    )  # fmt: skip
    if run.returncode:
        raise SystemExit(run.stderr)
    return json.loads(run.stdout.splitlines()[-1])
