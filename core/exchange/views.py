"""The register as Excel: the template, a file that is sent and looked at, the register saved."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core.exchange import importing, writing
from core.exchange.export import saved
from core.exchange.forms import CarryOutForm, UploadForm
from core.exchange.judging import CHANGED, NEW, PROBLEM, VERDICTS, judge, tally
from core.exchange.models import Sheet
from core.exchange.register import COLUMNS, context_for
from core.forms import form_for, submit
from core.ledger.files import clean_name
from core.ledger.permits import allow

PAGE = 50  # rows of a file on one page
LATELY = 5  # files of one's own that are shown for another look


@login_required
def upload(request):
    """What to do: take the template, fill it in, send it. Nothing is written yet."""
    allow(request.user, "register")
    form = form_for(request, UploadForm)

    def act():
        return importing.keep_sheet(
            form.read, name=clean_name(form.cleaned_data["file"].name),
            key=form.cleaned_data["key"], by=request.user,
        ).get_absolute_url()  # fmt: skip

    if request.method == "POST" and form.is_valid() and (answer := submit(request, form, act)):
        return answer
    lately = Sheet.objects.visible_to(request.user).select_related("job").defer("rows", "outcomes")
    page = {"form": form, "lately": lately[:LATELY]}
    return render(request, "exchange/upload.html", page, status=422 if form.errors else 200)


@login_required
def sheet(request, pk):
    """What a file would do to the register, row by row, and the button that does it; afterwards
    what came of each row."""
    allow(request.user, "register")
    found = get_object_or_404(Sheet.objects.visible_to(request.user).select_related("job"), pk=pk)
    form = form_for(request, CarryOutForm)

    def act():
        job = importing.carry_out(found, by=request.user, key=form.cleaned_data["key"])
        return job.get_absolute_url()

    if request.method == "POST" and form.is_valid() and (answer := submit(request, form, act)):
        return answer
    page = _done(request, found) if found.job else _looked_at(request, found)
    page |= {"sheet": found, "form": form}
    return render(request, "exchange/sheet.html", page, status=422 if form.errors else 200)


def _looked_at(request, found: Sheet) -> dict:
    judged = judge(found.rows, request.user)
    have = tally(judged)
    which = request.GET.get("show", "")
    if which not in VERDICTS:
        which = next((v for v in (PROBLEM, CHANGED, NEW) if have[v]), "")
    rows = [one for one in judged if not which or one.verdict == which]
    tabs = [(code, label, have[code]) for code, label in VERDICTS.items() if have[code]]
    will = have[NEW] + have[CHANGED]
    return {"tabs": tabs, "which": which, "have": have, "will": will, **_paged(request, rows)}


def _done(request, found: Sheet) -> dict:
    return _paged(request, list(importing.told(found)))


def _paged(request, rows: list) -> dict:
    given = request.GET.get("page", "1")
    number = max(1, int(given)) if given.isascii() and given.isdigit() and len(given) < 5 else 1
    start = (number - 1) * PAGE
    more = len(rows) > start + PAGE
    return {
        "rows": rows[start : start + PAGE], "earlier": number - 1 if number > 1 else None,
        "later": number + 1 if more else None,
    }  # fmt: skip


@login_required
@require_GET
def template(request):
    """The empty table. Papers and tables are Chinese, whatever the reader's language; `?lang=en`
    asks for English."""
    allow(request.user, "register")
    with translation.override("en" if request.GET.get("lang") == "en" else "zh-hans"):
        content = writing.template(COLUMNS, context_for(request.user))
        return _file(content, f"{_('Register of instructors')}-{_('template')}.xlsx")


@login_required
@require_GET
def export(request):
    """The entries that the list shows, in the columns that the import reads."""
    with translation.override("en" if request.GET.get("lang") == "en" else "zh-hans"):
        content = saved(request.GET, by=request.user, on=timezone.localdate())
        return _file(content, f"{_('Register of instructors')}-{timezone.localdate()}.xlsx")


def _file(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=writing.XLSX,
        headers={
            "Content-Disposition": content_disposition_header(True, name),
            "Cache-Control": "private, no-store",
        },
    )  # fmt: skip
