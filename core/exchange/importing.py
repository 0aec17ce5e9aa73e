"""Reading a file into the register, in the background: some rows at a time, each through the same
door as the form; a row that is refused is told so, and the others go on."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from core.accounts.models import Area, SendingUnit
from core.audit.models import Event
from core.audit.record import record
from core.errors import Refused
from core.exchange.judging import CHANGED, NEW, PROBLEM, SAME, Judged, judge
from core.exchange.models import Sheet
from core.exchange.register import COLUMNS
from core.exchange.writing import XLSX, outcomes
from core.jobs.acts import start_job
from core.jobs.files import replace
from core.jobs.kinds import Result, Step, job
from core.jobs.models import Job
from core.ledger.permits import allow
from core.people.entries import Came, change_instructor, record_instructor
from core.people.history import EntryVersion
from core.people.models import Instructor
from core.people.standing import Standing
from core.planner import count_anew

KIND = "register_import"
WRITTEN = (Instructor, Instructor.further_areas.through, EntryVersion, Standing, SendingUnit, Event)
BATCH = 20  # rows in one transaction: what a death costs
REFUSED = "refused"
OUTCOMES = {
    NEW: gettext_lazy("recorded"),
    CHANGED: gettext_lazy("changed"),
    SAME: gettext_lazy("nothing to change"),
    PROBLEM: gettext_lazy("left out"),
    REFUSED: gettext_lazy("refused"),
}


@transaction.atomic
def keep_sheet(read, *, name: str, key, by) -> Sheet:
    """Keep what was read from a file, to be looked at and carried out. Sent twice, it is kept once."""
    allow(by, "register")
    given = {"by": by, "name": name[:200], "rows": read.rows, "left_out": read.left_out[:20]}
    return Sheet.objects.get_or_create(key=key, defaults=given)[0]


@transaction.atomic
def carry_out(sheet: Sheet, *, by, key) -> Job:
    """Have a file read into the register. Whoever asks again gets the job that is at it."""
    allow(by, "register")
    held = Sheet.objects.visible_to(by).select_for_update(of=("self",)).get(pk=sheet.pk)
    if held.job:
        return held.job
    if not any(one.verdict in (NEW, CHANGED) for one in judge(held.rows, by)):
        raise Refused(
            Refused.NOT_NOW,
            _("There is nothing to write: every row is as on record, or has a problem."),
        )
    held.job = start_job(
        KIND, by=by, key=key, given={"sheet": held.pk}, words={"file": held.name}
    )  # fmt: skip
    held.save(update_fields=["job"])
    record("register.read_in", by=by, area=by.area, file=held.name, count=len(held.rows))
    return held.job


@job(
    KIND,
    label=gettext_lazy("Register read from Excel"),
    title=gettext_lazy("Register read from {file}"),
    verb="register",
)
def read_in(work):
    """The steps of the job: a batch of rows each, with what came of it in the same transaction."""
    sheet = Sheet.objects.get(pk=work.given["sheet"])
    judged = judge(sheet.rows, work.by)
    done, every = work.checkpoint.get("done", 0), len(judged)
    if not work.checkpoint:
        yield Step(0, every, {"done": 0})
    while done < every:
        some = judged[done : done + BATCH]
        done += len(some)
        yield Step(done, every, {"done": done}, lambda some=some: _write(sheet, some, by=work.by))
    count_anew(*WRITTEN)
    sheet.refresh_from_db()
    path = work.folder / "outcome.xlsx"
    replace(path, outcomes(COLUMNS, list(told(sheet))))
    stem = sheet.name.rpartition(".")[0] or sheet.name
    return Result(path, f"{stem}-{_('What came of it')}.xlsx", XLSX)


def told(sheet: Sheet):
    """Each row of a file that was carried out: number, cells, outcome, sentence."""
    for row in sheet.rows:
        outcome, sentence = sheet.outcomes.get(str(row["row"]), ["", ""])
        yield row["row"], row["cells"], str(OUTCOMES.get(outcome, "")), sentence


def _write(sheet: Sheet, some: list[Judged], *, by) -> None:
    held = Sheet.objects.select_for_update().get(pk=sheet.pk)
    for one in some:
        held.outcomes[str(one.row)] = _write_one(one, by=by)
    held.save(update_fields=["outcomes"])


def _write_one(one: Judged, *, by) -> list[str]:
    """What came of a row, and the sentence for it. A refused one leaves nothing half written."""
    if one.verdict == PROBLEM:
        return [PROBLEM, " ".join(_told(problem) for problem in one.problems)]
    if one.verdict == SAME:
        return [SAME, ""]
    try:
        with transaction.atomic():
            _put(one, by=by)
    except Refused as refusal:
        return [REFUSED, refusal.sentence]
    except IntegrityError:
        return [REFUSED, _("Somebody wrote the same at this moment. Send the file again.")]
    except Instructor.DoesNotExist:
        return [REFUSED, _("The entry is not within your reach any more.")]
    return [one.verdict, "; ".join(f"{what}: {now} → {then}" for what, now, then in one.changes)]


def _put(one: Judged, *, by) -> None:
    values = {name: value for name, value in one.values.items() if name != "number"}
    if "further_areas" in values:
        values["further_areas"] = list(Area.objects.filter(code__in=values["further_areas"]))
    if one.pk is None:
        record_instructor(by=by, on=timezone.localdate(), came=Came.IMPORTED, **values)
    else:
        values.pop("full_member", None)
        entry = Instructor.objects.get(pk=one.pk)
        change_instructor(entry, by=by, came=Came.IMPORTED, **values)


def _told(problem: tuple[str, str]) -> str:
    heading, sentence = problem
    said = pgettext("column and what is wrong with it", "%(column)s: %(said)s")
    return said % {"column": heading, "said": sentence} if heading else sentence


def forget(before) -> int:
    """Remove the rows of files that were sent before a moment: they hold people's data, and what was
    taken over is in the register. Files of jobs that are not over stay."""
    old = Sheet.objects.filter(at__lt=before).exclude(job__in=Job.objects.not_over())
    return old.delete()[0]
