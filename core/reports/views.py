"""The pages of report tables: which there are, one of them with its first rows, its headings."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import Refused
from core.forms import ButtonForm, form_for, submit
from core.ledger.filters import FILTERS
from core.ledger.permits import allow
from core.papers.paper import PaperError
from core.receipts import once
from core.reports import copies, layouts, making, work
from core.reports.asked import place_of, scope_of
from core.reports.copies import ReportedCopy
from core.reports.forms import AskForm, LayoutForm, MakeForm
from core.reports.layouts import VERB, kept_layout, layout_of, own_layout
from core.reports.shown import shown
from core.reports.tables import SAYS, Report

LATELY = 5


@login_required
def tables(request):
    """Which tables there are, and what was reported lately."""
    allow(request.user, VERB)
    lately = ReportedCopy.objects.visible_to(request.user).light().select_related("by")
    rows = [{"report": report, "says": SAYS[report]} for report in Report]
    return render(
        request, "reports/tables.html", {"rows": rows, "copies": copies.with_places(lately[:LATELY])}
    )


def known(report: str) -> Report:
    """A table by its code in the address; 404 for any other."""
    if report not in Report.values:
        raise Http404
    return Report(report)


@login_required
def table(request, report):
    """One table: its day and firms, its first rows, and the ways in which it goes out."""
    allow(request.user, VERB)
    return _page(request, known(report))


def _page(request, report: Report, *, sentence: str = "", status: int = 200, given=None):
    given = given if given is not None else request.GET
    form = AskForm(
        _asked_in(given, report, request.user),
        user=request.user,
        today=timezone.localdate(),
        report=report,
    )
    asked = form.asked()
    layout = layout_of(report, kept_layout(request.user, report), place=asked.place)
    same = ReportedCopy.objects.visible_to(request.user).light().of(asked).select_related("by")
    page = {
        "report": report, "says": SAYS[report], "form": form, "asked": asked, "layout": layout,
        "rows": [shown(row, layout) for row in making.preview(asked, layout)],
        "make": MakeForm(user=request.user, today=asked.today, report=report),
        "same": same.first(), "sentence": sentence, "previewed": making.PREVIEWED,
    }  # fmt: skip
    return render(request, "reports/table.html", page, status=422 if form.errors else status)


def _asked_in(given, report: Report, user):
    """The fields of the form as an address has them: that of the list of firms has its filters
    beside each other."""
    kept = given.copy()
    kept.setdefault("place", "")
    if not kept.get("on"):
        unasked = AskForm(user=user, today=timezone.localdate(), report=report)
        kept["on"] = unasked.usual.isoformat()
    if report == Report.LEDGER and "filters" not in kept:
        filters = kept.copy()
        for name in [name for name in filters if name not in FILTERS and name != "q"]:
            del filters[name]
        kept["filters"] = filters.urlencode()
    return kept


@login_required
@require_POST
def make(request, report):
    """The file of a small table at once, or the job that makes a long one. The same press sent twice
    is answered twice and written down once."""
    allow(request.user, VERB)
    report = known(report)
    form = MakeForm(request.POST, user=request.user, today=timezone.localdate(), report=report)
    if not form.is_valid():
        said = _("Open the page again and press the button there.")
        return _page(request, report, sentence=said, status=422, given=request.POST)
    asked, key = form.asked(), form.cleaned_data["key"]
    try:
        if work.is_long(asked):
            start = lambda: work.start(asked, by=request.user, key=key).get_absolute_url()  # noqa: E731
            return redirect(once(key, by=request.user, act=start))
        made = work.made_now(asked, by=request.user)
    except Refused as refusal:
        status = 503 if refusal.code == PaperError.UNAVAILABLE else 422
        return _page(request, report, sentence=str(refusal), status=status, given=request.POST)

    def act():
        copies.count_saved(asked, by=request.user, many=made.gathered.many)
        return reverse("reports:table", args=[report])

    once(key, by=request.user, act=act)
    return file(made.content, name=made.name, content_type=made.content_type)


def file(content: bytes, *, name: str, content_type: str) -> HttpResponse:
    """A file to be saved."""
    return HttpResponse(
        content, content_type=content_type,
        headers={
            "Content-Disposition": content_disposition_header(True, name),
            "Cache-Control": "private, no-store",
        },
    )  # fmt: skip


@login_required
def layout(request, report):
    """The office's own headings of a table, with a preview of what is typed."""
    allow(request.user, VERB)
    report = known(report)
    own, kept = own_layout(request.user, report), kept_layout(request.user, report)
    county = kept if not own else None
    words = layouts.given_words(report, place=place_of(*scope_of(request.user)))
    form = form_for(request, LayoutForm, report=report, own=own, kept=kept, given_words=words)

    def act():
        layouts.keep_layout(report, by=request.user, **form.wishes())
        return reverse("reports:table", args=[report])

    if request.method == "POST" and form.is_valid():
        if "preview" not in request.POST and (answer := submit(request, form, act)):
            messages.success(request, _("The headings are kept."))
            return answer
        kept = form.typed(report)
    page = {"form": form, "report": report, "own": own, "county": county,
            "reset": ButtonForm(), **_previewed(request, report, kept)}  # fmt: skip
    return render(request, "reports/layout.html", page, status=422 if form.errors else 200)


def _previewed(request, report: Report, kept) -> dict:
    """The table as a paper would show it: papers are Chinese, whatever the reader's language."""
    asked = AskForm(user=request.user, today=timezone.localdate(), report=report).asked()
    with translation.override(asked.language):
        looks = layout_of(report, kept, place=asked.place)
        return {"layout": looks, "rows": [shown(row, looks) for row in making.preview(asked, looks)]}


@login_required
@require_POST
def layout_reset(request, report):
    allow(request.user, VERB)
    layouts.reset_layout(known(report), by=request.user)
    messages.success(request, _("The office's own headings are gone; the given ones are back."))
    return redirect("reports:table", report)
