"""The slips of a round: a personal link and its QR code for each firm that has no account, as one
PDF. Printed in parts, bound at the end; printed again, a slip has the same link."""

import io
from pathlib import Path

import pikepdf
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Refused
from core.jobs.files import replace
from core.jobs.kinds import Result, Step, job
from core.papers import paper
from workflows.engine.models import Task
from workflows.evaluations.flows import EvaluationFlow
from workflows.evaluations.links import give_link
from workflows.evaluations.models import Evaluation, Round, Sheet
from workflows.evaluations.paper import slip_facts

KIND, PAPER, PART = "evaluation_slips", "evaluation_slips", 20


def to_print(made: Round, user):
    """The evaluations within reach whose firm answers by link: its form is out, and nobody's."""
    open_ = Task.objects.human().open().filter(flow_task=EvaluationFlow.firm_form, owner__isnull=True)
    rows = Evaluation.objects.visible_to(user).filter(round=made, round__closed_at__isnull=True)
    return rows.filter(pk__in=open_.values("process_id")).order_by("area", "firm__pinyin", "pk")


@job(
    KIND,
    label=gettext_lazy("Links of firms for their evaluation forms"),
    title=gettext_lazy("Links for the evaluation of {since} – {until}"),
    verb="key_in_evaluation",
)
def print_slips(work):
    """The steps of the job. Its checkpoint holds the evaluations and how many parts are printed."""
    made = Round.objects.get(pk=work.given["round"])
    chosen = list(to_print(made, work.by).values_list("pk", flat=True))
    kept = work.checkpoint or {"evaluations": chosen, "parts": 0}
    every = len(kept["evaluations"])
    if not every:
        raise Refused(Refused.NOT_NOW, _("No firm of yours answers this round by link any more."))
    parts = [kept["evaluations"][at : at + PART] for at in range(0, every, PART)]
    for place in range(_there(work.folder, kept["parts"]), len(parts)):
        some = parts[place]
        yield Step(place * PART, every, kept, lambda some=some: _give(some, work.by))
        replace(_part(work.folder, place), _print(some, work.by))
        kept["parts"] = place + 1
        yield Step(place * PART + len(some), every, kept)
    whole = work.folder / "slips.pdf"
    replace(whole, _bind(work.folder, len(parts)))
    return Result(whole, f"{_('Evaluation links')}-{made.since}-{made.until}.pdf", "application/pdf")


def _part(folder: Path, place: int) -> Path:
    return folder / "parts" / f"{place:04}.pdf"


def _there(folder: Path, parts: int) -> int:
    return next((place for place in range(parts) if not _part(folder, place).is_file()), parts)


def _give(pks, by) -> None:
    """What came in since is left out. In the order of firms, as every act locks them: two offices
    may print the same round at once."""
    rows = Evaluation.objects.filter(pk__in=pks).select_related("firm", "round")
    for evaluation in rows.order_by("firm_id", "pk"):
        try:
            give_link(evaluation, by=by, at=timezone.now())
        except Refused:
            continue


def _print(pks, by) -> bytes:
    visible = Evaluation.objects.visible_to(by).filter(pk__in=pks)
    sheets = Sheet.objects.filter(
        evaluation__in=visible,
        side=Sheet.Side.FIRM,
        state=Sheet.State.WAITING,
        link_until__isnull=False,
    ).select_related("evaluation__firm", "evaluation__round", "evaluation__instructor__unit")
    rows = sorted(sheets, key=lambda sheet: pks.index(sheet.evaluation_id))
    if not rows:
        return b""
    sheaf = paper.Sheaf()
    sheaf.add(PAPER, slip_facts(rows))
    return sheaf.pdf()


def _bind(folder: Path, parts: int) -> bytes:
    with pikepdf.new() as whole:
        for place in range(parts):
            path = _part(folder, place)
            if path.stat().st_size:
                with pikepdf.open(path) as part:
                    whole.pages.extend(part.pages)
        if not len(whole.pages):
            raise Refused(Refused.NOT_NOW, _("No firm of yours answers this round by link any more."))
        bound = io.BytesIO()
        whole.save(bound)
    return bound.getvalue()
