"""What the socket would say, for pages to which no socket opens; and the counts, for all pages."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from workflows.engine.models import Task
from workflows.engine.queries import OPEN_TASK
from workflows.live import truth

# Called with the request: the counts beside the navigation, by name. Rooms above put theirs here.
COUNTS: list[Callable[[HttpRequest], dict]] = []


@login_required
@require_safe
def since(request):
    """`?since=number`: what the person was told after it, as `truth.since`; always the counts;
    with `&task=number` what became of that task, for a page on which somebody is typing."""
    answer = truth.since(request.user.pk, _number(request, "since"))
    answer["counts"] = {
        name: int(str(count)) for counts in COUNTS for name, count in counts(request).items()
    }
    if task := _number(request, "task"):
        answer["task"] = _now(task, request.user)
    return JsonResponse(answer)


def _number(request, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _now(pk: int, user) -> dict:
    """How a task stands, for the page to compare with what it shows, and in a sentence."""
    task = Task.objects.visible_to(user).filter(pk=pk).select_related("owner").first()
    if task is None:
        return {"state": "", "said": _("This task is no longer yours to see.")}
    return {"state": f"{task.status}-{task.owner_id or 0}", "said": _became(task, user)}


def _became(task: Task, user) -> str:
    name = {"name": task.owner.name if task.owner else ""}
    if task.status == "DONE":
        return _("%(name)s has answered this meanwhile.") % name if task.owner else _("This is done.")
    if task.status not in OPEN_TASK:
        return _("This task is over.")
    if task.owner_id == user.pk:
        return _("This task is in your hands.")
    if task.owner:
        return _("%(name)s has this task now.") % name
    return _("This task lies in the queue.")
