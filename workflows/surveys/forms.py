"""The forms of survey rounds. What a person answers starts from what the ledger knows."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Area
from core.audit.forms import TELLABLE
from core.forms import ButtonForm, KeyedForm
from core.ledger.forms import FirmForm
from core.rulebook import rule
from core.written import TEXT_AT_MOST
from workflows.surveys.models import SurveyFirm, SurveyRound

CONFIRM = "confirm"
# What changes most often comes first; the rest is folded away on the page.
FIRST = ("contact_name", "contact_phone", "address", "employees", "owner_name")


class RoundForm(KeyedForm):
    title = forms.CharField(label=_("Name of the round"), max_length=64)
    areas = forms.ModelMultipleChoiceField(
        label=_("Areas"), queryset=Area.objects.none(), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one area.")},
        help_text=_(
            "Every firm of these areas that is in operation or paused is in the round. Areas of a "
            "round that is open are not ticked."
        ),
    )  # fmt: skip
    until = forms.DateField(
        label=_("Answers until"), validators=TELLABLE,
        help_text=_("What is open after this day is for the township's office."),
    )  # fmt: skip

    def __init__(self, *args, by, on, **given):
        super().__init__(*args, **given)
        kinds = (Area.Kind.TOWNSHIP, Area.Kind.PARK)
        below = Area.objects.filter(code__startswith=by.area or "-", kind__in=kinds)
        free = below.exclude(pk__in=SurveyRound.objects.open().values("areas"))
        self.fields["areas"].queryset = below
        self.initial = {
            "areas": [area.pk for area in free],
            "until": on + timedelta(days=rule("survey_days", on=on).value),
        } | self.initial

    def wishes(self) -> dict:
        typed = {name: self.cleaned_data[name] for name in ("title", "until", "key")}
        return typed | {"areas": list(self.cleaned_data["areas"])}


class RoundButton(ButtonForm):
    pass


class AnswerForm(FirmForm):
    """A firm's entry as the ledger has it; only what differs is typed. Each field carries what it
    said when the page was opened, so that what somebody else changed meanwhile is told apart from
    what was typed here."""

    def __init__(self, *args, user, firm, **given):
        super().__init__(*args, user=user, firm=firm, **given)
        del self.fields["area"], self.fields["line"]
        self.asked = [name for name in self.fields if name not in ("key", "version")]
        for name in self.asked:
            self.fields[name].show_hidden_initial = True
        self.side_by_side: list[dict] = []

    def full_clean(self):
        """What was on record before and was not touched is nobody's slip here."""
        super().full_clean()
        for name in [name for name in self._errors if name in self.asked]:
            if name not in self.changed_data:
                del self._errors[name]
                self.cleaned_data.pop(name, None)

    def clean(self):
        typed = super().clean()
        if self.data.get("act") == CONFIRM and self.changes():
            raise forms.ValidationError(
                _("You typed differences. Save them with the lower button, or clear them first.")
            )
        return typed

    def changes(self) -> dict:
        """What differs from the page as it was opened: field → value."""
        return {n: self.cleaned_data[n] for n in self.changed_data if n in self.cleaned_data
                and n in self.asked}  # fmt: skip

    def typed(self) -> dict:
        """What was typed, in the words of the page, to be kept where it came too late."""
        touched = [name for name in self.changed_data if name in self.asked]
        said = {str(self[n].label): self._said(n, self.data.get(n, "")) for n in touched}
        return said or {str(_("All is as it stands")): str(_("yes"))}

    def set_beside(self, firm) -> None:
        """After a refusal: what is on record now stands beside what was typed, nothing is lost, and
        sent again it is judged against the entry as it is now."""
        touched, data = set(self.changed_data), self.data.copy()
        for name in self.asked:
            bound, value = self[name], getattr(firm, name)
            now, was = "" if value is None else str(value), data.get(bound.html_initial_name, "")
            if now != was:
                mine = data.get(name, "") if name in touched else ""
                self.side_by_side.append({
                    "label": bound.label, "was": self._said(name, was), "now": self._said(name, now),
                    "typed": self._said(name, mine), "touched": name in touched,
                })  # fmt: skip
            data[bound.html_initial_name] = now
            if name not in touched:
                data[name] = now
                if isinstance(self.fields[name], forms.BooleanField) and not value:
                    del data[name]
        data["version"] = firm.version
        self.data = data
        self.__dict__.pop("changed_data", None)

    def _said(self, name: str, raw: str) -> str:
        field = self.fields[name]
        if isinstance(field, forms.BooleanField):
            return str(_("yes")) if raw in ("on", "True") else str(_("no"))
        choices = {str(code): label for code, label in getattr(field, "choices", ())}
        return str(choices.get(raw, raw)) if raw else "–"

    def now_said(self, name: str) -> str:
        """What the ledger says now of a field, in the words of the page."""
        value = getattr(self.firm, name)
        return self._said(name, "" if value is None else str(value))

    @property
    def first(self):
        return [self[name] for name in FIRST]

    @property
    def rest(self):
        return [self[name] for name in self.asked if name not in FIRST]


class NotFoundForm(KeyedForm):
    reason = forms.ChoiceField(
        label=_("What did you find?"), choices=SurveyFirm.Reason, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("In your own words"), max_length=TEXT_AT_MOST, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def typed(self) -> dict:
        reason = SurveyFirm.Reason(self.cleaned_data["reason"]).label
        said = {str(self.fields["reason"].label): str(reason)}
        return said | {str(self.fields["words"].label): self.cleaned_data["words"]}


class SettleForm(KeyedForm):
    outcome = forms.ChoiceField(
        label=_("What became of it?"), choices=SurveyFirm.Outcome, widget=forms.RadioSelect
    )
    moves_to = forms.ChoiceField(label=_("Moved to"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, firm, **given):
        super().__init__(*args, **given)
        below = Area.objects.filter(code__startswith=firm.county).exclude(kind=Area.Kind.COUNTY)
        places = [(area.code, area.name) for area in below if area.code != firm.area]
        self.fields["moves_to"].choices = [("", _("does not apply")), *places]
        self.initial.setdefault("version", firm.version)
