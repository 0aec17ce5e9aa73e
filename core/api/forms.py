from django import forms
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Area
from core.api.models import Part
from core.audit.forms import TELLABLE
from core.forms import KeyedForm


class TokenForm(KeyedForm):
    """For which platform a token is, what it opens, and until when."""

    platform = forms.CharField(
        label=_("Platform"),
        max_length=80,
        help_text=_("Its name, so that everybody knows whose it is."),
    )
    area = forms.ChoiceField(label=_("Firms of this area"))
    parts = forms.MultipleChoiceField(
        label=_("What it opens"), choices=Part.choices, widget=forms.CheckboxSelectMultiple
    )
    expires_on = forms.DateField(
        label=_("Valid until"), validators=TELLABLE, help_text=_("Then a new one is given out.")
    )

    def __init__(self, *args, user, **given):
        super().__init__(*args, **given)
        below = Area.objects.filter(code__startswith=user.area or "-").exclude(kind=Area.Kind.VILLAGE)
        self.fields["area"].choices = list(below.values_list("code", "name"))
        self.initial.setdefault("area", user.area)
        self.initial.setdefault("parts", [Part.FIGURES])
