from datetime import date

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from core.audit.sentences import SENTENCES

# Days that every database and time zone can tell.
TELLABLE = (MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2999, 12, 31)))


def kinds():
    """The kinds of events as choices: each sentence with its gaps shown as dots."""
    blank = type("Dots", (dict,), {"__missing__": lambda self, word: "…"})()
    return [("", _("all kinds"))] + [
        (code, str(said).format_map(blank)) for code, said in SENTENCES.items()
    ]


class TrailFilter(forms.Form):
    """What an auditor looks for."""

    person = forms.CharField(label=_("Person"), max_length=64, required=False)
    firm = forms.CharField(label=_("Firm"), max_length=64, required=False)
    code = forms.ChoiceField(label=_("Kind"), choices=kinds, required=False)
    since = forms.DateField(
        label=_("From day"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        validators=TELLABLE,
    )  # fmt: skip
    until = forms.DateField(
        label=_("To day"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        validators=TELLABLE,
    )  # fmt: skip
