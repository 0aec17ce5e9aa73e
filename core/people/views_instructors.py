"""Instructors, and who guides which firm."""

from collections.abc import Callable
from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.absence import Leave
from core.accounts.models import Area
from core.forms import form_for
from core.ledger.forms import places
from core.ledger.kinds import Industry
from core.ledger.pages import form_page
from core.ledger.paging import counted, page_of
from core.ledger.permits import allow, allow_staff
from core.ledger.search import tidy
from core.people import assigning, entries
from core.people.forms import AssignForm, InstructorForm, UnassignForm
from core.people.models import Assignment, GuidanceRecord, Instructor
from core.people.register import FILTERS, STATES, instructors_where
from core.people.standing import Standing
from core.people.ties import Tie, may_declare
from core.people.training import days_by_year
from core.people.views import firm_to_fill
from core.people.views_register import may_keep, may_look_back
from core.rulebook import rule

# Called with an instructor and the reader: what another room shows on the page, a template and its
# words; None for nothing.
BESIDE: list[Callable[..., dict | None]] = []
LATELY = 10  # guidance records shown on an instructor's page


@login_required
def instructors(request):
    allow_staff(request.user)
    given, today = request.GET, timezone.localdate()
    seen = Instructor.objects.visible_to(request.user)
    found, in_force = instructors_where(seen, given, on=today)
    shown = page_of(
        found.with_load(), by="pinyin", down=False,
        before=given.get("before", ""), after=given.get("after", ""),
    )  # fmt: skip
    soon = today + timedelta(days=rule("term_reminder", on=today).value)
    page = {
        "shown": shown, "counted": counted(found), "today": today, "soon": soon,
        "usual": rule("instructor_firms", on=today), "may_record": request.user.may("register"),
        "choices": _choices(request.user, given), "q": tidy(given.get("q", "")),
        "firms": dict(in_force).get("firms"), "narrowed": bool(in_force), "query": given.urlencode(),
    }  # fmt: skip
    return render(request, "people/instructors.html", page)


def _choices(user, given) -> list[dict]:
    """The filters that are drop-downs, each with its options and which one is chosen."""
    options = {
        "which": [(key, state.label) for key, state in STATES.items()],
        "area": places(user), "kind": Instructor.Kind.choices, "trade": Industry.choices,
    }  # fmt: skip
    return [
        {"name": name, "label": FILTERS[name].label, "chosen": given.get(name, ""), "options": rows}
        for name, rows in options.items()
    ]


@login_required
def instructor(request, pk):
    """One instructor: firms now and before, trainings, and what was done lately, within the reader's
    reach. What is private is only for the person and who keeps the entry."""
    allow_staff(request.user)
    seen = Instructor.objects.visible_to(request.user).select_related("unit", "user")
    found = get_object_or_404(seen, pk=pk)
    today = timezone.localdate()
    guided = Assignment.objects.visible_to(request.user).filter(instructor=found).select_related("firm")
    lately = GuidanceRecord.objects.visible_to(request.user).filter(instructor=found)
    rows = list(guided)
    page = {
        "instructor": found,
        "now": [row for row in rows if row.until is None],
        "before": [row for row in rows if row.until],
        "lately": lately.select_related("firm")[:LATELY],
        "have": assigning.load(found),
        "usual": rule("instructor_firms", on=today),
        "term_ended": found.term_until < today,
        "ends_soon": today <= found.term_until <= today + _days("term_reminder", today),
        "beside": [shown for show in BESIDE if (shown := show(found, request.user))],
        **_register(request.user, found, today),
    }
    return render(request, "people/instructor.html", page)


def _days(key: str, on) -> timedelta:
    return timedelta(days=rule(key, on=on).value)


def _register(user, found: Instructor, today) -> dict:
    """What the register knows of an instructor beside the entry itself."""
    area = Area.objects.filter(code=found.area).first()
    return {
        "place": area.name if area else found.area,
        "further": [each.name for each in found.further_areas.all()],
        "years": days_by_year(found, on=today),
        "trainings": found.trainings.select_related("by", "taken_back_by")[:LATELY],
        "training_rule": rule("instructor_training_days", on=today),
        "standings": Standing.objects.visible_to(user).filter(instructor=found).select_related("by"),
        "ties": Tie.objects.visible_to(user).filter(instructor=found).select_related("firm"),
        "may_keep": may_keep(user, found),
        "may_declare": may_declare(found, user),
        "may_look_back": may_look_back(user, found),
        "own": found.user_id == user.pk,
        "leave": found.user and Leave.objects.on(today).filter(person=found.user)
        .select_related("substitute").first(),
    }  # fmt: skip


@login_required
def instructor_new(request):
    allow(request.user, "register")
    form = form_for(request, InstructorForm, by=request.user, on=timezone.localdate())

    def act():
        made = entries.record_instructor(by=request.user, on=timezone.localdate(), **form.entry())
        return reverse("people:instructor", args=[made.pk])

    return form_page(
        request, form, act, template="people/instructor_form.html", back=reverse("people:instructors"),
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
        request, form, act, template="people/unassign.html", firm=firm, back=case,
        may_recall=request.user.may("propose_assignment"), title=_("End the assignment"),
        button=_("End the assignment"),
        lead=_("%(name)s guides this firm now.") % {"name": guide.instructor.name} if guide else "",
        said=_("The assignment is ended."),
    )  # fmt: skip
