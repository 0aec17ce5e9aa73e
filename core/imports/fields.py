"""The columns of a list of firms: by which headings they are known, and how a cell is read."""

import re
from collections.abc import Callable
from decimal import Decimal
from operator import getitem
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.exchange.columns import Slip, day, in_all_languages, one_of, text, yes_or_no
from core.imports.child import LOST, bare
from core.ledger.credit_code import ALPHABET, check_character, normalised
from core.ledger.kinds import Industry, Size
from core.ledger.models import Firm
from core.ledger.names import listed
from core.ledger.stages import Stage

HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}  # of full width
HAN_GAP = re.compile(r"(?<=[\u4e00-\u9fff]) +(?=[\u4e00-\u9fff])")
MEANT = str.maketrans("OISZV", "0152U")  # letters that no code has, and what they are mistaken for
PHONE = re.compile(r"[0-9+() \-]{5,20}")
AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{0,16})?")
MOST_PEOPLE = 1_000_000


class Field(NamedTuple):
    code: str
    read: Callable[[str], object]  # text → what is kept as JSON; raises Slip
    known_as: tuple[str, ...] = ()  # beside the name of the field in each language
    needed: bool = False  # for a new firm
    repeats: bool = False  # few distinct values: each is read once

    @property
    def heading(self):
        return HEADINGS.get(self.code) or Firm._meta.get_field(self.code).verbose_name


HEADINGS = {"name": gettext_lazy("Name of the firm"), "area": gettext_lazy("Township or park")}


def half(said: str) -> str:
    return said if said.isascii() else said.translate(HALF).strip()


def name(said: str) -> str:
    return NAME(HAN_GAP.sub("", " ".join(said.split())) if " " in said else said, None)


def credit_code(said: str) -> str:
    """Raises Slip; when one slip explains it, with the code that is meant."""
    if said.startswith(LOST):
        raise Slip(_("is a number of more than 15 digits: Excel has lost the last ones. Set the column "
                     "to text and type the codes again."))  # fmt: skip
    code = said if LETTERS.issuperset(said) else normalised(said)
    if len(code) == 18 and not set(code) - LETTERS and checked(code):
        return code
    if len(code) != 18:
        raise Slip(_("has %(have)d characters; a credit code has 18.") % {"have": len(code)})
    meant = code.translate(MEANT)
    if set(meant) - LETTERS:
        raise Slip(_("has characters that no credit code has."))
    right = meant if checked(meant) else meant[:17] + check_character(meant[:17])
    raise Slip(_("“%(code)s” is not a valid credit code. If one character is off, it is %(right)s.")
               % {"code": code, "right": right})  # fmt: skip


NAME = text(128)
LETTERS = frozenset(ALPHABET)
VALUES = {letter: value for value, letter in enumerate(ALPHABET)}
PRODUCTS = [
    {letter: value * pow(3, place, 31) for letter, value in VALUES.items()} for place in range(17)
]


def checked(code: str) -> bool:
    """Whether the 18th character fits: the same as `check_character`, from a table."""
    return (31 - sum(map(getitem, PRODUCTS, code)) % 31) % 31 == VALUES[code[17]]


def people(said: str) -> int:
    said = half(said).replace(",", "").removesuffix("人").strip()
    if said.isascii() and said.isdigit() and len(said) < 8 and int(said) <= MOST_PEOPLE:
        return int(said)
    raise Slip(_("“%(said)s” is not a number of people.") % {"said": said[:40].lstrip(LOST)})


def amount(said: str) -> str:
    """In units of 10,000 yuan, two decimals."""
    figure = half(said).replace(",", "").lstrip(LOST)
    if AMOUNT.fullmatch(figure):
        return str(Decimal(figure).quantize(Decimal("0.01")))
    raise Slip(_("“%(said)s” is not an amount in 10,000 yuan.") % {"said": said[:40].lstrip(LOST)})


def phone(said: str) -> str:
    said = half(said)
    if PHONE.fullmatch(said):
        return said
    raise Slip(_("“%(said)s” is not a phone number.") % {"said": said[:40].lstrip(LOST)})


def plain(reader):
    """A reader of the exchange room: those take what cells are read against as well."""
    return lambda said: reader(half(said), None)


def words(most: int):
    reader = text(most)
    return lambda said: reader(said.lstrip(LOST), None)


def opened_on(said: str) -> str:
    return day(half(said), None).isoformat()


FIELDS = (
    Field("name", name, ("企业名称", "单位名称", "公司名称", "名称", "企业全称", "name"), True),
    Field("credit_code", credit_code, ("统一社会信用代码", "信用代码", "社会信用代码", "代码",
          "统一信用代码", "credit code"), True),
    Field("area", words(64), ("乡镇", "镇街", "乡镇街道", "所属乡镇", "所在乡镇", "园区", "区划",
          "所属区域", "township", "area"), True, True),
    Field("line", words(64), ("归口管理", "归口单位", "主管部门", "行业主管部门", "line"), False, True),
    Field("industry", plain(one_of(Industry)), ("行业", "所属行业", "行业门类"), True, True),
    Field("trade", words(64), ("主营业务", "经营范围", "主要产品"), False, True),
    Field("size", plain(one_of(Size)), ("规模", "企业规模", "划型", "企业类型"), True, True),
    Field("above_scale", plain(yes_or_no), ("规上", "是否规上", "规模以上"), False, True),
    Field("seasonal", plain(yes_or_no), ("季节性", "是否季节性"), False, True),
    Field("employees", people, ("职工人数", "从业人数", "从业人员", "员工人数", "职工数", "人数"),
          True, True),
    Field("turnover", amount, ("营业收入", "年营业收入", "营收")),
    Field("assets", amount, ("资产总额", "总资产", "资产")),
    Field("owner_name", words(64), ("法定代表人", "法人", "法人代表", "负责人", "出资人")),
    Field("contact_name", words(64), ("联系人", "联络人")),
    Field("contact_phone", phone, ("联系电话", "电话", "手机", "联系方式", "手机号")),
    Field("address", words(200), ("地址", "经营地址", "注册地址", "住所")),
    Field("opened_on", opened_on, ("成立日期", "开业日期", "成立时间", "注册日期"), True, True),
    Field("languages", lambda said: listed(words(120)(said)), ("语言", "使用语言"), False, True),
    Field("stage", plain(one_of(Stage)), ("党建阶段", "覆盖情况", "阶段", "党组织覆盖情况"),
          False, True),
)  # fmt: skip
BY_CODE = {field.code: field for field in FIELDS}
PLACE = {field.code: at for at, field in enumerate(FIELDS)}


def headings_known() -> dict[str, str]:
    """Bare heading → field, by the names of the fields and what else offices call them."""
    return {
        bare(word): field.code
        for field in FIELDS
        for word in (*in_all_languages(field.heading), *field.known_as)
    }
