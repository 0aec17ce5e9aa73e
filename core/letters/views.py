from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.forms import ButtonForm, form_for
from core.ledger.pages import form_page
from core.ledger.permits import allow
from core.letters import acts
from core.letters.forms import LetterheadForm
from core.letters.frozen import thawed
from core.letters.models import Letter
from core.papers.paper import PaperError
from core.receipts import once


@login_required
def letterhead(request):
    """What stands on every letter of one's own office."""
    allow(request.user, acts.VERB)
    form = form_for(request, LetterheadForm, head=acts.letterhead_of(request.user.area))

    def act():
        acts.keep_letterhead(by=request.user, **form.wishes())
        return reverse("assignments:list")

    return form_page(
        request, form, act, template="letters/form.html", back=reverse("assignments:list"),
        title=_("Letterhead"), button=_("Keep"), said=_("The letterhead is kept."),
        lead=_("What stands on every official letter of your office. It is asked here, and only here."),
    )  # fmt: skip


def _seen(request, pk) -> Letter:
    return get_object_or_404(Letter.objects.visible_to(request.user).select_related("by"), pk=pk)


def _page(request, found: Letter, *, sentence: str = "", status: int = 200):
    page = {
        "letter": found, "facts": thawed(found.facts), "print_form": ButtonForm(),
        "may_print": request.user.may(acts.VERB), "sentence": sentence,
    }  # fmt: skip
    return render(request, "letters/letter.html", page, status=status)


@login_required
def letter(request, pk):
    """A letter as it was numbered, and the button that prints it."""
    return _page(request, _seen(request, pk))


@login_required
@require_POST
@csp_replace({"object-src": [SELF]})  # or Chromium's own PDF viewer is kept from showing it
def paper(request, pk):
    """The PDF. The same press sent twice is answered twice and written down once."""
    found = _seen(request, pk)
    allow(request.user, acts.VERB)
    form = ButtonForm(request.POST)
    if not form.is_valid():  # a key that is none
        sentence = _("Open the page again and press the button there.")
        return _page(request, found, sentence=sentence, status=422)
    try:
        pdf = acts.paper_of(found)
    except PaperError as refusal:
        status = 503 if refusal.code == refusal.UNAVAILABLE else 422
        return _page(request, found, sentence=str(refusal), status=status)

    def act():
        acts.count_print(found, by=request.user)
        return reverse("letters:letter", args=[pk])

    once(form.cleaned_data["key"], by=request.user, act=act)
    disposition = content_disposition_header(False, f"{found.written_number}.pdf")
    return HttpResponse(
        pdf, content_type="application/pdf",
        headers={"Content-Disposition": disposition, "Cache-Control": "no-store, private"},
    )  # fmt: skip
