"""Reporting a table to a superior, and what was reported before."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core.forms import form_for, submit
from core.ledger.paging import page_of
from core.ledger.permits import allow
from core.reports import copies, work
from core.reports.changes import since, told
from core.reports.copies import READERS, ReportedCopy
from core.reports.forms import AskForm, ReportForm
from core.reports.layouts import VERB
from core.reports.views import file, known


@login_required
def report_to(request, report):
    """Freeze a table for a superior, or hand on what another one got: the page says which figures
    these are and what the ledger knows otherwise by now."""
    allow(request.user, VERB)
    report, today = known(report), timezone.localdate()
    given = request.POST if request.method == "POST" else request.GET
    asked = AskForm(given, user=request.user, today=today, report=report).asked()
    same = ReportedCopy.objects.visible_to(request.user).of(asked).filter(same_as=None)
    same = list(same.defer("content").select_related("by")[:3])
    form = form_for(
        request, ReportForm, user=request.user, today=today, report=report, copies=same,
        initial={"on": asked.on.isoformat(), "place": given.get("place", ""), "form": "xlsx"},
    )  # fmt: skip

    def act():
        return _reported(form, same, by=request.user)

    if request.method == "POST" and form.is_valid() and (answer := submit(request, form, act)):
        messages.success(request, _("It is on record as reported."))
        return answer
    page = {
        "form": form, "report": report, "asked": asked, "same": same[0] if same else None,
        "since": since(same[0], today) if same else None, "told": told(same[0]) if same else [],
        "back": f"{reverse('reports:table', args=[report])}?on={asked.on.isoformat()}",
    }  # fmt: skip
    return render(request, "reports/report.html", page, status=422 if form.errors else 200)


def _reported(form, same: list, *, by) -> str:
    """Carry a form out; returns the page to go to."""
    said, asked = form.cleaned_data, form.asked()
    words = {"whom": said["whom"], "reason": said["reason"]}
    first = next((copy for copy in same if str(copy.pk) == said["which"]), None)
    if first:
        return copies.hand_on(first, by=by, key=said["key"], **words).get_absolute_url()
    if work.is_long(asked):
        return work.start(asked, by=by, key=said["key"], frozen=words).get_absolute_url()
    made = work.made_now(asked, by=by, frozen=True)
    return work.keep_copy(asked, made, by=by, key=said["key"], **words).get_absolute_url()


def _may_read(user) -> None:
    if not (user.may(VERB) or user.may(READERS)):
        raise PermissionDenied


@login_required
def copies_list(request):
    """What was reported, newest first."""
    _may_read(request.user)
    rows = ReportedCopy.objects.visible_to(request.user).light()
    given = request.GET
    shown = page_of(
        rows.select_related("by"), by="at", down=True,
        before=given.get("before", ""), after=given.get("after", ""),
    )  # fmt: skip
    page = {"shown": shown, "copies": copies.with_places(shown.rows)}
    return render(request, "reports/copies.html", page)


@login_required
def copy(request, pk):
    """One copy: its figures, and what the ledger knows otherwise of that day by now."""
    _may_read(request.user)
    rows = ReportedCopy.objects.visible_to(request.user).select_related("by", "same_as")
    found = get_object_or_404(rows.defer("content", "same_as__content"), pk=pk)
    page = {"copy": found, "told": told(found), "since": since(found, timezone.localdate()),
            "may_report": request.user.may(VERB)}  # fmt: skip
    return render(request, "reports/copy.html", page)


@login_required
@require_GET
def copy_file(request, pk):
    """The file as it was reported; that it was fetched is written down."""
    _may_read(request.user)
    rows = ReportedCopy.objects.visible_to(request.user).select_related("same_as")
    found = get_object_or_404(rows, pk=pk)
    content = copies.opened(found, by=request.user)
    return file(content, name=found.name, content_type=found.content_type)
