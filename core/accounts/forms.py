from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Area, LineDepartment, SendingUnit, User
from core.accounts.verbs import Role
from core.forms import KeyedForm
from core.ledger.credit_code import normalised
from core.ledger.models import Firm
from core.people.models import Instructor


class SignInForm(AuthenticationForm):
    error_messages = AuthenticationForm.error_messages | {
        "invalid_login": _(
            "User name and password do not fit together. After five wrong passwords the sign-in is "
            "locked for 15 minutes."
        )
    }


class PlaceForm(KeyedForm):
    """A person's role, and what it reaches."""

    role = forms.ChoiceField(label=_("Role"), choices=Role)
    area = forms.ModelChoiceField(label=_("Area"), queryset=Area.objects.none())
    line = forms.ModelChoiceField(
        label=_("Line department"),
        queryset=LineDepartment.objects.none(),
        required=False,
        help_text=_("Only for a line-department supervisor."),
    )
    unit = forms.ModelChoiceField(
        label=_("Sending unit"),
        queryset=SendingUnit.objects.none(),
        required=False,
        help_text=_("Only for who answers for a sending unit."),
    )
    instructor = forms.ModelChoiceField(
        label=_("Entry in the list of instructors"),
        queryset=Instructor.objects.none(),
        required=False,
        help_text=_("Only for an instructor: whose firms this account opens."),
    )
    firm = forms.CharField(
        label=_("Credit code of the firm"),
        max_length=40,
        required=False,
        help_text=_("Only for a firm contact."),
    )

    def __init__(self, *args, by, person=None, **given):
        super().__init__(*args, **given)
        self.by = by
        self.fields["area"].queryset = Area.objects.filter(code__startswith=by.area)
        self.fields["line"].queryset = LineDepartment.objects.filter(county__startswith=by.county)
        self.fields["unit"].queryset = SendingUnit.objects.visible_to(by)
        free = Q(user__isnull=True, left_on__isnull=True)
        if person:
            free |= Q(user=person)
            self._show(person)
        entries = Instructor.objects.visible_to(by).filter(free).select_related("unit")
        self.fields["instructor"].queryset = entries.order_by("pinyin", "pk")
        self.fields["instructor"].label_from_instance = lambda entry: (
            f"{entry.name} · {entry.sending_unit}"
        )

    def _show(self, person):
        entry, contact = getattr(person, "instructor", None), getattr(person, "contact_of", None)
        for name, value in {
            "role": person.role, "area": person.area, "line": person.line_id,
            "unit": person.unit_id,
            "instructor": entry and entry.pk, "firm": contact and contact.firm.credit_code,
        }.items():  # fmt: skip
            self.initial.setdefault(name, value)

    def clean_firm(self):
        """The firm itself, by its credit code."""
        typed = self.cleaned_data["firm"]
        if not typed:
            return None
        firm = Firm.objects.visible_to(self.by).filter(credit_code=normalised(typed)).first()
        if firm is None:
            raise ValidationError(_("No firm in your area has this credit code."))
        return firm

    def entry(self) -> dict:
        said = {name: value for name, value in self.cleaned_data.items() if name != "key"}
        return said | {"area": said["area"].code}


TEMPORARY = _("At least 10 characters. The person chooses an own one when signing in.")


class AccountForm(PlaceForm):
    """What an administrator says to open an account."""

    username = forms.CharField(
        label=_("User name"), max_length=64, validators=User._meta.get_field("username").validators
    )
    name = forms.CharField(label=_("Name"), max_length=64)
    password = forms.CharField(
        label=_("Temporary password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=TEMPORARY,
    )
    field_order = ("username", "name", "role", "area", "line", "unit", "instructor", "firm", "password")


class TemporaryPasswordForm(KeyedForm):
    password = forms.CharField(
        label=_("Temporary password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=TEMPORARY,
    )
