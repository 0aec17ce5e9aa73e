"""What the database knows: what each person was told, and who is still signed in."""

from collections.abc import Callable
from importlib import import_module

from django.conf import settings
from django.utils import timezone

from core.accounts.models import User
from workflows.live.models import Outbox, Signal, SignalCount

MOST = 200  # more signals than this are not told one by one: the page begins anew


def since(person: int, number: int | None) -> dict:
    """What somebody missed who has heard of everything up to `number`: {"n": the last number,
    "missed": […]}, or {"n": …, "reset": True} when that is forgotten, too much or never was."""
    last = SignalCount.objects.filter(pk=person).values_list("last", flat=True).first() or 0
    if number is None or number == last:
        return {"n": last, "missed": []}
    rows = Signal.objects.filter(to=person, number__gt=number, number__lte=last)
    said = [row.as_json() for row in rows.order_by("number")[: MOST + 1]]
    if number > last or len(said) > MOST or len(said) != last - number:
        return {"n": last, "reset": True}
    return {"n": last, "missed": said}


def missed_by(reached: dict[int, int]) -> dict[int, dict]:
    """The same for many people, of whom few missed anything, by what they heard of: two statements
    when nobody did."""
    counts = SignalCount.objects.filter(pk__in=reached).values_list("pk", "last")
    return {pk: since(pk, reached[pk]) for pk, last in counts if last != reached[pk]}


def left_behind() -> bool:
    """Whether something was committed and not yet passed on."""
    return Outbox.objects.exists()


def standing(people: set[int], sessions: set[str]) -> Callable:
    """A function that says of a socket whether its person is signed in as they were."""
    store = import_module(settings.SESSION_ENGINE).SessionStore.get_model_class()
    live = store.objects.filter(session_key__in=sessions, expire_date__gt=timezone.now())
    kept = set(live.values_list("session_key", flat=True))
    now = {
        user.pk: user.get_session_auth_hash()
        for user in User.objects.filter(pk__in=people, is_active=True)
    }
    return lambda socket: socket.session_key in kept and now.get(socket.person) == socket.signed_as
