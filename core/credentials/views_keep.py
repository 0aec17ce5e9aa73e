"""What the county office does with credentials: issues, moves and prints them."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.credentials import acts, layout, printing
from core.credentials.forms import CardsForm, IssueForm, ReasonForm
from core.credentials.models import Credential
from core.credentials.moves import BY_CALENDAR, BY_VERB
from core.forms import ButtonForm, form_for, submit
from core.jobs.acts import start_job
from core.ledger.pages import form_page
from core.ledger.permits import allow
from core.papers import paper
from core.people.models import Instructor
from core.receipts import once


def _to_keep(request, pk) -> Credential:
    allow(request.user, acts.VERB)
    rows = Credential.objects.visible_to(request.user).select_related("instructor")
    return get_object_or_404(rows, pk=pk)


@login_required
def issue(request, pk):
    allow(request.user, acts.VERB)
    found = get_object_or_404(Instructor.objects.visible_to(request.user), pk=pk)
    form = form_for(request, IssueForm)

    def act():
        made = acts.issue_to(found, by=request.user, on=timezone.localdate())
        return reverse("credentials:credential", args=[made.pk])

    return form_page(
        request, form, act, template="credentials/form.html", back=reverse("credentials:list"),
        title=_("Issue a credential"), button=_("Issue"), lead=f"{found.name} · {found.sending_unit}",
        said=_("The credential is issued. Print the card, then hand it out."),
    )  # fmt: skip


@login_required
def move(request, pk, verb):
    found = _to_keep(request, pk)
    row = BY_VERB.get(verb)
    if row is None or verb in BY_CALENDAR:
        raise Http404
    form = form_for(request, ReasonForm, asked=row.reason)
    page = reverse("credentials:credential", args=[pk])

    def act():
        acts.move(
            found, verb, by=request.user, on=timezone.localdate(), reason=form.cleaned_data["reason"]
        )
        return page

    return form_page(
        request, form, act, template="credentials/form.html", back=page,
        title=row.label, button=row.label, lead=f"{found.instructor.name} · {found.number}",
        said=_("Done: it stands in the history of the credential."),
    )  # fmt: skip


@login_required
@require_POST
def card_paper(request, pk):
    """One card, two pages, for a card printer. The same press sent twice is answered twice and
    counted once; opening an address (a prefetch, a bookmark) prints and counts nothing."""
    found = _to_keep(request, pk)
    try:
        pdf = printing.one_card(found, by=request.user, on=timezone.localdate())
    except paper.PaperError as refusal:
        status = 503 if refusal.code == refusal.UNAVAILABLE else 422
        return _not_printed(request, found, str(refusal), status)
    form = ButtonForm(request.POST)
    if not form.is_valid():  # a key that is none
        return _not_printed(request, found, _("Open the page again and press the button there."), 422)

    def act():
        acts.count_copies([found.pk], template=layout.TEMPLATE, by=request.user)
        return reverse("credentials:credential", args=[pk])

    once(form.cleaned_data["key"], by=request.user, act=act)
    disposition = content_disposition_header(False, f"{found.number}.pdf")
    return HttpResponse(
        pdf, content_type="application/pdf",
        headers={"Content-Disposition": disposition, "Cache-Control": "no-store, private"},
    )  # fmt: skip


def _not_printed(request, credential: Credential, sentence: str, status: int) -> HttpResponse:
    page = {"sentence": sentence, "credential": credential}
    return render(request, "credentials/not_printed.html", page, status=status)


@login_required
def print_many(request):
    """The ones that were ticked on the list, or all of a township: a job makes one file of them."""
    allow(request.user, acts.VERB)
    ticked = ",".join(request.GET.getlist("pk"))
    form = form_for(request, CardsForm, by=request.user, initial={"chosen": ticked})

    def act():
        chosen = form.credentials()
        printing.check(len(chosen))
        place = form.cleaned_data["place"]
        job = start_job(
            printing.KIND, by=request.user, key=form.cleaned_data["key"],
            given={"credentials": chosen, "layout": form.cleaned_data["layout"]},
            words={"place": form.place_name(), "number": str(len(chosen))},
            area="" if place == "chosen" else place,
        )  # fmt: skip
        return job.get_absolute_url()

    if request.method == "POST" and form.is_valid() and (answer := submit(request, form, act)):
        return answer
    status = 422 if form.errors else 200
    return render(request, "credentials/print.html", {"form": form}, status=status)
