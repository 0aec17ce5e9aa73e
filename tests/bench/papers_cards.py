"""The cards of the measure: drawn by the desk's own way, and by ReportLab for comparison.

Both print the same faces: photos, words, QR codes, crop marks, mirrored backs, on A4. ReportLab
embeds no OpenType fonts with CFF outlines, so it gets Noto Sans SC with TrueType outlines, made
beforehand and kept; whole, as names may hold any letter, and read by each round, as the desk does.
"""

import io
import random
import time
from datetime import date
from pathlib import Path

import pylopdf_fonts_zh_cn as packaged
import segno
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont as OpenType
from PIL import Image, ImageFilter
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas

from core.credentials import cards, layout
from core.credentials.portraits import drawn

MM = 72 / 25.4
FAMILY, GIVEN = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗",
    "明华强芳娜敏静丽军洋勇艳杰涛超秀兰霞平刚桂英㛃䶮𬬮𬭎𫖯",
)
UNITS = ("农业农村局", "商务局", "市场监督管理局", "税务局", "东山镇人民政府", "总工会", "经济贸易局")
TRADES = ("茶业", "食品", "五金", "纸业", "砖瓦", "渔具", "服装", "木业", "电子", "物流")
DUTIES = (
    "一、宣传党的路线方针政策；", "二、指导企业建立党组织和工会、共青团、妇女组织；",
    "三、联系职工中的党员和入党积极分子；", "四、帮助企业解决实际困难；",
    "五、不干预企业正常经营，不收取企业任何报酬和礼品。",
)  # fmt: skip


def faces(number: int) -> list[cards.Face]:
    """Invented people, the same at each call, each with a photo of their own."""
    rng = random.Random(17)
    made = []
    for n in range(number):
        given = "".join(rng.choices(GIVEN, k=1 + (n % 3 > 0)))
        firms = [
            f"青岚县{''.join(rng.sample(GIVEN[:20], 2))}{rng.choice(TRADES)}有限责任公司"
            for _firm in range(rng.choice((1, 1, 1, 2, 3)))
        ]
        made.append(
            cards.Face(
                name=rng.choice(FAMILY) + given, number=f"350425-2026-{n + 1:03d}",
                unit=f"青岚县{rng.choice(UNITS)}", firms=tuple(firms), valid_from=date(2026, 1, 1),
                valid_until=date(2027, 12, 31),
                address=f"https://desk.qinglan.gov.cn/c/{rng.getrandbits(140):x}"[:54],
                portrait=portrait(rng),
            )
        )  # fmt: skip
    return made


def portrait(rng: random.Random) -> bytes:
    """A head before a wall with the grain of a camera: as large as a real photo when compressed."""
    wall = Image.linear_gradient("L").resize((600, 840)).rotate(rng.choice((0, 90, 180)))
    tint = tuple(rng.randint(90, 220) for _channel in range(3))
    picture = Image.composite(Image.new("RGB", (600, 840), tint), wall.convert("RGB"), wall)
    head = Image.new("L", (600, 840))
    head.paste(255, (180, 160 + rng.randint(-20, 20), 420, 520))
    head.paste(255, (80, 560, 520, 840))
    head = head.filter(ImageFilter.GaussianBlur(40))
    picture.paste(tuple(rng.randint(60, 230) for _channel in range(3)), (0, 0), head)
    grain = Image.effect_noise((600, 840), 14).convert("RGB")
    sent = io.BytesIO()
    Image.blend(picture, grain, 0.25).save(sent, "JPEG", quality=92)
    sent.size = sent.tell()
    sent.seek(0)
    return drawn(sent)


def truetype(path: Path) -> Path:
    """Noto Sans SC with TrueType outlines, which ReportLab can embed. Takes a minute, once."""
    if path.exists():
        return path
    source = OpenType(packaged.sans_path(), lazy=True)
    names, outlines = source.getBestCmap(), source.getGlyphSet()
    order = [".notdef", *sorted(set(names.values()) - {".notdef"})]
    glyphs, widths = {}, {}
    for name in order:
        pen = TTGlyphPen(None)
        outlines[name].draw(Cu2QuPen(pen, 1.0, reverse_direction=True))
        glyphs[name], widths[name] = pen.glyph(), (outlines[name].width, 0)
    font = FontBuilder(source["head"].unitsPerEm, isTTF=True)
    font.setupGlyphOrder(order)
    font.setupCharacterMap(names)
    font.setupGlyf(glyphs)
    font.setupHorizontalMetrics(widths)
    font.setupHorizontalHeader(ascent=1160, descent=-320)
    font.setupNameTable({"familyName": "Cards", "styleName": "Regular", "psName": "Cards-Regular"})
    font.setupOS2(sTypoAscender=880, sTypoDescender=-120)
    font.setupPost()
    font.save(path)
    return path


