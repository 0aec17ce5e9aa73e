"""What ends by itself: rounds whose day is over, forms of closed rounds, answers that did not come.
May run twice, at once or be killed in the middle: each evaluation is a transaction of its own."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from core.errors import Refused
from workflows.engine.models import Task
from workflows.engine.verbs import held
from workflows.evaluations.acts import lapse_form, let_answer_pass, say_opened
from workflows.evaluations.flows import FORMS, EvaluationFlow
from workflows.evaluations.models import Evaluation, Round
from workflows.evaluations.rounds import close_round


def tend(now: datetime) -> None:
    """Close the rounds whose last day is over, go on with what a closing left undone, and let pass
    what was not answered in time. Called with every look at the deadlines."""
    today = timezone.localdate(now)
    for made in Round.objects.open().filter(closes_on__lt=today):
        close_round(made, by=None, at=now)
    closed = Round.objects.filter(closed_at__isnull=False)
    for pk in (
        closed.filter(evaluations__opened_at__isnull=True).distinct().values_list("pk", flat=True)
    ):
        finish(pk)
    late = _open("right_to_answer").filter(due_at__lt=now)
    for task in late.order_by("due_at"):
        pass_answer(task)


def _open(*steps):
    nodes = [getattr(EvaluationFlow, step) for step in steps]
    return Task.objects.human().open().filter(flow_task__in=nodes)


def finish(pk: int) -> int:
    """Open what came in of a closed round; forms that did not are marked. Tells how many evaluations
    were opened. Safe to call for an open round, or again."""
    made = Round.objects.filter(pk=pk, closed_at__isnull=False).first()
    if made is None:
        return 0
    waiting = made.evaluations.filter(opened_at__isnull=True).order_by("pk")
    return sum(_open_one(evaluation) for evaluation in waiting.select_related("firm", "instructor"))


@transaction.atomic
def _open_one(evaluation: Evaluation) -> bool:
    for task in _open(*FORMS).filter(process=evaluation.pk).order_by("pk"):
        try:
            with transaction.atomic(), held(task) as activation:
                lapse_form(activation)
                say_opened(Evaluation.objects.get(pk=evaluation.pk))
        except Refused:  # it came in between the list and the lock
            continue
    return Evaluation.objects.filter(pk=evaluation.pk, opened_at__isnull=False).exists()


def pass_answer(task: Task) -> None:
    try:
        with transaction.atomic(), held(task) as activation:
            let_answer_pass(activation)
    except Refused:  # answered between the list and the lock
        return
