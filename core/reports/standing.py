"""How each firm of a table stood when it was reported, and what the ledger says of that day now."""

import json
import zlib
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.figures.ledger import FACTS, Ledger
from core.ledger.models import Firm
from core.ledger.stages import Stage

# What is kept of each firm, in this order: what the figures ask of it.
KEPT = ("stage", "of", "line_id", "above_scale", "paused", *FACTS, "employees", "full")
LABELS = {
    "stage": gettext_lazy("stage"), "of": gettext_lazy("township"),
    "line_id": gettext_lazy("line department"), "above_scale": gettext_lazy("above scale"),
    "paused": gettext_lazy("paused"), "with_members": gettext_lazy("has full members"),
    "enough": gettext_lazy("enough full members"), "guided": gettext_lazy("has an instructor"),
    "worked_in": gettext_lazy("was really worked in"), "employees": gettext_lazy("employees"),
    "full": gettext_lazy("full members"),
}  # fmt: skip


def standing_of(ledger: Ledger) -> bytes:
    """What the figures ask of each firm, packed: some bytes a firm."""
    return zlib.compress(json.dumps(_standing(ledger), separators=(",", ":")).encode())


def _standing(ledger: Ledger) -> dict[str, list]:
    _rows, of = ledger.rows()
    return {str(firm): list(rest) for firm, *rest in ledger.facts().values_list(of, *KEPT)}


class Changed(NamedTuple):
    """One firm that differs: its name, and what was reported and is known now, in words."""

    firm_id: int
    name: str
    says: list[str]


def changed(packed: bytes, ledger: Ledger) -> list[tuple[str, list | None, list | None]]:
    """The firms of which a day is known otherwise now than when it was reported: (key, then, now),
    None where it was or is not counted."""
    then, now = json.loads(zlib.decompress(packed)), _standing(ledger)
    return [
        (key, then.get(key), now.get(key))
        for key in sorted(then.keys() | now.keys(), key=int)
        if then.get(key) != now.get(key)
    ]


def in_words(found: list[tuple]) -> list[Changed]:
    """The firms with their names, and what differs."""
    names = dict(Firm.objects.filter(pk__in=[key for key, *_rest in found]).values_list("pk", "name"))
    return [Changed(int(key), names.get(int(key), key), _says(then, now)) for key, then, now in found]


def _says(then: list | None, now: list | None) -> list[str]:
    if then is None:
        return [_("is counted now, and was not in the copy")]
    if now is None:
        return [_("was counted in the copy, and is not any more")]
    return [
        _("%(what)s: %(then)s, now %(now)s")
        % {"what": LABELS[name], "then": _word(name, one), "now": _word(name, two)}
        for name, one, two in zip(KEPT, then, now, strict=True)
        if one != two and name != "line_id"
    ] or [_("another line department")]


def _word(name: str, value) -> str:
    if name == "stage":
        return str(Stage(value).label)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)
