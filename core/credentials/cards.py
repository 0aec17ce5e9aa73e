"""Cards as PDF. The art is set once; for each card only its words are set, and its photo and QR
code are drawn into the page as they are: a JPEG that is not unpacked, and one path of rectangles.
"""

import io
from dataclasses import dataclass
from functools import cache

import pikepdf
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.credentials import layout, portraits
from core.papers import paper, qr
from core.papers.fonts import lacking

POINT = 72 / 25.4  # points of a millimetre
FIRMS = 4  # names on a card; "and n more" stands for the rest
Name = pikepdf.Name


@dataclass(frozen=True)
class Face:
    """What is printed of one person."""

    name: str
    number: str
    unit: str
    firms: tuple[str, ...]
    valid_from: object
    valid_until: object
    address: str  # behind the QR code
    portrait: bytes = b""

    @property
    def words(self) -> dict:
        more = len(self.firms) - FIRMS
        with override("zh-hans"):
            shown = [
                *self.firms[:FIRMS],
                *([_("and %(more)d more") % {"more": more}] if more > 0 else []),
            ]
            days = [date_format(day, "Y.m.d") for day in (self.valid_from, self.valid_until)]
        return {
            "name": self.name, "number": self.number, "unit": self.unit, "firms": shown,
            "valid": " – ".join(days), "long_name": len(self.name) > 6,
            "long_firms": max((len(firm) for firm in shown), default=0) > 18 or len(shown) > 3,
        }  # fmt: skip


def check_letters(faces) -> None:
    """Raises PaperError that names each person and the characters that no font has."""
    found = []
    for face in faces:
        if missing := lacking("".join((face.name, face.number, face.unit, *face.firms))):
            named = ", ".join(f"{letter} (U+{ord(letter):04X})" for letter in missing[:10])
            found.append(
                _("%(name)s: no font has %(letters)s.") % {"name": face.name, "letters": named}
            )
    if found:
        raise paper.PaperError(
            paper.PaperError.BAD_INPUT,
            " ".join(found[:10]) + " " + _("Write it in another way, or ask the operator for a font."),
        )


def sheets(faces: list[Face], *, phone: str) -> bytes:
    """A4 sheets of ten: a page of fronts, then the page of their backs, mirrored."""
    pages = []
    for start in range(0, len(faces), layout.PER_SHEET):
        some = faces[start : start + layout.PER_SHEET]
        for back in (False, True):
            pages.append((back, list(zip(layout.spots(back=back), some, strict=False))))
    return _print(pages, layout.SHEET, phone, marks=True)


def singles(faces: list[Face], *, phone: str) -> bytes:
    """For card printers: a page of the card's size for each front and each back."""
    corner = layout.Spot(0, 0)
    pages = [(back, [(corner, face)]) for face in faces for back in (False, True)]
    return _print(pages, (layout.WIDTH, layout.HEIGHT), phone, marks=False)


def _print(pages, size, phone: str, *, marks: bool) -> bytes:
    check_letters([face for back, cards in pages if not back for _spot, face in cards])
    facts = [
        {"back": back, "cards": [{**_places(spot), **face.words} for spot, face in cards]}
        for back, cards in pages
    ]
    words = paper.Sheaf()
    words.add("cards", {"pages": facts, "width": size[0], "height": size[1], "phone": phone})
    with pikepdf.open(io.BytesIO(words.pdf())) as pdf, pikepdf.open(io.BytesIO(_art())) as art:
        arts = [pdf.copy_foreign(pikepdf.Page(page).as_form_xobject()) for page in art.pages]
        photos: dict[bytes, pikepdf.Object] = {}
        for page, (back, cards) in zip(pdf.pages, pages, strict=True):
            _lay_under(pdf, page, cards, back, arts[back], photos, size[1], marks)
        made = io.BytesIO()
        pdf.save(made, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return made.getvalue()


# Where the words lie: millimetres from the card's upper left corner.
PLACES = {
    "x": (31, 0), "name_y": (0, 18.6), "number_y": (0, 26.6), "unit_y": (0, 33.6), "valid_y": (0, 44),
    "back_x": (5, 0), "firms_y": (0, 28.4), "phone_x": (15, 0), "phone_y": (0, 45.7),
}  # fmt: skip


def _places(spot) -> dict:
    """The places on the page, as text: a template would write them as its language does."""
    return {name: f"{spot.left + x if x else spot.top + y:.3f}" for name, (x, y) in PLACES.items()}


@cache  # the same for every card of this template
def _art() -> bytes:
    art = paper.Sheaf()
    art.add("card_art", {"width": layout.WIDTH, "height": layout.HEIGHT})
    return art.pdf()


def _lay_under(pdf, page, cards, back, art, photos, height, marks) -> None:
    """Art, photos, codes and marks below the words of a page. PDF counts upwards from below."""
    drawn = [b"q"]
    objects = page.obj.Resources.get(Name.XObject)
    if objects is None:
        objects = page.obj.Resources[Name.XObject] = pikepdf.Dictionary()
    objects[f"/Art{int(back)}"] = art
    for spot, face in cards:
        low = height - spot.top - layout.HEIGHT
        drawn.append(
            f"q 1 0 0 1 {spot.left * POINT:.3f} {low * POINT:.3f} cm /Art{int(back)} Do Q".encode()
        )
        if back:
            left, top, side = layout.QR
            drawn.append(qr.drawn(
                face.address, left=spot.left + left, top=spot.top + top, side=side, height=height
            ))  # fmt: skip
        elif face.portrait:
            name = f"/Photo{hash(face.portrait) & 0xFFFFFFFFFFFF:x}"
            if face.portrait not in photos:
                photos[face.portrait] = _photo(pdf, face.portrait)
            objects[name] = photos[face.portrait]
            left, top, wide, high = layout.PHOTO
            drawn.append(
                f"q {wide * POINT:.3f} 0 0 {high * POINT:.3f} {(spot.left + left) * POINT:.3f} "
                f"{(height - spot.top - top - high) * POINT:.3f} cm {name} Do Q".encode()
            )
    if marks:
        drawn.append(b"0.25 w 0 G")
        for x1, y1, x2, y2 in layout.crop_marks():
            drawn.append(
                f"{x1 * POINT:.3f} {(height - y1) * POINT:.3f} m "
                f"{x2 * POINT:.3f} {(height - y2) * POINT:.3f} l S".encode()
            )
    drawn.append(b"Q")
    page.contents_add(pdf.make_stream(b"\n".join(drawn)), prepend=True)


def _photo(pdf, jpeg: bytes) -> pikepdf.Object:
    """A portrait as it is kept: see portraits.drawn, which gives every one this shape."""
    return pdf.make_stream(
        jpeg, Type=Name.XObject, Subtype=Name.Image, Width=portraits.WIDTH, Height=portraits.HEIGHT,
        ColorSpace=Name.DeviceRGB, BitsPerComponent=8, Filter=Name.DCTDecode,
    )  # fmt: skip
