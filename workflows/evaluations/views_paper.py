"""The papers of the evaluation as PDF."""

from csp.constants import SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST

from core.accounts.verbs import Role
from core.audit.record import record
from core.errors import Refused
from core.ledger.permits import allow, allow_staff
from core.papers import paper
from workflows.evaluations.links import give_link
from workflows.evaluations.models import Evaluation, Round
from workflows.evaluations.paper import blank_facts, form_facts, slip_facts, summary_title
from workflows.evaluations.summary import summary


def _pdf(request, name: str, facts: dict, title: str):
    """The paper, or a page that says why it was not printed. Papers are Chinese, whatever the
    reader's language; `?lang=en` asks for English."""
    asked = request.GET.get("lang")
    language = asked if asked in dict(settings.LANGUAGES) else "zh-hans"
    try:
        with translation.override(language):
            pdf, file = paper.render(name, facts(), language=language), f"{title()}.pdf"
    except paper.PaperError as refusal:
        status = 503 if refusal.code == refusal.UNAVAILABLE else 422
        return render(
            request, "evaluations/not_printed.html", {"sentence": str(refusal)}, status=status
        )
    named = content_disposition_header(False, file)
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": named})


@login_required
@require_GET
@cache_control(no_store=True)
@csp_replace({"object-src": [SELF]})
def blank_form(request):
    today = timezone.localdate()
    return _pdf(
        request, "evaluation_form", lambda: blank_facts(today), lambda: _("Two-way evaluation form")
    )


@login_required
@require_GET
@cache_control(no_store=True)
@csp_replace({"object-src": [SELF]})
def form(request, pk):
    """The filled form, once it is opened."""
    rows = Evaluation.objects.visible_to(request.user).select_related(
        "firm", "instructor__unit", "round", "opinion_by", "graded_by"
    )
    found = get_object_or_404(rows, pk=pk)
    if found.opened_at is None:
        raise Refused(Refused.NOT_NOW, _("The forms are sealed until both are in or the round closes."))
    judged, at = request.user.role != Role.CONTACT, timezone.localtime()
    answer = _pdf(
        request, "evaluation_form",
        lambda: form_facts(found, printed_by=request.user, at=at, judged=judged),
        lambda: f"{_('Two-way evaluation form')}-{found.firm.name}",
    )  # fmt: skip
    if answer.status_code == 200:
        with transaction.atomic():
            record("evaluation.printed", by=request.user, firm=found.firm,
                   instructor=found.instructor.name)  # fmt: skip
    return answer


@login_required
@require_POST
@cache_control(no_store=True)
@csp_replace({"object-src": [SELF]})
def slip(request, pk):
    """One firm's slip; with `new` the one before is void."""
    allow(request.user, "key_in_evaluation")
    rows = Evaluation.objects.visible_to(request.user).select_related(
        "firm", "instructor__unit", "round"
    )
    found = get_object_or_404(rows, pk=pk)
    sheet = give_link(found, by=request.user, at=timezone.now(), new="new" in request.POST)
    sheet.evaluation = found
    return _pdf(
        request, "evaluation_slips", lambda: slip_facts([sheet]),
        lambda: f"{_('Evaluation links')}-{found.firm.name}",
    )  # fmt: skip


@login_required
@require_GET
@cache_control(no_store=True)
@csp_replace({"object-src": [SELF]})
def summary_paper(request, pk):
    allow_staff(request.user)
    if request.user.role == Role.INSTRUCTOR:
        raise Refused(Refused.NOT_YOURS, _("Your role may not do this."))
    made = get_object_or_404(Round.objects.visible_to(request.user), pk=pk)
    if made.closed_at is None:
        raise Refused(Refused.NOT_NOW, _("There is a summary once the round is closed."))
    found = summary(made, request.user)
    if found["waiting"]:
        raise Refused(Refused.NOT_NOW, _("The forms of this round are still being opened."))
    more = {"round": made, "printed_by": request.user.name, "printed_at": timezone.localtime()}
    return _pdf(
        request, "evaluation_summary",
        lambda: {"summary": summary(made, request.user), "title": summary_title(made), **more},
        lambda: summary_title(made),
    )  # fmt: skip
