"""The days that the pages of figures are asked for."""

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.audit.forms import TELLABLE
from core.errors import Refused
from core.figures.coverage import NUMBERS
from core.figures.printed import NOTHING, read
from core.forms import KeyedForm

EARLIEST = date(1978, 1, 1)  # before that there was no such firm


class OfThePast(forms.Form):
    """Days from the address of a page; what is wrong with one is said beside it."""

    def __init__(self, *args, on: date, **given):
        super().__init__(*args, **given)
        self.on = on
        for field in self.fields.values():
            field.required = False
            field.widget.input_type = "date"

    def clean(self):
        for name, day in list(super().clean().items()):
            if day and not EARLIEST <= day <= self.on:
                self.add_error(name, gettext("Choose a day between 1978 and today."))
        return self.cleaned_data

    def day(self, name: str) -> date | None:
        """The day of a field, if one was given and can be taken."""
        return self.cleaned_data.get(name) if self.is_bound and self.is_valid() else None


class DayForm(OfThePast):
    on = forms.DateField(label=_("As of"))


class SpanForm(OfThePast):
    since = forms.DateField(label=_("First day"))
    until = forms.DateField(label=_("Last day"))

    def __init__(self, *args, on: date, **given):
        super().__init__(*args, on=on, **given)
        first, last = self.span()
        self.initial = {"since": first.isoformat(), "until": last.isoformat()}

    def clean(self):
        days = super().clean()
        first, last = days.get("since"), days.get("until") or self.on
        if first and first >= last:
            self.add_error("since", gettext("The first day comes before the last one."))
        return self.cleaned_data

    def span(self) -> tuple[date, date]:
        """Both days: without others from the last day of the year before until today."""
        last = self.day("until") or self.on
        usual = min(date(self.on.year - 1, 12, 31), last - timedelta(days=1))
        return self.day("since") or usual, last


def counts(nothing: bool) -> list:
    """What a printed figure may count: the figures of the desk, each by its name."""
    known = [(number.key, number.label) for number in NUMBERS if number.countable]
    none = [(NOTHING, _("nothing that the ledger has"))] if nothing else []
    return [("", _("not clear yet")), *none, *known]


class ReadingForm(KeyedForm):
    """What a printed figure counts."""

    part = forms.ChoiceField(label=_("What is counted"), required=False)
    whole = forms.ChoiceField(
        label=_("Of what, if it is a share"), required=False,
        help_text=_("Only for a figure in percent."),
    )  # fmt: skip

    def __init__(self, *args, **given):
        super().__init__(*args, **given)
        self.fields["part"].choices = counts(nothing=True)
        self.fields["whole"].choices = [("", _("of nothing: a plain number")), *counts(False)[1:]]

    def clean(self):
        said = super().clean()
        if said.get("whole") and said.get("part") in ("", NOTHING):
            self.add_error("part", gettext("Choose what is counted, and for a share of what."))
        return said


class PrintedForm(ReadingForm):
    """A figure as a report printed it."""

    report = forms.CharField(label=_("Report"), max_length=120)
    on = forms.DateField(label=_("As of"), validators=TELLABLE)
    label = forms.CharField(label=_("Figure, in the report's words"), max_length=200)
    printed = forms.CharField(label=_("As printed"), max_length=24, help_text=_("408, 7,219 or 2.23%."))
    field_order = ("report", "on", "label", "printed", "part", "whole", "key")

    def clean_printed(self):
        try:
            read(self.cleaned_data["printed"])
        except Refused as refusal:
            raise forms.ValidationError(refusal.sentence) from None
        return self.cleaned_data["printed"]
