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
TICK = 0.02


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
    """A file being read. `wait()` yields while the other process works, until `about` is known; then
    `chunks()` gives the rows as they come. `close()` ends that process, whatever it is at."""

    def __init__(self, path: Path, folder: Path, *, words, sheet: str = "") -> None:
        self.path, self.out = path, folder / "rows.json"
        self.request = folder / "request.json"
        folder.mkdir(parents=True, exist_ok=True)
        self.request.write_text(json.dumps({"words": sorted(words), "sheet": sheet}), "utf-8")
        self.out.write_bytes(b"")
        self.about: dict = {}
        self.work: subprocess.Popen | None = None

    def wait(self) -> Iterator[None]:
        """Raises Refused with a sentence when the file cannot be read."""
        command = [sys.executable, child.__file__, self.path, self.out, self.request]
        self.work = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.lines = self._lines(time.monotonic() + PATIENCE)
        try:
            for line in self.lines:
                if line:
                    self.about = json.loads(line)
                    return
                yield
            self.close()
            raise self._why() or _damaged()
        except BaseException:
            self.close()
            raise

    def chunks(self) -> Iterator[list]:
        """Rows, some at a time: (number, cells); none for as long as there is nothing yet. Raises
        Refused at the end when there turned out to be too much."""
        try:
            for line in self.lines:
                yield json.loads(line) if line else []
        finally:
            self.close()
        if why := self._why():
            raise why

    def close(self) -> None:
        if self.work and self.work.poll() is None:
            self.work.kill()
        if self.work:
            self.work.wait()

    def _lines(self, until: float) -> Iterator[bytes]:
        """The whole lines of what is written, an empty one when there is a moment to wait."""
        begun = b""
        with self.out.open("rb") as file:
            while True:
                over = self.work.poll() is not None or time.monotonic() > until
                begun += file.readline()
                if begun.endswith(b"\n"):
                    yield begun
                    begun = b""
                elif over:
                    return
                else:
                    yield b""
                    time.sleep(TICK)

    def _why(self) -> Refused | None:
        """What the other process ended with."""
        code = self.work.returncode
        if code == child.NO_HEADINGS:
            return _no(_("No sheet of the file has headings that we know in its first %(rows)d rows: "
                         "at least the name of the firm and its credit code.")
                       % {"rows": child.HEADINGS_WITHIN})  # fmt: skip
        if code == child.TOO_MANY:
            return _no(_("The file has more than %(rows)d rows. Send it in several files.")
                       % {"rows": child.ROWS})  # fmt: skip
        return _damaged() if code else None
