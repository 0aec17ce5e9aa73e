"""Registering and changing a firm, and recording its mass organisations."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Refused
from core.forms import form_for
from core.ledger import acts
from core.ledger.forms import FirmForm, MassOrganisationForm
from core.ledger.models import Firm
from core.ledger.pages import form_page
from core.ledger.permits import allow, not_closed


@login_required
def firm_new(request):
    allow(request.user, "register")
    form = form_for(request, FirmForm, user=request.user)

    def act():
        firm = acts.register(by=request.user, on=timezone.localdate(), **form.entry())
        return reverse("coverage:case", args=[firm.pk])

    return form_page(
        request, form, act, template="ledger/firm_form.html", back=reverse("ledger:firms"),
        said=_("The firm is in the ledger."),
    )  # fmt: skip


@login_required
def firm_edit(request, pk):
    firm = get_object_or_404(Firm.objects.visible_to(request.user), pk=pk)
    allow(request.user, "register")
    not_closed(firm)
    form = form_for(request, FirmForm, user=request.user, firm=firm)
    case = reverse("coverage:case", args=[pk])

    def act():
        version = form.cleaned_data["version"] or 0
        today = timezone.localdate()
        try:
            acts.change(firm, by=request.user, on=today, version=version, **form.entry())
        except Refused as refusal:
            if refusal.code == Refused.FASTER:
                form.renew(Firm.objects.values_list("version", flat=True).get(pk=pk))
            raise
        return case

    return form_page(
        request, form, act, template="ledger/firm_form.html", firm=firm, back=case,
        said=_("The entry is changed."),
    )  # fmt: skip


@login_required
def mass_organisation_new(request, pk):
    firm = get_object_or_404(Firm.objects.visible_to(request.user), pk=pk)
    allow(request.user, "register")
    not_closed(firm)
    form = form_for(request, MassOrganisationForm)
    case = reverse("coverage:case", args=[pk])

    def act():
        today = timezone.localdate()
        acts.record_mass_organisation(firm, by=request.user, on=today, **form.entry())
        return case

    return form_page(
        request, form, act, template="ledger/form.html", firm=firm, back=case,
        title=_("Record a mass organisation"), button=_("Record"),
        said=_("The mass organisation is on record."),
    )  # fmt: skip
