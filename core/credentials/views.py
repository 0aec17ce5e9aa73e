"""The list of credentials, and the page of one."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef, Q
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from core.credentials.acts import VERB
from core.credentials.models import Credential, Portrait
from core.credentials.moves import BY_VERB, LIVING, State, moves_from
from core.credentials.printing import PRINTABLE
from core.forms import ButtonForm
from core.ledger.paging import counted, page_of
from core.ledger.permits import allow_staff
from core.ledger.search import people_named, tidy
from core.people.models import Instructor
from core.people.views_instructors import BESIDE
from core.rulebook import rule


@login_required
def credentials(request):
    allow_staff(request.user)
    given, today = request.GET, timezone.localdate()
    which, typed = given.get("which", ""), tidy(given.get("q", ""))
    soon = today + timedelta(days=rule("credential_ends_soon", on=today).value)
    page = {
        "which": which, "q": typed, "today": today, "soon": soon, "states": State.choices,
        "may_keep": request.user.may(VERB),
    }  # fmt: skip
    if which == "none":
        return _without(request, page, typed)
    found = Credential.objects.visible_to(request.user)
    if which == "soon":
        found = found.filter(state__in=LIVING, valid_until__lte=soon)
    elif which in State.values:
        found = found.filter(state=which)
    if typed:
        people = Instructor.objects.filter(people_named(typed) | Q(unit__name__icontains=typed))
        found = found.filter(Q(number__icontains=typed) | Q(instructor__in=people.values("pk")))
    shown = page_of(
        found.select_related("instructor__unit"), by="number", down=False,
        before=given.get("before", ""), after=given.get("after", ""),
    )  # fmt: skip
    return render(request, "credentials/list.html", {**page, "shown": shown, "counted": counted(found)})


def _without(request, page: dict, typed: str):
    """The instructors who could have a credential and have none."""
    have = Credential.objects.filter(instructor=OuterRef("pk")).exclude(state=State.REVOKED)
    found = Instructor.objects.visible_to(request.user).active()
    found = found.filter(~Exists(have), full_member=True, term_until__gte=page["today"])
    if typed:
        found = found.filter(people_named(typed) | Q(unit__name__icontains=typed))
    shown = page_of(
        found.select_related("unit"), by="pinyin", down=False,
        before=request.GET.get("before", ""), after=request.GET.get("after", ""),
    )  # fmt: skip
    page |= {"shown": shown, "counted": counted(found)}
    return render(request, "credentials/without.html", page)


def beside_instructor(instructor, user) -> dict | None:
    """On an instructor's page: the credential, to whom it is shown, and the way to issue one."""
    held = Credential.objects.visible_to(user).filter(instructor=instructor)
    found = held.exclude(state=State.REVOKED).first()
    may = user.may(VERB) and instructor.left_on is None and found is None
    if not (found or may):
        return None
    return {
        "template": "credentials/_beside_instructor.html", "instructor": instructor,
        "credential": found, "may_issue": may,
    }  # fmt: skip


BESIDE.append(beside_instructor)


@login_required
def credential(request, pk):
    allow_staff(request.user)
    rows = Credential.objects.visible_to(request.user).select_related("instructor__unit")
    found = get_object_or_404(rows, pk=pk)
    keeps = request.user.may(VERB) and found.instructor.area.startswith(request.user.area or "-")
    own = found.instructor.user_id == request.user.pk
    moves = moves_from(found.state) if keeps else []
    if found.instructor.term_until <= found.valid_until:
        moves = [row for row in moves if row.verb != "renew"]
    page = {
        "credential": found,
        "instructor": found.instructor,
        "portrait": Portrait.objects.filter(instructor=found.instructor).first(),
        "cards": list(found.cards.all()),
        "history": [
            {"move": row, "label": BY_VERB[row.verb].label if row.verb in BY_VERB else ""}
            for row in found.moves.select_related("by")
        ],
        "moves": moves,
        "first": moves[0].verb if moves and found.state != State.ACTIVE else "",
        "may_photo": keeps or own,
        "may_print": keeps and found.state in PRINTABLE,
        "print_form": ButtonForm(),
        "over": found.state in (State.EXPIRED, State.REVOKED),
    }
    return render(request, "credentials/credential.html", page)
