"""Taking a list that is not of firms back, while nothing was built on it."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.audit.record import record
from core.errors import Refused
from core.imports.kind_applying import digest_of
from core.imports.kind_staging import page_of_import
from core.imports.kind_table import KINDS, ListKind, permitted
from core.imports.models import AppliedRow, Import
from core.imports.staging import not_at_work
from core.imports.undoing import held_applied
from core.jobs.acts import start_job
from core.jobs.kinds import Step, job
from core.ledger.models import Firm
from core.ledger.permits import allow_in, locked

KIND = "list_undo"


@transaction.atomic
def take_back(one: Import, *, by, key) -> Import:
    """Have a list that was brought in undone by a job. Raises Refused, saying what was built on it."""
    held = held_applied(one, by=by)
    kind = KINDS[held.kind]
    permitted(kind, by)
    not_at_work(held)
    for row in held.applied.all():
        _as_it_was_left(kind, row)
    held.job = start_job(KIND, by=by, key=key, given={"import": held.pk}, words={"file": held.name})
    held.save(update_fields=["job"])
    return held


@job(
    KIND,
    label=gettext_lazy("List taken back"),
    title=gettext_lazy("List taken back: {file}"),
    verb="register",
    page=page_of_import,
)
def taken_back(work):
    """One step: everything or nothing."""
    one = Import.objects.get(pk=work.given["import"])
    yield Step(0, 1)
    if one.state == Import.State.APPLIED:
        on = timezone.localdate()
        yield Step(1, 1, {"done": 1}, lambda: undo(one, by=work.by, on=on))


@transaction.atomic
def undo(one: Import, *, by, on: date) -> Import:
    """New entries are gone, changed ones as before. Raises Refused when something was built on one."""
    held = held_applied(one, by=by)
    kind = KINDS[held.kind]
    permitted(kind, by)
    allow_in(by, "register", held.area)
    for row in held.applied.order_by("-pk"):
        firm = Firm.objects.filter(pk=row.firm_id).first()
        if firm:
            firm = locked(firm, by=by, verb=kind.verb)
        kind.take_back(_as_it_was_left(kind, row), row.before, by=by, on=on)
        if firm:
            record("import.row_undone", by=by, firm=firm, number=held.pk, table=kind.code)
    held.state, held.undone_at = Import.State.UNDONE, timezone.now()
    held.save(update_fields=["state", "undone_at"])
    record(
        "import.list_undone", by=by, chain=f"import:{held.pk}", area=held.area, file=held.name,
        number=held.pk, table=kind.code, new=held.counts.get("entered", 0),
        changed=held.counts.get("rewritten", 0),
    )  # fmt: skip
    return held


def _as_it_was_left(kind: ListKind, row: AppliedRow):
    """The entry, held. Raises Refused when it was changed since, or when something names it."""
    rows = kind.model._base_manager.select_for_update(of=("self",))
    entry = rows.filter(pk=row.after["made"]).first()
    if entry is None or digest_of(entry) != row.after["digest"]:
        raise _built(_("an entry was changed since"), row)
    for relation in kind.model._meta.related_objects:
        if relation.related_model._base_manager.filter(**{relation.field.name: entry}).exists():
            raise _built(str(relation.related_model._meta.verbose_name), row)
    return entry


def _built(what: str, row: AppliedRow) -> Refused:
    name = Firm.objects.filter(pk=row.firm_id).values_list("name", flat=True).first() or "–"
    said = _("Something was built on this import, so it stays: %(what)s (%(firms)s).")
    return Refused(Refused.NOT_NOW, said % {"what": what, "firms": name})
