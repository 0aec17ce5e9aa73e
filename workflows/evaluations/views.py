"""Rounds and their evaluations, for those who see them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.accounts.verbs import Role
from core.errors import Refused
from core.forms import form_for, submit
from core.jobs.acts import start_job
from core.jobs.models import Job
from core.ledger.pages import form_page
from core.ledger.paging import page_of
from core.ledger.permits import allow, allow_in, allow_staff
from workflows.evaluations import rounds as acts
from workflows.evaluations import slips
from workflows.evaluations.acts import form_task, is_own
from workflows.evaluations.forms import CloseForm, RoundForm, SheetForm
from workflows.evaluations.models import Evaluation, Round
from workflows.evaluations.pages import dossier, of_round, progress
from workflows.evaluations.sheets import draft_of, keep_draft
from workflows.evaluations.summary import summary

OWN = (Role.INSTRUCTOR, Role.CONTACT)  # who has evaluations of their own, and no rounds to look at


@login_required
def rounds(request):
    if request.user.role in OWN:
        return redirect("evaluations:mine")
    allow_staff(request.user)
    given = request.GET
    shown = page_of(
        Round.objects.visible_to(request.user).prefetch_related("areas"), by="opened_at", down=True,
        before=given.get("before", ""), after=given.get("after", ""),
    )  # fmt: skip
    page = {"shown": shown, "may_open": request.user.may("open_rounds")}
    return render(request, "evaluations/rounds.html", page)


@login_required
def mine(request):
    """The evaluations that a person takes part in: one's own work, or one's own firm."""
    if request.user.role not in OWN:
        raise Refused(Refused.NOT_YOURS, _("Your role may not do this."))
    rows = Evaluation.objects.visible_to(request.user).select_related("firm", "instructor", "round")
    given = request.GET
    shown = page_of(
        rows, by="created", down=True, before=given.get("before", ""), after=given.get("after", "")
    )
    return render(request, "evaluations/mine.html", {"shown": shown})


@login_required
def round_new(request):
    allow(request.user, "open_rounds")
    today = timezone.localdate()
    form = form_for(request, RoundForm, by=request.user, on=today)

    def act():
        now = timezone.now()
        made = acts.open_round(by=request.user, on=timezone.localdate(now), at=now, **form.wishes())
        return reverse("evaluations:round", args=[made.pk])

    return form_page(
        request, form, act, template="evaluations/form.html", back=reverse("evaluations:rounds"),
        title=_("Open a round of evaluation"), button=_("Open the round"),
        said=_("The round is open. Its forms are being given out."),
    )  # fmt: skip


def _round(request, pk) -> Round:
    return get_object_or_404(Round.objects.visible_to(request.user), pk=pk)


@login_required
def round_page(request, pk):
    """How far a round is: how many forms are in, never what they say."""
    if request.user.role in OWN:
        raise Refused(Refused.NOT_YOURS, _("Your role may not do this."))
    allow_staff(request.user)
    made, user, given = _round(request, pk), request.user, request.GET
    rows = of_round(made, user)
    shown = page_of(
        rows, by="pk", down=False, before=given.get("before", ""), after=given.get("after", "")
    )
    job = Job.objects.visible_to(user).filter(key=made.key, kind=acts.OPENING).first()
    page = {
        "round": made, "shown": shown, "progress": progress(rows), "job": job,
        "slips": slips.to_print(made, user).count() if user.may("key_in_evaluation") else 0,
        "may_close": user.may("open_rounds") and made.closed_at is None,
        "close": CloseForm(), "print": CloseForm(auto_id="print_%s"),
    }  # fmt: skip
    return render(request, "evaluations/round.html", page)


@login_required
@require_POST
def round_close(request, pk):
    allow(request.user, "open_rounds")
    made = _round(request, pk)
    allow_in(request.user, "open_rounds", made.county)
    page = reverse("evaluations:round", args=[pk])
    form = CloseForm(request.POST)

    def act():
        acts.close_round(made, by=request.user, at=timezone.now())
        return page

    if form.is_valid() and (answer := submit(request, form, act)):
        messages.success(request, _("The round is closed; what came in is being opened."))
        return answer
    return redirect(page)


@login_required
@require_POST
def round_slips(request, pk):
    """Have the links of all firms within reach printed."""
    allow(request.user, "key_in_evaluation")
    made, page = _round(request, pk), reverse("evaluations:round", args=[pk])
    form = CloseForm(request.POST)

    def act():
        if not slips.to_print(made, request.user).exists():
            raise Refused(Refused.NOT_NOW, _("No firm of yours answers this round by link any more."))
        days = {"since": made.since.isoformat(), "until": made.until.isoformat()}
        job = start_job(
            slips.KIND, by=request.user, key=form.cleaned_data["key"], given={"round": made.pk},
            words=days,
        )  # fmt: skip
        return job.get_absolute_url()

    if form.is_valid() and (answer := submit(request, form, act)):
        return answer
    for sentence in form.non_field_errors():
        messages.error(request, sentence)
    return redirect(page)


@login_required
def round_summary(request, pk):
    if request.user.role in OWN:
        raise Refused(Refused.NOT_YOURS, _("Your role may not do this."))
    allow_staff(request.user)
    made = _round(request, pk)
    page = {"round": made, "summary": summary(made, request.user)}
    return render(request, "evaluations/summary.html", page)


@login_required
def evaluation(request, pk):
    """One evaluation, for those concerned: forms only once they are opened."""
    rows = Evaluation.objects.visible_to(request.user)
    found = get_object_or_404(
        rows.select_related("firm", "instructor__unit", "round", "opinion_by", "graded_by"), pk=pk
    )
    own = []
    for sheet in found.sheets.all():
        if is_own(found, sheet.side, request.user):
            left = draft_of(sheet, by=request.user)
            form = SheetForm(side=sheet.side, version=found.version, draft=left)
            own.append({"sheet": sheet, "task": form_task(sheet), "left": form if left else None})
    up = (
        reverse("evaluations:mine") if request.user.role in OWN
        else reverse("evaluations:round", args=[found.round_id])
    )  # fmt: skip
    page = dossier(found, request.user) | {"own": own, "up": up}
    return render(request, "evaluations/evaluation.html", page)


@login_required
@require_POST
def draft(request, pk):
    """Keep what was typed so far of one's own form, for oneself."""
    found = get_object_or_404(Evaluation.objects.visible_to(request.user), pk=pk)
    sheet = next((each for each in found.sheets.all() if is_own(found, each.side, request.user)), None)
    if sheet is None:
        raise Refused(
            Refused.NOT_YOURS, _("This form is personal: nobody fills it in for somebody else.")
        )
    form = SheetForm(request.POST, side=sheet.side, version=found.version)
    form.save_for_later()
    form.fields["key"].required = False  # saved twice, it is saved once more
    page, task = reverse("evaluations:evaluation", args=[pk]), form_task(sheet)
    if not form.is_valid():
        form.add_error(None, _("Nothing was saved yet: mend what is marked and save again."))
        context = dossier(found, request.user) | {"form": form, "task": task}
        return render(request, "evaluations/draft.html", context, status=422)
    keep_draft(sheet, form.typed, by=request.user, at=timezone.now())
    if found.round.closed_at:
        messages.warning(
            request, _("The round was closed meanwhile. What you typed is kept for you, sealed.")
        )
        return redirect(page)
    messages.success(request, _("Saved for later, sealed for you alone."))
    mine = task and task.owner_id == request.user.pk  # it may be handed on meanwhile
    return redirect(task.get_absolute_url() if mine else page)
