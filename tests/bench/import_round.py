"""One round of the measure of imports, in a process of its own: the desk's way, or the floor."""

import json
import resource
import sys
import tempfile
import time
from pathlib import Path
from uuid import uuid4

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.files.uploadedfile import TemporaryUploadedFile  # noqa: E402
from django.db import connection  # noqa: E402
from python_calamine import CalamineWorkbook  # noqa: E402

from core.accounts.models import Area, User  # noqa: E402
from core.accounts.verbs import Role  # noqa: E402
from core.imports import applying, staging  # noqa: E402
from core.imports.models import AppliedRow, Import  # noqa: E402
from core.jobs import run as worker  # noqa: E402
from tests.bench.measure_import import county_of  # noqa: E402


def desk(path: str, number: int) -> float:
    """Seconds from the upload until the firms are in a ledger of a county without any."""
    county = county_of(number)
    towns = [Area(code=f"{county}{at + 100}", name=f"第{at}镇", kind="township") for at in range(20)]
    Area.objects.filter(code__startswith=county).delete()
    Area.objects.bulk_create([Area(code=county, name=county, kind="county"), *towns])
    by = User.objects.create(username=str(uuid4()), name="Keeper", role=Role.COUNTY, area=county)
    begun = time.perf_counter()
    with TemporaryUploadedFile("firms.xlsx", "", 0, "") as upload, Path(path).open("rb") as file:
        for part in iter(lambda: file.read(65536), b""):
            upload.write(part)
        upload.seek(0)
        upload.size = file.tell()
        one = staging.take_in(upload, name="firms.xlsx", key=uuid4(), by=by)
    worker.run(one.job_id)
    read = time.perf_counter()
    one.refresh_from_db()
    one = applying.carry_out(one, leave_out=False, by=by, key=uuid4())
    worker.run(one.job_id)
    took = time.perf_counter() - begun
    one.refresh_from_db()
    if one.state != Import.State.APPLIED:
        one.job.refresh_from_db()
        raise SystemExit(f"{one.state} {one.error} {one.job.error} {one.job.trouble} {one.counts}")
    sys.stderr.write(f"read {read - begun:.1f} s of {took:.1f}\n")
    assert AppliedRow.objects.filter(imported=one).count() == one.counts["entered"]
    return took


def floor(path: str, number: int) -> float:
    """Seconds to read the file with calamine and to COPY its rows into a bare table."""
    begun = time.perf_counter()
    with Path(path).open("rb") as file, connection.cursor() as cursor:
        rows = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()
        columns = ", ".join(f"c{at} text" for at in range(len(rows[0])))
        cursor.execute(f"CREATE TEMP TABLE bare ({columns})")
        with cursor.copy("COPY bare FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    return time.perf_counter() - begun


def main(who: str, path: str, number: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings.MEDIA_ROOT = folder
        took = {"desk": desk, "floor": floor}[who](path, int(number))
    used = max(resource.getrusage(whose).ru_maxrss for whose in
               (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))  # fmt: skip
    sys.stdout.write(json.dumps({"s": took, "rss": used / 1024}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
