"""The note of a visit or a call: one screen on a phone, and what is known is filled in."""

from contextlib import suppress
from datetime import date, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from core.errors import Refused
from core.ledger.permits import not_ahead
from core.people.assigning import months_later
from core.people.forms import Entry
from core.people.models import GuidanceRecord

SHOWN = 5  # follow-ups still open that the form offers to close, the newest
# How long until the next time: days, or months by the calendar.
IN = {
    "week": (_("In 1 week"), 7, 0),
    "two_weeks": (_("In 2 weeks"), 14, 0),
    "month": (_("In 1 month"), 0, 1),
}


AGAIN = ("follow_up", "again", "follow_up_on")


class StillOpen(forms.ModelMultipleChoiceField):
    """Earlier follow-ups, each to be ticked when it is done."""

    def label_from_instance(self, record):
        day = record.follow_up_on and date_format(record.follow_up_on)
        if record.follow_up and day:
            return _("%(what)s (by %(day)s)") % {"what": record.follow_up, "day": day}
        return record.follow_up or _("go again on %(day)s") % {"day": day}


class GuidanceForm(Entry):
    template_name = "people/guidance_fields.html"

    kind = forms.ChoiceField(
        label=_("Kind"), choices=GuidanceRecord.Kind.choices,
        widget=forms.RadioSelect(attrs={"class": "pick"}), initial=GuidanceRecord.Kind.VISIT,
        help_text=_("A call is kept too, but only a visit on site counts as the visit that is due."),
    )  # fmt: skip
    day = forms.DateField(label=_("Day"))
    done = forms.CharField(
        label=_("What was done"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    settles = StillOpen(
        GuidanceRecord.objects.none(), label=_("Last time you wanted to"), required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("Tick what is done."),
        error_messages={
            "invalid_choice": _("This follow-up is done already, or it is another firm's."),
            "invalid_pk_value": _("This follow-up is done already, or it is another firm's."),
        },
    )  # fmt: skip
    follow_up = forms.CharField(label=_("To follow up"), max_length=500, required=False)
    again = forms.ChoiceField(
        label=_("When"), required=False, widget=forms.RadioSelect(attrs={"class": "pick"}),
        choices=[("", _("No day")), *((name, words) for name, (words, _d, _m) in IN.items())],
    )  # fmt: skip
    follow_up_on = forms.DateField(
        label=_("or on a day of your choice"), required=False,
        help_text=_("A day given here goes before the choice above."),
    )  # fmt: skip

    def __init__(self, *args, firm, on, **given):
        super().__init__(*args, **given)
        self.on = on
        self.initial.setdefault("day", on)
        self._offer(GuidanceRecord.objects.filter(firm=firm).order_by("-on", "-pk"))

    def _offer(self, records) -> None:
        """The newest follow-ups still open, to be ticked. Sent a second time, the form still
        knows those that it closed the first time."""
        open_ = records.unsettled()
        if self.is_bound:
            key = self.fields["key"].widget.value_from_datadict(self.data, {}, self.add_prefix("key"))
            with suppress(ValidationError):  # a strange key is said with the form's other slips
                open_ |= records.filter(settled_by__key=self.fields["key"].clean(key))
        else:
            open_ = open_.filter(pk__in=open_.values("pk")[:SHOWN])
        box = self.fields["settles"].widget
        ticked = box.value_from_datadict(self.data, {}, self.add_prefix("settles"))
        if open_ or ticked:
            self.fields["settles"].queryset = open_
        else:
            del self.fields["settles"]

    def clean_day(self):
        """Said at the field; the act itself asks again."""
        day = self.cleaned_data["day"]
        try:
            not_ahead(day, self.on)
        except Refused as refusal:
            raise ValidationError(refusal.sentence) from refusal
        return day

    @property
    def kind_now(self) -> str:
        """The kind that is chosen, in words."""
        kinds = dict(GuidanceRecord.Kind.choices)
        return kinds.get(self["kind"].value(), kinds[GuidanceRecord.Kind.VISIT])

    @property
    def day_now(self) -> str:
        """The day that is given, in words; as it was typed where it is no day."""
        given = self["day"].value()
        with suppress(ValueError):
            return date_format(date.fromisoformat(str(given)))
        return given

    @property
    def again_now(self) -> bool:
        """Whether anything is said about the next time."""
        return any(self[name].value() or self[name].errors for name in AGAIN)

    def entry(self) -> dict:
        """What was typed, the quick choice as a day counted from the visit."""
        entry = super().entry()
        _words, days, months = IN.get(entry.pop("again"), ("", 0, 0))
        if not entry["follow_up_on"] and (days or months):
            since = max(entry["day"], self.on)  # written down later, it is still ahead
            entry["follow_up_on"] = months_later(since, months) + timedelta(days=days)
        return entry
