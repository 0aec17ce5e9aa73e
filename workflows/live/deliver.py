"""From the outbox to each person's own numbered signals, in a short transaction of its own."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from core.accounts.models import User
from workflows.live.models import NOTICE, Outbox, Signal, SignalCount, in_words
from workflows.live.who import stand_ins, who_may_see
from workflows.notices.models import Notice

BATCH = 200  # acts at once
GONE = "gone"  # to who held a task and sees it no more: that something left, and not what

Told = dict[int, list[dict]]


class _NotCounted(Exception):
    """Some are told something for the first time: their counters must be made first."""

    def __init__(self, people: set[int]) -> None:
        super().__init__()
        self.people = people


def deliver() -> Told:
    """Number and keep what lies in the outbox, at most BATCH acts, the oldest first. What each
    person was told, by user id; nothing when the outbox is empty.

    Several processes may do it at once: none takes an act that another one has in hand, and each
    locks the counters in the order of their people, so that they wait but never for each other.
    """
    made: set[int] = set()
    while Outbox.objects.exists():  # asked without the one writer's lock that SQLite has
        try:
            told, acts = _deliver(frozenset(made))
            if told or not acts:  # acts of which nobody hears are no reason to stop
                return told
        except _NotCounted as first:  # and again, when new acts name further ones meanwhile
            known = User.objects.filter(pk__in=first.people).order_by("pk")
            counts = [SignalCount(to_id=pk) for pk in known.values_list("pk", flat=True)]
            SignalCount.objects.bulk_create(counts, ignore_conflicts=True)
            made |= first.people
    return {}


@transaction.atomic
def _deliver(made=frozenset()) -> tuple[Told, int]:
    """What was told, and how many acts were taken in hand."""
    acts = Outbox.objects.order_by("pk")
    if connection.features.has_select_for_update_skip_locked:
        acts = acts.select_for_update(skip_locked=True)
    acts = list(acts[:BATCH])
    hears = _readers([item for act in acts for item in act.said])
    last = _held(hears, made)
    told = _number({who: hears[who] for who in last}, last)
    Outbox.objects.filter(pk__in=[act.pk for act in acts]).delete()
    return told, len(acts)


def _readers(items: list[dict]) -> dict[int, list[tuple]]:
    """What each person is to hear, as (kind, task, ref), in the order of the acts. How far a job
    is, and that a list is another one, is said once however often it was written."""
    seen = who_may_see(item["task"] for item in items if "task" in item)
    instead = stand_ins({who for item in items for who in item.get("was", ())})
    hears = defaultdict(list)
    for item in items:
        task, kinds = item.get("task"), item["what"]
        readers = seen.get(task, set()) if task else item.get("to", ())
        for who in readers:
            words = [(what, task, item.get("ref")) for what in kinds]
            hears[who] += [word for word in words if task or word not in hears[who]]
        was = set(item.get("was", ()))
        for who in was.union(*(instead.get(one, ()) for one in was)) - set(readers):
            if (GONE, None, None) not in hears[who]:
                hears[who].append((GONE, None, None))
    for who in _told_of([event for item in items for event in item.get("events", ())]):
        if who not in hears:  # or their page asks for the counts anyway
            hears[who].append((NOTICE, None, None))
    return hears


def _told_of(events: list[int]) -> set[int]:
    """The people who have a notice of one of these events."""
    notices = Notice.objects.filter(event__in=events).order_by()
    return set(notices.values_list("to", flat=True)) if events else set()


def _held(people, made) -> dict[int, int]:
    """The last number of each, their rows locked. Who is in `made` and has none is no user."""
    rows = SignalCount.objects.select_for_update().filter(pk__in=people).order_by("pk")
    last = dict(rows.values_list("pk", "last"))
    if missing := set(people) - last.keys() - made:
        raise _NotCounted(missing)
    return last


def _number(hears: dict[int, list[tuple]], last: dict[int, int]) -> Told:
    """Give each the next numbers of their own and keep the signals."""
    raised, signals, told = defaultdict(list), [], {}
    for who, said in hears.items():
        words = [(last[who] + n, *word) for n, word in enumerate(said, start=1)]
        raised[len(words)].append(who)
        signals += [Signal(to_id=who, number=n, what=w, task=t, ref=r) for n, w, t, r in words]
        told[who] = [in_words(*word) for word in words]
    for more, people in raised.items():
        SignalCount.objects.filter(pk__in=people).update(last=F("last") + more)
    Signal.objects.bulk_create(signals, batch_size=2000)
    return told


def prune(at: datetime) -> int:
    """Forget signals older than LIVE_KEPT_DAYS; a page that was away longer begins anew."""
    return Signal.objects.filter(at__lt=at - timedelta(days=settings.LIVE_KEPT_DAYS)).delete()[0]
