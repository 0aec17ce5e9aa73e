"""Bringing a judged list into the ledger in one transaction; whoever kills it leaves nothing half."""

import hashlib
import json
from datetime import date
from operator import itemgetter

from django.db import IntegrityError, transaction
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.audit.record import record
from core.errors import Refused
from core.figures.keeping import keep
from core.imports.fields import FIELDS, PLACE
from core.imports.judging import COMPARED, kept
from core.imports.models import AppliedRow, Import, StagedRow
from core.imports.rows import AT_ONCE, change_rows, new_keys, write_rows
from core.imports.staging import not_at_work, running
from core.imports.verdicts import Verdict
from core.jobs.acts import start_job
from core.jobs.kinds import Step, job
from core.ledger.acts import WHEN_REHOUSED
from core.ledger.models import Firm
from core.ledger.names import searchable
from core.ledger.permits import allow_in
from core.ledger.spells import Spell, begin_spells, note_many
from core.ledger.stages import Operation, Stage
from core.planner import count_anew

KIND = "firms_import"
BATCH = 2000
COLUMNS = [field.column for field in Firm._meta.concrete_fields if field.column != "id"]
ATTNAME = {code: "line_id" if code == "line" else code for code in COMPARED}
EMPTY = {
    "above_scale": False, "seasonal": False, "operation": Operation.OPERATING.value, "version": 1,
    "stage": Stage.BLANK.value,
    "trade": "", "owner_name": "", "contact_name": "", "contact_phone": "", "address": "",
    "languages": "",
}  # fmt: skip
CHANGING = [*ATTNAME.values(), "pinyin", "initials", "version"]
# What a new firm's row holds: the fields of the file, but for its stage; what follows from them; and
# what every new firm has.
NAMES = [ATTNAME.get(field.code, "") for field in FIELDS]
FOLLOWS = ("pinyin", "initials", "county", "stage_since")
HELD = [name for name in COLUMNS if name not in NAMES and name not in FOLLOWS]
REST = [EMPTY.get(name) for name in HELD]
TABLE = itemgetter(*map([*NAMES, *FOLLOWS, *HELD].index, COLUMNS))
APPLIED = ("imported_id", "firm_id", "version", "before", "after")


@transaction.atomic
def carry_out(one: Import, *, leave_out: bool, by, key) -> Import:
    """Have a judged import applied by a job. With `leave_out` its rows with errors are left out;
    without, one such row stops it. Raises Refused with what stands in the way."""
    return begin(KIND, running(one, by=by), leave_out=leave_out, by=by, key=key)


def begin(job_kind: str, held: Import, *, leave_out: bool, by, key) -> Import:
    """Start the job that applies an import, which is held. Raises Refused."""
    not_at_work(held)
    if held.state != Import.State.JUDGED:
        raise Refused(Refused.NOT_NOW, _("This file has not been read yet."))
    refuse_unapplicable(held, leave_out)
    given = {"import": held.pk, "leave_out": leave_out}
    held.job = start_job(job_kind, by=by, key=key, given=given, words={"file": held.name})
    held.save(update_fields=["job"])
    return held


def refuse_unapplicable(one: Import, leave_out: bool) -> None:
    """Raises Refused when rows have errors that nobody left out, or when no row would do anything."""
    wrong = one.counts.get(Verdict.ERROR, 0)
    if wrong and not leave_out:
        raise Refused(
            Refused.NOT_NOW,
            _("%(rows)d rows have errors. Mend them in the file and send it again, or say that they "
              "are to be left out.") % {"rows": wrong},
        )  # fmt: skip
    if not (one.counts.get(Verdict.NEW) or one.counts.get(Verdict.CHANGED)):
        raise Refused(Refused.NOT_NOW, _("Nothing in this file would change the ledger."))


@job(
    KIND,
    label=gettext_lazy("List of firms brought in"),
    title=gettext_lazy("List of firms brought in: {file}"),
    verb="register",
    page=lambda given: Import(pk=given["import"]).get_absolute_url(),
)
def bring_in(work):
    """One step: everything, with the job's checkpoint, or nothing."""
    one = Import.objects.get(pk=work.given["import"])
    total = max(1, one.counts.get(Verdict.NEW, 0) + one.counts.get(Verdict.CHANGED, 0))
    yield Step(0, total)
    if one.state == Import.State.JUDGED:
        on, leave_out = timezone.localdate(), work.given["leave_out"]
        yield Step(total, total, {"done": total},
                   lambda: apply(one, by=work.by, on=on, leave_out=leave_out))  # fmt: skip
    count_anew(Firm, Spell, AppliedRow)
    keep(timezone.localdate())  # or the next who asks for figures would wait for it


