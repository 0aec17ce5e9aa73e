"""The forms about recalls."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import KeyedForm
from core.written import TEXT_AT_MOST
from workflows.recalls.models import RecallRequest


class RecallForm(KeyedForm):
    reason = forms.ChoiceField(
        label=_("Reason"), choices=RecallRequest.Reason.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("What happened"), max_length=TEXT_AT_MOST, widget=forms.Textarea(attrs={"rows": 4})
    )


class RecallDecisionForm(KeyedForm):
    decision = forms.ChoiceField(
        label=_("Decision"), widget=forms.RadioSelect,
        choices=[
            ("approve", _("Approve: the assignment ends today")),
            ("reject", _("Reject: the instructor stays")),
        ],
    )  # fmt: skip
    comment = forms.CharField(
        label=_("Comment"), required=False, max_length=TEXT_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 3}), help_text=_("Needed when you reject."),
    )  # fmt: skip

    def clean(self):
        data = super().clean()
        if data.get("decision") == "reject" and not (data.get("comment") or "").strip():
            self.add_error("comment", _("Say why, so that the proposer knows what to do."))
        return data
