"""The acts of an evaluation: begin it, hand a form in, opinion, answer, grade. Each is one
transaction, asks who may, and records; what a form says is in no event."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.verbs import Role
from core.audit.record import record
from core.errors import Refused
from core.ledger.models import Firm, FirmContact
from core.people.questions import version_on
from core.rulebook import rule
from core.written import written
from workflows.engine.act import acting
from workflows.engine.verbs import carry_out, carry_out_for_guest, in_place, lapse
from workflows.evaluations.facts import facts_of
from workflows.evaluations.flows import FORMS, SIDE_OF, EvaluationFlow
from workflows.evaluations.models import Evaluation, Round, Sheet
from workflows.evaluations.rounds import closed_sentence
from workflows.evaluations.sheets import keep_draft, make_sheets, put_in
from workflows.notices.tell import tell

Source = Sheet.Source
IN_TIME, LATE = "in_time", "late"


def begin_evaluation(made: Round, assignment, *, at: datetime) -> Evaluation | None:
    """Begin the evaluation of one assignment; None when this was done before, or the round is
    closed. Safe to call again, also at once: who begins holds the firm.

    It has no author: who opened the round wrote nothing of it, and may settle its grade."""
    with acting():
        firm = Firm.objects.held().get(pk=assignment.firm_id)
        before = Evaluation.objects.filter(round=made, assignment=assignment)
        if before.exists() or Round.objects.filter(pk=made.pk, closed_at__isnull=False).exists():
            return None
        evaluation = EvaluationFlow.begin.run(evaluation={
            "firm": firm, "subject": f"evaluation-{made.pk}-{assignment.pk}"[:32],
            "county": firm.county, "area": firm.area, "line_id": firm.line_id,
            "data": {"verb": "evaluation", "comes_from": made.opened_by.name}, "round": made,
            "assignment": assignment, "instructor": assignment.instructor,
            "version": version_on(made.until),
            "facts": facts_of(assignment, since=made.since, until=made.until)
            | {"place": {"area": firm.area, "line": firm.line_id}},
        })  # fmt: skip
        make_sheets(evaluation)
        event = record(
            "evaluation.begun", by=made.opened_by, firm=firm, firm_name=firm.name,
            instructor=assignment.instructor.name,
        )  # fmt: skip
        tell(event, people=_both_accounts(evaluation))
        return evaluation


def _both_accounts(evaluation) -> list:
    contact = FirmContact.objects.filter(firm=evaluation.firm_id).values_list("user_id", flat=True)
    return [evaluation.instructor.user_id, *contact]


def is_own(evaluation: Evaluation, side: str, user) -> bool:
    """Whether this is the person whose form it is, and not somebody who stands in for them."""
    if side == Sheet.Side.INSTRUCTOR:
        return user.role == Role.INSTRUCTOR and evaluation.instructor.user_id == user.pk
    own = FirmContact.objects.filter(user=user.pk, firm=evaluation.firm_id)
    return user.role == Role.CONTACT and own.exists()


def _not_of_oneself(evaluation: Evaluation, by) -> None:
    """People change offices: who was an instructor then may judge others now. Raises Refused."""
    if evaluation.instructor.user_id == by.pk:
        raise Refused(
            Refused.NOT_YOURS, _("This is about your own work: somebody else does this step.")
        )


def hand_in(task, *, by, at: datetime, answers: dict, declined: str = "", paper_on=None) -> str:
    """Send a form: one's own, or key in what came on paper. IN_TIME; or LATE, when the round was
    closed meanwhile and one's own form is kept, sealed, for oneself. Raises Refused."""
    side, sheet = SIDE_OF[task.step], _sheet_of(task)
    own = is_own(sheet.evaluation, side, by)
    if not own:
        _may_key_in(sheet.evaluation, by=by, paper_on=paper_on)
    source = Source.ACCOUNT if own else Source.PAPER

    def act(activation):
        _put_in(activation, side, answers, declined=declined, source=source, by=by, at=at,
                paper_on=None if own else paper_on)  # fmt: skip

    try:
        with acting():
            done = carry_out(task, by=by, act=act)
            _write(done, source, by=by)
        return IN_TIME
    except Refused as refusal:
        if refusal.code != Refused.FASTER or not own or not _came_late(sheet):
            raise
    keep_draft(sheet, {"answers": answers, "declined": declined}, by=by, at=at)
    return LATE


