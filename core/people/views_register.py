"""The pages of the register: at a glance, trainings, standing, declared ties, history."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from core.accounts.verbs import Role
from core.forms import form_for
from core.ledger.pages import form_page
from core.ledger.permits import allow, allow_in, allow_staff
from core.people import history
from core.people.forms_register import CourseForm, StandingForm, TakeBackForm
from core.people.glance import glance
from core.people.models import Instructor
from core.people.register import instructors_where
from core.people.standing import record_standing
from core.people.training import AT_ONCE, Training, record_training, take_back_training


def may_keep(user, found: Instructor) -> bool:
    """Whether this person keeps the entry: seen through a firm is not yet one's own."""
    return user.may("register") and bool(user.area) and found.area.startswith(user.area)


def may_look_back(user, found: Instructor) -> bool:
    """Who reads the history of an entry: its keepers, the person, and who reads the audit trail."""
    own = found.user_id is not None and found.user_id == user.pk
    return own or may_keep(user, found) or user.may("read_audit")


def kept(request, pk) -> tuple[Instructor, str]:
    """The entry of the address, if this person may keep it, and the address of its page."""
    allow(request.user, "register")
    found = get_object_or_404(Instructor.objects.visible_to(request.user), pk=pk)
    allow_in(request.user, "register", found.area)
    return found, reverse("people:instructor", args=[pk])


@login_required
@require_GET
def load(request):
    allow_staff(request.user)
    if request.user.role == Role.INSTRUCTOR:
        raise PermissionDenied
    today = timezone.localdate()
    page = {"today": today, "may_record": request.user.may("register")}
    return render(request, "people/load.html", page | glance(request.user, on=today))


@login_required
def course(request):
    """A training for one (`?who=`) or for many, chosen from the list that the filters give."""
    allow(request.user, "register")
    today, given = timezone.localdate(), request.GET
    own = Instructor.objects.visible_to(request.user).filter(area__startswith=request.user.area or "-")
    own = own.active().select_related("unit").order_by("pinyin", "pk")
    people, in_force = instructors_where(own, given, on=today)
    who = given.get("who", "")
    one = own.filter(pk=int(who)).first() if who.isascii() and who.isdigit() and len(who) < 19 else None
    shown = own.filter(pk=one.pk) if one else people[: AT_ONCE + 1]
    shown = own.filter(pk__in=[each.pk for each in shown][:AT_ONCE])
    form = form_for(request, CourseForm, people=shown, on=today)
    if one:
        form.initial.setdefault("instructors", [one.pk])
    back = reverse("people:instructor", args=[one.pk]) if one else reverse("people:instructors")

    def act():
        record_training(by=request.user, on=timezone.localdate(), **form.entry())
        return back

    form.fields["instructors"].label_from_instance = lambda one: f"{one.name} · {one.unit.name}"
    return form_page(
        request, form, act, template="people/course.html", back=back, one=one, q=given.get("q", ""),
        short="training" in given.getlist("which"), narrowed=bool(in_force),
        title=_("Record a training"), button=_("Record"), said=_("The training is on record."),
    )  # fmt: skip


@login_required
def training_undo(request, pk):
    allow(request.user, "register")
    seen = Training.objects.visible_to(request.user).select_related("instructor")
    found = get_object_or_404(seen, pk=pk)
    allow_in(request.user, "register", found.instructor.area)
    form = form_for(request, TakeBackForm)
    back = reverse("people:instructor", args=[found.instructor_id])

    def act():
        take_back_training(found, by=request.user, at=timezone.now(), **form.entry())
        return back

    words = {"subject": found.subject, "day": date_format(found.day), "name": found.instructor.name}
    return form_page(
        request, form, act, template="people/form.html", back=back, button=_("Take back"),
        title=_("Take a training back"), lead=_("%(name)s: %(subject)s, %(day)s") % words,
        said=_("The training is taken back."),
    )  # fmt: skip


@login_required
def instructor_standing(request, pk):
    """Suspend the standing, or restore it; and what suspending means for the firms."""
    found, back = kept(request, pk)
    good = found.full_member
    form = form_for(request, StandingForm, on=timezone.localdate(), good=good)

    def act():
        record_standing(found, by=request.user, on=timezone.localdate(), **form.entry())
        return back

    many = found.assignments.current().count()
    lead = ""
    if good:
        lead = _("No new firm is given to %(name)s while it is suspended.") % {"name": found.name}
        if many:
            lead += " " + ngettext(
                "%(many)d firm stays until its supervisor recalls the instructor.",
                "%(many)d firms stay until their supervisors recall the instructor.",
                many,
            ) % {"many": many}
    return form_page(
        request, form, act, template="people/form.html", back=back, lead=lead,
        title=(_("Suspend the standing of %(name)s") if good else _("%(name)s: in good standing again"))
        % {"name": found.name},
        button=_("Suspend the standing") if good else _("Record"), said=_("The standing is on record."),
    )  # fmt: skip


@login_required
@require_GET
def instructor_history(request, pk):
    """Every change of an entry, and the entry as it stood on a day."""
    allow_staff(request.user)
    found = get_object_or_404(Instructor.objects.visible_to(request.user), pk=pk)
    if not may_look_back(request.user, found):
        raise PermissionDenied
    typed, today = request.GET.get("on", ""), timezone.localdate()
    try:
        day = parse_date(typed)
    except ValueError:
        day = None
    entry = history.entry_on(found, min(day, today)) if day else None
    page = {
        "instructor": found, "story": history.story(found), "typed": typed, "day": day,
        "slip": bool(typed) and day is None, "then": history.read_out(entry) if entry else None,
    }  # fmt: skip
    return render(request, "people/history.html", page)
