"""One round of the export, in a process of its own: what it took, and the most memory of it.

    python -m tests.bench.export_round desk|xlsxwriter FOLDER COUNTY

`desk` is the product's own work from the query to the finished file; it leaves the rows that it read
for `xlsxwriter`, which writes the same cells with XlsxWriter and nothing else.
"""

import json
import os
import re
import sys
import time
from pathlib import Path

import django
import xlsxwriter


def main(who: str, folder: Path, county: str) -> None:
    told = desk(folder, county) if who == "desk" else alone(folder)
    status = Path("/proc/self/status").read_text()  # getrusage would count what the parent had
    told["rss"] = int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024
    sys.stdout.write(json.dumps(told) + "\n")


def desk(folder: Path, county: str) -> dict:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
    django.setup()
    from django.utils import timezone  # noqa: PLC0415  Django is not there before

    from core.reports import making, work
    from core.reports.asked import Asked

    today = timezone.localdate()
    asked = Asked(report="ledger", on=today, today=today, area=county)
    layout = work.layout_for(asked, asked.reader)
    begun = time.perf_counter()
    gathered = making.gather(asked, layout, folder, frozen=False)
    read = time.perf_counter() - begun
    path = folder / "desk.xlsx"
    for _done in making.write(asked, layout, gathered, path):
        pass
    took = time.perf_counter() - begun
    columns = [column.kind for column in layout.columns]
    return {"s": took, "read": read, "rows": gathered.many, "columns": len(columns),
            "mb": path.stat().st_size / 1024**2}  # fmt: skip


def alone(folder: Path) -> dict:
    """The same rows, in memory before the clock starts in the form in which XlsxWriter takes them
    fastest: text by write_string, numbers by write_number, one format a cell as the desk has it."""
    with (folder / "rows.jsonl").open(encoding="utf-8") as lines:
        rows = [row for line in lines for row in json.loads(line)]
    begun = time.perf_counter()
    path = folder / "alone.xlsx"
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "tmpdir": str(folder)})
    sheet, frame = book.add_worksheet(), book.add_format({"border": 1})
    text, number = sheet.write_string, sheet.write_number
    for at, row in enumerate(rows):
        for place, value in enumerate(row):
            if value.__class__ is str:
                text(at, place, value, frame)
            else:
                number(at, place, value, frame)
    book.close()
    return {"s": time.perf_counter() - begun, "rows": len(rows), "mb": path.stat().st_size / 1024**2}


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
