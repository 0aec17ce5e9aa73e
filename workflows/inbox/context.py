"""The counts beside the navigation, on every page of a signed-in person."""

from django.utils.functional import SimpleLazyObject
from django.utils.timezone import localdate

from core.capped import CAP
from workflows.inbox import lists
from workflows.live.views import COUNTS
from workflows.notices.groups import unread_cases


def counted(user, **more) -> dict[str, int]:
    """`mine`, `queue`, `held`, `left_behind`, `notices`, and further lists: one statement for all."""
    on = localdate()
    asked = {"mine": lists.mine(user, on), "queue": lists.queue(user), "held": lists.held(user, on)}
    if user.may("reassign"):
        asked["left_behind"] = lists.left_behind(user)
    asked["notices"] = [unread_cases(user)]
    return {"left_behind": 0} | lists.counts(user, **asked, **more)


def counts(request):
    """`counts.mine` and so on; counted only when a page shows them."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"counts": SimpleLazyObject(lambda: counted(user)), "CAP": CAP}


COUNTS.append(lambda request: counts(request)["counts"])