def by_reportlab(people, font: Path) -> bytes:
    """The same sheets: art as a form, then the words, photo and code of each card."""
    pdfmetrics.registerFont(TTFont("Cards", str(font)))
    made = io.BytesIO()
    page = canvas.Canvas(made, pagesize=(layout.SHEET[0] * MM, layout.SHEET[1] * MM), pageCompression=1)
    for back in (False, True):
        page.beginForm(f"art{back}")
        _art(page, back)
        page.endForm()
    for start in range(0, len(people), layout.PER_SHEET):
        some = people[start : start + layout.PER_SHEET]
        for back in (False, True):
            for spot, face in zip(layout.spots(back=back), some, strict=False):
                page.saveState()
                page.translate(spot.left * MM, (layout.SHEET[1] - spot.top - layout.HEIGHT) * MM)
                page.doForm(f"art{back}")
                (_back if back else _front)(page, face)
                page.restoreState()
            page.setLineWidth(0.25)
            for line in layout.crop_marks():
                page.line(*(part * MM for part in line))
            page.showPage()
    page.save()
    return made.getvalue()


def _say(page, left: float, top: float, size: float, words: str) -> None:
    page.setFont("Cards", size)
    page.drawString(left * MM, (layout.HEIGHT - top) * MM, words)


def _art(page, back: bool) -> None:
    page.setFillColorRGB(0.61, 0.11, 0.12)
    page.rect(0, 0, layout.WIDTH * MM, 2.2 * MM, stroke=0, fill=1)
    high = 2.2 if back else 11.5
    page.rect(0, (layout.HEIGHT - high) * MM, layout.WIDTH * MM, high * MM, stroke=0, fill=1)
    if back:
        for n, duty in enumerate(DUTIES):
            _say(page, 5, 11 + n * 3, 6.3, duty)
        _say(page, 5, 7, 7.5, "工作职责")
        _say(page, 5, 27.5, 6.5, "联系企业")
        _say(page, 5, 48.5, 6.5, "监督电话")
        _say(page, 62, 47.5, 5.5, "扫码核验证件真伪")
        return
    left, top, wide, high = layout.PHOTO
    page.rect(left * MM, (layout.HEIGHT - top - high) * MM, wide * MM, high * MM, stroke=1, fill=0)
    for words, place in (("姓名", 18), ("编号", 26), ("派出单位", 33), ("有效期", 43.4)):
        _say(page, 31, place, 6.5, words)
    page.setFillColorRGB(1, 1, 1)
    _say(page, 22, 8, 13, "党建工作指导员证")


def _front(page, face) -> None:
    left, top, wide, high = layout.PHOTO
    page.drawImage(
        ImageReader(io.BytesIO(face.portrait)), left * MM, (layout.HEIGHT - top - high) * MM,
        wide * MM, high * MM,
    )  # fmt: skip
    words = face.words
    _say(page, 31, 23, 13, words["name"])
    _say(page, 31, 30, 9, words["number"])
    _say(page, 31, 37, 8, words["unit"])
    _say(page, 31, 47.5, 8, words["valid"])


def _back(page, face) -> None:
    for n, firm in enumerate(face.words["firms"]):
        _say(page, 5, 31 + 3 * n, 7, firm)
    _say(page, 15, 48.5, 8.5, "12380")
    rows = segno.make(face.address, error="m", micro=False).matrix
    left, top, side = layout.QR
    step = side / (len(rows) + 2 * layout.QUIET)
    code = page.beginPath()
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            end = x
            while end < len(row) and row[end]:
                end += 1
            if end > x:
                code.rect(
                    (left + (x + layout.QUIET) * step) * MM,
                    (layout.HEIGHT - top - (y + 1 + layout.QUIET) * step) * MM,
                    (end - x) * step * MM, step * MM,
                )  # fmt: skip
            x = max(end, x + 1)
    page.drawPath(code, stroke=0, fill=1)


def peak_mb() -> float:
    """The most memory that this process ever had. Not by `getrusage`: there a process that was
    started by a larger one begins with that one's figure."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def timed(act) -> tuple[float, bytes]:
    begun = time.perf_counter()
    made = act()
    return time.perf_counter() - begun, made
