"""The counts beside the navigation, on every page of a signed-in person."""

from django.utils.functional import SimpleLazyObject
from django.utils.timezone import localdate

from workflows.engine.models import Task
from workflows.inbox import lists
from workflows.notices.models import Notice

CAP = 99  # more than this is shown as "99+": nobody needs the exact number, and counting costs


def _capped(rows) -> int:
    return len(rows.order_by().values_list("pk", flat=True)[: CAP + 1])


def _left_behind(user) -> int:
    return _capped(Task.objects.orphaned(user)) if user.may("reassign") else 0


def counts(request):
    """`counts.mine`, `counts.queue`, `counts.notices`; counted only when a page shows them."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {
        "counts": {
            "mine": SimpleLazyObject(lambda: lists.count(lists.mine(user, localdate()), CAP)),
            "queue": SimpleLazyObject(lambda: lists.count(lists.queue(user), CAP)),
            "left_behind": SimpleLazyObject(lambda: _left_behind(user)),
            "notices": SimpleLazyObject(lambda: _capped(Notice.objects.visible_to(user).unread())),
        },
        "CAP": CAP,
    }
