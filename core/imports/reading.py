"""Reading a file that somebody sent, in a process of its own; whatever is wrong is a sentence."""

import json
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from core.errors import Refused
from core.imports import child
from core.ledger.files import OLE2

BYTES = 40 * 1024**2  # of the file as it is sent
UNPACKED = 500 * 1024**2  # of a packed file; 100,000 rows × 15 columns have about 90 MB
PARTS = 2000
PATIENCE = 120  # seconds
TICK = 0.05


def _no(sentence: str) -> Refused:
    return Refused(Refused.BAD_INPUT, sentence)


def _damaged() -> Refused:
    return _no(_("This file is damaged or too large to be read. Open it in Excel or WPS, save it anew "
                 "as .xlsx and send that."))  # fmt: skip


def look_at(path: Path) -> None:
    """Refuse what need not be opened to be refused. Raises Refused."""
    with path.open("rb") as file:
        start = file.read(4096)
    if not start.strip(b"\xef\xbb\xbf \r\n\t"):
        raise _no(_("The file is empty. Choose it again."))
    if start.startswith(OLE2):
        if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
            raise _no(_("The file is protected with a password. Save it without one."))
    elif start.startswith(b"PK\x03\x04"):
        _harmless(path)
    elif start.strip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        raise _no(_("This is a web page or XML under the name of a table. Open it, save it as .xlsx "
                    "and send that."))  # fmt: skip
    elif b"\0" in start and not start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _no(_("This is no table: send an Excel file (.xlsx, .xls) or a CSV file."))


def _harmless(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except Exception as broken:  # a damaged directory raises whatever it makes zipfile stumble over
        raise _damaged() from broken
    if len(parts) > PARTS or sum(part.file_size for part in parts) > UNPACKED:
        raise _no(_("The file unpacks to far more than a list needs. Copy the rows into a new file and "
                    "send that."))  # fmt: skip


class Reading:
    """A file being read. `wait()` yields while the other process works; then `about` and `chunks()`."""

    def __init__(self, path: Path, folder: Path, *, words, sheet: str = "") -> None:
        self.path, self.out = path, folder / "rows.json"
        self.request = folder / "request.json"
        folder.mkdir(parents=True, exist_ok=True)
        self.request.write_text(json.dumps({"words": sorted(words), "sheet": sheet}), "utf-8")
        self.about: dict = {}

    def wait(self) -> Iterator[None]:
        """Raises Refused with a sentence when the file cannot be read."""
        command = [sys.executable, child.__file__, self.path, self.out, self.request]
        until = time.monotonic() + PATIENCE
        work = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            while work.poll() is None and time.monotonic() < until:
                yield
                time.sleep(TICK)
        finally:
            if work.poll() is None:
                work.kill()
            work.wait()
        self._ended(work.returncode)

    def _ended(self, code: int) -> None:
        if code == child.NO_HEADINGS:
            raise _no(_("No sheet of the file has headings that we know in its first %(rows)d rows: at "
                        "least the name of the firm and its credit code.")
                      % {"rows": child.HEADINGS_WITHIN})  # fmt: skip
        if code == child.TOO_MANY:
            raise _no(_("The file has more than %(rows)d rows. Send it in several files.")
                      % {"rows": child.ROWS})  # fmt: skip
        if code:
            raise _damaged()
        with self.out.open(encoding="utf-8") as file:
            self.about = json.loads(file.readline())

    def chunks(self) -> Iterator[list]:
        """Rows, some at a time: (number, cells)."""
        with self.out.open(encoding="utf-8") as file:
            file.readline()
            for line in file:
                yield json.loads(line)
