"""The page of a list, also when it is shown again because something on it was refused."""

from uuid import uuid4

from django.shortcuts import render
from django.utils import timezone

from workflows.engine.desk import DESKS
from workflows.engine.models import Task
from workflows.inbox import lists
from workflows.inbox.beside import beside
from workflows.inbox.forms import BulkForm, KeepForm, colleagues
from workflows.inbox.lists import Filters
from workflows.inbox.models import SavedFilter
from workflows.inbox.rows import IN_HANDS, OFFERS, kinds, offers, rows_of, townships
from workflows.inbox.trail import Trail


def list_page(request, which: str, *, bulk: BulkForm | None = None, keep: KeepForm | None = None):
    """A list; `bulk` or `keep` are forms that were refused, with what was typed."""
    user, at, filters = request.user, timezone.now(), Filters.of(request.GET)
    on, trail = timezone.localdate(at), Trail(which, filters)
    shown = lists.page(
        user, which, filters, at=at, on=on,
        before=request.GET.get("before", ""), after=request.GET.get("after", ""),
    )  # fmt: skip
    people = list(colleagues(user)) if shown.rows and "reassign" in OFFERS[which] else []
    page = {
        "which": which, "filters": filters, "trail": trail, "shown": shown, "people": people,
        "rows": rows_of(shown.rows, user=user, which=which, on=on, trail=trail),
        "acts": offers(which, user, people), "in_hands": which in IN_HANDS,
        "kinds": kinds(), "townships": townships(user), "key": uuid4(), "today": on,
        "saved": _saved(user, which, filters), "bulk": bulk,
        "beside": beside(user, on=on) if which == "mine" else [],
        "keep": keep or KeepForm(auto_id="keep_%s"), "undo": undo_offer(request),
    }  # fmt: skip
    return render(request, "inbox/list.html", page, status=422 if bulk or keep else 200)


def _saved(user, which: str, filters: Filters) -> list[SavedFilter]:
    """The filters at hand; the one that is shown now says so."""
    found = list(SavedFilter.objects.visible_to(user).select_related("owner"))
    for one in found:
        one.here = (one.which, one.query) == (which, filters.query)
    return found


def undo_offer(request) -> Task | None:
    """The step that was finished a moment ago, while it can still be taken back."""
    did = request.GET.get("did", "")
    if not (did.isascii() and did.isdigit() and len(did) < 19):
        return None
    rows = Task.objects.done_by(request.user).select_related("firm", "process__opened_by")
    task = rows.filter(pk=int(did)).first()
    return task if task and DESKS[task.step].can_undo(task) else None
