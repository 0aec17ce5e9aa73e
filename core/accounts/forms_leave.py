from django import forms
from django.db.models import Case, OuterRef, Subquery, When
from django.utils.translation import gettext_lazy as _

from core.accounts.leave import substitutes_for
from core.accounts.models import Area, User
from core.forms import KeyedForm
from core.people.who import with_role

DAY = {"required": _("Choose a day."), "invalid": _("Enter the day as in 2026-11-03.")}


class LeaveForm(KeyedForm):
    """From when until when a person is away, and who stands in."""

    since = forms.DateField(label=_("First day"), error_messages=DAY)
    until = forms.DateField(label=_("Last day"), error_messages=DAY)
    substitute = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Who stands in"),
        help_text=_("Colleagues with the same role in this county."),
        error_messages={"invalid_choice": _("This person cannot stand in. Choose another one.")},
    )

    def __init__(self, *args, person, by, **given):
        super().__init__(*args, **given)
        named = Area.objects.filter(code=OuterRef("area")).values("name")
        people = substitutes_for(person, by=by).annotate(
            place_name=Subquery(named), elsewhere=Case(When(area=person.area, then=0), default=1)
        )
        self.fields["substitute"].queryset = people.order_by("elsewhere", "area", "name")
        self.fields["substitute"].label_from_instance = _with_place


def _with_place(person: User) -> str:
    return f"{person.name} · {person.place_name}" if person.place_name else with_role(person)
