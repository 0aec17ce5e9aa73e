from csp.constants import SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from core.audit.record import record
from core.forms import form_for, submit
from core.ledger.permits import allow
from core.papers import paper
from workflows.coverage.forms_in_bulk import AT_MOST
from workflows.coverage.forms_township import FormsOfTownship
from workflows.coverage.models import TransitionRequest
from workflows.coverage.paper import TITLE, approval_facts, blank_facts

PAPER = "approval_form"


@login_required
@require_GET
@cache_control(no_store=True)
@csp_replace({"object-src": [SELF]})  # or Chromium's own PDF viewer is kept from showing it
def approval_form(request, pk):
    asked = get_object_or_404(
        TransitionRequest.objects.visible_to(request.user).select_related(
            "firm", "firm__line", "branch"
        ),
        id=pk,
    )
    allow(request.user, "read_record")  # a firm's contact sees a request in which they were asked
    facts = approval_facts(asked, request.user, at=timezone.localtime())
    language = _language(request)
    try:
        pdf = paper.render(PAPER, facts, language=language)
    except paper.PaperError as refusal:
        return _not_printed(request, refusal)
    with transaction.atomic():
        record("request.printed", by=request.user, firm=asked.firm, move=asked.verb)
    return _answer(pdf, language, asked.firm.name, facts["number"])


@login_required
def approval_forms(request):
    """All forms of a township that were decided between two days: how many, and the button that
    has them printed as one file, in the background."""
    allow(request.user, "print_many")
    today = timezone.localdate()
    form = form_for(request, FormsOfTownship, user=request.user, on=today)
    prints = request.method == "POST" and "count" not in request.POST  # that is the other button
    if prints and form.is_valid() and (answer := submit(request, form, form.start)):
        return answer
    status = 422 if form.errors else 200
    page = {"form": form, "many": form.many(), "most": AT_MOST}
    return render(request, "coverage/approval_forms.html", page, status=status)


@login_required
@require_GET
@cache_control(no_store=True)
@csp_replace({"object-src": [SELF]})
def blank_form(request):
    language = _language(request)
    try:
        return _answer(paper.render(PAPER, blank_facts(), language=language), language)
    except paper.PaperError as refusal:
        return _not_printed(request, refusal)


def _language(request) -> str:
    """Papers are Chinese, whatever the reader's language; `?lang=en` asks for English."""
    asked = request.GET.get("lang")
    return asked if asked in dict(settings.LANGUAGES) else "zh-hans"


def _answer(pdf: bytes, language: str, *named: str) -> HttpResponse:
    with translation.override(language):
        name = "-".join([str(TITLE), *named])
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": content_disposition_header(False, f"{name}.pdf")},
    )


def _not_printed(request, refusal) -> HttpResponse:
    status = 503 if refusal.code == refusal.UNAVAILABLE else 422
    return render(request, "coverage/not_printed.html", {"sentence": str(refusal)}, status=status)
