"""The forms of the ledger."""

from django import forms
from django.core.validators import RegexValidator
from django.forms.models import fields_for_model
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Area, LineDepartment
from core.forms import KeyedForm
from core.forms_files import FilesField
from core.ledger.acts import ENTRY
from core.ledger.credit_code import normalised, validate_credit_code
from core.ledger.models import Firm, MassOrganisation

phone_number = RegexValidator(
    r"^[0-9+() \-]{5,20}$", _("A phone number has digits, blanks and + ( ) - only.")
)

SEVERAL_LANGUAGES = _("Several with a comma between them.")


def places(user) -> list[tuple[str, str]]:
    """The divisions within a person's area that a firm may lie in: towns, parks, villages."""
    below = Area.objects.filter(code__startswith=user.area).exclude(kind=Area.Kind.COUNTY)
    return [(area.code, area.name) for area in below] if user.area else []


def lines(user):
    return LineDepartment.objects.filter(county=user.county)


class FirmForm(KeyedForm):
    """A firm's entry. With `firm` it changes that one, as it was when the page was opened."""

    name = forms.CharField(label=_("Name of the firm"), max_length=128)
    credit_code = forms.CharField(
        label=_("Unified social credit code"),
        max_length=60,
        help_text=_("18 characters; blanks and small letters do no harm."),
    )
    area = forms.ChoiceField(label=_("Township or park"))
    line = forms.ModelChoiceField(
        LineDepartment.objects.none(),
        label=_("Line department"),
        required=False,
        empty_label=_("none: managed by the township or park"),
    )
    employees = forms.IntegerField(label=_("Employees"), min_value=0, max_value=1_000_000)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, user, firm=None, **given):
        super().__init__(*args, **given)
        self.user, self.firm = user, firm
        self.fields |= fields_for_model(Firm, [name for name in ENTRY if name not in self.fields])
        self.fields["area"].choices = places(user)
        self.fields["line"].queryset = lines(user)
        self.fields["languages"].help_text = SEVERAL_LANGUAGES
        self.fields["contact_phone"].validators.append(phone_number)
        self.order_fields(["name", "credit_code", *ENTRY])
        if firm:
            for name in ENTRY:
                self.initial.setdefault(name, getattr(firm, name))
            self.initial.setdefault("version", firm.version)

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())

    def clean_credit_code(self):
        code = normalised(self.cleaned_data["credit_code"])
        validate_credit_code(code)
        return code

    def entry(self) -> dict:
        return {name: self.cleaned_data[name] for name in ENTRY}

    def twin(self) -> Firm | None:
        """After a refusal: the other firm with the typed code, if this person may see it."""
        code = getattr(self, "cleaned_data", {}).get("credit_code")
        if not (code and self.non_field_errors()):
            return None
        others = Firm.objects.visible_to(self.user).exclude(pk=self.firm.pk if self.firm else None)
        return others.filter(credit_code=code).first()

    def renew(self, version: int) -> None:
        """Show the form again for the entry as it is now, with everything that was typed."""
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = version


class MassOrganisationForm(KeyedForm):
    kind = forms.ChoiceField(
        label=_("Kind"), choices=MassOrganisation.Kind.choices, widget=forms.RadioSelect
    )
    name = forms.CharField(label=_("Name of the organisation"), max_length=128)
    approval_number = forms.CharField(
        label=_("Approval number"),
        max_length=64,
        help_text=_("The number under which the next-higher organisation approved it."),
    )
    approved_on = forms.DateField(label=_("Approved on"))
    members = forms.IntegerField(
        label=_("Number of members"), min_value=0, max_value=1_000_000, initial=0
    )

    def entry(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.fields if name != "key"}


class BranchForm(KeyedForm):
    name = forms.CharField(label=_("Name of the branch"), max_length=128)
    area = forms.ChoiceField(label=_("Township or park"))
    line = forms.ModelChoiceField(
        LineDepartment.objects.none(),
        label=_("Line department"),
        required=False,
        empty_label=_("none: kept by the township or park"),
    )
    secretary = forms.CharField(label=_("Secretary"), max_length=64, required=False)
    founded_on = forms.DateField(label=_("Founded on"))

    def __init__(self, *args, user, **given):
        super().__init__(*args, **given)
        self.fields["area"].choices = places(user)
        self.fields["line"].queryset = lines(user)

    def entry(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.fields if name != "key"}


class FilesForm(KeyedForm):
    files = FilesField()
