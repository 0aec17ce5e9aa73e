"""The forms of a handover."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import KeyedForm
from core.written import TEXT_AT_MOST


def _text(label, help_text="", rows=4):
    return forms.CharField(
        label=label, max_length=TEXT_AT_MOST, required=False, help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )  # fmt: skip


class HandOverForm(KeyedForm):
    promises = _text(_("What is promised"), _("To the firm, or by it."))
    whom_to_call = _text(_("Whom to call"), _("Who helps, and when they are there."), rows=3)
    what_next = _text(_("What is next"), _("If nothing is open, say so in a sentence."))


class TakeOverForm(KeyedForm):
    remark = _text(_("Remark"), _("Only if something is missing or other than written here."), rows=3)
