"""The forms about people."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Area, SendingUnit, User
from core.accounts.verbs import Role
from core.forms import KeyedForm
from core.ledger.forms import SEVERAL_LANGUAGES, phone_number, places
from core.ledger.kinds import Industry
from core.people.assigning import DIRECT, months_later
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
    """An entry of the register, in groups as it is thought of: who, from where, to where, how long."""

    GROUPS = (
        (_("Who"), ("name", "phone", "full_member", "user")),
        (_("Sent by"), ("sending_unit", "specialty", "trade", "kind", "languages")),
        (_("Where to"), ("area", "further_areas", "mode", "takes_more_from")),
        (_("How long"), ("term_from", "term_until")),
    )

    name = forms.CharField(label=_("Name"), max_length=64)
    phone = forms.CharField(label=_("Phone"), max_length=20, required=False, validators=[phone_number])
    full_member = forms.BooleanField(
        label=_("full member in good standing"), required=False,
        help_text=_(
            "Only a full member in good standing may be an instructor. Neither probationary members "
            "nor activists may."
        ),
    )  # fmt: skip
    user = forms.ModelChoiceField(
        User.objects.none(), label=_("Account"), required=False, empty_label=_("none yet"),
        help_text=_("The account with which this person signs in."),
    )  # fmt: skip
    sending_unit = forms.CharField(
        label=_("Sending unit"), max_length=128, widget=SuggestedInput,
        help_text=_("Choose a unit that is known, or write the name of a new one."),
    )  # fmt: skip
    specialty = forms.CharField(label=_("Specialty"), max_length=64, required=False)
    trade = forms.ChoiceField(
        label=_("Trade"), required=False, choices=[("", _("not said")), *Industry.choices],
        help_text=_("The trade that the sending unit knows. It is weighed when firms are matched."),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=_("Kind"), choices=Instructor.Kind.choices, widget=forms.RadioSelect,
        initial=Instructor.Kind.PART_TIME,
    )  # fmt: skip
    languages = forms.CharField(
        label=_("Languages of work"),
        max_length=120,
        required=False,
        help_text=SEVERAL_LANGUAGES,
    )
    area = forms.ChoiceField(label=_("Township or park"))
    further_areas = forms.ModelMultipleChoiceField(
        Area.objects.none(), label=_("Further areas"), required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "many"}),
    )  # fmt: skip
    mode = forms.ChoiceField(
        label=_("Sent to"), choices=Instructor.Mode.choices, widget=forms.RadioSelect,
        initial=Instructor.Mode.MULTIPLE,
    )  # fmt: skip
    takes_more_from = forms.DateField(
        label=_("Takes further firms from"), required=False,
        help_text=_("Leave it empty when that is at once."),
    )  # fmt: skip
    term_from = forms.DateField(label=_("Term from"))
    term_until = forms.DateField(label=_("Term until"))

    def __init__(self, *args, by, on, **given):
        super().__init__(*args, **given)
        units = SendingUnit.objects.visible_to(by).values_list("name", flat=True)
        self.fields["sending_unit"].widget.suggestions = units
        self.fields["area"].choices = places(by)
        kinds = (Area.Kind.TOWNSHIP, Area.Kind.PARK)
        self.fields["further_areas"].queryset = Area.objects.filter(
            code__startswith=by.county or "-", kind__in=kinds
        )
        self.fields["user"].queryset = User.objects.visible_to(by).filter(
            role=Role.INSTRUCTOR, instructor__isnull=True, is_active=True
        )
        self.initial.setdefault("term_from", on)
        self.initial.setdefault("term_until", months_later(on, rule("instructor_term", on=on).value))

    def clean_name(self):
        name = " ".join(self.cleaned_data["name"].split())
        return name if name.isascii() else name.replace(" ", "")

    def marked(self):
        """The fields with something wrong, as the summary above a form wants them."""
        return [(self[name], self.errors[name]) for name in self.fields if name in self.errors]

    def grouped(self):
        """The fields that this form has, by group."""
        for title, names in self.GROUPS:
            if fields := [self[name] for name in names if name in self.fields]:
                yield title, fields


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
    reason = forms.ChoiceField(
        label=_("Why it ends"), widget=forms.RadioSelect,
        choices=[(one.value, one.label) for one in DIRECT],
    )  # fmt: skip
    until = forms.DateField(label=_("Until"))
    why = forms.CharField(
        label=_("In words"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only if there is something to add."),
    )  # fmt: skip

    def __init__(self, *args, on, **given):
        super().__init__(*args, **given)
        self.initial.setdefault("until", on)
