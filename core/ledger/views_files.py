"""Files go out only to those who see their firm, and every opening is on record."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.audit.record import record
from core.forms import form_for
from core.ledger import acts
from core.ledger.attachments import Attachment
from core.ledger.files import INLINE
from core.ledger.forms import FilesForm
from core.ledger.models import Firm
from core.ledger.pages import form_page
from core.ledger.permits import allow, not_closed

# A file may never act as a page of ours, whatever is in it.
ISOLATED = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:"


@login_required
def file(request, pk):
    """Send a file: to be saved, or with `?show=1` on screen where its type is harmless there."""
    kept = get_object_or_404(Attachment.objects.visible_to(request.user).select_related("firm"), pk=pk)
    try:
        content = kept.file.open("rb")
    except FileNotFoundError:
        return render(request, "ledger/file_missing.html", {"kept": kept}, status=410)
    record("file.opened", by=request.user, firm=kept.firm, name=kept.name)
    show = request.GET.get("show") == "1" and kept.content_type in INLINE
    answer = FileResponse(
        content, as_attachment=not show, filename=kept.name, content_type=kept.content_type
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = ISOLATED
    answer["Cache-Control"] = "private, no-store"
    return answer


@login_required
def file_new(request, pk):
    firm = get_object_or_404(Firm.objects.visible_to(request.user), pk=pk)
    allow(request.user, "propose")
    not_closed(firm)
    form = form_for(request, FilesForm)
    case = reverse("coverage:case", args=[pk])

    def act():
        acts.add_files(firm, form.cleaned_data["files"], by=request.user)
        return case

    return form_page(
        request, form, act, template="ledger/form.html", firm=firm, back=case,
        title=_("Add files"), button=_("Add"), said=_("The files are with the firm."),
    )  # fmt: skip
