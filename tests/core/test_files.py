import errno
import io
import zipfile
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.db import transaction

from core.audit.models import Event
from core.errors import Refused
from core.forms_files import FilesField
from core.ledger.attachments import Attachment
from core.ledger.files import clean_name, keep_file

pytestmark = pytest.mark.usefixtures("english")

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 40
JPEGS = [
    b"\xff\xd8\xff" + mark + b"\0" * 60 for mark in (b"\xe0\0\x10JFIF\0", b"\xe1\0\x10Exif\0", b"\xdb")
]
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
EXE = b"MZ\x90\0\x03" + b"\0" * 300
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SCRIPT = b"#!/bin/sh\nrm -rf /\n"


def zipped(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return made.getvalue()


def ole2(stream: str) -> bytes:
    return OLE2 + f"{stream}\0".encode("utf-16-le") + b"\0" * 100


DOCX = zipped("[Content_Types].xml", "word/document.xml")
XLSX = zipped("[Content_Types].xml", "xl/workbook.xml")


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def sent(name: str, content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def on_disk(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("name", "content", "kept_as", "mime"),
    [
        ("会议记录.pdf", PDF, "会议记录.pdf", "application/pdf"),
        ("a.png", PNG, "a.png", "image/png"),
        *[("照片.JPG", jpeg, "照片.JPG", "image/jpeg") for jpeg in JPEGS],
        ("a.docx", DOCX, "a.docx", "wordprocessingml"),
        ("a.xlsx", XLSX, "a.xlsx", "spreadsheetml"),
        ("a.wps", ole2("WordDocument"), "a.wps", "application/msword"),
        ("a.et", ole2("Workbook"), "a.et", "application/vnd.ms-excel"),
        ("report.exe", PDF, "report.pdf", "application/pdf"),  # the content decides the ending
        ("noending", PNG, "noending.png", "image/png"),
    ],
)
def test_office_files_and_pictures_are_taken(name, content, kept_as, mime, county):
    kept = keep_file(county.tea, sent(name, content), by=county.wang_fang)
    assert kept.name == kept_as
    assert mime in kept.content_type
    assert kept.file.read() == content


@pytest.mark.parametrize(
    "content",
    [EXE, HTML, SCRIPT, OLE2, b"\x7fELF\x02\x01\x01" + b"\0" * 60, "你好".encode(), b"PK\x03\x04broken",
     zipped("a.txt"), zipped("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
     zipped("META-INF/MANIFEST.MF", "A.class"), ole2("WordDocument") + ole2("_VBA_PROJECT"),
     HTML + PDF, b" " * 3 + PDF],
)  # fmt: skip
def test_what_is_not_an_office_file_is_refused_whatever_its_name_says(content, county, media):
    with pytest.raises(Refused, match="evidence.pdf is not a PDF"):
        keep_file(county.tea, sent("evidence.pdf", content), by=county.wang_fang)
    assert not Attachment.objects.exists()
    assert on_disk(media) == []


def spoilt(changes: dict[int, int]) -> bytes:
    """A zip of which some bytes of its table of contents are others."""
    content = bytearray(DOCX)
    for at, byte in changes.items():
        content[content.index(b"PK\1\2") + at] = byte
    return bytes(content)


def on_a_disk(name: str, content: bytes) -> TemporaryUploadedFile:
    """As an upload comes that is too large for the memory."""
    kept = TemporaryUploadedFile(name, "", len(content), None)
    kept.write(content)
    kept.seek(0)
    return kept


@pytest.mark.parametrize(
    "content",
    [spoilt({6: 255}), spoilt({9: 8, 46: 255}), DOCX[:-10] + b"\xff" * 4 + DOCX[-6:], DOCX[:-1]],
    ids=["a version to come", "a name that is none", "begins before the file", "cut off"],
)
@pytest.mark.parametrize("made", [SimpleUploadedFile, on_a_disk])
def test_a_broken_zip_is_refused_whether_it_came_by_memory_or_by_disk(content, made, county):
    with pytest.raises(Refused, match="evidence.docx is not a PDF"):
        keep_file(county.tea, made("evidence.docx", content), by=county.wang_fang)


def test_a_disk_that_does_not_answer_is_not_called_a_mistake_of_the_sender(county, monkeypatch):
    def away(file):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(zipfile, "ZipFile", away)
    with pytest.raises(OSError, match="Input/output"):
        keep_file(county.tea, sent("a.docx", DOCX), by=county.wang_fang)
    assert not Attachment.objects.exists()


def test_an_empty_file_is_refused(county):
    with pytest.raises(Refused, match="empty"):
        keep_file(county.tea, sent("a.pdf", b""), by=county.wang_fang)


def test_a_file_of_50_mb_is_refused_with_both_numbers(county):
    big = sent("扫描件.pdf")
    big.size = 50 * 1024**2
    with pytest.raises(Refused, match="扫描件.pdf has 50 MB; a file may have 20 MB"):
        keep_file(county.tea, big, by=county.wang_fang)


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\fakepath\\证明.pdf", "证明.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        ("\u202efdp.exe", "fdp.exe"),
        ("...", "file"),
        ("", "file"),
        ("长" * 300 + ".pdf", "长" * 116 + ".pdf"),
    ],
)
def test_names_lose_folders_and_what_cannot_be_seen(typed, clean):
    assert clean_name(typed) == clean


def test_a_file_is_kept_under_its_id_never_under_its_senders_name(county, media):
    kept = keep_file(county.tea, sent("王某某.pdf"), by=county.wang_fang)
    assert [path.name for path in on_disk(media)] == [str(kept.pk)]
    assert kept.sha256 and kept.size == len(PDF)
    assert Event.objects.get(code="file.added").firm == county.tea


def test_a_rolled_back_act_leaves_no_file(county, media):
    with pytest.raises(RuntimeError), transaction.atomic():
        keep_file(county.tea, sent("a.pdf"), by=county.wang_fang)
        assert len(on_disk(media)) == 1
        raise RuntimeError
    assert on_disk(media) == []


@pytest.mark.django_db(transaction=True)
def test_a_committed_file_stays(county, media):
    with transaction.atomic():
        keep_file(county.tea, sent("a.pdf"), by=county.wang_fang)
    assert len(on_disk(media)) == 1


def test_the_field_gives_a_list_and_names_every_file_it_does_not_take(settings):
    field = FilesField(required=False)
    assert field.clean([]) == []
    assert [file.name for file in field.clean([sent("a.pdf"), sent("b.png", PNG)])] == [
        "a.pdf",
        "b.png",
    ]
    with pytest.raises(ValidationError) as slips:
        field.clean([sent("a.pdf"), sent("b.pdf", EXE), sent("c.pdf", b"")])
    assert [said.split()[0] for said in slips.value.messages] == ["b.pdf", "c.pdf"]
    with pytest.raises(ValidationError, match="10 files may be sent at once; these are 11"):
        field.clean([sent("a.pdf")] * 11)
    with pytest.raises(ValidationError, match="Choose a file"):
        FilesField().clean([])


def test_a_form_with_a_slip_asks_for_its_files_again(county, signed_in):
    """The text comes back by itself, files cannot."""
    again = b"Choose the files again"
    browser, page = signed_in(county.li_ming), f"/firms/{county.tea.pk}/propose/organise_mass/"
    given = {"key": str(uuid4()), "reason": ""}
    sent = browser.post(page, given | {"files": SimpleUploadedFile("minutes.pdf", PDF)})
    assert sent.status_code == 422 and again in sent.content
    assert again not in browser.post(page, given).content  # none were sent


def test_a_form_without_its_file_asks_for_one(county, signed_in):
    page = signed_in(county.li_ming).post(f"/firms/{county.tea.pk}/files/new/", {"key": str(uuid4())})
    assert page.status_code == 422 and b"Choose a file." in page.content