@transaction.atomic
def apply(one: Import, *, by, on: date, leave_out: bool) -> Import:
    """Write what an import would do. Raises Refused when the ledger changed since it was judged."""
    held = running(one, by=by)
    allow_in(by, "register", held.area)
    refuse_unapplicable(held, leave_out)
    digest = hashlib.sha256()
    try:
        with transaction.atomic():
            new = _enter(held, by=by, on=on, digest=digest)
            changed = _change(held, by=by, on=on, digest=digest)
    except IntegrityError as clash:
        raise _meanwhile() from clash
    held.state, held.applied_at, held.applied_by = Import.State.APPLIED, timezone.now(), by
    held.counts |= {"entered": new, "rewritten": changed}
    held.rows_digest = digest.hexdigest()
    held.save()
    record(
        "import.applied", by=by, chain=f"import:{held.pk}", area=held.area, file=held.name,
        number=held.pk, new=new, changed=changed, left_out=held.counts.get(Verdict.ERROR, 0),
        digest=held.rows_digest,
    )  # fmt: skip
    return held


def _meanwhile(name: str = "") -> Refused:
    said = _(
        "The ledger changed since this file was read: %(firm)s. Nothing was written. Have the file "
        "read again to see what it would do now."
    )
    return Refused(Refused.FASTER, said % {"firm": name or _("another entry has one of its codes")})


def _batches(one: Import, verdict: Verdict, *, at_once: int = BATCH):
    """Row, firm, version, values, and the values as the JSON in which they are kept."""
    rows = StagedRow.objects.filter(imported=one, verdict=verdict).order_by("row")
    rows = rows.annotate(said=Cast("values", TextField()))
    last = 0
    while batch := list(
        rows.filter(row__gt=last).values_list("row", "firm_id", "version", "said")[:at_once]
    ):
        yield [(*row, json.loads(row[3])) for row in batch]
        last = batch[-1][0]


def _enter(one: Import, *, by, on: date, digest) -> int:
    """New firms enter as `register` enters them: without a stage, in operation, from this day."""
    have = 0
    for batch in _batches(one, Verdict.NEW, at_once=AT_ONCE):
        keys = new_keys(Firm, len(batch))
        write_rows(Firm, ["id", *COLUMNS], _firms(keys, batch, by=by, on=on.isoformat()))
        applied = [(one.pk, key, 1, None, row[3]) for key, row in zip(keys, batch, strict=True)]
        digest.update("".join([f"new {row[3]}\n" for row in batch]).encode())
        write_rows(AppliedRow, APPLIED, applied)
        have += len(batch)
    if have:
        begin_spells(AppliedRow.objects.filter(imported=one, before__isnull=True), on=on)
    return have


def _firms(keys, batch, *, by, on: str) -> list[tuple]:
    """New firms as rows of the table, in the order of COLUMNS after the key."""
    firms, at_area = [], PLACE["area"]
    for key, (*_row, values) in zip(keys, batch, strict=True):
        area = values[at_area]
        if not area.startswith(by.area):
            raise Refused(Refused.NOT_YOURS, _("This is outside your area."))
        given = [EMPTY.get(name) if v is None else v for name, v in zip(NAMES, values, strict=True)]
        pinyin, initials = searchable(values[PLACE["name"]])
        firms.append((key, *TABLE((*given, pinyin, initials, area[:6], on, *REST))))
    return firms


def _entry(values: list) -> dict:
    """What a row says of a firm, by the names of the table's columns; nothing of a stage."""
    return {
        ATTNAME[field.code]: value
        for field, value in zip(FIELDS, values, strict=True)
        if value is not None and field.code != "stage"
    }


def _change(one: Import, *, by, on: date, digest) -> int:
    have = 0
    for batch in _batches(one, Verdict.CHANGED):
        wanted = [firm for _row, firm, _version, _said, _values in batch]
        held = Firm.objects.visible_to(by).held().order_by("pk").in_bulk(wanted)
        applied = []
        for _row, pk, version, _said, values in batch:
            firm = held.get(pk)
            if firm is None or firm.version != version or firm.operation == Operation.CLOSED:
                raise _meanwhile(firm.name if firm else values[PLACE["name"]] or str(pk))
            before, after = {}, {}
            for name, value in _entry(values).items():
                if (now := kept(getattr(firm, name))) != value:
                    before[name], after[name] = now, value
            said = json.dumps(after, ensure_ascii=False)
            digest.update(f"changed {firm.credit_code} {said}\n".encode())
            applied.append((one.pk, pk, version + 1, json.dumps(before, ensure_ascii=False), said))
            held[pk] = (firm, after)
        rewrite(held.values(), by=by, on=on)
        write_rows(AppliedRow, APPLIED, applied)
        have += len(batch)
    return have


def rewrite(firms, *, by, on: date) -> None:
    """Write new values into firms that are held: (firm, values by column), spells and copies too."""
    rows, rehoused = [], []
    for firm, values in firms:
        if {"area", "line_id"} & values.keys():
            rehoused.append(firm)
        for name, value in values.items():
            field = Firm._meta.get_field(name.removesuffix("_id"))
            setattr(firm, name, value if name == "line_id" else field.to_python(value))
        if "name" in values:
            firm.pinyin, firm.initials = searchable(firm.name)
        firm.version += 1
        rows.append((*(getattr(firm, name) for name in CHANGING), firm.pk))
    change_rows(Firm, CHANGING, [tuple(map(_storable, row)) for row in rows])
    note_many([firm for firm, _values in firms], on=on)
    for firm in rehoused:
        for follow in WHEN_REHOUSED:
            follow(firm, by=by)


def _storable(value):
    return value if value is None or isinstance(value, bool | int | str) else str(value)
