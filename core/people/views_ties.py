"""Declaring what ties an instructor to a firm, and that it is no more."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import ButtonForm, form_for
from core.ledger.credit_code import normalised
from core.ledger.models import Firm
from core.ledger.pages import form_page
from core.ledger.permits import allow_staff
from core.people.forms import Entry
from core.people.models import Instructor
from core.people.ties import Tie, declare_tie, end_tie, may_declare


class TieForm(Entry):
    firm = forms.CharField(
        label=gettext_lazy("Firm"), max_length=128,
        help_text=gettext_lazy("The whole name, or the credit code."),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=gettext_lazy("What ties"), choices=Tie.Kind.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args, county: str, **given):
        super().__init__(*args, **given)
        self.county = county

    def clean_firm(self) -> Firm:
        """Any firm of the county, also one that the person does not see: whoever names it knows it,
        and is told nothing more."""
        typed = " ".join(self.cleaned_data["firm"].split())
        same = Firm.objects.filter(Q(name=typed) | Q(credit_code=normalised(typed)), county=self.county)
        if len(found := same[:2]) != 1:
            raise ValidationError(
                _("No firm of the county has this name. Write it as in the ledger, or the credit code.")
                if not found
                else _("Several firms have this name. Give the credit code.")
            )
        return found[0]


def _entry(request, pk) -> tuple[Instructor, str]:
    allow_staff(request.user)
    found = get_object_or_404(Instructor.objects.visible_to(request.user), pk=pk)
    if not may_declare(found, request.user):
        raise PermissionDenied
    return found, reverse("people:instructor", args=[pk])


@login_required
def instructor_tie(request, pk):
    found, back = _entry(request, pk)
    form = form_for(request, TieForm, county=found.county)

    def act():
        declare_tie(found, by=request.user, on=timezone.localdate(), **form.entry())
        return back

    return form_page(
        request, form, act, template="people/form.html", back=back, title=_("Declare a tie"),
        button=_("Declare"), said=_("It is on record: this firm is not given to them."),
        lead=_("%(name)s is not sent to a firm where they worked or where a relative works.")
        % {"name": found.name},
    )  # fmt: skip


@login_required
def tie_end(request, pk):
    allow_staff(request.user)
    tie = get_object_or_404(Tie.objects.visible_to(request.user), pk=pk)
    back = reverse("people:instructor", args=[tie.instructor_id])
    form = form_for(request, ButtonForm)

    def act():
        end_tie(tie, by=request.user, on=timezone.localdate())
        return back

    return form_page(
        request, form, act, template="people/form.html", back=back, title=_("The tie is no more"),
        button=_("It is no more"), said=_("It is on record that this tie is no more."),
        lead=_("%(firm)s: %(kind)s") % {"firm": tie.firm.name, "kind": tie.get_kind_display()},
    )  # fmt: skip
