"""Writing the official letter about an issued list: what it will say, then its number."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Refused
from core.forms import form_for, submit
from core.ledger.permits import allow
from core.letters.acts import VERB, letterhead_of, next_number
from core.letters.forms import LetterForm
from core.papers.letter import Kind
from workflows.assignments.letters import facts_of, letters_of, write_about
from workflows.assignments.models import AssignmentList


@login_required
def letter(request, pk, kind):
    """One kind of letter about a list: shown when it is numbered, else written here."""
    allow(request.user, VERB)
    made = get_object_or_404(AssignmentList.objects.visible_to(request.user), pk=pk)
    if kind not in list(Kind):
        raise Http404
    if there := letters_of(made, request.user).get(kind):
        return redirect("letters:letter", pk=there.pk)
    head, today = letterhead_of(request.user.area), timezone.localdate()
    if head is None:
        messages.info(request, _("Keep the letterhead of your office first; then the letter follows."))
        return redirect("letters:letterhead")
    number = next_number(head.area, today.year)
    form = form_for(request, LetterForm, kind=kind, head=head, number=number, on=today)

    def act():
        done = write_about(made, kind=kind, by=request.user, on=today, **form.wishes())
        return reverse("letters:letter", args=[done.pk])

    looks = "look" in request.POST  # the other button: only shows what it would say
    valid = request.method == "POST" and form.is_valid()
    if valid and not looks and (answer := submit(request, form, act)):
        messages.success(request, _("The letter is numbered. Print it now or later."))
        return answer
    page = {"made": made, "kind": kind, "form": form, **_shown(made, head, kind, form)}
    return render(request, "assignments/letter.html", page, status=422 if form.errors else 200)


def _shown(made, head, kind, form) -> dict:
    """What the letter would say with what is typed so far."""
    words = form.wishes()
    if kind == Kind.ANSWER and not words["answers"]:
        words["answers"] = "《……》"
    try:
        return {"facts": facts_of(made, head, kind=kind, **words)}
    except Refused as refusal:
        return {"refusal": refusal.sentence}
