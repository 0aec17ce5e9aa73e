"""Instructors, and who guides which firm."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.forms import form_for
from core.ledger.pages import form_page
from core.ledger.paging import counted, page_of
from core.ledger.permits import allow, allow_staff
from core.ledger.search import people_named, tidy
from core.people import assigning
from core.people.forms import AssignForm, InstructorForm, UnassignForm
from core.people.models import Assignment, GuidanceRecord, Instructor
from core.people.ties import Tie, may_declare
from core.people.views import firm_to_fill
from core.rulebook import rule

# Called with an instructor and the reader: what another room shows on the page, a template and its
# words; None for nothing.
BESIDE: list[Callable[..., dict | None]] = []
LATELY = 10  # guidance records shown on an instructor's page


@login_required
def instructors(request):
    allow_staff(request.user)
    given, today = request.GET, timezone.localdate()
    found = Instructor.objects.visible_to(request.user)
    which = given.get("which", "")
    found = found.filter(left_on__isnull=False) if which == "left" else found.active()
    if which == "ended":
        found = found.filter(term_until__lt=today)
    typed = tidy(given.get("q", ""))
    if typed:
        found = found.filter(people_named(typed) | Q(unit__name__icontains=typed))
    shown = page_of(
        found.with_load(), by="pinyin", down=False,
        before=given.get("before", ""), after=given.get("after", ""),
    )  # fmt: skip
    page = {
        "shown": shown, "counted": counted(found), "q": typed, "which": which, "today": today,
        "usual": rule("instructor_firms", on=today), "may_record": request.user.may("register"),
    }  # fmt: skip
    return render(request, "people/instructors.html", page)


@login_required
def instructor(request, pk):
    """One instructor: firms now and before, and what was done lately, within the reader's reach."""
    allow_staff(request.user)
    found = get_object_or_404(Instructor.objects.visible_to(request.user), pk=pk)
    today = timezone.localdate()
    guided = Assignment.objects.visible_to(request.user).filter(instructor=found).select_related("firm")
    lately = GuidanceRecord.objects.visible_to(request.user).filter(instructor=found)
    have = assigning.load(found)
    rows = list(guided)
    page = {
        "instructor": found,
        "now": [row for row in rows if row.until is None],
        "before": [row for row in rows if row.until],
        "lately": lately.select_related("firm")[:LATELY],
        "have": have,
        "further": found.further_areas.all(),
        "usual": rule("instructor_firms", on=today),
        "term_ended": found.term_until < today,
        "may_keep": _may_keep(request.user, found),
        "ties": Tie.objects.visible_to(request.user).filter(instructor=found).select_related("firm"),
        "may_declare": may_declare(found, request.user),
        "beside": [shown for show in BESIDE if (shown := show(found, request.user))],
    }
    return render(request, "people/instructor.html", page)


def _may_keep(user, found: Instructor) -> bool:
    return user.may("register") and bool(user.area) and found.area.startswith(user.area)


@login_required
def instructor_new(request):
    allow(request.user, "register")
    form = form_for(request, InstructorForm, by=request.user, on=timezone.localdate())

    def act():
        made = assigning.record_instructor(by=request.user, **form.entry())
        return reverse("people:instructor", args=[made.pk])

    return form_page(
        request, form, act, template="people/form.html", back=reverse("people:instructors"),
        title=_("Record an instructor"), button=_("Record"), said=_("The instructor is on record."),
    )  # fmt: skip


@login_required
def assign(request, pk):
    firm = firm_to_fill(request, pk, "register")
    today = timezone.localdate()
    form = form_for(request, AssignForm, by=request.user, firm=firm, on=today)
    case = reverse("coverage:case", args=[pk])

    def act():
        assigning.assign(firm, by=request.user, on=timezone.localdate(), **form.entry())
        return case

    over = (
        Instructor.objects.visible_to(request.user)
        .active()
        .filter(county=firm.county, area__startswith=request.user.area, term_until__lt=today)
    )
    return form_page(
        request, form, act, template="people/assign.html", firm=firm, back=case,
        over=over.order_by("-term_until", "pk")[:LATELY],
        title=_("Assign an instructor"), button=_("Assign"), said=_("The instructor is assigned."),
    )  # fmt: skip


@login_required
def unassign(request, pk):
    firm = firm_to_fill(request, pk, "register")
    form = form_for(request, UnassignForm, on=timezone.localdate())
    case = reverse("coverage:case", args=[pk])
    guide = firm.assignments.current().select_related("instructor").first()

    def act():
        assigning.unassign(firm, by=request.user, on=timezone.localdate(), **form.entry())
        return case

    return form_page(
        request, form, act, template="people/form.html", firm=firm, back=case,
        title=_("End the assignment"), button=_("End the assignment"),
        lead=_("%(name)s guides this firm now.") % {"name": guide.instructor.name} if guide else "",
        said=_("The assignment is ended."),
    )  # fmt: skip
