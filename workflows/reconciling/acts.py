"""Bringing a list in: it is kept as it was read, and compared beside the web process."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit.record import record
from core.errors import Refused
from core.jobs.acts import start_job
from core.ledger.permits import allow
from workflows.reconciling.comparing import KIND
from workflows.reconciling.models import AuthorityList


@transaction.atomic
def bring(
    entries: list[dict], *, source: str, name: str, on: date, complete: bool, by, key, today: date
) -> AuthorityList:
    """Keep a list for the person's office and have it compared. Sent twice, the first one comes
    back. Raises Refused."""
    allow(by, "reconcile")
    if on > today:
        raise Refused(Refused.BAD_INPUT, _("A list is of a day up to today."))
    if first := AuthorityList.objects.filter(key=key, by=by).first():
        return first
    made = AuthorityList.objects.create(
        key=key, source=source, office=by.area, name=name, on=on, complete=complete,
        many=len(entries), rows=entries, by=by,
    )  # fmt: skip
    made.job = start_job(KIND, by=by, key=key, given={"list": made.pk}, words={"name": name})
    made.save(update_fields=["job"])
    record(
        "list.brought", by=by, area=by.area, chain=f"list:{made.pk}", list_source=source, name=name,
        count=len(entries),
    )  # fmt: skip
    return made
