"""The page of one task: its answer, and what else can be done with it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import form_for, submit
from core.people.who import who_sees
from workflows.engine.desk import DESKS
from workflows.engine.models import Task
from workflows.engine.queries import OPEN_TASK, hands
from workflows.inbox.deeds import DEEDS, Now, form_of, offered
from workflows.inbox.models import Comment
from workflows.inbox.pages import undo_offer
from workflows.inbox.rows import waits
from workflows.inbox.trail import Trail

# What is folded away on the page: title and button of each form.
FOLDED = {
    "hold": (_("Put off until a day"), _("Put off")),
    "follow_up": (_("Come back to it on a day"), _("Note it")),
    "lend": (_("Ask somebody to work on it and give it back"), _("Lend it")),
    "reassign": (_("Hand on to somebody else"), _("Hand on")),
}


def _seen(request, pk) -> Task:
    try:
        return Task.objects.seen(pk, request.user)
    except Task.DoesNotExist as unseen:
        raise Http404 from unseen


def _now(request) -> Now:
    at = timezone.now()
    return Now(request.user, timezone.localdate(at), at)


@login_required
def task(request, pk):
    task = _seen(request, pk)
    desk = DESKS[task.step]
    form = form_for(request, desk.form_class, **desk.given(task, request.user))
    if request.method == "POST" and form.is_valid():

        def act():
            now = _now(request)
            return desk.act(task, form, by=now.by, on=now.on, at=now.at)

        if answer := submit(request, form, act):
            messages.success(request, desk.said(form))
            return Trail.of(request.GET).onward(task, request.user, did=task) or answer
    return _page(request, task, form)


@login_required
def deed(request, pk, name):
    """Do something with a task; opened as a page, the task's page with this form unfolded."""
    task, deed = _seen(request, pk), DEEDS[name]

    def make(form_class, **given):
        return form_for(request, form_class, **given)

    form, trail = form_of(name, task, request.user, make), Trail.of(request.GET)
    if request.method == "POST" and form.is_valid():

        def act():
            done = deed.do(task, form.cleaned_data, _now(request))
            return done.get_absolute_url()

        if answer := submit(request, form, act):
            messages.success(request, deed.said(form.cleaned_data))
            onward = trail.onward(task, request.user) if deed.leaves else None
            return onward or _back(request, answer.url, trail)
    desk = DESKS[task.step]
    answer = desk.form_class(**desk.given(task, request.user))
    return _page(request, task, answer, opened=name, deed=form)


def _back(request, url: str, trail: Trail):
    """To the task's page, if it is still one that this person sees."""
    number = int(url.rstrip("/").rpartition("/")[2] or 0)
    if Task.objects.visible_to(request.user).filter(pk=number).exists():
        return redirect(f"{url}{trail.query}")
    return redirect(trail.back)


def _page(request, task, form, *, opened="", deed=None):
    """The task's page; `opened` is the deed whose form was refused or asked for."""
    user, desk, now = request.user, DESKS[task.step], _now(request)
    can = offered(task, user, on=now.on)
    open_ = task.status in OPEN_TASK
    answers = open_ and not task.delegated_by_id and (task.owner_id in hands(user) or "claim" in can)
    forms = {name: form_of(name, task, user) for name in can} | ({opened: deed} if deed else {})
    folded = [
        {"name": name, "form": forms[name], "title": title, "button": button}
        for name, (title, button) in FOLDED.items()
        if name in forms
    ]
    shown = {"report", *FOLDED} | ({"comment"} & can)
    refusal = deed.non_field_errors() if deed and deed.is_bound and opened not in shown else ""
    refused = form.errors or (deed is not None and deed.errors)
    page = {
        "task": task, "desk": desk, "form": form if answers or form.is_bound else None,
        "open": open_, "may": answers, "can": can, "deeds": forms, "opened": opened,
        "folded": folded, "refusal": refusal,
        "trail": Trail.of(request.GET), "undo": undo_offer(request), "hands": hands(user),
        "why": desk.why(task), **_asked(task, desk, user),
        "today": now.on, "waits": waits(task, now.on), **_talk(task, user),
        **desk.context(task, user),
    }  # fmt: skip
    return render(request, "inbox/task.html", page, status=422 if refused else 200)


def _asked(task, desk, user) -> dict:
    """What is asked and what happens next. Of a helper it is what the owner wished for; and
    whoever looks on, the owner decides."""
    asks, follows = desk.asks(task), desk.follows(task)
    if task.delegated_by_id:
        words = {"name": task.delegated_by.name}
        follows = _("It goes back to %(name)s, who decides.") % words
        if wish := Comment.objects.wished_of(user).filter(task=task).last():
            asks = wish.text
    return {"asks": asks, "follows": follows}


def _talk(task, user) -> dict:
    """The thread beside the task, and whom one can call into it."""
    if not user.may("read_record"):
        return {}
    thread = Comment.objects.visible_to(user).filter(process=task.process_id).select_related("by")
    people = who_sees(task.firm, verb="read_record").exclude(pk=user.pk)
    return {"thread": list(thread), "callable": list(people[:30])}
