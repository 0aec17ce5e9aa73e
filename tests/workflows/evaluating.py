"""Short words for an evaluation, as tests hold it."""

from datetime import timedelta
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from core.accounts.models import Area
from core.accounts.verbs import Role
from core.people.models import Assignment
from core.people.questions import questions
from tests.county import EAST, assign, instructor, person
from tests.county import firm as new_firm
from workflows.engine.models import Task
from workflows.evaluations.acts import answer, begin_evaluation, give_opinion, hand_in
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


def of_evaluating(county) -> dict:
    """An open task of each kind that an evaluation has, by its step."""
    made, now, found = a_round(county), timezone.now(), {}
    judged = person("judged", Role.INSTRUCTOR, EAST)
    guide = instructor("Judged", user=judged)
    for number, last in enumerate(
        ("firm_form", "supervisor_opinion", "right_to_answer", "settle_grade")
    ):
        firm = new_firm(f"Judged {number}")
        assign(guide, firm)
        evaluation = begun(county, firm, made)
        if last == "firm_form":
            found |= {name: step(evaluation, name) for name in steps(evaluation)}
            continue
        for side, by in (("firm", county.wang_fang), ("instructor", judged)):
            form = step(evaluation, f"{side}_form")
            hand_in(form, by=by, at=now, paper_on=county.today, answers=answers(evaluation, side))
        if last != "supervisor_opinion":
            give_opinion(step(evaluation, "supervisor_opinion"), by=county.wang_fang, at=now,
                         opinion="Steady.", proposed="competent")  # fmt: skip
        if last == "settle_grade":
            answer(step(evaluation, "right_to_answer"), by=judged, at=now, text="")
        found[last] = step(evaluation, last)
    return found


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def send(user, task, data):
    return browser(user).post(task.get_absolute_url(), data)


def fill(user, evaluation, side, text=MARK):
    answer = send(user, step(evaluation, f"{side}_form"), typed(evaluation, side, text))
    assert answer.status_code == 302, answer.status_code


def page(user, url) -> str:
    answer = browser(user).get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return answer.content.decode()
