"""Short words for an evaluation, as tests hold it."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from core.accounts.models import Area
from core.people.models import Assignment
from core.people.questions import questions
from workflows.engine.models import Task
from workflows.evaluations.acts import begin_evaluation
from workflows.evaluations.models import Evaluation, Round, Sheet

MARK = "XIANGYANG-7316"  # what nobody may read before the time


def a_round(county, *, kind="yearly", closes_in=20, areas=None) -> Round:
    """A round of the last 200 days over the county's townships, without its evaluations."""
    made = Round.objects.create(
        kind=kind, county=county.tea.county, since=county.today - timedelta(days=200),
        until=county.today, closes_on=county.today + timedelta(days=closes_in),
        opened_by=county.zhou_tao, opened_at=timezone.now(),
    )  # fmt: skip
    made.areas.set(areas or Area.objects.filter(code__startswith=made.county, kind="township"))
    return made


def begun(county, firm, made=None) -> Evaluation:
    """The evaluation of a firm's present assignment."""
    made = made or a_round(county)
    now = Assignment.objects.current().select_related("firm", "instructor").get(firm=firm)
    return begin_evaluation(made, now, at=timezone.now())


def step(evaluation, name: str) -> Task:
    tasks = Task.objects.human().open().filter(process=evaluation.pk)
    return next(task for task in tasks if task.step == name)


def steps(evaluation) -> set:
    return {task.step for task in Task.objects.human().open().filter(process=evaluation.pk)}


def sheet(evaluation, side: str) -> Sheet:
    return Sheet.objects.get(evaluation=evaluation.pk, side=side)


def answers(evaluation, side: str, text: str = MARK) -> dict:
    """The first answer to everything, and a text."""
    said = {}
    for question in questions(side, version=evaluation.version):
        first = question.answers[0].code if question.answers else text
        said[question.code] = [first] if question.kind == "reasons" else first
    return said


def typed(evaluation, side: str, text: str = MARK, **more) -> dict:
    """The same as a browser sends it."""
    return answers(evaluation, side, text) | {"declined": "", "key": uuid4()} | more
