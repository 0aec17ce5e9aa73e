"""The forms of the conversation about a transition."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.accounts.models import User
from core.forms import KeyedForm
from core.forms_files import FilesField
from core.ledger.models import Branch
from core.people.who import who_sees, with_role
from core.written import TEXT_AT_MOST
from workflows.coverage.models import Opinion

Decision = Opinion.Decision


class ProposalForm(KeyedForm):
    """A proposal: the reason, what the move needs, and evidence. Nothing the system knows is asked."""

    branch = forms.ModelChoiceField(Branch.objects.none(), label=_("Branch to join"))
    branch_name = forms.CharField(label=_("Name of the new branch"), max_length=128)
    resumes_on = forms.DateField(
        label=_("Work begins again on"), widget=forms.DateInput(attrs={"type": "date"})
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=TEXT_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Why now? The figures below are added by the system; do not copy them."),
    )
    files = FilesField(
        label=_("Evidence"),
        required=False,
        help_text=_("Minutes, applications, lists: PDF, pictures, Word or Excel."),
    )

    def __init__(self, *args, firm, move, user, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("branch", "branch_name", "resumes_on"):
            if name != {"new_branch": "branch_name"}.get(move.needs, move.needs):
                del self.fields[name]
        if "branch" in self.fields:
            self.fields["branch"].queryset = (
                Branch.objects.visible_to(user)
                .standing()
                .filter(kind=Branch.Kind.AFFILIATED, county=firm.county)
            )
        if "branch_name" in self.fields:
            self.fields["branch_name"].initial = f"中共{firm.name}支部"

    def wishes(self) -> dict:
        """What `propose` and `correct` are called with."""
        data = self.cleaned_data
        return {
            "reason": data["reason"],
            "branch": data.get("branch"),
            "branch_name": data.get("branch_name", ""),
            "resumes_on": data.get("resumes_on"),
            "files": data["files"],
        }


class DecisionForm(KeyedForm):
    """A reviewer's answer."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.RadioSelect,
        choices=[
            (Decision.APPROVE, _("Approve")),
            (Decision.RETURN, _("Return for correction: the proposer puts something right")),
            (Decision.REJECT, _("Reject: the proposal ends here")),
            (Decision.ASK, _("Ask somebody for an opinion first")),
        ],
    )
    comment = forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=TEXT_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Needed when you return or reject. It is printed on the approval form."),
    )
    asked = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Whose opinion"),
        required=False,
        help_text=_("Only when you ask for an opinion."),
    )

    def __init__(self, *args, firm, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["asked"].queryset = who_sees(firm, verb="give_opinion").exclude(pk=user.pk)
        self.fields["asked"].label_from_instance = with_role

    def clean(self):
        data = super().clean()
        decision, comment = data.get("decision"), (data.get("comment") or "").strip()
        if decision in (Decision.RETURN, Decision.REJECT) and not comment:
            self.add_error("comment", _("Say why, so that the proposer knows what to do."))
        if decision == Decision.ASK and not data.get("asked"):
            self.add_error("asked", _("Choose the person whose opinion you ask."))
        return data


class OpinionForm(KeyedForm):
    comment = forms.CharField(
        label=_("Your opinion"),
        max_length=TEXT_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class WithdrawForm(KeyedForm):
    """Nothing to fill in; the key makes it safe to send twice."""
