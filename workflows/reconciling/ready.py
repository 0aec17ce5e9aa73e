"""From a row of a list to a firm's entry: what of it the ledger can take."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils import translation

from core.accounts.models import Area
from core.ledger.credit_code import validate_credit_code
from core.ledger.kinds import Industry, Size
from core.ledger.models import Firm
from workflows.reconciling.models import ListRow

NEEDED = ("name", "credit_code", "area", "industry", "size", "employees", "opened_on")


def usable_code(code: str) -> str:
    """The code, or "" for one that is none."""
    try:
        validate_credit_code(code)
    except ValidationError:
        return ""
    return code


def prefill(row: ListRow, *, by) -> dict:
    """What a row says of a firm's entry, for a form or for the ledger; what is not understood is
    left out."""
    data = row.data
    said = {
        "name": row.name, "credit_code": row.credit_code, "area": _area(data, by),
        "industry": _code_of(Industry, data.get("industry", "")),
        "size": _code_of(Size, data.get("size", "")), "employees": _number(data.get("employees", "")),
        "opened_on": _day(data.get("opened_on", "")), "address": data.get("address", ""),
        "owner_name": data.get("owner_name", ""), "contact_phone": data.get("contact_phone", ""),
    }  # fmt: skip
    limits = {name: Firm._meta.get_field(name).max_length for name in said}
    fits = {n: v[: limits[n]] if isinstance(v, str) and limits[n] else v for n, v in said.items()}
    return {name: value for name, value in fits.items() if value not in ("", None)}


def ready_entry(row: ListRow, *, by, on: date) -> dict | None:
    """The entry with which the firm is registered at once; None where something is lacking."""
    entry = prefill(row, by=by)
    whole = all(name in entry for name in NEEDED) and usable_code(entry["credit_code"])
    return entry if whole and entry["opened_on"] <= on else None


def _area(data: dict, by) -> str:
    """The township that the row names, within the person's area; else the person's own, if it is
    one."""
    within = Area.objects.filter(code__startswith=by.area).exclude(kind=Area.Kind.COUNTY)
    named = data.get("place", "")
    for area in within if named else ():
        if named in (area.name, area.code):
            return area.code
    return by.area if len(by.area) > 6 else ""


def _code_of(choices, said: str) -> str:
    """A code for itself, or for its label in either language."""
    said = said.strip()
    if said in choices.values:
        return said
    for language in ("zh-hans", "en"):
        with translation.override(language):
            for code, label in choices.choices:
                if said and said in (str(label), str(label)[:-1]):
                    return code
    return ""


def _number(said: str) -> int | None:
    return int(said) if said.isdecimal() and len(said) < 8 else None


def _day(said: str) -> date | None:
    digits = said.replace("/", "-").replace(".", "-").replace("年", "-").replace("月", "-").strip("日 ")
    try:
        return date(*(int(part) for part in digits.split(" ")[0].split("-")))
    except (TypeError, ValueError):
        return None
