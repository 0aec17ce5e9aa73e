"""The forms about people."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Area, SendingUnit, User
from core.accounts.verbs import Role
from core.forms import KeyedForm
from core.ledger.forms import SEVERAL_LANGUAGES, phone_number, places
from core.ledger.kinds import Industry
from core.people.assigning import months_later
from core.people.models import Instructor, Member
from core.people.suggested import SuggestedInput
from core.rulebook import rule

PRIVATE = _("Membership is private: lists show the first character only, and looking is recorded.")


class Entry(KeyedForm):
    def entry(self) -> dict:
        """What was typed, without the form's own key."""
        return {name: self.cleaned_data[name] for name in self.fields if name != "key"}


class MemberForm(Entry):
    name = forms.CharField(label=_("Name"), max_length=64, help_text=PRIVATE)
    kind = forms.ChoiceField(label=_("Kind"), choices=Member.Kind.choices, widget=forms.RadioSelect)
    since = forms.DateField(label=_("Here since"))
    another = forms.BooleanField(
        label=_("another person of the same name"), required=False
    )  # asked only when it matters

    def clean_name(self):
        return "".join(self.cleaned_data["name"].split()) or self.cleaned_data["name"]


class MemberLeftForm(Entry):
    until = forms.DateField(label=_("Left on"))


class MemberKindForm(Entry):
    kind = forms.ChoiceField(label=_("New kind"), choices=Member.Kind.choices, widget=forms.RadioSelect)
    since = forms.DateField(label=_("Since"))


class InstructorForm(Entry):
    name = forms.CharField(label=_("Name"), max_length=64)
    area = forms.ChoiceField(label=_("Township or park"))
    sending_unit = forms.CharField(label=_("Sending unit"), max_length=128, widget=SuggestedInput)
    specialty = forms.CharField(label=_("Specialty"), max_length=64, required=False)
    trade = forms.ChoiceField(
        label=_("Trade that they know"), required=False, choices=[("", _("none")), *Industry.choices]
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Instructor.Kind.choices, required=False)
    mode = forms.ChoiceField(label=_("Sent to"), choices=Instructor.Mode.choices, required=False)
    languages = forms.CharField(
        label=_("Languages of work"), max_length=120, required=False, help_text=SEVERAL_LANGUAGES
    )
    further_areas = forms.ModelMultipleChoiceField(
        Area.objects.none(), label=_("Further areas"), required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Where this person also works, besides the township or park above."),
    )  # fmt: skip
    takes_more_from = forms.DateField(
        label=_("Takes further firms from"), required=False,
        help_text=_("Empty: at any time."),
    )  # fmt: skip
    phone = forms.CharField(label=_("Phone"), max_length=20, required=False, validators=[phone_number])
    full_member = forms.BooleanField(
        label=_("full member in good standing"), required=False,
        help_text=_(
            "Only a full member in good standing may be an instructor. Neither probationary members "
            "nor activists may."
        ),
    )  # fmt: skip
    term_from = forms.DateField(label=_("Term from"))
    term_until = forms.DateField(label=_("Term until"))
    user = forms.ModelChoiceField(
        User.objects.none(), label=_("Account"), required=False, empty_label=_("none yet"),
        help_text=_("The account with which this person signs in."),
    )  # fmt: skip

    def __init__(self, *args, by, on, **given):
        super().__init__(*args, **given)
        self.fields["area"].choices = places(by)
        units = SendingUnit.objects.visible_to(by).values_list("name", flat=True)
        self.fields["sending_unit"].widget.suggestions = units
        wide = Area.objects.filter(kind__in=(Area.Kind.TOWNSHIP, Area.Kind.PARK))
        self.fields["further_areas"].queryset = wide.filter(code__startswith=by.county)
        self.initial.setdefault("kind", Instructor.Kind.PART_TIME)
        self.initial.setdefault("mode", Instructor.Mode.MULTIPLE)
        self.fields["user"].queryset = User.objects.visible_to(by).filter(
            role=Role.INSTRUCTOR, instructor__isnull=True, is_active=True
        )
        self.initial.setdefault("term_from", on)
        self.initial.setdefault("term_until", months_later(on, rule("instructor_term", on=on).value))

    def clean_name(self):
        name = " ".join(self.cleaned_data["name"].split())
        return name if name.isascii() else name.replace(" ", "")

    def clean_kind(self):
        """Every browser sends it; a sender that does not leaves it as it is."""
        return self.cleaned_data["kind"] or self.initial["kind"]

    def clean_mode(self):
        return self.cleaned_data["mode"] or self.initial["mode"]


def with_load(instructor) -> str:
    """An instructor among others to choose from, with how many firms they guide."""
    return _("%(name)s · %(unit)s · firms now: %(have)d") % {
        "name": instructor.name, "unit": instructor.sending_unit, "have": instructor.load,
    }  # fmt: skip


def to_choose_from(by, firm, on):
    """The instructors who may be sent to a firm at all, in the order of their names, with load."""
    rows = Instructor.objects.visible_to(by).active()
    rows = rows.filter(county=firm.county, term_until__gte=on, full_member=True)
    return rows.with_load().order_by("pinyin", "pk")


class AssignForm(Entry):
    instructor = forms.ModelChoiceField(Instructor.objects.none(), label=_("Instructor"))
    since = forms.DateField(label=_("Since"))
    all_the_same = forms.BooleanField(
        label=_("assign all the same"), required=False,
        help_text=_("Only needed when the instructor already guides the usual number of firms."),
    )  # fmt: skip

    def __init__(self, *args, by, firm, on, **given):
        super().__init__(*args, **given)
        self.fields["instructor"].queryset = to_choose_from(by, firm, on)
        self.fields["instructor"].label_from_instance = with_load
        self.initial.setdefault("since", on)


class UnassignForm(Entry):
    until = forms.DateField(label=_("Until"))
    why = forms.CharField(
        label=_("Why it ends"), max_length=200, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, on, **given):
        super().__init__(*args, **given)
        self.initial.setdefault("until", on)
