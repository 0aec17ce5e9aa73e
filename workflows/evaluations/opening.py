"""Opens the evaluations of a round: hundreds, beside the web process, each once however often this
begins again. It leaves a list of them as an Excel file."""

import io

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook

from core.jobs.files import replace
from core.jobs.kinds import Result, Step, job
from core.people.models import Assignment
from workflows.engine.models import Task
from workflows.evaluations.acts import begin_evaluation
from workflows.evaluations.flows import EvaluationFlow
from workflows.evaluations.models import Round
from workflows.evaluations.rounds import OPENING, evaluated

CHUNK = 20  # evaluations that are begun in one transaction
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@job(
    OPENING,
    label=gettext_lazy("Opening a round of evaluation"),
    title=gettext_lazy("Round of evaluation for {since} – {until}"),
    verb="open_rounds",
)
def open_evaluations(work):
    """The steps of the job. Its checkpoint holds the assignments and how many are done."""
    made = Round.objects.get(pk=work.given["round"])
    kept = work.checkpoint or {"assignments": _chosen(made), "done": 0}
    every = len(kept["assignments"])
    if not work.checkpoint:
        yield Step(0, every, kept)
    while kept["done"] < every:
        some = kept["assignments"][kept["done"] :][:CHUNK]
        kept["done"] += len(some)
        yield Step(kept["done"], every, kept, lambda some=some: _begin(made, some))
    path = work.folder / "evaluations.xlsx"
    replace(path, _list_of(made))
    return Result(path, f"{_('Evaluations')}-{made.since}-{made.until}.xlsx", EXCEL)


def _chosen(made: Round) -> list[int]:
    areas = list(made.areas.values_list("pk", flat=True))
    return [row.pk for row in evaluated(made.kind, areas, made.since, made.until, but=made)]


def _begin(made: Round, pks) -> None:
    rows = Assignment.objects.filter(pk__in=pks).select_related("firm", "instructor__user")
    for assignment in rows.order_by("firm_id", "pk"):
        begin_evaluation(made, assignment, at=made.opened_at)


def _list_of(made: Round) -> bytes:
    """Which assignments are evaluated, and how each firm answers."""
    book = Workbook()
    page = book.active
    page.title = _("Evaluations")
    page.append([_("Firm"), _("Instructor"), _("Sending unit"), _("The firm answers"), _("Until")])
    firm_forms = Task.objects.human().filter(flow_task=EvaluationFlow.firm_form, owner__isnull=False)
    own = set(firm_forms.filter(process__evaluation__round=made).values_list("process_id", flat=True))
    rows = made.evaluations.select_related("firm", "instructor__unit").order_by("area", "firm__pinyin")
    until = date_format(made.closes_on)
    for row in rows:
        how = _("by account") if row.pk in own else _("by link or on paper")
        line = [row.firm.name, row.instructor.name, row.instructor.sending_unit, how, until]
        page.append([_plain(word) for word in line])
    for letter, width in zip("ABCDE", (36, 14, 30, 18, 16), strict=True):
        page.column_dimensions[letter].width = width
    page.freeze_panes = "A2"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _plain(word: str) -> str:
    """A name that begins like a formula stays a name."""
    return f"'{word}" if word[:1] in "=+-@" else word
