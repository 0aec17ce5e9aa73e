"""Which column of a list is which, by the headings that authorities use; and its rows as entries."""

import re
import unicodedata
from datetime import date, datetime

from django.utils.translation import gettext as _

from core.errors import Refused
from core.ledger.credit_code import normalised

HEADINGS_WITHIN = 10  # rows from the top
# Compared without blanks and remarks in brackets, so 法定代表人（负责人） is 法定代表人.
COLUMNS = {
    "name": "企业名称 单位名称 市场主体名称 纳税人名称 参保单位名称 公司名称 企业（机构）名称 名称 name"
            " nameofthefirm firm",
    "credit_code": "统一社会信用代码 社会信用代码 信用代码 统一社会信用代码/注册号 纳税人识别号"
                   " 社会信用代码/纳税人识别号 creditcode unifiedsocialcreditcode code",
    "status": "登记状态 企业状态 经营状态 纳税人状态 参保状态 主体状态 状态 status",
    "address": "住所 注册地址 经营地址 生产经营地址 企业住所 单位地址 经营场所 地址 address",
    "owner_name": "法定代表人 法人代表 法人 负责人 经营者 单位负责人 业主 owner",
    "contact_phone": "联系电话 电话 手机 手机号码 电话号码 phone",
    "employees": "从业人数 从业人员 职工人数 员工人数 参保人数 employees",
    "opened_on": "成立日期 成立时间 注册日期 登记日期 开业日期 核准日期 openedon",
    "industry": "行业门类 行业代码 所属行业 行业 industry",
    "size": "企业规模 企业划型 规模 size",
    "place": "所属乡镇 所在乡镇 乡镇 街道 所属区域 区域 所属街道 township",
}  # fmt: skip
KNOWN = {word: code for code, words in COLUMNS.items() for word in words.split()}
REMARK = re.compile(r"[（(][^）)]*[）)]")
MOST_DIGITS = 15  # that a spreadsheet keeps of a number
POWER = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
LONGEST = 200  # characters of a cell that are kept


def entries(rows: list[list]) -> list[dict]:
    """The rows under the headings: {"line": row of the file, "name": …, "credit_code": …}, each with
    what it says. Raises Refused where the headings or the codes are not usable."""
    top, places = _headings(rows)
    found = []
    for number, row in enumerate(rows[top + 1 :], start=top + 2):
        said = {code: row[at] for code, at in places.items() if at < len(row)}
        _digits_kept(said.get("credit_code"), number)
        said = {code: shown for code, value in said.items() if (shown := text_of(value))}
        if name := said.get("name"):
            code = normalised(said.pop("credit_code", ""))[:18]
            found.append(said | {"line": number, "name": name[:128], "credit_code": code})
    if not found:
        raise Refused(Refused.BAD_INPUT, _("No firm stands under the headings."))
    return found


def _headings(rows: list[list]) -> tuple[int, dict[str, int]]:
    for top, row in enumerate(rows[:HEADINGS_WITHIN]):
        places: dict[str, int] = {}
        for at, cell in enumerate(row):
            code = KNOWN.get(_bare(text_of(cell)))
            if code and code not in places:
                places[code] = at
        if "name" in places and len(places) > 1:
            return top, places
    raise Refused(
        Refused.BAD_INPUT,
        _(
            "The first rows have no headings that say which column is the firm's name (企业名称) and"
            " which its code (统一社会信用代码). Add a row of headings."
        ),
    )


def _bare(heading: str) -> str:
    half = unicodedata.normalize("NFKC", heading)
    return REMARK.sub("", "".join(half.split())).strip("*:").casefold()


def _digits_kept(value, number: int) -> None:
    """A code that was typed as a number has lost its last digits: nothing could be compared."""
    lost = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= 10**15
    if lost or (isinstance(value, str) and POWER.fullmatch(value.strip())):
        raise Refused(
            Refused.BAD_INPUT,
            _(
                "Row %(row)d: the code is kept as a number, of which a spreadsheet keeps %(most)d"
                " digits. Format the column as text and fetch the codes again."
            )
            % {"row": number, "most": MOST_DIGITS},
        )


def text_of(value) -> str:
    """What a cell says, as text: days as 2026-03-01, whole numbers without a point."""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    said = unicodedata.normalize("NFKC", "" if value is None else str(value))
    seen = "".join(c if not c.isspace() else " " for c in said if c.isspace() or c.isprintable())
    return " ".join(seen.encode("utf-8", "ignore").decode().split())[:LONGEST]
