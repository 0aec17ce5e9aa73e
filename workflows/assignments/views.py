"""Proposing an instructor, the page of a proposal, and the lists that the county office issues."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from core.accounts.models import Area
from core.forms import form_for, submit
from core.ledger.models import Firm
from core.ledger.pages import form_page
from core.ledger.paging import page_of
from core.ledger.permits import allow, allow_staff, not_closed
from core.letters.acts import VERB
from core.letters.models import Letter
from core.people.models import Instructor
from workflows.assignments import acts
from workflows.assignments.forms import IssueForm, ProposeForForm, ProposeForm, WithdrawForm
from workflows.assignments.issuing import issue_list, ready_tasks
from workflows.assignments.letters import letters_of
from workflows.assignments.models import AssignmentList, AssignmentRequest
from workflows.assignments.pages import OUTCOMES, dossier, open_steps

READY_AT_MOST = 200  # on one page, and so on one list
LISTS_SHOWN = 20


@login_required
def propose(request, pk):
    """Propose an instructor for a firm."""
    firm = get_object_or_404(Firm.objects.visible_to(request.user), pk=pk)
    allow(request.user, "propose_assignment")
    not_closed(firm)
    if under_way := acts.open_requests().filter(firm=firm).first():
        messages.info(request, _("A proposal about this firm is already under way; here it is."))
        return redirect("assignments:request", pk=under_way.pk)
    form = form_for(request, ProposeForm, firm=firm, user=request.user, on=timezone.localdate())

    def act():
        made = acts.propose_assignment(firm, by=request.user, at=timezone.now(), **form.wishes())
        return reverse("assignments:request", args=[made.pk])

    return form_page(
        request, form, act, template="assignments/propose.html", firm=firm,
        back=reverse("coverage:case", args=[pk]), title=_("Propose an instructor"),
        button=pgettext("verb", "Put forward"), said=_("The proposal is on its way."),
        lead=_("The sending unit, the instructor and the firm are asked; then the county issues it."),
    )  # fmt: skip


@login_required
def propose_for(request, pk):
    """Propose a firm for an instructor."""
    allow(request.user, "propose_assignment")
    who = get_object_or_404(Instructor.objects.visible_to(request.user), pk=pk)
    form = form_for(request, ProposeForForm, instructor=who, user=request.user)

    def act():
        firm = form.cleaned_data["firm"]
        made = acts.propose_assignment(
            firm, who, by=request.user, at=timezone.now(), **form.wishes()
        )  # fmt: skip
        return reverse("assignments:request", args=[made.pk])

    return form_page(
        request, form, act, template="assignments/propose.html",
        back=reverse("people:instructor", args=[pk]),
        title=_("Propose %(name)s for a firm") % {"name": who.name},
        button=pgettext("verb", "Put forward"), said=_("The proposal is on its way."),
        lead=_("The sending unit, the instructor and the firm are asked; then the county issues it."),
    )  # fmt: skip


def _seen(request, pk) -> AssignmentRequest:
    rows = AssignmentRequest.objects.visible_to(request.user)
    rows = rows.select_related("firm", "instructor__unit", "opened_by", "issued_in")
    return get_object_or_404(rows, pk=pk)


@login_required
def request_page(request, pk):
    return _show(request, _seen(request, pk), WithdrawForm())


def _show(request, asked, form):
    page = dossier(asked, request.user) | {
        "tone": OUTCOMES[asked.outcome], "form": form,
        "may_withdraw": acts.may_withdraw(asked, request.user),
    }  # fmt: skip
    return render(
        request, "assignments/request.html", page, status=422 if form.errors else 200
    )  # fmt: skip


@login_required
@require_POST
def withdraw(request, pk):
    asked = _seen(request, pk)
    form = form_for(request, WithdrawForm)

    def act():
        reason = form.cleaned_data["reason"]
        acts.withdraw_assignment(asked, by=request.user, at=timezone.now(), reason=reason)
        return reverse("assignments:request", args=[pk])

    if form.is_valid() and (answer := submit(request, form, act)):
        messages.success(request, _("The proposal is withdrawn."))
        return answer
    return _show(request, asked, form)


def _ready(user) -> list[AssignmentRequest]:
    rows = AssignmentRequest.objects.visible_to(user).filter(pk__in=ready_tasks().values("process_id"))
    return list(rows.select_related("firm", "instructor__unit").order_by("pk")[:READY_AT_MOST])


@login_required
def assignments(request):
    """What is ready to be issued, what waits where, and the lists that were issued."""
    allow_staff(request.user)
    ready = _ready(request.user)
    form = form_for(request, IssueForm, user=request.user)

    def act():
        made = issue_list(form.cleaned_data["requests"], by=request.user, at=timezone.now())
        return reverse("assignments:issued", args=[made.pk])

    if request.method == "POST":
        allow(request.user, "issue_assignments")
        if form.is_valid() and (answer := submit(request, form, act)):
            messages.success(request, _("The list is issued; everybody concerned is told."))
            return answer
    return _list(request, ready, form)


def _list(request, ready, form):
    user, given = request.user, request.GET
    rows = AssignmentRequest.objects.visible_to(user).open().exclude(pk__in=[one.pk for one in ready])
    shown = page_of(
        rows, by="created", down=False, before=given.get("before", ""), after=given.get("after", ""),
        along=("firm", "instructor__unit"),
    )  # fmt: skip
    steps = open_steps(shown.rows)
    _name_towns([*ready, *shown.rows])
    lists = AssignmentList.objects.visible_to(user).select_related("issued_by")
    page = {
        "ready": ready, "form": form, "ticked": form.data.getlist("requests") if form.is_bound else [],
        "shown": shown, "waiting": [(one, steps.get(one.pk, [])) for one in shown.rows],
        "lists": lists[:LISTS_SHOWN], "may_issue": user.may("issue_assignments"),
    }  # fmt: skip
    return render(request, "assignments/list.html", page, status=422 if form.errors else 200)


def _name_towns(rows) -> None:
    """Put beside each row the name of the division in which its firm lies: one statement."""
    codes = {one.area[:9] for one in rows}
    names = dict(Area.objects.filter(code__in=codes).values_list("code", "name"))
    for one in rows:
        one.town_name = names.get(one.area[:9], "")


@login_required
def issued(request, pk):
    """One list: as much of it as the reader sees."""
    allow_staff(request.user)
    made = get_object_or_404(AssignmentList.objects.visible_to(request.user), pk=pk)
    seen = AssignmentRequest.objects.visible_to(request.user).filter(issued_in=made)
    rows = list(seen.select_related("firm", "instructor__unit", "assignment").order_by("firm_id"))
    _name_towns(rows)
    more = made.requests.count() - len(rows)
    page = {"made": made, "rows": rows, "more": more, "letters": _letters(made, request.user)}
    return render(request, "assignments/issued.html", page)


def _letters(made, user) -> list[tuple]:
    """Each kind of letter with the one that is numbered; nothing for who reads no letters."""
    there, writes = letters_of(made, user), user.may(VERB)
    kinds = [(kind, label, there.get(kind)) for kind, label in Letter.Kind.choices]
    return [row for row in kinds if row[2] or (writes and made.requests.exists())]
