"""The columns of the register of instructors: read by the template, the import and the export."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.models import Area
from core.exchange.columns import Column, Context, Slip, day, one_of, text, yes_or_no
from core.ledger.forms import phone_number
from core.ledger.kinds import Industry
from core.ledger.names import SEVERAL, spoken
from core.people.models import Instructor


def context_for(user) -> Context:
    """The divisions of a person's county: towns and parks, and which of them are their own."""
    kinds = (Area.Kind.TOWNSHIP, Area.Kind.PARK, Area.Kind.VILLAGE)
    areas = Area.objects.filter(code__startswith=user.county or "-", kind__in=kinds)
    names = dict(areas.order_by("code").values_list("code", "name"))
    by_name: dict[str, list[str]] = {}
    for code, name in names.items():
        by_name.setdefault(name, []).append(code)
    own = tuple(code for code in names if user.area and code.startswith(user.area))
    return Context(by_name, names, own)


def _place(said: str, context: Context) -> str:
    said = "".join(said.split())
    if said in context.names:
        return said
    found = context.areas.get(said, [])
    if len(found) == 1:
        return found[0]
    if found:
        raise Slip(
            _("“%(said)s” is the name of several places; write the code: %(codes)s.")
            % {"said": said, "codes": _(", ").join(found)}
        )
    raise Slip(_("“%(said)s” is no township or park of this county.") % {"said": said[:40]})


def _own_place(said: str, context: Context) -> str:
    code = _place(said, context)
    if code not in context.own:
        raise Slip(_("“%(said)s” lies outside your area.") % {"said": context.names[code]})
    return code


def _places(said: str, context: Context) -> list[str]:
    return sorted({_place(word, context) for word in SEVERAL.split(said) if word.strip()})


def _name(said: str, context) -> str:
    said = text(64)(said, context)
    if re.search(r"\d", said):
        raise Slip(_("“%(said)s” is not a name: it has digits.") % {"said": said[:40]})
    return "".join(said.split()) if not said.isascii() else said


def _phone(said: str, context) -> str:
    said = text(20)(said, context)
    try:
        phone_number(said)
    except ValidationError as slip:
        raise Slip(slip.messages[0]) from slip
    return said


def _languages(said: str, context) -> str:
    return text(120)("、".join(spoken(said)), context)


def _entry_number(said: str, context) -> int:
    if not (said.isascii() and said.isdigit() and len(said) < 19):
        raise Slip(_("“%(said)s” is no entry number. Leave the cell empty for a new entry.")
                   % {"said": said[:40]})  # fmt: skip
    return int(said)


def _label(field: str):
    return lambda one, context: (
        str(getattr(one, f"get_{field}_display")()) if getattr(one, field) else ""
    )


def _plain(field: str):
    return lambda one, context: getattr(one, field)


def _yes(one, context) -> str:
    return _("yes") if one.full_member else _("no")


COLUMNS = (
    Column(
        "number", gettext_lazy("Entry number"), _entry_number, lambda one, context: str(one.pk),
        hint=gettext_lazy("Filled in by the desk. Leave it as it is; empty for somebody new."),
        width=10,
    ),
    Column(
        "name", gettext_lazy("Name"), _name, _plain("name"), required=True, width=12,
        example=gettext_lazy("Zhang Wei"),
    ),
    Column(
        "sending_unit", gettext_lazy("Sending unit"), text(128), lambda one, context: one.unit.name,
        required=True, width=28, example=gettext_lazy("County bureau of agriculture"),
    ),
    Column(
        "area", gettext_lazy("Township or park"), _own_place,
        lambda one, context: context.names.get(one.area, one.area),
        required=True, width=16, choices=lambda context: (context.names[code] for code in context.own),
        hint=gettext_lazy("Choose from the list."),
    ),
    Column(
        "further_areas", gettext_lazy("Further areas"), _places,
        lambda one, context: "、".join(a.name for a in one.further_areas.all()), width=20,
        hint=gettext_lazy("Several are separated by 、 or a comma."),
    ),
    Column("specialty", gettext_lazy("Specialty"), text(64), _plain("specialty"), width=18),
    Column(
        "trade", gettext_lazy("Trade"), one_of(Industry), _label("trade"), width=24,
        choices=lambda context: (str(each.label) for each in Industry),
        hint=gettext_lazy("The trade that the sending unit knows. Choose from the list."),
    ),
    Column(
        "kind", gettext_lazy("Kind"), one_of(Instructor.Kind), _label("kind"), width=12,
        choices=lambda context: (str(each.label) for each in Instructor.Kind),
    ),
    Column(
        "mode", gettext_lazy("Sent to"), one_of(Instructor.Mode), _label("mode"), width=12,
        choices=lambda context: (str(each.label) for each in Instructor.Mode),
    ),
    Column(
        "languages", gettext_lazy("Languages of work"), _languages, _plain("languages"), width=18,
        hint=gettext_lazy("Several are separated by 、 or a comma."),
    ),
    Column(
        "phone", gettext_lazy("Phone"), _phone, _plain("phone"), width=16, example="0690-5123456",
    ),
    Column(
        "full_member", gettext_lazy("Full member in good standing"), yes_or_no, _yes, required=True,
        width=14, choices=lambda context: (_("yes"), _("no")), example=gettext_lazy("yes"),
        hint=gettext_lazy("Only a full member in good standing may be an instructor."),
    ),
    Column(
        "term_from", gettext_lazy("Term from"), day, _plain("term_from"), required=True, is_day=True,
        example="2026-01-01",
    ),
    Column(
        "term_until", gettext_lazy("Term until"), day, _plain("term_until"), required=True,
        is_day=True, example="2028-01-01",
    ),
    Column(
        "takes_more_from", gettext_lazy("Takes further firms from"), day, _plain("takes_more_from"),
        is_day=True, hint=gettext_lazy("Leave it empty when that is at once."),
    ),
)  # fmt: skip
BY_CODE = {column.code: column for column in COLUMNS}
