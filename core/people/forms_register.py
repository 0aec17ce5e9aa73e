"""The forms of the register: trainings and standing."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.people.forms import Entry
from core.people.models import Instructor
from core.people.training import AT_ONCE, HALF, LONGEST


class CourseForm(Entry):
    """A training, and who took part."""

    subject = forms.CharField(label=_("Subject"), max_length=120)
    day = forms.DateField(label=_("Last day of the training"))
    days = forms.DecimalField(
        label=_("Days"), min_value=HALF, max_value=LONGEST, max_digits=3, decimal_places=1,
        initial=Decimal(1), help_text=_("Half days count: 0.5, 1.5."),
        widget=forms.NumberInput(attrs={"step": "0.5"}),
    )  # fmt: skip
    instructors = forms.ModelMultipleChoiceField(
        Instructor.objects.none(), label=_("Who took part"),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "many wide"}),
        error_messages={"required": _("Choose at least one instructor.")},
    )  # fmt: skip

    def __init__(self, *args, people, on, **given):
        super().__init__(*args, **given)
        self.fields["instructors"].queryset = people
        self.initial.setdefault("day", on)

    def clean_instructors(self):
        chosen = self.cleaned_data["instructors"]
        if len(chosen) > AT_ONCE:
            raise forms.ValidationError(gettext("At most %(most)d people at once.") % {"most": AT_ONCE})
        return chosen


class TakeBackForm(Entry):
    why = forms.CharField(
        label=_("Why it is taken back"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The training is counted no more. What was written stays in the history."),
    )  # fmt: skip


class StandingForm(Entry):
    since = forms.DateField(label=_("Since"))
    why = forms.CharField(
        label=_("Why"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Read only by who keeps the register here, and by the person."),
    )  # fmt: skip

    def __init__(self, *args, on, good: bool, **given):
        super().__init__(*args, **given)
        self.initial.setdefault("since", on)
        self.fields["why"].required = good  # a suspension has a reason; a return needs none
