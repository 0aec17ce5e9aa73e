"""The forms that keep an instructor's entry."""

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Area
from core.people.forms import Entry, InstructorForm
from core.people.terms import new_term


class InstructorChangeForm(InstructorForm):
    """The entry as it is, to be put right. Term and standing are changed by acts of their own; an
    account is given to who has none."""

    def __init__(self, *args, instructor, **given):
        super().__init__(*args, **given)
        kept = instructor.further_areas.values("pk")  # a village, say, stays choosable
        self.fields["further_areas"].queryset |= Area.objects.filter(pk__in=kept)
        for name in ("term_from", "term_until", "full_member"):
            del self.fields[name]
        if instructor.user_id:
            del self.fields["user"]
        for name in self.fields:
            if name == "further_areas":
                self.initial.setdefault(name, instructor.further_areas.all())
            elif name not in ("key", "user"):
                self.initial.setdefault(name, getattr(instructor, name))


class RenewForm(Entry):
    begins = forms.ChoiceField(label=_("The new term"), widget=forms.RadioSelect)

    def __init__(self, *args, instructor, on, **given):
        super().__init__(*args, **given)
        said = {
            "old_end": gettext("from the old end: %(first)s – %(last)s"),
            "today": gettext("from today: %(first)s – %(last)s"),
        }
        self.fields["begins"].choices = [
            (begins, each % _days(new_term(instructor, begins=begins, on=on)))
            for begins, each in said.items()
        ]
        over = instructor.left_on or instructor.term_until < on
        self.initial.setdefault("begins", "today" if over else "old_end")


def _days(term) -> dict:
    return {"first": date_format(term[0]), "last": date_format(term[1])}


class LeftForm(Entry):
    left_on = forms.DateField(label=_("Left on"))

    def __init__(self, *args, on, **given):
        super().__init__(*args, **given)
        self.initial.setdefault("left_on", on)
