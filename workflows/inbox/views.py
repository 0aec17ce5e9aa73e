"""The inbox: four lists, and the page of one task."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import Refused
from core.forms import form_for, submit
from core.ledger.credit_code import normalised
from core.ledger.permits import allow
from core.ledger.search import tidy
from workflows.coverage import desks as _coverage_desks  # noqa: F401 - puts its desks up
from workflows.engine import verbs
from workflows.engine.desk import DESKS
from workflows.engine.models import OPEN_TASK, Task
from workflows.followups import desks as _followup_desks  # noqa: F401 - puts its desks up
from workflows.inbox.forms import HandOnForm
from workflows.notices.models import Notice

PAGE = 40  # rows on one page of a list


def _page(rows, request) -> dict:
    number = request.GET.get("page", "1")
    number = max(1, int(number)) if number.isdecimal() and len(number) < 7 else 1
    start = (number - 1) * PAGE
    found = list(rows[start : start + PAGE + 1])
    return {
        "rows": found[:PAGE],
        "number": number,
        "earlier": number - 1 if number > 1 else None,
        "later": number + 1 if len(found) > PAGE else None,
    }


def _search(rows, text: str):
    """Tasks whose firm is found by name, credit code, pinyin or initials."""
    text = normalised(tidy(text))
    if not text:
        return rows
    small = text.lower()
    return rows.filter(
        Q(firm__name__icontains=text)
        | Q(firm__credit_code__startswith=text)
        | Q(firm__initials__contains=small)
        | Q(firm__pinyin__contains=small)
    )


def _list(request, which, rows):
    text = request.GET.get("q", "").strip()[:64]
    rows = _search(rows, text).select_related("firm", "owner", "process__opened_by")
    page = {"which": which, "q": text, "now": timezone.now(), **_page(rows, request)}
    return render(request, "inbox/list.html", page)


@login_required
def mine(request):
    rows = Task.objects.mine(request.user).order_by("due_at", "pk")
    return _list(request, "mine", rows)


@login_required
def queue(request):
    rows = Task.objects.queue(request.user).order_by("due_at", "pk")
    return _list(request, "queue", rows)


@login_required
def waiting(request):
    rows = Task.objects.waiting(request.user).order_by("due_at", "pk")
    return _list(request, "waiting", rows)


@login_required
def done(request):
    rows = Task.objects.done_by(request.user).order_by("-finished", "-pk")
    return _list(request, "done", rows)


@login_required
def left_behind(request):
    """Tasks of people who can no longer carry them out, for a supervisor to hand on."""
    allow(request.user, "reassign")
    rows = Task.objects.orphaned(request.user).order_by("due_at", "pk")
    return _list(request, "left_behind", rows)


def _seen(request, pk) -> Task:
    rows = Task.objects.visible_to(request.user).select_related("firm", "owner", "process")
    return get_object_or_404(rows, pk=pk)


@login_required
def task(request, pk):
    task = _seen(request, pk)
    desk = DESKS[task.step]
    user, open_ = request.user, task.status in OPEN_TASK
    may = open_ and (task.owner_id == user.pk or Task.objects.queue(user).filter(pk=task.pk).exists())
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
    if task.owner_id != user.pk and not verbs.supervises(user, task):
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
    return _do(request, pk, lambda t: verbs.release(t, by=request.user), said)


@login_required
@require_POST
def reassign(request, pk):
    form = HandOnForm(request.POST, task=_seen(request, pk))
    if not form.is_valid():
        messages.error(request, _("Choose the person who is to have the task."))
        return redirect("inbox:task", pk=pk)
    to = form.cleaned_data["to"]
    said = _("%(name)s has the task now.") % {"name": to.name}
    return _do(request, pk, lambda t: verbs.reassign(t, by=request.user, to=to), said)


@login_required
def notices(request):
    """What one was told. Opening the page is reading it."""
    rows = Notice.objects.visible_to(request.user).select_related("event__by", "event__firm")
    page = _page(rows, request)
    Notice.objects.visible_to(request.user).unread().filter(
        pk__in=[notice.pk for notice in page["rows"]]
    ).update(read_at=timezone.now())
    return render(request, "inbox/notices.html", page)