def hand_in_by_link(
    sheet: Sheet, *, at: datetime, answers: dict, declined: str = "", secret: str = ""
) -> str:
    """The same for the firm's side without an account; who has the link was asked before. Raises
    Refused when the form was sent before."""
    task = form_task(sheet)

    def act(activation):
        _put_in(activation, sheet.side, answers, declined=declined, source=Source.LINK, by=None, at=at)

    try:
        if task is None:
            raise Refused(Refused.FASTER, _("This form was sent already; nothing was changed."))
        with acting():
            _write(carry_out_for_guest(task, act=act), Source.LINK, by=None)
        return IN_TIME
    except Refused as refusal:
        if refusal.code != Refused.FASTER or not _came_late(sheet):
            raise
    keep_draft(sheet, {"answers": answers, "declined": declined}, at=at, secret=secret)
    return LATE


def form_task(sheet: Sheet):
    """The open task of a form; None when it is over."""
    tasks = EvaluationFlow.task_class.objects.human().open().filter(process=sheet.evaluation_id)
    return next((task for task in tasks if SIDE_OF.get(task.step) == sheet.side), None)


def _sheet_of(task) -> Sheet:
    sheets = Sheet.objects.select_related("evaluation__instructor", "evaluation__round")
    return sheets.get(evaluation=task.process_id, side=SIDE_OF[task.step])


def _put_in(activation, side, answers, *, declined, source, by, at, paper_on=None) -> None:
    evaluation = activation.process
    made = Round.objects.get(pk=evaluation.round_id)
    if made.closed_at:
        raise Refused(Refused.FASTER, closed_sentence(made))
    sheet = evaluation.sheets.select_for_update().get(side=side)
    put_in(
        sheet, answers, declined=declined.strip(), source=source, by=by, at=at, paper_on=paper_on
    )  # fmt: skip


def _came_late(sheet: Sheet) -> bool:
    now = Sheet.objects.select_related("evaluation__round").get(pk=sheet.pk)
    closed = now.evaluation.round.closed_at is not None
    return closed and now.state in (Sheet.State.WAITING, Sheet.State.MISSING)


def _write(done, source: str, *, by) -> None:
    record("evaluation.handed_in", by=by, firm=done.firm, how=source, sheet=SIDE_OF[done.step])
    say_opened(Evaluation.objects.get(pk=done.process_id))


def say_opened(evaluation: Evaluation) -> None:
    """Tell those concerned, in the act in which the forms were opened; nobody before."""
    if evaluation.opened_at is None:
        return
    event = record(
        "evaluation.opened", by=None, firm=evaluation.firm, instructor=evaluation.instructor.name
    )
    tell(
        event, people=_both_accounts(evaluation), area=evaluation.area, line=evaluation.line_id,
        levels=[Role.LINE if evaluation.line_id else Role.TOWNSHIP],
    )  # fmt: skip


def lapse_form(activation) -> None:
    """The round is closed and this form did not come in: whose it was is told. Call it under the
    task's lock."""
    task = activation.task
    sheet = activation.process.sheets.select_for_update().get(side=SIDE_OF[task.step])
    sheet.state = Sheet.State.MISSING
    sheet.save(update_fields=["state"])
    lapse(activation)
    event = record("evaluation.lapsed", by=None, firm=task.firm, sheet=sheet.side)
    tell(event, people=[task.owner_id])


def give_opinion(task, *, by, at: datetime, opinion: str, proposed: str) -> None:
    """The supervisor's opinion, and the grade they propose. Raises Refused."""
    opinion = written(opinion, _("Write your opinion in a sentence or two."))
    if proposed not in Evaluation.Grade.values:
        raise Refused(Refused.BAD_INPUT, _("Choose the grade that you propose."))

    def act(activation):
        evaluation = activation.process
        _not_of_oneself(evaluation, by)
        evaluation.opinion, evaluation.proposed = opinion, proposed
        evaluation.opinion_by, evaluation.opinion_at = by, at
        evaluation.save(update_fields=["opinion", "proposed", "opinion_by", "opinion_at"])

    with acting():
        done = carry_out(task, by=by, act=act)
        event = _of_instructor("evaluation.opinion", done, by=by)
        tell(event, people=[done.process.instructor.user_id])


