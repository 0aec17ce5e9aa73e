"""The forms of the register: trainings, standing, declared ties."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.ledger.models import Firm
from core.ledger.search import firms_named, tidy
from core.people.forms import Entry
from core.people.models import Instructor
from core.people.ties import Tie
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


class TieForm(Entry):
    """Which firm. Who keeps the register finds it by any part of its name; the person declares a firm
    that they do not see, so they write the whole name or the credit code."""

    kind = forms.ChoiceField(label=_("What ties"), choices=Tie.Kind.choices, widget=forms.RadioSelect)
    firm = forms.CharField(
        label=_("Firm"), max_length=128,
        help_text=_("The whole name as it is registered, or the unified social credit code."),
    )  # fmt: skip

    def __init__(self, *args, by, instructor, **given):
        super().__init__(*args, **given)
        self.by, self.county = by, instructor.county

    def clean_firm(self) -> Firm:
        typed = tidy(self.cleaned_data["firm"])
        whole = Firm.objects.filter(county=self.county)
        found = list(whole.filter(name=typed)[:2]) or list(whole.filter(credit_code=typed.upper())[:2])
        if not found and self.by.may("register"):
            seen = Firm.objects.visible_to(self.by).filter(county=self.county)
            found = list(seen.filter(firms_named(typed)).order_by("pinyin")[:6])
        if len(found) == 1:
            return found[0]
        if found:
            raise forms.ValidationError(
                gettext("Several firms fit: %(firms)s. Write the whole name.")
                % {"firms": gettext(", ").join(firm.name for firm in found)}
            )
        raise forms.ValidationError(
            gettext("No firm of this name or code is in the ledger. Write the whole name.")
        )
