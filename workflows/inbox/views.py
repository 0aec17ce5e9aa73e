"""The inbox: four lists, and the page of one task."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import Refused
from core.forms import form_for, submit
from core.ledger.permits import allow
from workflows.engine import handing, verbs
from workflows.engine.desk import DESKS
from workflows.engine.models import Task
from workflows.engine.queries import OPEN_TASK, hands
from workflows.inbox import lists
from workflows.inbox.forms import HandOnForm
from workflows.inbox.lists import Filters


def _list(request, which):
    at, filters = timezone.now(), Filters.of(request.GET)
    shown = lists.page(
        request.user, which, filters, at=at, on=timezone.localdate(at),
        before=request.GET.get("before", ""), after=request.GET.get("after", ""),
    )  # fmt: skip
    page = {"which": which, "filters": filters, "shown": shown, "now": at}
    return render(request, "inbox/list.html", page)


@login_required
def mine(request):
    return _list(request, "mine")


@login_required
def queue(request):
    return _list(request, "queue")


@login_required
def held(request):
    return _list(request, "held")


@login_required
def waiting(request):
    return _list(request, "waiting")


@login_required
def done(request):
    return _list(request, "done")


@login_required
def left_behind(request):
    """Tasks of people who can no longer carry them out, for a supervisor to hand on."""
    allow(request.user, "reassign")
    return _list(request, "left_behind")


def _seen(request, pk) -> Task:
    rows = Task.objects.visible_to(request.user).select_related("firm", "owner", "process")
    return get_object_or_404(rows, pk=pk)


@login_required
def task(request, pk):
    task = _seen(request, pk)
    desk = DESKS[task.step]
    user, open_ = request.user, task.status in OPEN_TASK
    may = open_ and (
        task.owner_id in hands(user) or Task.objects.queue(user).filter(pk=task.pk).exists()
    )
    form = form_for(request, desk.form_class, **desk.given(task, user))
    if request.method == "POST" and form.is_valid():

        def act():
            now = timezone.now()
            return desk.act(task, form, by=user, on=timezone.localdate(now), at=now)

        if answer := submit(request, form, act):
            messages.success(request, desk.said(form))
            return answer
    page = {
        "task": task, "desk": desk, "form": form if may or form.is_bound else None,
        "open": open_, "may": may, "now": timezone.now(),
        "hand_on": _hand_on(task, user) if open_ else None, **desk.context(task, user),
    }  # fmt: skip
    return render(request, "inbox/task.html", page, status=422 if form.errors else 200)


def _hand_on(task, user):
    """The form to hand a task on, for those who may."""
    if task.owner_id not in hands(user) and not verbs.supervises(user, task):
        return None
    return HandOnForm(task=task)


def _do(request, pk, act, said):
    """One of the small acts on a task, answered on the task's own page."""
    task = _seen(request, pk)
    try:
        act(task)
        messages.success(request, said)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    if Task.objects.visible_to(request.user).filter(pk=pk).exists():
        return redirect("inbox:task", pk=pk)
    return redirect("inbox:mine")


@login_required
@require_POST
def claim(request, pk):
    return _do(request, pk, lambda t: verbs.claim(t, by=request.user), _("The task is yours now."))


@login_required
@require_POST
def release(request, pk):
    said = _("The task is back in the queue.")
    return _do(request, pk, lambda t: handing.release(t, by=request.user), said)


@login_required
@require_POST
def reassign(request, pk):
    form = HandOnForm(request.POST, task=_seen(request, pk))
    if not form.is_valid():
        messages.error(request, _("Choose the person who is to have the task."))
        return redirect("inbox:task", pk=pk)
    to = form.cleaned_data["to"]
    said = _("%(name)s has the task now.") % {"name": to.name}
    return _do(request, pk, lambda t: handing.reassign(t, by=request.user, to=to), said)