def answer(task, *, by, at: datetime, text: str, paper_on=None) -> None:
    """The instructor answers the opinion, or says that there is nothing to add (an empty text); or
    the office keys in what the instructor wrote on paper. Raises Refused."""
    text = written(text, "") if text.strip() else ""
    evaluation = Evaluation.objects.select_related("instructor").get(pk=task.process_id)
    own = is_own(evaluation, Sheet.Side.INSTRUCTOR, by)
    if not own:
        _may_key_in(evaluation, by=by, paper_on=paper_on)

    def act(activation):
        said = activation.process
        said.answer, said.answered_at = text, at
        said.answer_keyed_by, said.answer_paper_on = (None, None) if own else (by, paper_on)
        said.save(
            update_fields=["answer", "answered_at", "answer_keyed_by", "answer_paper_on"]
        )  # fmt: skip

    with acting():
        done = carry_out(task, by=by, act=act)
        how = Source.ACCOUNT if own else Source.PAPER
        record("evaluation.answered", by=by, firm=done.firm, how=how)


def _may_key_in(evaluation: Evaluation, *, by, paper_on) -> None:
    """What is personal is keyed in by an office from a paper of a day, or not at all."""
    if not by.may("key_in_evaluation"):
        raise Refused(
            Refused.NOT_YOURS, _("This form is personal: nobody fills it in for somebody else.")
        )
    _not_of_oneself(evaluation, by)
    if paper_on is None:
        raise Refused(Refused.BAD_INPUT, _("Give the day on the paper form that you key in."))


def let_answer_pass(activation) -> None:
    """The instructor did not answer in time. Call it under the lock."""
    lapse(activation)
    event = record("evaluation.not_answered", by=None, firm=activation.task.firm)
    tell(event, people=[activation.task.owner_id])


def settle(task, *, by, at: datetime, grade: str, remark: str = "") -> None:
    """The county office settles the grade; then the evaluation is filed. Raises Refused, also when
    the rulebook's share of the best grade is used up."""
    if grade not in Evaluation.Grade.values:
        raise Refused(Refused.BAD_INPUT, _("Choose the grade."))
    remark = written(remark, "") if remark.strip() else ""

    def act(activation):
        evaluation = activation.process
        _not_of_oneself(evaluation, by)
        if grade == Evaluation.Grade.EXCELLENT:
            _within_quota(evaluation, on=timezone.localdate(at))
        if grade != evaluation.proposed and not remark:
            raise Refused(
                Refused.BAD_INPUT, _("Say why the grade is another one than the supervisor proposed.")
            )
        evaluation.grade, evaluation.remark = grade, remark
        evaluation.graded_by, evaluation.graded_at = by, at
        evaluation.save(update_fields=["grade", "remark", "graded_by", "graded_at"])

    with acting():
        done = carry_out(task, by=by, act=act)
        event = _of_instructor("evaluation.graded", done, by=by)
        tell(event, people=[done.process.instructor.user_id, done.process.opinion_by_id])


def _within_quota(evaluation: Evaluation, *, on) -> None:
    """Two who grade at once wait for each other on the round's row."""
    made = Round.objects.select_for_update(no_key=True).get(pk=evaluation.round_id)
    quota = rule("evaluation_excellent_quota", on=on)
    of_round = made.evaluations.all()
    most = of_round.count() * quota.value // 100
    have = of_round.filter(grade=Evaluation.Grade.EXCELLENT).count()
    if quota.value < 100 and have >= most:
        raise Refused(
            Refused.NOT_NOW,
            _("%(rule)s. That makes %(most)d in this round; %(have)d are graded so already.")
            % {"rule": quota.says, "most": most, "have": have},
        )


def _of_instructor(code: str, done, *, by):
    return record(
        code, by=by, firm=done.firm, instructor=done.process.instructor.name,
        **in_place(by, done.in_place_of),
    )  # fmt: skip


__all__ = [
    "FORMS", "IN_TIME", "LATE", "answer", "begin_evaluation", "give_opinion", "hand_in",
    "hand_in_by_link", "lapse_form", "let_answer_pass", "settle",
]  # fmt: skip
