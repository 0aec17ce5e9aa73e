"""The forms about proposed assignments."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import KeyedForm
from core.ledger.models import Firm
from core.ledger.stages import Operation
from core.people.forms import to_choose_from, with_load
from core.people.models import Assignment, Instructor
from core.written import TEXT_AT_MOST
from workflows.assignments.acts import open_requests
from workflows.assignments.models import AssignmentAnswer, AssignmentRequest

How, Party = AssignmentAnswer.How, AssignmentAnswer.Party


def words_field(label, help_text="", *, required=False):
    return forms.CharField(
        label=label, required=required, max_length=TEXT_AT_MOST, help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


REASONS = words_field(
    _("Reasons"), _("Why this one? The unit, the instructor and the county office read it.")
)
ALL_THE_SAME = forms.BooleanField(
    label=_("assign all the same"), required=False,
    help_text=_("Only needed when something speaks against it that you have seen and mean."),
)  # fmt: skip


class ProposeForm(KeyedForm):
    """Which instructor a firm gets. Nothing that the system knows is asked."""

    instructor = forms.ModelChoiceField(Instructor.objects.none(), label=_("Instructor"))
    reasons = REASONS
    all_the_same = ALL_THE_SAME

    def __init__(self, *args, firm, user, on, **given):
        super().__init__(*args, **given)
        self.fields["instructor"].queryset = to_choose_from(user, firm, on)
        self.fields["instructor"].label_from_instance = with_load

    def wishes(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("instructor", "reasons", "all_the_same")}


class ProposeForForm(KeyedForm):
    """Which firm an instructor gets: of those without one, for which nobody is proposed."""

    firm = forms.ModelChoiceField(Firm.objects.none(), label=_("Firm"))
    reasons = REASONS
    all_the_same = ALL_THE_SAME

    def __init__(self, *args, instructor, user, **given):
        super().__init__(*args, **given)
        guided = Assignment.objects.current().filter(county=instructor.county)
        rows = Firm.objects.visible_to(user).filter(county=instructor.county)
        self.fields["firm"].queryset = (
            rows.exclude(operation=Operation.CLOSED)
            .exclude(pk__in=guided.order_by().values("firm_id"))
            .exclude(pk__in=open_requests().order_by().values("firm_id"))
            .order_by("area", "pk")
        )
        self.fields["firm"].label_from_instance = lambda firm: firm.name

    def wishes(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("reasons", "all_the_same")}


SAYS = {
    Party.UNIT: (_("The unit agrees to send them"), _("The unit does not agree")),
    Party.INSTRUCTOR: (_("Accepts"), _("Declines")),
    Party.FIRM: (_("The firm confirms"), _("The firm asks for another instructor")),
    Party.COUNTY: (
        _("Issue a list with this assignment alone"), _("Turn it down: another one is chosen"),
    ),
}  # fmt: skip


class AnswerForm(KeyedForm):
    """One side's answer; `recording` asks how an office heard it."""

    agrees = forms.ChoiceField(label=_("The answer"), widget=forms.RadioSelect)
    how = forms.ChoiceField(
        label=_("How it was given"), widget=forms.RadioSelect,
        choices=[(How.PAPER, How.PAPER.label), (How.PHONE, How.PHONE.label)],
        help_text=_("You record what they said; it is marked so."),
    )  # fmt: skip
    reason = words_field(_("Reasons"), _("Needed for a no. Those who keep the firm's record read it."))

    def __init__(self, *args, party, recording, **given):
        super().__init__(*args, **given)
        yes, no = SAYS[party]
        self.fields["agrees"].choices = [("yes", yes), ("no", no)]
        if not recording:
            del self.fields["how"]

    def clean(self):
        data = super().clean()
        if data.get("agrees") == "no" and not (data.get("reason") or "").strip():
            self.add_error("reason", _("Say why, so that the proposer knows what to do."))
        return data

    def wishes(self) -> dict:
        data = self.cleaned_data
        return {
            "agrees": data["agrees"] == "yes", "reason": data["reason"], "how": data.get("how", ""),
        }  # fmt: skip


class ChooseForm(ProposeForm):
    """After a no: another one, or none."""

    what = forms.ChoiceField(
        label=_("What now"), widget=forms.RadioSelect,
        choices=[("another", _("Propose this instructor")), ("give_up", _("Give up the proposal"))],
    )  # fmt: skip
    field_order = ["what", "instructor", "reasons", "all_the_same"]

    def __init__(self, *args, **given):
        super().__init__(*args, **given)
        self.fields["instructor"].required = False
        self.fields["reasons"].help_text = _("Needed when you give up.")

    def clean(self):
        data = super().clean()
        if data.get("what") == "another" and "instructor" in data and not data["instructor"]:
            self.add_error("instructor", _("Choose the instructor whom you propose now."))
        if data.get("what") == "give_up":
            data["instructor"] = None
            if not (data.get("reasons") or "").strip():
                said = _("Say why you give up, for whoever looks after this firm.")
                self.add_error("reasons", said)
        return data


class WithdrawForm(KeyedForm):
    reason = words_field(_("Reasons"), _("Those who were asked are told."), required=True)


class IssueForm(KeyedForm):
    """The ticked ones. Whether each is ready is asked by the act, under the lock."""

    requests = forms.ModelMultipleChoiceField(
        AssignmentRequest.objects.none(), label=_("Ready to be issued")
    )

    def __init__(self, *args, user, **given):
        super().__init__(*args, **given)
        field = self.fields["requests"]
        field.queryset = AssignmentRequest.objects.visible_to(user)
        field.error_messages["required"] = _("Tick the assignments that stand on the list.")
        gone = _("One of the ticked assignments is no longer ready. Look at the list again.")
        field.error_messages["invalid_choice"] = field.error_messages["invalid_pk_value"] = gone
