"""The lists of the inbox, what is done with many tasks at once, filters that are kept; notices."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import Refused
from core.forms import submit
from core.ledger.permits import allow
from workflows.engine.models import Task
from workflows.inbox import bulk, saved
from workflows.inbox.forms import BulkForm, KeepForm
from workflows.inbox.models import BulkRun, SavedFilter
from workflows.inbox.pages import list_page
from workflows.inbox.trail import Trail

CUT_OFF = timedelta(minutes=2)  # after this a run that is not through was cut off


@login_required
def mine(request):
    return list_page(request, "mine")


@login_required
def queue(request):
    return list_page(request, "queue")


@login_required
def held(request):
    return list_page(request, "held")


@login_required
def waiting(request):
    return list_page(request, "waiting")


@login_required
def done(request):
    return list_page(request, "done")


@login_required
def left_behind(request):
    """Tasks of people who can no longer carry them out, for a supervisor to hand on."""
    allow(request.user, "reassign")
    return list_page(request, "left_behind")


@login_required
@require_POST
def bulk_start(request):
    """Do something with many tasks; the page of what came of each follows."""
    trail, form, at = _from(request), BulkForm(request.POST, user=request.user), timezone.now()
    if not form.is_valid():
        return list_page(request, trail.which, bulk=form)
    data = form.cleaned_data
    try:
        run = bulk.start(data["key"], data["act"], form.tasks(), form.given(), by=request.user, at=at)
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return list_page(request, trail.which, bulk=form)
    if run.at == at:  # else the same form was sent before, and is at work or through
        bulk.carry_on(run, on=timezone.localdate(at), at=at)
    return redirect(f"{reverse('inbox:bulk_run', args=[run.key])}{trail.query}")


@login_required
def bulk_run(request, key: UUID):
    """What came of each task; POST goes on with a run that was cut off."""
    run, at = get_object_or_404(BulkRun.objects.visible_to(request.user), key=key), timezone.now()
    over = len(run.results) == len(run.tasks)
    stuck = not over and run.at < at - CUT_OFF
    if request.method == "POST":
        # Of two who press at once one goes on.
        if stuck and BulkRun.objects.filter(key=key, at=run.at).update(at=at):
            run.at = at
            bulk.carry_on(run, on=timezone.localdate(at), at=at)
        return redirect(request.get_full_path())
    trail = Trail.of(request.GET)
    tasks = Task.objects.visible_to(request.user).select_related("firm", "process")
    tasks = tasks.in_bulk([row[0] for row in run.results])
    page = {
        "run": run, "label": bulk.ACTS[run.act][0], "over": over, "stuck": stuck, "trail": trail,
        "left": len(run.tasks) - len(run.results), "refused": len(run.results) - run.done,
        "results": [(tasks.get(pk), ok, sentence) for pk, ok, sentence in run.results],
    }  # fmt: skip
    return render(request, "inbox/bulk_run.html", page)


@login_required
@require_POST
def filter_keep(request):
    """Keep the list that is shown, with its filters, under a name."""
    trail, form = _from(request), KeepForm(request.POST, auto_id="keep_%s")

    def act():
        given = form.cleaned_data
        saved.keep(
            request.user, name=given["name"], which=trail.which, filters=trail.filters,
            shared=given["shared"],
        )  # fmt: skip
        messages.success(request, _("Kept. You find it above the list."))
        return reverse(f"inbox:{trail.which}")

    if form.is_valid() and submit(request, form, act):
        return redirect(trail.back)
    return list_page(request, trail.which, keep=form)


@login_required
@require_POST
def filter_remove(request, pk):
    kept = get_object_or_404(SavedFilter.objects.visible_to(request.user), pk=pk)
    try:
        saved.forget(kept, by=request.user)
        messages.success(request, _("The filter was removed."))
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    return redirect(Trail.of(request.GET).back)


def _from(request) -> Trail:
    """The list that a form stood on."""
    trail = Trail.of(request.GET)
    trail = trail._replace(which=trail.which or "mine")
    if trail.which == "left_behind":
        allow(request.user, "reassign")
    return trail
