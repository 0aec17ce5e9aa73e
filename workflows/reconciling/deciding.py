"""What a person decides of a row, and takes back while nothing is built on it. Every act holds the
row first, and is one transaction; what the ledger takes, its own acts write."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.accounts.models import Area
from core.audit.record import record
from core.errors import Refused
from core.ledger.acts import change, register
from core.ledger.models import Firm
from core.ledger.permits import allow
from core.written import written
from workflows.engine.models import Process
from workflows.reconciling import words  # noqa: F401 - the audit trail's words
from workflows.reconciling.models import CHOICES, Decision, FormerName, KeptDecision, Kind, ListRow
from workflows.reconciling.ready import ready_entry, usable_code


@transaction.atomic
def decide(
    row: ListRow, decision: str, *, by, on: date, at: datetime, reason="", moves_to="", entry=None
) -> ListRow:
    """Decide a row. ADD registers the firm from `entry`, or from the row where it says all that is
    needed; RENAME and MOVED change the ledger; CLOSED only says so: closing is proposed by its own
    way; IGNORE wants a reason. The same decision again changes nothing. Raises Refused."""
    row = _held(row, by=by)
    if row.decision == decision:
        return row
    if row.decision:
        raise Refused(Refused.FASTER, said_already(row))
    if decision not in CHOICES[Kind(row.kind)]:
        raise Refused(Refused.NO_SUCH_MOVE, _("This is not among what may be decided of this row."))
    if decision == Decision.ADD:
        row.made = _add(row, entry, by=by, on=on)
    elif decision == Decision.RENAME:
        _rename(row, by=by, on=on)
    elif decision == Decision.MOVED:
        _move(row, moves_to, by=by, on=on)
    elif decision == Decision.IGNORE:
        reason = written(reason, _("Say in a sentence why it stays as it is."))
    row.decision, row.reason, row.said, row.by, row.at = decision, reason.strip(), "", by, at
    row.save()
    _keep(row)
    _record("decided", row, by=by)
    return row


def _add(row: ListRow, entry: dict | None, *, by, on: date) -> Firm:
    entry = entry or ready_entry(row, by=by, on=on)
    if entry is None:
        raise Refused(
            Refused.NOT_NOW,
            _(
                "%(firm)s: the list does not say all that the ledger needs. Open its form and fill it"
                " in."
            )
            % {"firm": row.name},
        )
    return register(by=by, on=on, **entry)


def _firm(row: ListRow, *, by) -> Firm:
    """The row's firm, held. Raises Refused when it is no longer within reach."""
    firm = Firm.objects.visible_to(by).held().filter(pk=row.firm_id).first()
    if firm is None:
        raise Refused(Refused.NOT_YOURS, _("This firm is not within your reach."))
    return firm


def _rename(row: ListRow, *, by, on: date) -> None:
    """The firm takes the list's name, and its code where the ledger has another one; its name until
    now stays known."""
    firm = _firm(row, by=by)
    was, new = firm.name, {"name": row.name}
    code = usable_code(row.credit_code)
    if code and code != firm.credit_code:
        new["credit_code"] = code
    row.undo = {name: getattr(firm, name) for name in new}
    row.undo["version"] = change(firm, by=by, on=on, version=firm.version, **new).version
    if was != row.name:
        FormerName.objects.get_or_create(firm=firm, name=was, defaults={"until": on, "by": by})


def _move(row: ListRow, moves_to: str, *, by, on: date) -> None:
    firm = _firm(row, by=by)
    there = Area.objects.filter(pk=moves_to, code__startswith=firm.county)
    if moves_to == firm.area or not there.exclude(kind=Area.Kind.COUNTY).exists():
        raise Refused(Refused.BAD_INPUT, _("Choose the township to which it has moved."))
    if not moves_to.startswith(by.area):
        raise Refused(
            Refused.NOT_YOURS, _("To another township only the county office moves a firm; tell them.")
        )
    row.undo = {"area": firm.area}
    row.undo["version"] = change(firm, by=by, on=on, version=firm.version, area=moves_to).version


@transaction.atomic
def take_back(row: ListRow, *, by, on: date) -> ListRow:
    """Make a row open again while nothing is built on its decision. Raises Refused."""
    row = _held(row, by=by)
    if not row.decision:
        return row
    if row.decision == Decision.ADD:
        raise Refused(
            Refused.NOT_NOW,
            _(
                "The firm is in the ledger since, with its own history. If it is none, propose to close"
                " it."
            ),
        )
    if row.decision == Decision.CLOSED and _proposed_since(row):
        raise Refused(Refused.NOT_NOW, _("The closing was proposed meanwhile. Withdraw that first."))
    if row.undo:
        _undo(row, by=by, on=on)
    _record("taken_back", row, by=by)
    KeptDecision.objects.filter(
        office=row.list.office, source=row.list.source, subject=row.subject
    ).delete()
    row.decision = row.reason = ""
    row.kept, row.undo, row.by, row.at = False, {}, None, None
    row.save()
    return row


def _proposed_since(row: ListRow) -> bool:
    asked = Process.objects.filter(firm=row.firm_id, subject="transition", data__verb="close")
    return asked.filter(Q(finished__isnull=True) | Q(created__gte=row.at)).exists()


def _undo(row: ListRow, *, by, on: date) -> None:
    firm = _firm(row, by=by)
    before = dict(row.undo)
    version = before.pop("version")
    if firm.version != version:
        raise Refused(
            Refused.FASTER,
            _("The entry of %(firm)s was changed since. Change it by hand.") % {"firm": firm.name},
        )
    change(firm, by=by, on=on, version=version, **before)
    if "name" in before:
        FormerName.objects.filter(firm=firm, name=before["name"]).delete()


def may_take_back(row: ListRow) -> bool:
    """Whether a page offers it; the act itself asks again."""
    return bool(row.decision) and row.decision != Decision.ADD


def said_already(row: ListRow) -> str:
    return _("%(name)s decided this already on %(day)s: %(decision)s.") % {
        "name": row.by.name,
        "day": date_format(timezone.localtime(row.at)),
        "decision": row.get_decision_display(),
    }


def try_all(rows, decision: str, *, by, on: date, at: datetime, reason="", moves_to="") -> int:
    """The same decision for many rows, each by itself: what was not possible is written beside the
    row. Tells how many were decided."""
    done = 0
    for row in rows:
        try:
            decide(row, decision, by=by, on=on, at=at, reason=reason, moves_to=moves_to)
            done += 1
        except Refused as refusal:
            ListRow.objects.filter(pk=row.pk, decision="").update(said=str(refusal.sentence)[:500])
    return done


def _held(row: ListRow, *, by) -> ListRow:
    allow(by, "reconcile")
    # Without what it names: that would be read as it was before the wait for the lock.
    rows = ListRow.objects.visible_to(by).select_for_update(of=("self",))
    now = rows.filter(pk=row.pk).first()
    if now is None:
        raise Refused(Refused.NOT_YOURS, _("This row is not within your reach."))
    return now


def _keep(row: ListRow) -> None:
    KeptDecision.objects.update_or_create(
        office=row.list.office, source=row.list.source, subject=row.subject,
        defaults={"mark": row.mark, "decision": row.decision, "reason": row.reason, "by": row.by,
                  "at": row.at},
    )  # fmt: skip


def _record(what: str, row: ListRow, *, by) -> None:
    firm = row.made or row.firm
    where = {"firm": firm} if firm else {"chain": f"list:{row.list_id}", "area": row.list.office}
    record(
        f"list.{what}", by=by, **where, list_source=row.list.source, name=row.name,
        list_decision=row.decision,
    )  # fmt: skip
