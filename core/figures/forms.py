"""The days that the pages of figures are asked for."""

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

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
    since = forms.DateField(label=_("From"))
    until = forms.DateField(label=_("To"))

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
