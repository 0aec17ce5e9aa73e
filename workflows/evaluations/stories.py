"""The evaluations of the demo county: a round under way, with one side in, and one that is filed."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from core.accounts.models import Area
from core.people.questions import questions
from workflows.engine.models import Task
from workflows.evaluations import acts
from workflows.evaluations.models import Evaluation, Round
from workflows.evaluations.rounds import close_round

WORDS = {
    "firm": "希望多组织青年职工参加活动，多讲讲用工方面的政策。",
    "instructor": "企业主支持党建工作，建议固定一间活动室。",
}
OPINION = "该同志按要求到企业开展工作，帮助企业理顺了工会组织，企业反映较好。"


def evaluations(scene) -> None:
    """Firms that play in another story already, so that the visitor's own is left alone."""
    own = scene.firms.filter(pk__in=scene.played, assignments__instructor__user=scene["instructor"])
    own = list(own.distinct())
    contact = scene.firms.filter(pk=scene["contact"].contact_of.firm_id).first()
    _filed(scene, own[0])
    _under_way(scene, [firm for firm in (*own[1:2], contact) if firm])


def _round(scene, kind: str, first: int, last: int, closes_in: int) -> Round:
    on = scene.on
    made = Round.objects.create(
        key=uuid4(), kind=kind, county=scene["county"].area, since=on - timedelta(days=first),
        until=on - timedelta(days=last), closes_on=on + timedelta(days=closes_in),
        opened_by=scene["county"], opened_at=timezone.now(),
    )  # fmt: skip
    made.areas.set(Area.objects.filter(pk=scene["township"].area))
    return made


def _begun(made: Round, firm) -> Evaluation:
    now = firm.assignments.current().select_related("firm", "instructor__user").get()
    return acts.begin_evaluation(made, now, at=timezone.now())


def _open(evaluation, step: str) -> Task:
    tasks = Task.objects.human().open().filter(process=evaluation.pk)
    return next(task for task in tasks if task.step == step)


def _answers(evaluation, side: str) -> dict:
    said = {}
    for question in questions(side, version=evaluation.version):
        codes = [answer.code for answer in question.answers]
        said[question.code] = {
            "scale": codes[:1] and codes[0], "reasons": codes[:2], "text": WORDS[side]
        }[question.kind]  # fmt: skip
    return said


def _filed(scene, firm) -> None:
    """The firm on paper, the instructor by account; judged, answered, settled; the round is closed."""
    by = scene["township"] if firm.area.startswith(scene["township"].area) else scene["county"]
    with scene.ago(6):
        made = _round(scene, Round.Kind.DEMAND, 190, 8, 10)
        evaluation = _begun(made, firm)
    with scene.ago(5) as at:
        acts.hand_in(_open(evaluation, "firm_form"), by=by, at=at, paper_on=timezone.localdate(at),
                     answers=_answers(evaluation, "firm"))  # fmt: skip
    with scene.ago(4) as at:
        acts.hand_in(_open(evaluation, "instructor_form"), by=scene["instructor"], at=at,
                     answers=_answers(evaluation, "instructor"))  # fmt: skip
    with scene.ago(3) as at:
        judge = scene["line"] if firm.line_id else by
        acts.give_opinion(_open(evaluation, "supervisor_opinion"), by=judge, at=at, opinion=OPINION,
                          proposed=Evaluation.Grade.COMPETENT)  # fmt: skip
    with scene.ago(2) as at:
        acts.answer(_open(evaluation, "right_to_answer"), by=scene["instructor"], at=at, text="")
    with scene.ago(1) as at:
        acts.settle(_open(evaluation, "settle_grade"), by=scene["county"], at=at,
                    grade=Evaluation.Grade.COMPETENT)  # fmt: skip
        close_round(made, by=scene["county"], at=at)


def _under_way(scene, firms) -> None:
    """Forms are out; of the first firm one side is in, and sealed."""
    with scene.ago(1):
        made = _round(scene, Round.Kind.YEARLY, 300, 1, 20)
        begun = [_begun(made, firm) for firm in firms]
    with scene.ago(0) as at:
        acts.hand_in(_open(begun[0], "instructor_form"), by=scene["instructor"], at=at,
                     answers=_answers(begun[0], "instructor"))  # fmt: skip
