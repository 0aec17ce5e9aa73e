"""The photo of an instructor: kept by the office or the holder, shown to those who see the person."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.credentials import portraits
from core.credentials.forms import PortraitForm
from core.credentials.models import Credential, Portrait
from core.forms import form_for
from core.ledger.pages import form_page
from core.ledger.permits import allow_staff
from core.people.models import Instructor


def _person(request, pk) -> Instructor:
    allow_staff(request.user)
    return get_object_or_404(Instructor.objects.visible_to(request.user), pk=pk)


@login_required
@require_safe
def portrait(request, pk):
    kept = get_object_or_404(Portrait, instructor=_person(request, pk))
    try:
        content = kept.file.open("rb")
    except FileNotFoundError as gone:
        raise Http404 from gone
    answer = FileResponse(content, content_type="image/jpeg")
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cache-Control"] = "private, no-store"
    return answer


@login_required
def portrait_new(request, pk):
    person = _person(request, pk)
    portraits.allow_portrait(request.user, person)
    form = form_for(request, PortraitForm)
    held = Credential.objects.visible_to(request.user).filter(instructor=person).last()
    back = reverse("credentials:credential", args=[held.pk]) if held else reverse("credentials:list")

    def act():
        portraits.keep_portrait(person, form.cleaned_data["picture"], by=request.user, **form.crop())
        return back

    return form_page(
        request, form, act, template="credentials/form.html", back=back, lead=person.name,
        title=_("Photo for the card"), button=_("Keep"),
        said=_("The photo is kept. Look whether the face is well placed; else send it again."),
    )  # fmt: skip
