from django import forms
from django.conf import settings
from django.core.validators import MinLengthValidator
from django.utils.translation import get_language, get_supported_language_variant
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Area, LineDepartment
from core.accounts.verbs import Role
from core.forms import KeyedForm
from workflows.mailroom.models import Robot, Wishes
from workflows.notices.kinds import Kind

HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]


class ClockInput(forms.TimeInput):
    input_type = "time"

    def __init__(self):
        super().__init__(format="%H:%M")


class QuietMixin(forms.Form):
    """Quiet hours are given whole or not at all."""

    quiet_from = forms.TimeField(
        label=_("Quiet from"),
        required=False,
        widget=ClockInput,
        help_text=_("In these hours nothing is sent; it waits until they end. May run over midnight."),
    )
    quiet_until = forms.TimeField(label=_("Quiet until"), required=False, widget=ClockInput)

    def clean(self):
        said = super().clean()
        if {"quiet_from", "quiet_until"} & set(self.errors):
            return said
        begins, ends = said.get("quiet_from"), said.get("quiet_until")
        if (begins is None) != (ends is None):
            empty = "quiet_from" if begins is None else "quiet_until"
            self.add_error(empty, _("Give both hours, or neither."))
        elif begins is not None and begins == ends:
            self.add_error("quiet_until", _("Quiet hours end at another time than they begin."))
        return said


class Kinds(forms.MultipleChoiceField):
    def __init__(self):
        super().__init__(
            label=_("What is sent"),
            choices=Kind,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("Choose at least one; or choose that nothing is sent.")},
        )


class WishesForm(QuietMixin, KeyedForm):
    """How one person wants to be told."""

    digest = forms.ChoiceField(
        label=_("Summary by e-mail"), choices=Wishes.Digest, widget=forms.RadioSelect
    )
    email = forms.EmailField(label=_("E-mail address"), max_length=254, required=False)
    hour = forms.TypedChoiceField(
        label=_("At what hour"), choices=HOURS, coerce=int, help_text=_("For the summary.")
    )
    weekday = forms.TypedChoiceField(
        label=_("On what day"), choices=Wishes.Day, coerce=int, help_text=_("For the weekly summary.")
    )
    kinds = Kinds()
    language = forms.ChoiceField(label=_("Language of messages"), choices=settings.LANGUAGES)

    field_order = (
        "digest", "email", "hour", "weekday", "kinds", "quiet_from", "quiet_until", "language",
    )  # fmt: skip

    def __init__(self, *args, wishes: Wishes, **given):
        super().__init__(*args, **given)
        for name in self.fields.keys() - {"key", "email"}:
            self.initial.setdefault(name, getattr(wishes, name))
        if wishes._state.adding:  # never chosen: the language that this page is read in
            self.initial["language"] = get_supported_language_variant(get_language())
        self.initial.setdefault("email", wishes.person.email)

    def clean(self):
        said = super().clean()
        wants = said.get("digest") not in (None, Wishes.Digest.OFF)
        if wants and not said.get("email") and "email" not in self.errors:
            self.add_error("email", _("Give the address to which the summary goes."))
        return said

    def entry(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "key"}


class RobotForm(QuietMixin, KeyedForm):
    """A chat group's robot. Its address and secret are written, never shown again."""

    SELF = "self"

    name = forms.CharField(
        label=_("Name of the group"), max_length=40, help_text=_("As you call it, for this page.")
    )
    maker = forms.ChoiceField(label=_("Kind"), choices=Robot.Maker)
    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        help_text=_("The webhook address that the group shows. It is kept encrypted."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "url"}),
    )
    secret = forms.CharField(
        label=_("Secret"),
        max_length=200,
        required=False,
        strip=True,
        validators=[MinLengthValidator(8)],
        help_text=_("If the robot has one (DingTalk: “sign”). It is kept encrypted."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    whose = forms.ChoiceField(label=_("For whom"))
    area = forms.ModelChoiceField(label=_("Area"), queryset=Area.objects.none(), required=False)
    line = forms.ModelChoiceField(
        label=_("Line department"), queryset=LineDepartment.objects.none(), required=False
    )
    kinds = Kinds()
    language = forms.ChoiceField(label=_("Language of messages"), choices=settings.LANGUAGES)

    field_order = (
        "name", "maker", "url", "secret", "whose", "area", "line", "kinds", "quiet_from",
        "quiet_until", "language",
    )  # fmt: skip
    OFFICES = (Role.TOWNSHIP, Role.LINE, Role.COUNTY, Role.ADMINISTRATOR, Role.AUDITOR)

    def __init__(self, *args, by, robot: Robot | None = None, **given):
        super().__init__(*args, **given)
        self.by, self.robot = by, robot
        offices = [(role.value, role.label) for role in self.OFFICES]
        self.fields["whose"].choices = [(self.SELF, _("For me")), *offices]
        self.fields["area"].queryset = Area.objects.filter(code__startswith=by.area)
        self.fields["line"].queryset = LineDepartment.objects.filter(county__startswith=by.county)
        self._leave_out(robot, by)
        shown = robot or Robot()
        for name in self.fields.keys() - {"key", "url", "secret", "whose", "area", "line"}:
            self.initial.setdefault(name, getattr(shown, name))
        if robot:
            kept = _("Leave it empty to keep the one on record.")
            self.fields["url"].required = False
            self.fields["url"].help_text = self.fields["secret"].help_text = kept

    def _leave_out(self, robot, by) -> None:
        """For whom it is, is said once; and one's own robot follows one's own choices."""
        gone = []
        if robot or not by.may("manage_users"):
            gone += ["whose", "area", "line"]
        if robot.person_id if robot else not by.may("manage_users"):
            gone += ["kinds", "language", "quiet_from", "quiet_until"]
        for name in gone:
            del self.fields[name]

    def clean(self):
        said = super().clean()
        whose = said.get("whose", self.SELF)
        if whose != self.SELF and not said.get("area"):
            self.add_error("area", _("Choose the area of the office."))
        line, area = said.get("line"), said.get("area")
        if whose == Role.LINE and (line is None or (area and line.county != area.county)):
            self.add_error("line", _("Choose the line department of this county."))
        return said

    def entry(self) -> dict:
        """What `acts.add_robot` and `acts.change_robot` take."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "key"}
        if self.robot:
            return said
        whose, area, line = (said.pop(name, None) for name in ("whose", "area", "line"))
        if whose in (None, self.SELF):
            return said | {"person": self.by}
        return said | {"role": whose, "area": area.code, "line": line}
