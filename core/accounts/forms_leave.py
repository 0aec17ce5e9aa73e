from django import forms
from django.utils.translation import gettext_lazy as _

from core.accounts.leave import substitutes_for
from core.accounts.models import User
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
        self.fields["substitute"].queryset = substitutes_for(person, by=by)
        self.fields["substitute"].label_from_instance = with_role
