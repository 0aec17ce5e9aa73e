"""Going on leave: one's own, and for supervisors that of the people of their area."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.accounts.absence import Leave
from core.accounts.forms_leave import LeaveForm
from core.accounts.leave import NEVER, end_leave, go_on_leave, may_record
from core.accounts.models import User
from core.errors import Refused
from core.forms import form_for, submit
from core.ledger.search import tidy

PEOPLE_AT_MOST = 20  # found by a name


def leave(request):
    """One's own leave, the leaves in which one stands in, and for supervisors who is away."""
    return _leave_of(request, request.user, reverse("leave"))


def leave_of(request, pk):
    """The leave of somebody of one's area."""
    person = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    if not may_record(request.user, person):
        raise Http404
    return _leave_of(request, person, reverse("leave_of", args=[pk]))


def _leave_of(request, person, page: str):
    user, today = request.user, timezone.localdate()
    form = form_for(request, LeaveForm, person=person, by=user)
    if request.method == "POST" and form.is_valid():

        def act():
            given = {name: form.cleaned_data[name] for name in ("substitute", "since", "until")}
            go_on_leave(person, by=user, on=today, **given)
            return page

        if answer := submit(request, form, act):
            messages.success(
                request,
                _("The leave is on record. %(name)s stands in meanwhile.")
                % {"name": form.cleaned_data["substitute"].name},
            )
            return answer
    ahead = Leave.objects.visible_to(user).ahead(today).select_related("person", "substitute")
    query = tidy(request.GET.get("q", ""))[:64]
    own = person.pk == user.pk
    context = {
        "form": form, "someone": person, "own": own, "today": today, "query": query,
        "needed": person.role not in NEVER, "supervises": own and user.may("reassign"),
        "leaves": ahead.filter(person=person), "standing_in": ahead.filter(substitute=person),
        "away": _away(ahead, user) if own and user.may("reassign") else None,
        "people": _people(user, query) if query else [],
    }  # fmt: skip
    return render(request, "accounts/leave.html", context, status=422 if form.errors else 200)


def _away(ahead, user):
    return ahead.filter(person__in=User.objects.visible_to(user).values("pk")).exclude(person=user)


def _people(user, query: str) -> list[User]:
    """Those of one's area who can go on leave, by name."""
    people = User.objects.visible_to(user).filter(is_active=True, name__icontains=query)
    people = people.exclude(role__in=NEVER).exclude(pk=user.pk).order_by("name")
    return [person for person in people[: 5 * PEOPLE_AT_MOST] if may_record(user, person)][
        :PEOPLE_AT_MOST
    ]


@require_POST
def leave_end(request, pk):
    """The person is back, or does not go."""
    mine = get_object_or_404(Leave.objects.visible_to(request.user).select_related("person"), pk=pk)
    own = mine.person_id == request.user.pk
    page = reverse("leave") if own or request.GET.get("back") else reverse(
        "leave_of", args=[mine.person_id]
    )  # fmt: skip
    try:
        end_leave(mine, by=request.user, on=timezone.localdate())
        messages.success(request, _("Noted: %(name)s is back.") % {"name": mine.person.name})
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    return redirect(page)
