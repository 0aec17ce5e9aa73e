"""From the upload to the findings: the file is kept, read and judged by a job, shown when all is."""

import hashlib
import shutil
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.audit.record import record
from core.errors import Refused
from core.imports.child import bare
from core.imports.fields import headings_known
from core.imports.judging import Judge
from core.imports.models import Import, StagedRow
from core.imports.reading import Reading, look_at
from core.imports.rows import AT_ONCE, write_rows
from core.jobs.acts import start_job
from core.jobs.kinds import Step, job
from core.ledger.permits import allow
from core.planner import count_anew

KIND = "firms_read"
READ_BY = {"firms": KIND}  # kind of list → the job that reads it
STAGED = ("imported_id", "row", "verdict", "warned", "firm_id", "version", "values", "findings")


def folder_of(one: Import) -> Path:
    """Where an import's file lies until the office sends the next one."""
    return Path(settings.MEDIA_ROOT) / "imports" / str(one.key)


@transaction.atomic
def take_in(uploaded, *, name: str, key, by, kind: str = "firms") -> Import:
    """Keep a file and have it read. Raises Refused while another import of the office runs."""
    allow(by, "register")
    running = Import.objects.filter(kind=kind, area=by.area, state__in=Import.RUNNING)
    one = Import(key=key, kind=kind, area=by.area, by=by, name=name[:200])
    path = folder_of(one) / "file"
    path.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for part in uploaded.chunks():
            digest.update(part)
            file.write(part)
    one.digest, one.mapping = digest.hexdigest(), remembered(by.area, kind)
    try:
        look_at(path)
        with transaction.atomic():
            one.save(force_insert=True)
    except IntegrityError as clash:
        shutil.rmtree(path.parent)
        other = running.select_related("by").first()
        if other is None:
            raise
        raise Refused(
            Refused.NOT_NOW,
            _("%(name)s is bringing in “%(file)s” for your office. Finish that import, or give it up, "
              "before another one begins.") % {"name": other.by.name, "file": other.name},
        ) from clash  # fmt: skip
    except Refused:
        shutil.rmtree(path.parent)
        raise
    _prune(one)
    return _begin(one, by=by, key=key)


def remembered(area: str, kind: str = "firms") -> dict:
    """What the office said last about headings that we did not know."""
    last = Import.objects.filter(kind=kind, area=area).exclude(mapping={}).first()
    return last.mapping if last else {}


def _prune(one: Import) -> None:
    """The rows and files of the office's earlier imports; what was applied is on record."""
    earlier = Import.objects.filter(kind=one.kind, area=one.area).exclude(pk=one.pk)
    StagedRow.objects.filter(imported__in=earlier).delete()
    for old in earlier[:20]:
        shutil.rmtree(folder_of(old), ignore_errors=True)


def _begin(one: Import, *, by, key) -> Import:
    given = {"import": one.pk}
    one.job = start_job(READ_BY[one.kind], by=by, key=key, given=given, words={"file": one.name})
    one.state = Import.State.UPLOADED
    one.save()
    return one


@transaction.atomic
def read_again(one: Import, *, mapping: dict, sheet: str, by, key) -> Import:
    """Read a file anew with other headings or another sheet. Raises Refused once it is over."""
    held = running(one, by=by)
    held.mapping = held.mapping | mapping
    held.sheet = sheet if sheet in held.sheets else held.sheet
    return _begin(held, by=by, key=key)


@transaction.atomic
def drop(one: Import, *, by) -> Import:
    """Give up an import that was not applied. Nothing of it was in the ledger."""
    held = running(one, by=by)
    held.state = Import.State.DROPPED
    held.save(update_fields=["state"])
    record("import.dropped", by=by, chain=f"import:{held.pk}", area=held.area, file=held.name)
    return held


def running(one: Import, *, by) -> Import:
    """The import as it is now, held until the transaction ends. Raises Refused when it is over."""
    allow(by, "register")
    held = Import.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=one.pk).first()
    if held is None:
        raise Refused(Refused.NOT_YOURS, _("This is outside your area."))
    if held.state not in Import.RUNNING:
        raise Refused(Refused.NOT_NOW, _("This import is over."))
    return held


@job(
    KIND,
    label=gettext_lazy("List of firms read"),
    title=gettext_lazy("List of firms read: {file}"),
    verb="register",
    page=lambda given: Import(pk=given["import"]).get_absolute_url(),
)
def read_and_judge(work):
    """Read the file, judge its rows, stage them. Done from the beginning whenever it is taken up."""
    yield from read_by(_staged, work)


def read_by(staged, work):
    """The steps of a job that reads a file; a refusal ends the import and is told on its page."""
    one = Import.objects.get(pk=work.given["import"])
    if one.state != Import.State.UPLOADED:
        return
    try:
        yield from staged(one, work)
    except Refused as refusal:
        one.state, one.error = Import.State.FAILED, refusal.sentence
        yield Step(1, 1, {"done": 1}, lambda: tell(one))


def _staged(one: Import, work):
    StagedRow.objects.filter(imported=one).delete()
    known = headings_known() | one.mapping
    words = [word for word, code in known.items() if code]
    reading = Reading(folder_of(one) / "file", work.folder, words=words, sheet=one.sheet)
    try:
        for _tick in reading.wait():
            yield Step(0, 0)
        about = reading.about
        columns = assigned(about["headings"], known)
        judge = Judge(work.by, columns, on=timezone.localdate())
        total, staged, done = max(1, about["rows"] - about["row"]), [], 0
        for chunk in reading.chunks():
            staged += [(one.pk, *row) for row in judge.judge(chunk)]
            done += len(chunk)
            if len(staged) >= AT_ONCE:
                write_rows(StagedRow, STAGED, staged)
                staged = []
            yield Step(min(done, total), total)
        write_rows(StagedRow, STAGED, staged)
    finally:
        reading.close()
    count_anew(StagedRow)
    one.sheet, one.sheets, one.headings = about["sheet"], about["sheets"], about["headings"]
    one.mapping = one.mapping | {
        bare(h): c for h, c in zip(about["headings"], columns, strict=True) if h
    }
    one.counts, one.state = dict(judge.counts), Import.State.JUDGED
    yield Step(max(total, 1), max(total, 1), {"done": done}, lambda: tell(one))


def assigned(headings: list[str], known: dict[str, str]) -> list[str]:
    """The field of each column, "" for those left aside; the first of two that claim a field has it.
    Raises Refused without a column of credit codes."""
    columns, taken = [], set()
    for heading in headings:
        code = known.get(bare(heading), "")
        columns.append("" if code in taken else code)
        taken.add(code)
    if "credit_code" not in taken:
        raise Refused(Refused.BAD_INPUT, _("The column of the credit codes is missing."))
    return columns


def not_at_work(held: Import) -> None:
    """Raises Refused while a job of the import runs."""
    if held.job and not held.job.over:
        raise Refused(Refused.NOT_NOW, _("The desk is at work on this import. Wait until it is done."))


def tell(one: Import) -> None:
    """Written with the job's last step, unless somebody gave the import up meanwhile."""
    held = Import.objects.select_for_update(of=("self",)).get(pk=one.pk)
    if held.state == Import.State.UPLOADED:
        one.save(
            update_fields=["sheet", "sheets", "headings", "mapping", "counts", "state", "error"]
        )  # fmt: skip
