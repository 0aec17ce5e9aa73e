"""Photos for cards: told by content, cropped to the card's ratio, drawn anew without EXIF."""

import io
import warnings

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageFile, ImageOps

from core.audit.record import record
from core.credentials.models import Portrait
from core.errors import Refused
from core.ledger.permits import allow
from core.people.models import Instructor

WIDTH, HEIGHT = 295, 413  # pixels: 25 × 35 mm at 300 dpi, the photo of Chinese papers (一寸)
LEAST = (120, 168)  # smaller pictures print as a blur
BYTES = 10 * 1024**2
PIXELS = 40_000_000  # counted in the head of the file, before anything is unpacked
QUALITY = 82
BROKEN = (OSError, SyntaxError, ValueError, EOFError, OverflowError, Image.DecompressionBombError)


def drawn(uploaded, *, zoom: int = 100, across: int = 50, down: int = 50) -> bytes:
    """The JPEG for the card. `zoom` in percent of the largest crop; `across` and `down` say where
    the crop lies, 0 at the left or top, 100 at the right or bottom. Raises Refused."""
    if uploaded.size > BYTES:
        raise _no(_("The picture has more than %(mb)d MB. Make it smaller.") % {"mb": BYTES // 1024**2})
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # counted below
            picture = Image.open(uploaded, formats=("JPEG", "PNG"))
    except Image.DecompressionBombError as huge:
        raise _too_large() from huge
    except BROKEN as broken:
        raise _no(_("This is no JPEG or PNG picture, whatever its name says.")) from broken
    if picture.width * picture.height > PIXELS:
        raise _too_large()
    # WeasyPrint, once loaded, lets Pillow take half a picture; our papers load none through it.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        return _draw(picture, zoom, across, down)
    except BROKEN as broken:
        raise _no(_("The picture is cut off or broken. Send it again.")) from broken


def _draw(picture: Image.Image, zoom: int, across: int, down: int) -> bytes:
    picture.seek(0)  # of moving pictures the first one
    upright = ImageOps.exif_transpose(picture)
    if upright.width < LEAST[0] or upright.height < LEAST[1]:
        raise _no(
            _("The picture has %(have)s pixels; a card needs %(least)s or more.")
            % {"have": f"{upright.width} × {upright.height}", "least": f"{LEAST[0]} × {LEAST[1]}"}
        )
    if upright.mode.startswith("I"):  # 16 bits of grey
        upright = upright.point(lambda grey: grey / 256).convert("L")
    if upright.has_transparency_data:
        clear = upright.convert("RGBA")
        upright = Image.new("RGBA", clear.size, "white")
        upright.alpha_composite(clear)
    wide = min(upright.width, upright.height * WIDTH / HEIGHT) * 100 / max(100, zoom)
    high = wide * HEIGHT / WIDTH
    left, top = (upright.width - wide) * across / 100, (upright.height - high) * down / 100
    card = upright.convert("RGB").resize(
        (WIDTH, HEIGHT), Image.Resampling.LANCZOS, box=(left, top, left + wide, top + high)
    )
    card.info.clear()
    jpeg = io.BytesIO()
    card.save(jpeg, "JPEG", quality=QUALITY, optimize=True)
    return jpeg.getvalue()


def _no(sentence: str) -> Refused:
    return Refused(Refused.BAD_INPUT, sentence)


def _too_large() -> Refused:
    return _no(
        _("The picture has more than %(most)d million pixels. Make it smaller.")
        % {"most": PIXELS // 1_000_000}
    )


def allow_portrait(by, instructor: Instructor) -> None:
    """Raises Refused for anybody but the office that keeps the credential and the holder."""
    if instructor.user_id and instructor.user_id == by.pk:
        return
    allow(by, "keep_credentials")
    if not (by.area and instructor.area.startswith(by.area)):
        raise Refused(Refused.NOT_YOURS, _("This is outside your area."))


@transaction.atomic
def keep_portrait(instructor: Instructor, uploaded, *, by, **crop) -> Portrait:
    """Keep a photo in the place of the one before. Raises Refused as `drawn` does."""
    allow_portrait(by, instructor)
    jpeg = drawn(uploaded, **crop)
    Instructor.objects.select_for_update(of=("self",)).get(pk=instructor.pk)
    old = Portrait.objects.filter(instructor=instructor).first()
    before = old.file.name if old else ""
    kept = old or Portrait(instructor=instructor)
    kept.by = by
    kept.file.save("portrait.jpg", ContentFile(jpeg), save=False)
    kept.save()
    if before:
        transaction.on_commit(lambda: kept.file.storage.delete(before))
    _record("portrait.kept", instructor, by)
    return kept


def _record(code: str, instructor: Instructor, by) -> None:
    record(
        code, by=by, area=instructor.area, chain=f"instructor:{instructor.pk}",
        instructor=instructor.name,
    )  # fmt: skip
