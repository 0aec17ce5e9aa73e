"""Bringing a judged list that is not of firms into the ledger: each row through the act of its room,
all in one transaction."""

import hashlib
import json
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.audit.record import record
from core.errors import Refused
from core.imports.applying import begin, refuse_unapplicable
from core.imports.kind_judging import WRITES, ListJudge
from core.imports.kind_staging import forget, page_of_import
from core.imports.kind_table import KINDS, Notes, permitted
from core.imports.models import AppliedRow, Import
from core.imports.staging import running
from core.imports.verdicts import Verdict
from core.jobs.kinds import Step, job
from core.ledger.permits import allow_in

KIND = "list_import"


@transaction.atomic
def carry_out(one: Import, *, leave_out: bool, by, key) -> Import:
    """Have a judged list applied by a job; see `applying.carry_out`. Raises Refused."""
    held = running(one, by=by)
    permitted(KINDS[held.kind], by)
    return begin(KIND, held, leave_out=leave_out, by=by, key=key)


@job(
    KIND,
    label=gettext_lazy("List brought in"),
    title=gettext_lazy("List brought in: {file}"),
    verb="register",
    page=page_of_import,
)
def bring_in(work):
    """One step: everything, with the job's checkpoint, or nothing."""
    one = Import.objects.get(pk=work.given["import"])
    yield Step(0, 1)
    if one.state == Import.State.JUDGED:
        on, leave_out = timezone.localdate(), work.given["leave_out"]
        yield Step(1, 1, {"done": 1}, lambda: apply(one, by=work.by, on=on, leave_out=leave_out))


@transaction.atomic
def apply(one: Import, *, by, on: date, leave_out: bool) -> Import:
    """Do what the rows say. Raises Refused, naming the row, when one no longer does what it did when
    it was looked at."""
    held = running(one, by=by)
    kind = KINDS[held.kind]
    permitted(kind, by)
    allow_in(by, "register", held.area)
    refuse_unapplicable(held, leave_out)
    digest, have = hashlib.sha256(), {Verdict.NEW.value: 0, Verdict.CHANGED.value: 0}
    look = ListJudge(kind, by, on=on).look
    for staged in held.staged.filter(verdict__in=WRITES).order_by("row"):
        made, before, firm = _one(kind, staged, look)
        said = json.dumps(staged.values, ensure_ascii=False)
        digest.update(f"{staged.verdict} {said}\n".encode())
        AppliedRow.objects.create(
            imported=held, firm_id=firm.pk if firm else 0, version=1, before=before,
            after={"made": made.pk, "digest": digest_of(made)},
        )  # fmt: skip
        have[staged.verdict] += 1
    held.state, held.applied_at, held.applied_by = Import.State.APPLIED, timezone.now(), by
    held.counts |= {"entered": have[Verdict.NEW.value], "rewritten": have[Verdict.CHANGED.value]}
    held.rows_digest = digest.hexdigest()
    held.save()
    forget(kind, held)
    record(
        "import.list_applied", by=by, chain=f"import:{held.pk}", area=held.area, file=held.name,
        number=held.pk, table=kind.code, new=held.counts["entered"], digest=held.rows_digest,
        changed=held.counts["rewritten"], left_out=held.counts.get(Verdict.ERROR, 0),
    )  # fmt: skip
    return held


def _one(kind, staged, look):
    """Carry one row out: the entry, what it was before if it was there, and its firm."""
    notes, row = Notes(), kind.row(staged.values)
    said = _("Row %(row)d: %(said)s Nothing was written. Have the file read again to see what it "
             "would do now.")  # fmt: skip
    matched = kind.match(row, look, notes)
    verdict = "" if notes.bad else str(kind.judge(row, matched, look, notes))
    if notes.bad or verdict != staged.verdict:
        why = next((s for _c, s, wrong in notes.said if wrong), _("the ledger changed since."))
        raise Refused(Refused.FASTER, said % {"row": staged.row, "said": why})
    try:
        made, before = kind.carry_out(row, matched, look)
    except Refused as refusal:
        words = {"row": staged.row, "said": refusal.sentence}
        raise Refused(refusal.code, said % words) from refusal
    return made, before, matched.get("firm")


def digest_of(entry) -> str:
    """Tells whether an entry is still as the import left it, without keeping what it says."""
    entry = type(entry)._base_manager.get(pk=entry.pk)
    said = [str(getattr(entry, field.attname)) for field in entry._meta.concrete_fields]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()
