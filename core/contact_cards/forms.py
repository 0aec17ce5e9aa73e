from django import forms
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Area
from core.contact_cards.models import TierContact
from core.contact_cards.printing import with_instructor
from core.forms import KeyedForm
from core.ledger.forms import phone_number


class ContactForm(KeyedForm):
    name = forms.CharField(label=_("Name"), max_length=24)
    post = forms.CharField(label=_("Post"), max_length=40)
    phone = forms.CharField(label=_("Phone"), max_length=20, validators=[phone_number])

    def __init__(self, *args, now: TierContact | None, **given):
        super().__init__(*args, **given)
        for name in ("name", "post", "phone"):
            self.initial.setdefault(name, getattr(now, name, ""))

    def wishes(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("name", "post", "phone")}


class DaysForm(KeyedForm):
    words = forms.CharField(
        label=_("Visiting days"), max_length=40, required=False,
        help_text=_("In words, for example every first Wednesday of the month. Empty: by phone."),
    )  # fmt: skip


class CardsForm(KeyedForm):
    """Of which area the cards are to be printed."""

    place = forms.ChoiceField(label=_("Whose cards"))

    def __init__(self, *args, by, **given):
        super().__init__(*args, **given)
        self.by = by
        areas = Area.objects.filter(code__startswith=by.area) if by.area else Area.objects.none()
        self.places = {area.code: area.name for area in areas.exclude(kind=Area.Kind.VILLAGE)}
        self.fields["place"].choices = list(self.places.items())

    def many(self) -> int:
        return with_instructor(self.by, self.cleaned_data["place"]).count()
