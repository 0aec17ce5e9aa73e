"""The desks of an evaluation: both forms, the supervisor's opinion, the answer, the grade."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from core.errors import Refused
from workflows.engine.desk import Desk, desk
from workflows.evaluations import acts
from workflows.evaluations.flows import SIDE_OF
from workflows.evaluations.forms import AnswerForm, GradeForm, SheetForm, SupervisorForm
from workflows.evaluations.models import Sheet
from workflows.evaluations.pages import concerned, dossier
from workflows.evaluations.sheets import draft_of


class EvaluationDesk(Desk):
    def context(self, task, user):
        return dossier(task.process.coerced, user)

    def why(self, task):
        evaluation = task.process.coerced
        return _("%(round)s: the work of %(instructor)s at %(firm)s.") % {
            "round": evaluation.round, "instructor": evaluation.instructor.name, "firm": task.firm.name,
        }  # fmt: skip

    def page(self, task, by) -> str:
        if concerned(task.process_id, by):
            return reverse("evaluations:evaluation", args=[task.process_id])
        return reverse("inbox:mine")


@desk("firm_form", "instructor_form")
class SheetDesk(EvaluationDesk):
    template = "evaluations/desk_sheet.html"
    form_class = SheetForm

    def given(self, task, user):
        evaluation, side = task.process.coerced, SIDE_OF[task.step]
        own = acts.is_own(evaluation, side, user)
        draft = draft_of(_sheet(task), by=user) if own else None
        return {"side": side, "version": evaluation.version, "paper": not own, "draft": draft}

    def context(self, task, user):
        own = acts.is_own(task.process.coerced, SIDE_OF[task.step], user)
        sheet = _sheet(task)
        return super().context(task, user) | {
            "own_form": own, "sheet": sheet, "left": draft_of(sheet, by=user) if own else None,
            "side": SIDE_OF[task.step], "hands_out": user.may("key_in_evaluation"),
        }  # fmt: skip

    def asks(self, task):
        if task.step == "firm_form" and task.owner_permission:
            return _("Give the firm its link, or key in its paper form when it comes.")
        if task.owner_permission:
            return _("Key in the instructor's paper form when it comes.")
        return _("Say how it went, about this assignment only. The facts are filled in already.")

    def follows(self, task):
        closes = date_format(task.process.coerced.round.closes_on)
        return _(
            "What is written stays sealed until both forms are in, or the round closes after %(day)s."
        ) % {"day": closes}

    def said(self, form):
        if getattr(form, "came", "") == acts.LATE:
            return _("The round was closed meanwhile. What you typed is kept for you, sealed.")
        return _("Your form is in, and sealed.")

    def act(self, task, form, *, by, on, at):
        if form.is_draft:  # a page that was open before the button had an address of its own
            raise Refused(Refused.NOT_NOW, _("Open the page again to save this for later."))
        paper_on = form.cleaned_data.get("paper_on")
        form.came = acts.hand_in(task, by=by, at=at, paper_on=paper_on, **form.words)
        return self.page(task, by) if form.came == acts.IN_TIME else task.get_absolute_url()


def _sheet(task) -> Sheet:
    return Sheet.objects.get(evaluation=task.process_id, side=SIDE_OF[task.step])


@desk("supervisor_opinion")
class SupervisorDesk(EvaluationDesk):
    template = "evaluations/desk_opened.html"
    form_class = SupervisorForm
    done = _("Your opinion is on record; the instructor may answer it.")

    def asks(self, task):
        return _("Read both forms and the facts; write an opinion and propose a grade.")

    def follows(self, task):
        return _("The instructor may answer. Then the county office settles the grade.")

    def act(self, task, form, *, by, on, at):
        data = form.cleaned_data
        acts.give_opinion(task, by=by, at=at, opinion=data["opinion"], proposed=data["proposed"])
        return self.page(task, by)


@desk("right_to_answer")
class AnswerDesk(EvaluationDesk):
    template = "evaluations/desk_opened.html"
    form_class = AnswerForm
    done = _("The answer is on record.")

    def given(self, task, user):
        return {"paper": not acts.is_own(task.process.coerced, Sheet.Side.INSTRUCTOR, user)}

    def context(self, task, user):
        return super().context(task, user) | {"keys_in": self.given(task, user)["paper"]}

    def asks(self, task):
        if task.owner_permission:
            return _(
                "Give the instructor the printed form with the opinion to read, and key in what they "
                "answer, with the day on the paper."
            )
        return _("Read what was said of your work. If you like, answer it.")

    def follows(self, task):
        return _("The county office settles the grade with your answer before it.")

    def act(self, task, form, *, by, on, at):
        data = form.cleaned_data
        acts.answer(task, by=by, at=at, text=data["text"], paper_on=data.get("paper_on"))
        return self.page(task, by)


@desk("settle_grade")
class GradeDesk(EvaluationDesk):
    template = "evaluations/desk_opened.html"
    form_class = GradeForm
    done = _("The grade is settled and the evaluation filed.")

    def given(self, task, user):
        return {"initial": {"grade": task.process.coerced.proposed}}

    def asks(self, task):
        return _("Settle the grade. The supervisor's proposal is chosen already.")

    def follows(self, task):
        return _("The evaluation is filed, and the instructor and the supervisor are told.")

    def act(self, task, form, *, by, on, at):
        data = form.cleaned_data
        acts.settle(task, by=by, at=at, grade=data["grade"], remark=data["remark"])
        return self.page(task, by)
