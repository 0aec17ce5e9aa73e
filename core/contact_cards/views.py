"""The card of one firm: what stands on it, what is still to be named, and its paper."""

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.contact_cards import acts, printing
from core.contact_cards.facts import facts_of
from core.contact_cards.forms import CardsForm, DaysForm
from core.contact_cards.models import TierContact
from core.errors import Refused
from core.forms import ButtonForm, form_for, submit
from core.jobs.acts import start_job
from core.ledger.models import Firm
from core.ledger.pages import form_page
from core.ledger.permits import allow, not_closed
from core.ledger.stages import Operation
from core.receipts import once


def firm_of(request, pk) -> Firm:
    return get_object_or_404(Firm.objects.visible_to(request.user), pk=pk)


def _page(request, firm: Firm, *, sentence: str = "", status: int = 200):
    user, open_still = request.user, firm.operation != Operation.CLOSED
    card = facts_of([firm], on=timezone.localdate())[0]
    page = {
        "firm": firm, "card": card, "sentence": sentence, "print_form": ButtonForm(),
        "tiers": [(tier, label, card.leaders[tier]) for tier, label in TierContact.Tier.choices],
        "may_name": open_still and user.may(acts.VERB),
        "may_days": open_still and acts.may_keep_days(user) and card.instructor,
        "sees_instructors": user.may("see") and user.role != "contact",
    }  # fmt: skip
    return render(request, "contact_cards/card.html", page, status=status)


@login_required
def card(request, pk):
    return _page(request, firm_of(request, pk))


@login_required
@require_POST
@csp_replace({"object-src": [SELF]})  # or Chromium's own PDF viewer is kept from showing it
def card_paper(request, pk):
    """The card as PDF. The same press sent twice is answered twice and written down once."""
    firm = firm_of(request, pk)
    form = ButtonForm(request.POST)
    if not form.is_valid():  # a key that is none
        sentence = _("Open the page again and press the button there.")
        return _page(request, firm, sentence=sentence, status=422)
    try:
        pdf = printing.one_card(firm, on=timezone.localdate())
    except Refused as refusal:
        status = 503 if refusal.code == printing.paper.PaperError.UNAVAILABLE else 422
        return _page(request, firm, sentence=str(refusal), status=status)

    def act():
        acts.count_prints([firm.pk], by=request.user)
        return reverse("contact_cards:card", args=[pk])

    once(form.cleaned_data["key"], by=request.user, act=act)
    disposition = content_disposition_header(False, f"{_('Contact card')}-{firm.name}.pdf")
    return HttpResponse(
        pdf, content_type="application/pdf",
        headers={"Content-Disposition": disposition, "Cache-Control": "no-store, private"},
    )  # fmt: skip


@login_required
def visiting_days(request, pk):
    firm = firm_of(request, pk)
    if not acts.may_keep_days(request.user):
        allow(request.user, acts.VERB)  # says no
    not_closed(firm)
    now = facts_of([firm], on=timezone.localdate())[0]
    form = form_for(request, DaysForm, initial={"words": now.visits})
    back = reverse("contact_cards:card", args=[pk])

    def act():
        words = form.cleaned_data["words"]
        acts.keep_visiting_days(firm, words, by=request.user, on=timezone.localdate())
        return back

    return form_page(
        request, form, act, template="contact_cards/form.html", back=back, firm=firm,
        title=_("Visiting days"), button=_("Keep"), said=_("Kept: the next print shows it."),
        lead=now.instructor and _("When %(name)s comes to this firm.") % {"name": now.instructor.name},
    )  # fmt: skip


@login_required
def cards(request):
    """The cards of a township: a job makes one file of them."""
    allow(request.user, "print_many")
    form = form_for(request, CardsForm, by=request.user)

    def act():
        many, place = form.many(), form.cleaned_data["place"]
        printing.check(many)
        job = start_job(
            printing.KIND, by=request.user, key=form.cleaned_data["key"], given={"place": place},
            words={"place": form.places[place], "number": str(many)}, area=place,
        )  # fmt: skip
        return job.get_absolute_url()

    if request.method == "POST" and form.is_valid() and (answer := submit(request, form, act)):
        return answer
    status = 422 if form.errors else 200
    return render(request, "contact_cards/cards.html", {"form": form}, status=status)
