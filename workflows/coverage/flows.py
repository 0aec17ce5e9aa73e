"""The conversation about a transition: propose, review, decide, apply, tell. Read it as text."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.audit.sentences import teach
from core.ledger.stages import Verb
from workflows.coverage.chart import COUNTY
from workflows.coverage.door import perform
from workflows.coverage.models import Opinion, TransitionRequest
from workflows.engine.flow import DeskFlow, End, Function, StartHandle, Switch, this
from workflows.engine.human import HumanTask

Decision = Opinion.Decision


class StageTransitionFlow(DeskFlow):
    """A firm's stage or operation changes: proposed below, decided above, applied at the door."""

    process_class = TransitionRequest
    process_title = _("Change of stage")

    begin = StartHandle(this.fill_in).Next(this.route)

    # A supervisor's own proposal goes to the next level at once; a firm that is managed by a
    # line is reviewed by its line department, all others by their township.
    route = (
        Switch()
        .Case(this.county_decision, this.first_level_proposed)
        .Case(this.line_review, this.is_line_managed)
        .Default(this.township_review)
    )
    township_review = (
        HumanTask()
        .Annotation(title=_("Township review"))
        .Permission("desk.review_township")
        .Assign(this.who_asked)
        .Due("review_deadline_first")
        .Next(this.answer)
    )
    line_review = (
        HumanTask()
        .Annotation(title=_("Line department's review"))
        .Permission("desk.review_line")
        .Assign(this.who_asked)
        .Due("review_deadline_first")
        .Next(this.answer)
    )
    county_decision = (
        HumanTask()
        .Annotation(title=_("County decision"))
        .Permission("desk.decide_county")
        .Assign(this.who_asked)
        .Due("review_deadline_county")
        .Next(this.answer)
    )
    answer = (
        Switch()
        .Case(this.opinion, this.an_opinion_is_asked)
        .Case(this.correct, this.is_returned)
        .Case(this.turn_down, this.is_rejected)
        .Case(this.county_decision, this.county_has_the_last_word)
        .Default(this.apply)
    )
    # The reviewer waits, the asked person answers, and the step comes back to the reviewer.
    opinion = (
        HumanTask()
        .Annotation(title=_("Opinion"))
        .Assign(this.who_is_asked)
        .Handed("give_opinion")
        .Due("opinion_deadline")
        .Next(this.back_to_the_asker)
    )
    back_to_the_asker = (
        Switch()
        .Case(this.county_decision, lambda a: a.process.data["asked_at"] == "county_decision")
        .Case(this.line_review, lambda a: a.process.data["asked_at"] == "line_review")
        .Default(this.township_review)
    )
    correct = (
        HumanTask()
        .Annotation(title=_("Correction"))
        .Assign(lambda activation: activation.process.opened_by)
        .Due("correction_deadline")
        .Next(this.route)
    )
    apply = Function(this.move_the_firm).Next(this.approved)
    turn_down = Function(this.close_unchanged).Next(this.rejected)
    approved = End()
    rejected = End()

    # -- where the conversation goes

    def first_level_proposed(self, activation):
        return activation.process.data["proposed_at"] == "first"

    def misplaced(self, task):
        """A firm that came to a line department, or left it, is reviewed anew by the other one."""
        wrong = "township_review" if task.line_id else "line_review"
        return "route" if task.step == wrong else None

    def is_line_managed(self, activation):
        return activation.process.line_id is not None

    def an_opinion_is_asked(self, activation):
        return activation.process.verdict.decision == Decision.ASK

    def is_returned(self, activation):
        return activation.process.verdict.decision == Decision.RETURN

    def is_rejected(self, activation):
        return activation.process.verdict.decision == Decision.REJECT

    def county_has_the_last_word(self, activation):
        """Also when the county office took an overdue review of the level below, it decides once."""
        request = activation.process
        return not is_last_word(request, request.verdict.by)

    def who_asked(self, activation):
        """A step that comes back from an opinion comes back to the one who asked for it."""
        verdict = getattr(activation.process, "verdict", None)
        if verdict is None or verdict.decision != Decision.OPINION:
            return None
        data, task = activation.process.data, activation.task
        task.firm = activation.process.firm
        task.due_at = timezone.now() + timedelta(seconds=data["seconds_left"])
        if data.get("escalated"):
            task.escalated_at = timezone.now()  # the county office had taken it: it still may
        return task.candidates().filter(pk=data["asker"]).first()

    def who_is_asked(self, activation):
        return activation.process.verdict.asked

    # -- what happens

    def fill_in(self, activation, *, proposal):
        for name, value in proposal.items():
            setattr(activation.process, name, value)
        return activation.process

    def move_the_firm(self, activation):
        """Through the one door, by the person who had the last word; the facts are asked again."""
        request = activation.process
        day = timezone.localdate(request.verdict.at)
        case = perform(
            request.firm, request.verb, by=request.verdict.by, on=day,
            reason=request.reason, branch=request.branch, branch_name=request.branch_name,
            resumes_on=request.resumes_on,
        )  # fmt: skip
        request.decided_facts = case.facts.as_json()
        request.outcome = TransitionRequest.Outcome.APPROVED
        request.save(update_fields=["decided_facts", "outcome"])

    def close_unchanged(self, activation):
        activation.process.outcome = TransitionRequest.Outcome.REJECTED
        activation.process.save(update_fields=["outcome"])


def is_last_word(request, by) -> bool:
    """Whether an approval by this person carries the move out."""
    return request.move.decides != COUNTY or by.may("decide_county")


TITLES = {
    node.name: node.task_title
    for node in StageTransitionFlow.instance.nodes()
    if node.task_type == "HUMAN"
}
teach("step", TITLES)
teach("task", TITLES)
teach("about", dict(Verb.choices))
