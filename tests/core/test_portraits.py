"""Photos for cards: what is taken, what is refused, and that nothing of the camera is kept."""

import io
import struct
import zlib
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageFile

from core.credentials.acts import issue_to
from core.credentials.models import Portrait
from core.credentials.portraits import HEIGHT, WIDTH, drawn, keep_portrait
from core.errors import Refused
from tests import county as small

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def picture(mode="RGB", size=(600, 800), kind="JPEG", colour=None, **more) -> SimpleUploadedFile:
    made = io.BytesIO()
    Image.new(mode, size, colour or 0).save(made, kind, **more)
    return SimpleUploadedFile("me.jpg", made.getvalue())


def shown(jpeg: bytes) -> Image.Image:
    return Image.open(io.BytesIO(jpeg))


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("RGB", "JPEG"), ("L", "JPEG"), ("CMYK", "JPEG"), ("RGBA", "PNG"), ("LA", "PNG"), ("P", "PNG"),
     ("I;16", "PNG"), ("1", "PNG")],
)  # fmt: skip
def test_every_kind_of_colour_becomes_the_cards(mode, kind):
    made = shown(drawn(picture(mode, kind=kind)))
    assert (made.format, made.mode, made.size) == ("JPEG", "RGB", (WIDTH, HEIGHT))


def test_what_is_clear_becomes_white():
    made = shown(drawn(picture("RGBA", kind="PNG", colour=(255, 0, 0, 0))))
    assert min(made.getpixel((5, 5))) > 250


def test_a_picture_lying_on_its_side_is_set_up_and_loses_its_exif():
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "A camera"
    exif.get_ifd(0x8825)[2] = (25.0, 30.0, 0.0)
    wide = Image.new("RGB", (800, 600), "blue")
    wide.paste("red", (0, 0, 400, 600))  # left half: the upper one when upright
    sent = io.BytesIO()
    wide.save(sent, "JPEG", exif=exif)
    made = drawn(SimpleUploadedFile("x.jpg", sent.getvalue()))
    assert shown(made).getpixel((WIDTH // 2, 20))[0] > 200
    assert shown(made).getpixel((WIDTH // 2, HEIGHT - 20))[2] > 200
    assert not shown(made).getexif() and b"Exif" not in made and b"A camera" not in made


def test_the_crop_is_where_the_form_says():
    half = Image.new("RGB", (1200, 800), "blue")
    half.paste("red", (0, 0, 600, 800))
    sent = io.BytesIO()
    half.save(sent, "PNG")
    for across, channel in ((0, 0), (100, 2)):
        made = shown(drawn(SimpleUploadedFile("x.png", sent.getvalue()), across=across, zoom=110))
        assert made.getpixel((WIDTH // 2, HEIGHT // 2))[channel] > 200


def test_of_a_moving_picture_the_first_is_taken():
    frames = [Image.new("RGB", (300, 420), colour) for colour in ("red", "blue")]
    sent = io.BytesIO()
    frames[0].save(sent, "PNG", save_all=True, append_images=frames[1:])
    assert shown(drawn(SimpleUploadedFile("x.png", sent.getvalue()))).getpixel((9, 9))[0] > 200


def huge(width: int, height: int) -> bytes:
    """The head of a PNG of this size; nothing of it can be unpacked."""

    def part(kind, content):
        return (
            struct.pack(">I", len(content))
            + kind
            + content
            + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + part(b"IHDR", head)
        + part(b"IDAT", zlib.compress(b"\0" * 99))
        + part(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.7 no picture", "no JPEG or PNG"),
        (b"", "no JPEG or PNG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no JPEG or PNG"),
        (b"GIF89a" + b"\0" * 50, "no JPEG or PNG"),
        (huge(10_000, 10_000), "more than 40 million pixels"),
        (huge(60_000, 60_000), "more than 40 million pixels"),
        (huge(600, 800), "cut off or broken"),
        (picture(size=(2000, 2000)).read()[:5000], "cut off or broken"),
        (picture(size=(60, 80)).read(), "60 × 80 pixels"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_refused_with_its_reason(content, said):
    with pytest.raises(Refused, match=said) as refusal:
        drawn(SimpleUploadedFile("me.jpg", content))
    assert refusal.value.code == Refused.BAD_INPUT


def test_half_a_picture_is_refused_also_after_a_paper_was_printed(monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # what WeasyPrint does
    with pytest.raises(Refused, match="cut off"):
        drawn(SimpleUploadedFile("me.jpg", picture(size=(2000, 2000)).read()[:5000]))


def test_a_file_that_is_too_large_is_not_read():
    sent = picture()
    sent.size = 11 * 1024**2
    with pytest.raises(Refused, match="more than 10 MB"):
        drawn(sent)


def test_the_holder_sends_a_photo_and_another_one_takes_its_place(county, signed_in, tmp_path):
    browser, who = signed_in(county.li_ming), county.guide_li
    page = f"/instructors/{who.pk}/portrait/new/"

    def send(file):
        form = {"key": str(uuid4()), "zoom": 100, "across": 50, "down": 50, "picture": file}
        return browser.post(page, form)

    assert send(picture()).status_code == 302
    first = Portrait.objects.get().file.name
    bad = send(SimpleUploadedFile("me.jpg", b"no picture"))
    assert bad.status_code == 422 and b"no JPEG or PNG" in bad.content
    assert Portrait.objects.get().file.name == first
    assert send(picture(colour="red")).status_code == 302
    assert Portrait.objects.get().file.name != first
    answer = browser.get(f"/instructors/{who.pk}/portrait/")
    assert shown(b"".join(answer.streaming_content)).size == (WIDTH, HEIGHT)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_the_page_says_that_the_file_of_a_photo_is_lost(county, signed_in):
    who = county.guide_li
    held = issue_to(who, by=county.zhou_tao, on=county.today)
    keep_portrait(who, picture(), by=county.zhou_tao, zoom=100, across=50, down=50)
    office, page = signed_in(county.zhou_tao), f"/credentials/{held.pk}/"
    whole = office.get(page).content.decode()
    assert "<img" in whole and "is lost" not in whole
    kept = Portrait.objects.get().file
    kept.storage.delete(kept.name)
    lost = office.get(page).content.decode()
    assert "The file of the photo is lost" in lost and 'portrait/"' not in lost
    assert office.post(f"{page}card/").content.startswith(b"%PDF")


def test_a_photo_is_kept_under_a_name_of_ours_and_only_by_those_who_may(county, tmp_path):
    keep_portrait(county.guide_li, picture(), by=county.zhou_tao)
    assert not list(tmp_path.rglob("*.jpg")) and len(list(tmp_path.rglob("portraits/*/*"))) == 1
    away = small.person("lin.na", small.Role.COUNTY, small.AWAY)
    for stranger in (county.wang_fang, county.zhao_qiang, county.xu_min, away):
        with pytest.raises(Refused):
            keep_portrait(county.guide_li, picture(), by=stranger)
