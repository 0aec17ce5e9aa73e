"""Proposing a move, and the page of a proposal."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import Refused
from core.forms import form_for, submit
from core.ledger.models import Firm
from workflows.coverage.acts import open_request, withdraw
from workflows.coverage.acts import propose as propose_act
from workflows.coverage.cautions import cautions
from workflows.coverage.chart import BY_VERB
from workflows.coverage.door import find, objection
from workflows.coverage.facts import facts_of
from workflows.coverage.forms import ProposalForm, WithdrawForm
from workflows.coverage.models import TransitionRequest
from workflows.coverage.pages import dossier
from workflows.coverage.sheets import fact_rows
from workflows.coverage.words import STATES, in_words
from workflows.engine.models import Task


@login_required
def propose(request, pk, verb):
    firm = get_object_or_404(Firm.objects.visible_to(request.user), pk=pk)
    if verb not in BY_VERB:
        raise Http404
    if not request.user.may("propose"):
        raise Refused(Refused.NOT_YOURS, _("You may not propose a change for this firm."))
    if under_way := open_request(firm):
        messages.info(request, _("A proposal about this firm is already under way; here it is."))
        return redirect("coverage:request", pk=under_way.pk)
    move, today = find(firm, verb), timezone.localdate()
    form = form_for(request, ProposalForm, firm=firm, move=move, user=request.user)
    if request.method == "POST" and form.is_valid():

        def act():
            asked = propose_act(firm, verb, by=request.user, on=today, **form.wishes())
            return reverse("coverage:request", args=[asked.pk])

        if answer := submit(request, form, act):
            messages.success(request, _("The proposal is on its way."))
            return answer
    facts = facts_of(firm, on=today)
    page = {
        "firm": firm, "move": move, "facts": facts, "form": form,
        "objection": objection(move, facts, {"resumes_on": today + timedelta(days=365)}),
        "cautions": cautions(move, facts),
        "fact_rows": fact_rows(facts.as_json(), {}),
        "source": (getattr(firm, move.track), STATES[getattr(firm, move.track)]),
        **in_words(move, on=today),
    }  # fmt: skip
    return render(request, "coverage/propose.html", page, status=422 if form.errors else 200)


@login_required
def transition_request(request, pk):
    asked = get_object_or_404(
        TransitionRequest.objects.visible_to(request.user).select_related(
            "firm", "branch", "opened_by"
        ),
        id=pk,
    )
    page = dossier(asked, request.user)
    page["may_withdraw"] = asked.finished is None and asked.opened_by_id == request.user.pk
    page["form"] = WithdrawForm()
    page["may_act"] = (at_hand := page["at_hand"]) is not None and (
        at_hand.owner_id == request.user.pk
        or Task.objects.queue(request.user).filter(pk=at_hand.pk).exists()
    )
    page["may_hand_on"] = request.user.may("reassign")
    return render(request, "coverage/request.html", page)


@login_required
@require_POST
def withdraw_request(request, pk):
    asked = get_object_or_404(TransitionRequest.objects.visible_to(request.user), id=pk)
    form = WithdrawForm(request.POST)
    page = reverse("coverage:request", args=[pk])
    if not form.is_valid():
        return redirect(page)

    def act():
        withdraw(asked, by=request.user)
        return page

    answer = submit(request, form, act)
    if answer is None:
        messages.error(request, form.non_field_errors()[0])
        return redirect(page)
    messages.success(request, _("The proposal is withdrawn."))
    return answer
