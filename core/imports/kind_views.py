"""A list that is not of firms on its way into the ledger: sent, looked at, mended, brought in."""

from pathlib import Path

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.audit.record import record
from core.errors import Refused
from core.forms import form_for, submit
from core.imports import kind_applying, kind_staging, kind_undoing, kind_writing, staging
from core.imports.child import bare
from core.imports.forms import ImportForm, UploadForm
from core.imports.kind_pages import findings_page, offered
from core.imports.kind_table import KINDS, ListKind, may, permitted
from core.imports.models import Import
from core.imports.views import LATELY, sent_file
from core.ledger.files import clean_name
from core.ledger.permits import allow


def _kind(code: str, user) -> ListKind:
    if code not in KINDS:
        raise Http404
    permitted(KINDS[code], user)
    return KINDS[code]


def _mine(pk: int, user) -> Import:
    """A list within reach, of a kind that the person may bring in."""
    mine = Import.objects.visible_to(user).select_related("by", "job", "applied_by")
    one = get_object_or_404(mine.filter(kind__in=KINDS), pk=pk)
    permitted(KINDS[one.kind], user)
    return one


def _seen(one: Import, user) -> None:
    """Names that few may see were shown: write it down."""
    if KINDS[one.kind].private and one.staged.exists():
        record("import.list_seen", by=user, chain=f"import:{one.pk}", area=one.area, file=one.name,
               number=one.pk, table=one.kind)  # fmt: skip


@login_required
def upload(request, kind):
    kind = _kind(kind, request.user)
    form = form_for(request, UploadForm)
    form.fields["file"].label = _("List")

    def act():
        sent = form.cleaned_data
        name = clean_name(sent["file"].name)
        one = kind_staging.take_in(kind, sent["file"], name=name, key=sent["key"], by=request.user)
        return one.job.get_absolute_url()

    if request.method == "POST" and form.is_valid() and (answer := submit(request, form, act)):
        return answer
    lately = Import.objects.visible_to(request.user).filter(kind=kind.code).select_related("by")
    others = [other for other in KINDS.values() if other != kind and may(other, request.user)]
    page = {"form": form, "kind": kind, "lately": lately[:LATELY], "others": others}
    return render(request, "imports/list_upload.html", page, status=422 if form.errors else 200)


@login_required
def imported(request, pk):
    """One list: what it would do, what may be done with it, and afterwards its receipt."""
    allow(request.user, "register")
    one = _mine(pk, request.user)
    form = form_for(request, ImportForm)

    def act():
        return _done(one, form.cleaned_data, request)

    if request.method == "POST" and form.is_valid() and (answer := submit(request, form, act)):
        return answer
    kind = KINDS[one.kind]
    page = {"one": one, "form": form, "kind": kind, "fields": offered(kind)}
    if one.state == Import.State.JUDGED:
        page |= findings_page(one, request.user, request.GET)
        _seen(one, request.user)
    return render(request, "imports/list.html", page, status=422 if form.errors else 200)


def _done(one: Import, said: dict, request) -> str:
    """Do what was asked; the page to go to."""
    by, key = request.user, said["key"]
    if said["do"] == ImportForm.DROP:
        return kind_staging.drop(one, by=by).get_absolute_url()
    if said["do"] == ImportForm.UNDO:
        return kind_undoing.take_back(one, by=by, key=key).job.get_absolute_url()
    if said["do"] == ImportForm.APPLY:
        one = kind_applying.carry_out(one, leave_out=said["leave_out"], by=by, key=key)
        return one.job.get_absolute_url()
    headings = [heading for heading in one.headings if heading]
    codes = {column.code for column in KINDS[one.kind].columns}
    chosen = {bare(h): request.POST.get(f"heading-{at}") for at, h in enumerate(headings)}
    mapping = {head: code for head, code in chosen.items() if code == "" or code in codes}
    one = staging.read_again(one, mapping=mapping, sheet=said["sheet"], by=by, key=key)
    return one.job.get_absolute_url()


@login_required
@require_POST
def row(request, pk, row):
    """Cells of a row, typed anew: it is judged at once."""
    allow(request.user, "register")
    one = _mine(pk, request.user)
    sent = {name.removeprefix("cell-"): said for name, said in request.POST.items()
            if name.startswith("cell-")}  # fmt: skip
    try:
        kind_staging.mend(one, row, sent, by=request.user, on=timezone.localdate())
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return redirect(one)
    now = one.staged.filter(row=row).first()
    messages.success(request, _("Row %(row)d was judged again.") % {"row": row})
    show = f"?show={now.verdict}" if now and now.verdict == "error" else ""
    return redirect(one.get_absolute_url() + show)


@login_required
@require_GET
def template(request, kind):
    """The empty table, Chinese unless English is asked for: `?lang=en`."""
    kind = _kind(kind, request.user)
    with translation.override("en" if request.GET.get("lang") == "en" else "zh-hans"):
        name = f"{kind.title}-{_('template')}.xlsx"
        return sent_file(name, lambda path: kind_writing.template(path, kind))


@login_required
@require_GET
def remarks(request, pk):
    """The rows of the file with a column of remarks, to be mended and sent again."""
    allow(request.user, "register")
    one = _mine(pk, request.user)
    _seen(one, request.user)
    name = f"{Path(one.name).stem}-{_('Remarks')}.xlsx"
    return sent_file(name, lambda path: kind_writing.remarks(path, one))
