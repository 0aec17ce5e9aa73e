"""The counts beside the navigation, on every page of a signed-in person."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import localdate

from core.accounts.acts import OPEN_WORK
from core.capped import CAP
from core.people.glance import LEFT_WORK
from workflows.engine.models import Task
from workflows.engine.queries import hands
from workflows.inbox import lists
from workflows.live.views import COUNTS
from workflows.notices.groups import unread_cases


def counted(user, **more) -> dict[str, int]:
    """`mine`, `queue`, `held`, `left_behind`, `notices`, and further lists of which only the name
    differs from one person to another: one statement for all."""
    on = localdate()
    place = (user.role, user.area, user.line_id, user.is_active)
    asked = ("mine", "queue", "held", "left_behind", "notices", *more)

    def all_lists():
        known = {
            "mine": lists.mine(user, on), "queue": lists.queue(user), "held": lists.held(user, on),
            "left_behind": lists.left_behind(user) if user.may("reassign") else [],
            "notices": [unread_cases(user)],
        }  # fmt: skip
        return known | more

    found = lists.counts(user, (*hands(user), *place, on, *more), all_lists)
    return dict.fromkeys(asked, 0) | found


def counts(request):
    """`counts.mine` and so on; counted only when a page shows them."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"counts": SimpleLazyObject(lambda: counted(user)), "CAP": CAP}


def open_work(person) -> tuple[int, int]:
    """The open tasks in somebody's own hands, and those of them that are left behind."""
    found = Task.objects.human().open().filter(owner=person).aggregate(
        have=Count("pk"), stuck=Count("pk", filter=Q(left_behind=True))
    )  # fmt: skip
    return found["have"], found["stuck"]


def left_work(user) -> tuple[int, str] | None:
    """The open tasks within reach whose holder can no longer do them, and the list of those."""
    if not user.may("reassign"):
        return None
    return sum(part.count() for part in lists.left_behind(user)), reverse("inbox:left_behind")


OPEN_WORK.append(open_work)
LEFT_WORK.append(left_work)
COUNTS.append(lambda request: counts(request)["counts"])
