"""The handovers under way, the page of one, and its paper."""

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
from django.views.decorators.http import require_GET

from core.accounts.verbs import Role
from core.audit.record import record
from core.errors import Refused
from core.ledger.paging import page_of
from core.ledger.permits import allow_staff
from core.papers import paper
from workflows.engine.models import Task
from workflows.handovers.models import Handover
from workflows.handovers.pack import shown


@login_required
@require_GET
def handovers(request):
    """Those under way, in the order of the firms' names; never of anybody's work."""
    allow_staff(request.user)
    if request.user.role == Role.INSTRUCTOR:
        raise Refused(Refused.NOT_YOURS, _("Your role may not do this."))
    given = request.GET
    rows = Handover.objects.visible_to(request.user)
    done = given.get("state") == "done"
    rows = rows.filter(finished__isnull=not done)
    shown_ = page_of(
        rows.select_related("firm", "assignment__instructor"), by="firm__pinyin", down=False,
        before=given.get("before", ""), after=given.get("after", ""),
    )  # fmt: skip
    steps = Task.objects.human().open().filter(process__in=[row.pk for row in shown_.rows])
    waits = {step.process_id: step for step in steps.select_related("owner")}
    rows = [(row, waits.get(row.pk)) for row in shown_.rows]
    page = {"shown": shown_, "rows": rows, "done": done}
    return render(request, "handovers/list.html", page)


@login_required
@require_GET
def handover(request, pk):
    found = get_object_or_404(Handover.objects.visible_to(request.user).of_page(), pk=pk)
    step = Task.objects.visible_to(request.user).open().filter(process_id=pk).first()
    page = {"handover": found, "step": step, **shown(found, request.user, on=timezone.localdate())}
    return render(request, "handovers/handover.html", page)


@login_required
@require_GET
@cache_control(no_store=True)
@csp_replace({"object-src": [SELF]})
def pack(request, pk):
    """The pack as PDF, once the firm is handed over. Papers are Chinese, whatever the reader's
    language; `?lang=en` asks for English."""
    found = get_object_or_404(Handover.objects.visible_to(request.user).of_page(), pk=pk)
    if found.handed_at is None:
        raise Refused(Refused.NOT_NOW, _("There is a paper once the firm is handed over."))
    asked, now = request.GET.get("lang"), timezone.localtime()
    language = asked if asked in dict(settings.LANGUAGES) else "zh-hans"
    try:
        with translation.override(language):
            facts = shown(found, request.user, on=timezone.localdate(now))
            facts |= {"handover": found, "printed_by": request.user.name, "printed_at": now}
            pdf = paper.render("handover_pack", facts, language=language)
            named = content_disposition_header(False, f"{_('Handover')}-{found.firm.name}.pdf")
    except paper.PaperError as refusal:
        status = 503 if refusal.code == refusal.UNAVAILABLE else 422
        page = {"sentence": str(refusal)}
        return render(request, "handovers/not_printed.html", page, status=status)
    with transaction.atomic():
        record(
            "handover.printed", by=request.user, firm=found.firm,
            instructor=found.assignment.instructor.name,
        )  # fmt: skip
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": named})
