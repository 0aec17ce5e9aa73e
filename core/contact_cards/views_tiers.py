"""Who is named for which area and firm, and the pages on which that is kept."""

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.accounts.models import Area
from core.contact_cards import acts
from core.contact_cards.forms import ContactForm
from core.contact_cards.models import TierContact
from core.contact_cards.views import firm_of
from core.forms import ButtonForm, form_for
from core.ledger.models import Firm
from core.ledger.pages import form_page
from core.ledger.paging import page_of
from core.ledger.permits import allow, allow_staff, not_closed
from core.people.who import prefixes

LABELS = dict(TierContact.Tier.choices)


@login_required
def tiers(request):
    """Each area with its two leaders; below, the firms that have leaders of their own."""
    user, given = request.user, request.GET
    allow_staff(user)
    standing = TierContact.objects.visible_to(user).standing()
    wide = {(one.tier, one.area): one for one in standing.filter(firm__isnull=True)}
    areas = Area.objects.filter(code__startswith=user.area) if user.area else Area.objects.none()
    own = standing.filter(firm__in=Firm.objects.visible_to(user).values("pk"))
    page = {
        "rows": [_row(area, wide) for area in areas.exclude(kind=Area.Kind.VILLAGE)],
        "shown": page_of(
            own, by="area", down=False, before=given.get("before", ""), after=given.get("after", ""),
            along=("firm",),
        ),
        "labels": LABELS.values(), "may_name": user.may(acts.VERB), "may_print": user.may("print_many"),
    }  # fmt: skip
    return render(request, "contact_cards/tiers.html", page)


def _row(area: Area, wide: dict) -> dict:
    """An area, and for each tier its own leader, or the one of the wider area who counts there."""
    cells = []
    for tier, label in LABELS.items():
        above = (code for code in reversed(prefixes(area.code)) if (tier, code) in wide)
        found = next((wide[tier, code] for code in above), None)
        own = found if found and found.area == area.code else None
        cells.append({"tier": tier, "label": label, "own": own, "wider": None if own else found})
    return {"area": area, "cells": cells}


def _tier(tier: str) -> str:
    if tier not in LABELS:
        raise Http404
    return tier


@login_required
def of_area(request, code, tier):
    allow(request.user, acts.VERB)
    own = Area.objects.filter(code__startswith=request.user.area or "-")
    area = get_object_or_404(own, code=code)
    now = TierContact.objects.standing().filter(tier=_tier(tier), area=code, firm__isnull=True)
    return _name(request, tier, now.first(), area=area)


@login_required
def of_firm(request, pk, tier):
    firm = firm_of(request, pk)
    allow(request.user, acts.VERB)
    not_closed(firm)
    now = TierContact.objects.standing().filter(tier=_tier(tier), firm=firm)
    return _name(request, tier, now.first(), firm=firm)


def _name(request, tier: str, now: TierContact | None, *, area=None, firm=None):
    form = form_for(request, ContactForm, now=now)
    back = reverse("contact_cards:card", args=[firm.pk]) if firm else reverse("contact_cards:tiers")

    def act():
        acts.name_contact(
            tier, area=area.code if area else "", firm=firm, by=request.user,
            on=timezone.localdate(), **form.wishes(),
        )  # fmt: skip
        return back

    return form_page(
        request, form, act, template="contact_cards/form.html", back=back, firm=firm, ends=now,
        title=LABELS[tier], button=pgettext("verb", "Name"),
        said=_("Named: the next print of the cards shows it."),
        lead=_("For this firm alone.") if firm
        else _("For all firms of %(place)s that have none of their own.") % {"place": area.name},
    )  # fmt: skip


@login_required
def end(request, pk):
    """Nobody is named any more."""
    allow(request.user, acts.VERB)
    own = Q(firm__isnull=False) | Q(area__startswith=request.user.area or "-")
    rows = TierContact.objects.visible_to(request.user).filter(own)
    found = get_object_or_404(rows.select_related("firm"), pk=pk)
    form = form_for(request, ButtonForm)
    back = reverse("contact_cards:tiers")
    if found.firm_id:
        back = reverse("contact_cards:card", args=[found.firm_id])

    def act():
        acts.end_contact(found, by=request.user, on=timezone.localdate())
        return back

    return form_page(
        request, form, act, template="contact_cards/form.html", back=back, firm=found.firm,
        title=_("No longer named"), button=_("No longer named"), said=_("It ended today."),
        lead=_("%(name)s, %(tier)s. The one who is named for the wider area counts from then on.")
        % {"name": found.name, "tier": found.get_tier_display()},
    )  # fmt: skip
