"""Taking a whole import back, while nothing was built on it."""

from datetime import date

from django.db import connection, transaction
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.audit.record import record
from core.errors import Refused
from core.imports.applying import BATCH, rewrite
from core.imports.models import AppliedRow, Import
from core.imports.staging import not_at_work
from core.jobs.acts import start_job
from core.jobs.kinds import Step, job
from core.ledger.models import Firm
from core.ledger.permits import allow, allow_in
from core.ledger.spells import Spell
from core.ledger.stages import Operation
from core.planner import count_anew

KIND = "firms_undo"
NAMED = 3  # firms in a refusal


@transaction.atomic
def take_back(one: Import, *, by, key) -> Import:
    """Have an applied import undone by a job. Raises Refused, naming what was built on it."""
    held = held_applied(one, by=by)
    not_at_work(held)
    _nothing_built_on(held)
    held.job = start_job(KIND, by=by, key=key, given={"import": held.pk}, words={"file": held.name})
    held.save(update_fields=["job"])
    return held


@job(
    KIND,
    label=gettext_lazy("List of firms taken back"),
    title=gettext_lazy("List of firms taken back: {file}"),
    verb="register",
    page=lambda given: Import(pk=given["import"]).get_absolute_url(),
)
def taken_back(work):
    """One step: everything or nothing."""
    one = Import.objects.get(pk=work.given["import"])
    yield Step(0, 1)
    if one.state == Import.State.APPLIED:
        on = timezone.localdate()
        yield Step(1, 1, {"done": 1}, lambda: undo(one, by=work.by, on=on))
    count_anew(Firm, Spell)


@transaction.atomic
def undo(one: Import, *, by, on: date) -> Import:
    """New firms leave the ledger, changed ones are as before. Raises Refused when something was
    built on it meanwhile."""
    held = held_applied(one, by=by)
    allow_in(by, "register", held.area)
    _restore(held, by=by, on=on)
    new = held.applied.filter(before__isnull=True)
    list(Firm.objects.filter(pk__in=new.values("firm_id")).select_for_update().values_list("pk"))
    _nothing_built_on(held, restored=True)
    ours = "(SELECT firm_id FROM core_appliedrow WHERE imported_id = %s AND before IS NULL)"
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM core_spell WHERE firm_id IN {ours}", [held.pk])
        cursor.execute(f"DELETE FROM core_firm WHERE id IN {ours}", [held.pk])
    held.state, held.undone_at = Import.State.UNDONE, timezone.now()
    held.save(update_fields=["state", "undone_at"])
    record(
        "import.undone", by=by, chain=f"import:{held.pk}", area=held.area, file=held.name,
        number=held.pk, new=held.counts.get("entered", 0), changed=held.counts.get("rewritten", 0),
    )  # fmt: skip
    return held


def held_applied(one: Import, *, by) -> Import:
    """An import that is in the ledger, held. Raises Refused for any other."""
    allow(by, "register")
    held = Import.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=one.pk).first()
    if held is None:
        raise Refused(Refused.NOT_YOURS, _("This is outside your area."))
    if held.state != Import.State.APPLIED:
        raise Refused(Refused.NOT_NOW, _("Only an import that is in the ledger can be taken back."))
    return held


def _nothing_built_on(one: Import, *, restored: bool = False) -> None:
    """Raises Refused when a firm was changed since, or anything names a firm that was new."""
    rows = AppliedRow.objects.filter(imported=one)
    new = rows.filter(before__isnull=True)
    asked = new if restored else rows
    versions = asked.filter(firm_id=OuterRef("pk")).values("version")[:1]
    firms = Firm.objects.filter(pk__in=asked.values("firm_id"))
    moved = firms.annotate(left=Subquery(versions)).exclude(version=F("left"))
    for spoiled in (moved, firms.filter(operation=Operation.CLOSED)):
        if names := list(spoiled.values_list("name", flat=True)[:NAMED]):
            raise _built(_("changed since"), names)
    for relation in Firm._meta.related_objects:
        if relation.related_model is Spell:
            continue
        name = f"{relation.field.name}__in"
        built = relation.related_model._base_manager.filter(**{name: new.values("firm_id")})
        found = built.values_list(f"{relation.field.name}__name", flat=True)[:NAMED]
        if names := list(found):
            raise _built(str(relation.related_model._meta.verbose_name), names)


def _built(what: str, names: list[str]) -> Refused:
    said = _("Something was built on this import, so it stays: %(what)s (%(firms)s).")
    return Refused(Refused.NOT_NOW, said % {"what": what, "firms": _(", ").join(dict.fromkeys(names))})


def _restore(one: Import, *, by, on: date) -> None:
    rows, last = one.applied.filter(before__isnull=False).order_by("pk"), 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        held = Firm.objects.held().order_by("pk").in_bulk([row.firm_id for row in batch])
        spoiled = [held[row.firm_id].name for row in batch
                   if held[row.firm_id].version != row.version
                   or held[row.firm_id].operation == Operation.CLOSED]  # fmt: skip
        if spoiled:
            raise _built(_("changed since"), spoiled[:NAMED])
        rewrite([(held[row.firm_id], row.before) for row in batch], by=by, on=on)
