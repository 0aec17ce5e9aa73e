"""The forms of the inbox: what is done with one task, with many, and with filters."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.accounts.models import User
from core.accounts.verbs import Role
from core.forms import ButtonForm, KeyedForm
from core.people.who import with_role
from core.written import TEXT_AT_MOST
from workflows.engine.handing import helpers
from workflows.inbox.bulk import ACTS, AT_MOST

DAY = {"required": _("Choose a day."), "invalid": _("Enter the day as in 2026-11-03.")}
WHO = {
    "required": _("Choose a person."),
    "invalid_choice": _("This person cannot be chosen any more. Choose another one."),
}


class TaskForm(KeyedForm):
    """A small form on a task's page."""

    def __init__(self, *args, task, user, **given):
        super().__init__(*args, **given)
        self.task, self.user = task, user

    def offer(self, people) -> None:
        self.fields["to"].queryset = people
        self.fields["to"].label_from_instance = with_role


class TaskButton(ButtonForm):
    def __init__(self, *args, task, user, **given):
        super().__init__(*args, **given)


class HandOnForm(TaskForm):
    """To whom a task is handed: only people who may carry it out are offered."""

    to = forms.ModelChoiceField(User.objects.none(), label=_("Hand on to"), error_messages=WHO)

    def __init__(self, *args, **given):
        super().__init__(*args, **given)
        self.offer(self.task.candidates().exclude(pk=self.task.owner_id or 0))


class LendForm(TaskForm):
    to = forms.ModelChoiceField(User.objects.none(), label=_("Who is to help"), error_messages=WHO)
    wish = forms.CharField(
        label=_("What you would like to have done"),
        max_length=TEXT_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args, **given):
        super().__init__(*args, **given)
        self.offer(helpers(self.task).exclude(pk__in=(self.task.owner_id or 0, self.user.pk)))


class ReportForm(TaskForm):
    text = forms.CharField(
        label=_("What came of it"),
        max_length=TEXT_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class HoldForm(TaskForm):
    until = forms.DateField(label=_("Put off until"), error_messages=DAY)


class FollowUpForm(TaskForm):
    day = forms.DateField(
        label=_("Come back to it on"),
        required=False,
        error_messages=DAY,
        help_text=_("Your own reminder; it moves no deadline. Leave it empty to take it away."),
    )

    def __init__(self, *args, **given):
        super().__init__(*args, **given)
        self.initial.setdefault("day", self.task.follow_up_on)


class CommentForm(TaskForm):
    text = forms.CharField(
        label=_("Your comment"),
        max_length=TEXT_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Write @ and a name to call somebody."),
    )


class BulkForm(forms.Form):
    """One act on the tasks that are ticked on a page of a list."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    act = forms.ChoiceField(choices=[(name, label) for name, (label, _do) in ACTS.items()])
    comment = forms.CharField(required=False, max_length=TEXT_AT_MOST)
    until = forms.DateField(required=False, error_messages=DAY)
    to = forms.ModelChoiceField(User.objects.none(), required=False, error_messages=WHO)
    here = forms.CharField(required=False, max_length=20 * AT_MOST)  # the page's tasks
    all = forms.BooleanField(required=False)  # all of them

    def __init__(self, *args, user, **given):
        super().__init__(*args, **given)
        self.fields["to"].queryset = colleagues(user)
        self.fields["act"].error_messages["required"] = _("Choose what is to be done with these tasks.")

    @property
    def ticked(self) -> set[int]:
        return {int(said) for said in self.data.getlist("task") if _number(said)}

    def tasks(self) -> list[int]:
        """The numbers of the tasks that are meant, in the page's order."""
        here = [int(said) for said in self.cleaned_data["here"].split(",") if _number(said)]
        if self.cleaned_data["all"]:
            return here
        return [pk for pk in here if pk in self.ticked] + sorted(self.ticked - set(here))

    def given(self) -> dict:
        data = self.cleaned_data
        said = {
            "comment": data["comment"], "to": data["to"] and data["to"].pk,
            "until": data["until"] and data["until"].isoformat(),
        }  # fmt: skip
        return {name: value for name, value in said.items() if value}


def _number(said: str) -> bool:
    return said.isascii() and said.isdigit() and len(said) < 19


def colleagues(user):
    """Whom a supervisor may hand many tasks at once: the supervisors of the area."""
    decide = (Role.TOWNSHIP, Role.LINE, Role.COUNTY)
    people = User.objects.visible_to(user).filter(role__in=decide, is_active=True)
    return people.order_by("area", "name") if user.may("reassign") else people.none()


class KeepForm(KeyedForm):
    """A list with its filters, under a name."""

    name = forms.CharField(label=_("Name of this filter"), max_length=40)
    shared = forms.BooleanField(label=_("For the whole office"), required=False)
