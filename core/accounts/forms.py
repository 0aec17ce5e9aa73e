from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Area, LineDepartment, User
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


class AccountForm(KeyedForm):
    """What an administrator says to open an account."""

    username = forms.CharField(
        label=_("User name"), max_length=64, validators=User._meta.get_field("username").validators
    )
    name = forms.CharField(label=_("Name"), max_length=64)
    role = forms.ChoiceField(label=_("Role"), choices=Role)
    area = forms.ModelChoiceField(label=_("Area"), queryset=Area.objects.none())
    line = forms.ModelChoiceField(
        label=_("Line department"),
        queryset=LineDepartment.objects.none(),
        required=False,
        help_text=_("Only for a line-department supervisor."),
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
    password = forms.CharField(
        label=_("Temporary password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters. Tell the person to change it after signing in."),
    )

    def __init__(self, *args, by, **given):
        super().__init__(*args, **given)
        self.by = by
        self.fields["area"].queryset = Area.objects.filter(code__startswith=by.area)
        self.fields["line"].queryset = LineDepartment.objects.filter(county__startswith=by.county)
        self.fields["instructor"].queryset = Instructor.objects.visible_to(by).filter(
            user__isnull=True, left_on__isnull=True
        )

    def clean_firm(self):
        """The firm itself, by its credit code."""
        typed = self.cleaned_data["firm"]
        if not typed:
            return None
        firm = Firm.objects.visible_to(self.by).filter(credit_code=normalised(typed)).first()
        if firm is None:
            raise ValidationError(_("No firm in your area has this credit code."))
        return firm


class TemporaryPasswordForm(KeyedForm):
    password = forms.CharField(
        label=_("Temporary password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters. Tell the person to change it after signing in."),
    )
