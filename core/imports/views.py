"""A list of firms on its way into the ledger: sent, looked at, brought in, taken back."""

import tempfile
from pathlib import Path

from django.contrib.auth.decorators import login_required
from django.http import FileResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core.exchange.writing import XLSX
from core.forms import form_for, submit
from core.imports import applying, staging, undoing, writing
from core.imports.child import bare
from core.imports.forms import ImportForm, UploadForm, mapping_of, offered
from core.imports.kind_table import KINDS, may
from core.imports.models import Import
from core.imports.pages import findings_page
from core.ledger.files import clean_name
from core.ledger.permits import allow

LATELY = 10


@login_required
def upload(request):
    allow(request.user, "register")
    form = form_for(request, UploadForm)

    def act():
        sent = form.cleaned_data
        one = staging.take_in(
            sent["file"], name=clean_name(sent["file"].name), key=sent["key"], by=request.user
        )
        return one.job.get_absolute_url()

    if request.method == "POST" and form.is_valid() and (answer := submit(request, form, act)):
        return answer
    lately = Import.objects.visible_to(request.user).filter(kind="firms").select_related("by")
    others = [kind for kind in KINDS.values() if may(kind, request.user)]
    page = {"form": form, "lately": lately[:LATELY], "others": others}
    return render(request, "imports/upload.html", page, status=422 if form.errors else 200)


@login_required
def imported(request, pk):
    """One import: what it would do, what may be done with it, and afterwards its receipt."""
    allow(request.user, "register")
    mine = Import.objects.visible_to(request.user).select_related("by", "job", "applied_by")
    one = get_object_or_404(mine.filter(kind="firms"), pk=pk)
    form = form_for(request, ImportForm)

    def act():
        return _done(one, form.cleaned_data, request)

    if request.method == "POST" and form.is_valid() and (answer := submit(request, form, act)):
        return answer
    page = {"one": one, "form": form, "fields": offered()}
    if one.state == Import.State.JUDGED:
        page |= findings_page(one, request.user, request.GET)
    return render(request, "imports/import.html", page, status=422 if form.errors else 200)


def _done(one: Import, said: dict, request) -> str:
    """Do what was asked; the page to go to."""
    by, key = request.user, said["key"]
    if said["do"] == ImportForm.DROP:
        return staging.drop(one, by=by).get_absolute_url()
    if said["do"] == ImportForm.UNDO:
        return undoing.take_back(one, by=by, key=key).job.get_absolute_url()
    if said["do"] == ImportForm.APPLY:
        leave_out = said["leave_out"]
        return applying.carry_out(one, leave_out=leave_out, by=by, key=key).job.get_absolute_url()
    headings = [heading for heading in one.headings if heading]
    mapping = {bare(headings[at]): code for at, code in mapping_of(request.POST, headings).items()}
    one = staging.read_again(one, mapping=mapping, sheet=said["sheet"], by=by, key=key)
    return one.job.get_absolute_url()


@login_required
@require_GET
def template(request):
    """The empty table. Tables are Chinese, whatever the reader's language; `?lang=en` asks for
    English."""
    allow(request.user, "register")
    with translation.override("en" if request.GET.get("lang") == "en" else "zh-hans"):
        name = f"{_('Firms')}-{_('template')}.xlsx"
        return sent_file(name, lambda path: writing.template(path, request.user))


@login_required
@require_GET
def remarks(request, pk):
    """The rows of the file with a column of remarks, to be mended and sent again."""
    allow(request.user, "register")
    mine = Import.objects.visible_to(request.user).filter(kind="firms")
    one = get_object_or_404(mine, pk=pk)
    name = f"{Path(one.name).stem}-{_('Remarks')}.xlsx"
    return sent_file(name, lambda path: writing.remarks(path, one, request.user))


def sent_file(name: str, write) -> FileResponse:
    """The file that `write` makes, sent from a folder that is gone at once."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.xlsx"
        write(path)
        opened = path.open("rb")  # stays readable after its name is gone
    answer = FileResponse(opened, as_attachment=True, filename=name, content_type=XLSX)
    answer["Cache-Control"] = "private, no-store"
    return answer
