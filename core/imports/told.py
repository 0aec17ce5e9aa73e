"""What imports did to one firm, for its timeline: there is one event for a whole import, in its own
chain, and its rows say which firms it touched."""

from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from core.imports.fields import BY_CODE
from core.imports.models import AppliedRow
from core.ledger.models import Firm


class Told(NamedTuple):
    """As an event looks on a timeline."""

    at: datetime
    by: Any
    code: str


def told_of(firm: Firm, user, *, limit: int = 30) -> list[tuple[Told, str]]:
    """What imports did to a firm, newest first; nothing for who does not see it."""
    if not Firm.objects.visible_to(user).filter(pk=firm.pk).exists():
        return []
    rows = AppliedRow.objects.filter(firm_id=firm.pk, imported__kind="firms").order_by("-pk")
    told = []
    for row in rows.select_related("imported__applied_by")[:limit]:
        one = row.imported
        told.append((Told(one.applied_at, one.applied_by, "import.applied"), _sentence(row)))
        if one.undone_at:
            said = _("Import %(number)d was taken back.") % {"number": one.pk}
            told.append((Told(one.undone_at, None, "import.undone"), said))
    return told


def _sentence(row: AppliedRow) -> str:
    words = {"number": row.imported_id, "file": row.imported.name}
    if row.before is None:
        return _("brought this firm in with import %(number)d (%(file)s)") % words
    names = [str(BY_CODE[code.removesuffix("_id")].heading) for code in row.after]
    said = _("changed with import %(number)d (%(file)s): %(what)s")
    return said % (words | {"what": _(", ").join(names)})
