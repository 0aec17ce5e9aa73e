"""Proposing a recall, and the page of one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import Refused
from core.forms import ButtonForm, form_for, submit
from core.ledger.models import Firm
from core.ledger.pages import form_page
from core.ledger.permits import allow, not_closed
from workflows.engine.models import Task
from workflows.recalls import acts
from workflows.recalls.forms import RecallForm
from workflows.recalls.models import RecallRequest


@login_required
def recall(request, pk):
    """Propose that the firm's instructor is recalled."""
    firm = get_object_or_404(Firm.objects.visible_to(request.user), pk=pk)
    allow(request.user, "propose_assignment")
    not_closed(firm)
    if under_way := acts.open_recalls().filter(firm=firm).first():
        messages.info(request, _("A recall from this firm is under way already; here it is."))
        return redirect("recalls:request", pk=under_way.pk)
    now = firm.assignments.current().select_related("instructor").first()
    if now is None and request.method == "GET":
        raise Refused(Refused.NOT_NOW, _("No instructor is assigned to this firm."))
    form = form_for(request, RecallForm)

    def act():
        data = form.cleaned_data
        made = acts.propose_recall(
            firm, reason=data["reason"], words=data["words"], by=request.user
        )  # fmt: skip
        return reverse("recalls:request", args=[made.pk])

    words = {"name": now.instructor.name} if now else {}
    return form_page(
        request, form, act, template="recalls/propose.html", firm=firm,
        back=reverse("coverage:case", args=[pk]), title=_("Recall the instructor"),
        button=_("Propose the recall"), said=_("The proposal is on its way."),
        lead=_("%(name)s guides this firm now.") % words if words else "",
    )  # fmt: skip


@login_required
def request_page(request, pk):
    rows = RecallRequest.objects.visible_to(request.user)
    rows = rows.select_related("firm", "assignment__instructor__unit", "opened_by", "decided_by")
    asked = get_object_or_404(rows, pk=pk)
    step = Task.objects.visible_to(request.user).open().filter(process_id=pk).first()
    page = {
        "asked": asked, "step": step, "form": ButtonForm(),
        "may_decide": request.user.may("decide_county"),
        "may_withdraw": asked.finished is None and asked.opened_by_id == request.user.pk,
    }  # fmt: skip
    return render(request, "recalls/request.html", page)


@login_required
@require_POST
def withdraw(request, pk):
    asked = get_object_or_404(RecallRequest.objects.visible_to(request.user), pk=pk)
    form, page = ButtonForm(request.POST), reverse("recalls:request", args=[pk])

    def act():
        acts.withdraw_recall(asked, by=request.user)
        return page

    answer = submit(request, form, act) if form.is_valid() else None
    if answer is None:
        for sentence in form.non_field_errors():
            messages.error(request, sentence)
        return redirect(page)
    messages.success(request, _("The proposal is withdrawn."))
    return answer
