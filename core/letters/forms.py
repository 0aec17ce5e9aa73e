from django import forms
from django.forms.models import fields_for_model
from django.utils.translation import gettext_lazy as _

from core.audit.forms import TELLABLE
from core.forms import KeyedForm
from core.letters.acts import FIELDS
from core.letters.models import Letterhead
from core.papers.letter import Kind


class LetterheadForm(KeyedForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, head: Letterhead | None, **given):
        super().__init__(*args, **given)
        self.fields |= fields_for_model(Letterhead, FIELDS)
        for name in FIELDS:
            self.fields[name].error_messages["required"] = _("Please fill this in.")
            self.initial.setdefault(name, getattr(head, name, ""))
        self.initial.setdefault("version", head.version if head else 0)

    def wishes(self) -> dict:
        said = {name: self.cleaned_data[name] for name in FIELDS}
        return said | {"version": self.cleaned_data["version"] or 0}


class LetterForm(KeyedForm):
    """What is asked for one letter; the rest is on the letterhead and on the list."""

    number = forms.IntegerField(
        label=_("Number"), min_value=1, max_value=99_999,
        help_text=_("The next one of the year. Change it where other letters took numbers, too."),
    )  # fmt: skip
    day = forms.DateField(label=_("Day of the letter"), validators=TELLABLE)
    recipient = forms.CharField(label=_("Goes to"), max_length=120)
    answers = forms.CharField(
        label=_("Answers which request"), max_length=120,
        help_text=_("Title and number of the request."),
    )  # fmt: skip

    def __init__(self, *args, kind: str, head: Letterhead, number: int, on, **given):
        super().__init__(*args, **given)
        if kind != Kind.ANSWER:
            del self.fields["answers"]
        recipient = head.upward if kind == Kind.REQUEST else head.downward
        self.initial = {"number": number, "day": on, "recipient": recipient} | self.initial

    def wishes(self) -> dict:
        """With what was typed, as far as it can be read; the rest as it was offered."""
        typed = getattr(self, "cleaned_data", {})
        names = [name for name in self.fields if name != "key"]
        return {name: typed.get(name) or self.initial.get(name, "") for name in names}
