"""From the upload of a list that is not of firms to its findings; and one row of it mended."""

import shutil

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.audit.record import record
from core.errors import Refused
from core.imports import staging
from core.imports.child import bare
from core.imports.kind_guidance import GUIDANCE
from core.imports.kind_judging import ListJudge, counts_of, judge_again
from core.imports.kind_mass import MASS
from core.imports.kind_members import MEMBERS
from core.imports.kind_table import KINDS, ROWS, ListKind, permitted
from core.imports.models import Import, StagedRow
from core.imports.reading import Reading
from core.jobs.kinds import Step, job

KIND = "list_read"


def page_of_import(given: dict) -> str:
    return Import.objects.get(pk=given["import"]).get_absolute_url()


def take_in(kind: ListKind, uploaded, *, name: str, key, by) -> Import:
    """Keep a file and have it read. Raises Refused while another list of the kind is under way."""
    permitted(kind, by)
    return staging.take_in(uploaded, name=name, key=key, by=by, kind=kind.code)


@job(
    KIND,
    label=gettext_lazy("List read"),
    title=gettext_lazy("List read: {file}"),
    verb="register",
    page=page_of_import,
)
def read_list(work):
    """Read the file, judge its rows, stage them. Done from the beginning whenever it is taken up."""
    yield from staging.read_by(_staged, work)


def _staged(one: Import, work):
    kind = KINDS[one.kind]
    permitted(kind, work.by)
    one.staged.all().delete()
    known = kind.headings_known() | one.mapping
    words = [word for word, code in known.items() if code]
    reading = Reading(staging.folder_of(one) / "file", work.folder, words=words, sheet=one.sheet)
    try:
        for _tick in reading.wait():
            yield Step(0, 0)
        about, rows = reading.about, []
        columns = _columns(kind, about["headings"], known)
        for chunk in reading.chunks():
            rows += chunk
            if len(rows) > ROWS:
                raise Refused(Refused.BAD_INPUT, _("The file has more than %(rows)d rows. Send it in "
                                                   "several files.") % {"rows": ROWS})  # fmt: skip
            yield Step(0, 0)
    finally:
        reading.close()
    judge = ListJudge(kind, work.by, on=timezone.localdate())
    for done, (number, cells) in enumerate(rows, 1):
        said = {code: cells[at] for at, code in enumerate(columns) if code}
        if made := judge.judge(number, said):
            made.imported = one
            made.save()
        yield Step(done, len(rows))
    one.sheet, one.sheets, one.headings = about["sheet"], about["sheets"], about["headings"]
    one.mapping = one.mapping | {
        bare(h): c for h, c in zip(about["headings"], columns, strict=True) if h
    }
    one.counts = counts_of(one) | {"totals": judge.totals}
    one.state = Import.State.JUDGED
    total = max(len(rows), 1)
    yield Step(total, total, {"done": total}, lambda: staging.tell(one))


def _columns(kind: ListKind, headings: list[str], known: dict[str, str]) -> list[str]:
    """The column of each heading, "" for those left aside; the first of two that claim one has it."""
    columns = []
    for heading in headings:
        code = known.get(bare(heading), "")
        columns.append("" if code in columns or not kind.column(code) else code)
    if lacking := [str(c.heading) for c in kind.columns if c.needed and c.code not in columns]:
        raise Refused(
            Refused.BAD_INPUT,
            _("Columns are missing: %(columns)s. Add them to the file, or take the template.")
            % {"columns": _(", ").join(lacking)},
        )
    return columns


@transaction.atomic
def mend(one: Import, number: int, sent: dict[str, str], *, by, on) -> Import:
    """Judge a row again with other cells. Raises Refused once the import is over."""
    held = staging.running(one, by=by)
    kind = KINDS[held.kind]
    permitted(kind, by)
    staging.not_at_work(held)
    if held.state != Import.State.JUDGED:
        raise Refused(Refused.NOT_NOW, _("This file has not been read yet."))
    try:
        judge_again(kind, held, number, sent, by=by, on=on)
    except StagedRow.DoesNotExist:
        raise Refused(Refused.FASTER, _("This row is not there any more. Look at the list.")) from None
    return held


@transaction.atomic
def drop(one: Import, *, by) -> Import:
    """Give up a list that was not brought in."""
    held = staging.running(one, by=by)
    kind = KINDS[held.kind]
    permitted(kind, by)
    held.state = Import.State.DROPPED
    held.save(update_fields=["state"])
    forget(kind, held)
    record("import.list_dropped", by=by, chain=f"import:{held.pk}", area=held.area, file=held.name,
           table=kind.code)  # fmt: skip
    return held


def forget(kind: ListKind, one: Import) -> None:
    """The rows and the file of a private list do not stay behind once it is over."""
    if kind.private:
        one.staged.all().delete()
        transaction.on_commit(lambda: shutil.rmtree(staging.folder_of(one), ignore_errors=True))


for _kind in (MASS, MEMBERS, GUIDANCE):
    staging.READ_BY[_kind.code] = KIND
