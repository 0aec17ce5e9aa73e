"""The forms of the evaluation. The questions' own form is made from the rulebook's questions."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Area
from core.audit.forms import TELLABLE
from core.forms import ButtonForm, KeyedForm
from core.people.questions import questions
from core.rulebook import rule
from core.written import TEXT_AT_MOST
from workflows.evaluations.models import Evaluation, Round

SAVE, DECLINE = "save", "decline"  # names of the buttons beside the first one


def long_text(label, *, rows=3, required=True, help_text=""):
    return forms.CharField(
        label=label, max_length=TEXT_AT_MOST, required=required, help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )  # fmt: skip


def day_on_paper():
    return forms.DateField(label=_("Day on the paper form"), validators=TELLABLE)


class SheetForm(KeyedForm):
    """One side's questions. Saved for later or declined, it may be incomplete."""

    def __init__(self, *args, side, version, paper=False, draft=None, **given):
        super().__init__(*args, **given)
        self.side, self.asked = side, questions(side, version=version)
        for question in self.asked:
            self.fields[question.code] = _field(question)
            if question.kind == "scale":
                self.fields[question.code].error_messages["required"] = _("Choose one answer.")
        self.fields["declined"] = long_text(
            _("Or: why this form is not filled in"), required=False, rows=2,
            help_text=_("Only if you do not want to fill it in. Write why and press the button below."),
        )  # fmt: skip
        if paper:
            self.fields["paper_on"] = day_on_paper()
        if draft:
            self.initial |= draft["answers"] | {"declined": draft["declined"]}
        self.is_draft = self.is_bound and SAVE in self.data
        self.declines = self.is_bound and DECLINE in self.data
        if self.declines:
            self._may_be_incomplete()
        if self.is_draft:
            self.save_for_later()

    def save_for_later(self) -> None:
        """Whichever button was pressed, what was typed is only kept: nothing need be complete."""
        self.is_draft, self.declines = True, False
        self._may_be_incomplete()
        if "paper_on" in self.fields:
            self.fields["paper_on"].required = False

    def _may_be_incomplete(self) -> None:
        for question in self.asked:
            self.fields[question.code].required = False

    def clean(self):
        typed = super().clean()
        if self.declines and not typed.get("declined", "").strip():
            self.add_error("declined", _("Say in a sentence why the form is not filled in."))
        return typed

    @property
    def answers(self) -> dict:
        return {q.code: self.cleaned_data.get(q.code) or ([] if q.kind == "reasons" else "")
                for q in self.asked}  # fmt: skip

    @property
    def words(self) -> dict:
        """What the act is given: answers, or why there are none."""
        declined = self.cleaned_data["declined"] if self.declines else ""
        return {"answers": self.answers, "declined": declined}

    @property
    def typed(self) -> dict:
        """What a draft keeps."""
        return {"answers": self.answers, "declined": self.cleaned_data.get("declined", "")}


def _field(question):
    choices = [(answer.code, answer.words) for answer in question.answers]
    if question.kind == "scale":
        return forms.ChoiceField(label=question.asks, choices=choices, widget=forms.RadioSelect)
    if question.kind == "reasons":
        return forms.MultipleChoiceField(
            label=question.asks, choices=choices, required=False, widget=forms.CheckboxSelectMultiple
        )
    return long_text(question.asks, required=False)


class SupervisorForm(KeyedForm):
    opinion = long_text(_("Your opinion"))
    proposed = forms.ChoiceField(
        label=_("Proposed grade"), choices=Evaluation.Grade, widget=forms.RadioSelect
    )


class AnswerForm(KeyedForm):
    text = long_text(
        _("The answer"), required=False, help_text=_("Leave it empty if there is nothing to add.")
    )

    def __init__(self, *args, paper=False, **given):
        super().__init__(*args, **given)
        if paper:
            self.fields["paper_on"] = day_on_paper()


class GradeForm(KeyedForm):
    grade = forms.ChoiceField(label=_("Grade"), choices=Evaluation.Grade, widget=forms.RadioSelect)
    remark = long_text(
        _("Remark"), required=False, help_text=_("Needed when the grade differs from the proposed one.")
    )


class RoundForm(KeyedForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=Round.Kind, widget=forms.RadioSelect)
    areas = forms.ModelMultipleChoiceField(
        label=_("Areas"), queryset=Area.objects.none(), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one area.")},
    )  # fmt: skip
    since = forms.DateField(label=_("Period from"), validators=TELLABLE)
    until = forms.DateField(label=_("Period until"), validators=TELLABLE)
    closes_on = forms.DateField(label=_("Forms are taken until"), validators=TELLABLE)

    def __init__(self, *args, by, on, **given):
        super().__init__(*args, **given)
        kinds = (Area.Kind.TOWNSHIP, Area.Kind.PARK)
        below = Area.objects.filter(code__startswith=by.area, kind__in=kinds)
        self.fields["areas"].queryset = below
        first = on.replace(month=1, day=1)
        self.initial = {
            "kind": Round.Kind.YEARLY, "areas": [area.pk for area in below],
            "since": first, "until": on,
            "closes_on": on + timedelta(days=rule("evaluation_link_days", on=on).value),
        } | self.initial  # fmt: skip

    def wishes(self) -> dict:
        chosen = {
            name: self.cleaned_data[name] for name in ("kind", "since", "until", "closes_on", "key")
        }
        return chosen | {"areas": list(self.cleaned_data["areas"])}


class CloseForm(ButtonForm):
    pass
