"""Files that belong to a firm: what may be sent, and how it is kept. Type is told by content."""

import errno
import hashlib
import unicodedata
import weakref
import zipfile
from pathlib import PurePosixPath, PureWindowsPath
from typing import NamedTuple
from uuid import uuid4

import puremagic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.audit.record import record
from core.errors import Refused
from core.ledger.attachments import Attachment

NAME_AT_MOST = 120  # characters: longer names break other people's folders


class Kind(NamedTuple):
    mime: str
    endings: tuple[str, ...]  # the first one is given to a file whose name says something else
    inline: bool = False  # whether a browser may show it in its own page


PDF = Kind("application/pdf", (".pdf",), inline=True)
JPEG = Kind("image/jpeg", (".jpg", ".jpeg", ".jpe", ".jfif"), inline=True)
PNG = Kind("image/png", (".png",), inline=True)
OOXML = "application/vnd.openxmlformats-officedocument."
DOCX = Kind(f"{OOXML}wordprocessingml.document", (".docx",))
XLSX = Kind(f"{OOXML}spreadsheetml.sheet", (".xlsx",))
DOC = Kind("application/msword", (".doc", ".wps"))
XLS = Kind("application/vnd.ms-excel", (".xls", ".et"))
KINDS = (PDF, JPEG, PNG, DOCX, XLSX, DOC, XLS)
INLINE = {kind.mime for kind in KINDS if kind.inline}

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What makes an OLE2 container a text or a table; an installer (.msi) is one too, and has neither.
OLE2_STREAMS = (("WordDocument", DOC), ("Workbook", XLS), ("Book", XLS))
MACROS = "vbaproject.bin"


class Examined(NamedTuple):
    name: str
    kind: Kind


def examined(uploaded) -> Examined:
    """The clean name and the real type of a file that was sent.

    Raises ValidationError with a sentence that names the file and says what to do.
    """
    name = clean_name(uploaded.name)
    if not uploaded.size:
        raise ValidationError(_("%(name)s is empty. Choose the file again.") % {"name": name})
    if uploaded.size > settings.UPLOAD_MAX_BYTES:
        raise ValidationError(
            _("%(name)s has %(have)d MB; a file may have %(most)d MB. Make it smaller, or send parts.")
            % {
                "name": name,
                "have": -(-uploaded.size // 1024**2),
                "most": settings.UPLOAD_MAX_BYTES // 1024**2,
            }
        )
    kind = kind_of(uploaded)
    if kind is None:
        raise ValidationError(
            _(
                "%(name)s is not a PDF, a JPEG or PNG picture, or a Word, Excel or WPS file without "
                "macros, whatever its name says. Save it as one of these and send it again."
            )
            % {"name": name}
        )
    return Examined(_ending_of(name, kind), kind)


def clean_name(sent: str) -> str:
    """The name of a file without folders, invisible characters and what file systems forbid."""
    last = PureWindowsPath(PurePosixPath(sent or "").name).name
    seen = "".join(c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c)[0] != "C")
    seen = "".join("_" if c in '\\/:*?"<>|' else c for c in seen).strip(" .")
    stem, ending = PurePosixPath(seen).stem, PurePosixPath(seen).suffix[:10]
    return f"{stem[: NAME_AT_MOST - len(ending)]}{ending}" or _("file")


def _ending_of(name: str, kind: Kind) -> str:
    path = PurePosixPath(name)
    return name if path.suffix.lower() in kind.endings else f"{path.stem}{kind.endings[0]}"


def kind_of(uploaded) -> Kind | None:
    """What the content is, or None when it is not one of the kinds that are taken."""
    uploaded.seek(0)
    head = uploaded.read(4096)
    try:
        told = {match.mime_type for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        return None
    finally:
        uploaded.seek(0)
    if head.startswith(b"PK\x03\x04"):
        return _kind_of_zip(uploaded)
    if head.startswith(OLE2):
        return _kind_of_ole2(uploaded)
    # The first bytes too: puremagic also finds marks further in, which a script could carry.
    for kind, mark in ((PDF, b"%PDF-"), (JPEG, b"\xff\xd8\xff"), (PNG, b"\x89PNG\r\n\x1a\n")):
        if kind.mime in told and head.startswith(mark):
            return kind
    return None


def _kind_of_zip(uploaded) -> Kind | None:
    """Word and Excel files are zips with a known table of contents; nothing is unpacked."""
    try:
        with zipfile.ZipFile(uploaded) as archive:
            names = {name.lower() for name in archive.namelist()}
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    except OSError as broken:
        if broken.errno != errno.EINVAL:  # our own disk is not a mistake of the sender
            raise
        return None  # contents that begin before the file; newer Pythons call it a BadZipFile
    finally:
        uploaded.seek(0)
    if "[content_types].xml" not in names or any(name.endswith(MACROS) for name in names):
        return None
    if "word/document.xml" in names:
        return DOCX
    return XLSX if "xl/workbook.xml" in names else None


def _kind_of_ole2(uploaded) -> Kind | None:
    content = uploaded.read()
    uploaded.seek(0)
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        return None
    for stream, kind in OLE2_STREAMS:
        if f"{stream}\0".encode("utf-16-le") in content:
            return kind
    return None


class _Kept:
    """Removes a file again unless the transaction it came with is committed.

    Django forgets a transaction's on-commit calls when it rolls back, to a savepoint too; with
    the call forgotten this object goes, and its last act is to delete the file.
    """

    def __init__(self, storage, name: str) -> None:
        self._remove = weakref.finalize(self, storage.delete, name)

    def __call__(self) -> None:
        self._remove.detach()


@transaction.atomic
def keep_file(firm, uploaded, *, by) -> Attachment:
    """Keep a file with a firm. It is on disk before the row is, and gone again on a rollback.

    Raises Refused with BAD_INPUT when the file cannot be taken.
    """
    try:
        name, kind = examined(uploaded)
    except ValidationError as slip:
        raise Refused(Refused.BAD_INPUT, slip.messages[0]) from slip
    digest = hashlib.sha256()
    for chunk in uploaded.chunks():
        digest.update(chunk)
    uploaded.seek(0)
    kept = Attachment(
        id=uuid4(), firm=firm, county=firm.county, name=name, content_type=kind.mime,
        size=uploaded.size, sha256=digest.hexdigest(), by=by,
    )  # fmt: skip
    kept.file.save(name, uploaded, save=False)
    transaction.on_commit(_Kept(kept.file.storage, kept.file.name))
    kept.save(force_insert=True)
    record("file.added", by=by, firm=firm, name=name)
    return kept
