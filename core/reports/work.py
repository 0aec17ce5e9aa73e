"""Making a table: a small one while its reader waits, a long one as a job that tells how far it is."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core.jobs.acts import start_job
from core.jobs.kinds import Result, Step, job
from core.jobs.models import Job
from core.ledger.permits import allow
from core.reports import copies, making
from core.reports.asked import Asked, from_json
from core.reports.layouts import VERB, Layout, kept_layout, layout_of
from core.reports.tables import Report

KIND = "report_table"


class Made(NamedTuple):
    """A finished file, and what was read for it."""

    name: str
    content_type: str
    content: bytes
    gathered: making.Gathered


def layout_for(asked: Asked, by) -> Layout:
    """The layout of a person's office in the language of the table."""
    with translation.override(asked.language):
        return layout_of(asked.report, kept_layout(by, asked.report), place=asked.place)


def is_long(asked: Asked) -> bool:
    """Whether the table takes so long that a job makes it. Raises Refused: too long for a PDF."""
    return making.check(asked) > making.SMALL[asked.form]


def made_now(asked: Asked, *, by, frozen: bool = False) -> Made:
    """The file of a small table. Raises Refused and PaperError."""
    allow(by, VERB)
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=settings.VAR_DIR) as folder:
        layout, path = layout_for(asked, by), Path(folder) / f"table.{asked.form}"
        with translation.override(asked.language):
            gathered = making.gather(asked, layout, path.parent, frozen=frozen)
        for _done in making.write(asked, layout, gathered, path):
            pass
        name = making.name_of(asked, layout)
        return Made(name, making.TYPES[asked.form], path.read_bytes(), gathered)


def start(asked: Asked, *, by, key, frozen: dict | None = None) -> Job:
    """Have a long table made. `frozen`: to whom it is reported and for what. Raises Refused."""
    given = asked.as_json() | {"frozen": frozen, "key": str(key)}
    words = {"table": str(Report(asked.report).label), "place": asked.place,
             "day": asked.on.isoformat()}  # fmt: skip
    return start_job(KIND, by=by, key=key, given=given, words=words, area=asked.area)


def _copy_page(given: dict) -> str:
    return reverse("reports:copy", args=[given["key"]]) if given["frozen"] else ""


@job(KIND, label=_("Report table"), title=_("{table}, {place}, {day}"), verb=VERB, page=_copy_page)
def make_table(work):
    """The steps of the job: read the rows in one moment, write them out, keep the copy if asked."""
    frozen = work.given["frozen"]
    asked = from_json(work.given)
    every = making.check(asked)
    yield Step(0, every)
    layout = layout_for(asked, work.by)
    with translation.override(asked.language):
        gathered = making.gather(asked, layout, work.folder, frozen=bool(frozen))
        name = making.name_of(asked, layout)
    path = work.folder / f"table.{asked.form}"
    for done in making.write(asked, layout, gathered, path):
        yield Step(min(done, gathered.many), gathered.many)
    made = Made(name, making.TYPES[asked.form], b"", gathered)
    keep = None if work.checkpoint else lambda: _keep(asked, work, made, path)
    yield Step(gathered.many, gathered.many, {"kept": True}, keep)
    return None if frozen else Result(path, name, made.content_type)


def _keep(asked: Asked, work, made: Made, path: Path) -> None:
    frozen = work.given["frozen"]
    if frozen:
        keep_copy(asked, made._replace(content=path.read_bytes()), by=work.by,
                  key=UUID(work.given["key"]), **frozen)  # fmt: skip
    else:
        copies.count_saved(asked, by=work.by, many=made.gathered.many)


def keep_copy(asked: Asked, made: Made, *, by, key, whom: str, reason: str):
    """Freeze a finished file. Raises Refused."""
    return copies.freeze(
        asked, by=by, key=key, whom=whom, reason=reason, name=made.name,
        content_type=made.content_type, content=made.content,
        digest=making.digest_of(made.content), gathered=made.gathered,
    )  # fmt: skip
