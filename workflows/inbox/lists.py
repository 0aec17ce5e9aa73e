"""The lists of the inbox. Each is put together from parts that an index serves, so that its first
page costs the same with a thousand open tasks and with a million."""

from collections.abc import Callable
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.accounts.absence import stood_in_for
from core.accounts.models import User
from core.accounts.verbs import VERBS
from core.among import Among
from core.capped import CAP, capped_once
from core.ledger.credit_code import normalised
from core.ledger.models import Firm
from core.ledger.paging import page_of
from core.ledger.scope import reach, within
from core.ledger.search import tidy
from workflows.engine.flow import queue_verbs
from workflows.engine.models import Process, Task
from workflows.engine.queries import hands, own_may_take, place_of, written_by

LOOKED_AT = 500  # conversations of one person, the newest
PAGE = 25  # rows on one page of a list: a morning's work, and quickly shown
ALONG = ("firm", "process")
NAMED = ("owner", "delegated_by", "in_place_of")  # people of a task whom its row names
SORTS = {"due": "due_at", "waiting": "created"}


class Filters(NamedTuple):
    """What a reader asks of a list; "" for no matter."""

    q: str = ""  # firm: name, credit code, pinyin or initials
    step: str = ""  # kind of task
    area: str = ""  # division code
    late: str = ""  # "1": overdue only
    sort: str = "due"  # or "waiting": who waits longest comes first

    @classmethod
    def of(cls, given) -> "Filters":
        """Filters as they came in an address; what is not understood is left out."""
        asked = {name: given.get(name, "").strip()[:64] for name in cls._fields}
        asked["q"] = asked["q"].replace("\0", "")
        asked["sort"] = asked["sort"] if asked["sort"] in SORTS else "due"
        asked["late"] = "1" if asked["late"] == "1" else ""
        asked["area"] = asked["area"] if asked["area"].isascii() and asked["area"].isdigit() else ""
        return cls(**asked)

    @property
    def any(self) -> bool:
        return bool(self.q or self.step or self.area or self.late)

    @property
    def query(self) -> str:
        """As it stands in an address: only what differs from a plain list."""
        plain, query = Filters()._asdict(), QueryDict(mutable=True)
        query.update({name: said for name, said in self._asdict().items() if said != plain[name]})
        return query.urlencode()


def mine(user, on: date) -> list[QuerySet]:
    """In one's own hands, and in those of people for whom one stands in; not what rests."""
    rests = Q(held_until__gt=on)
    return [part.exclude(rests) for part in _in_hand(user)]


def held(user, on: date) -> list[QuerySet]:
    """Put off until a later day."""
    return [part.filter(held_until__gt=on) for part in _in_hand(user)]


def _in_hand(user) -> list[QuerySet]:
    return [Task.objects.human().open().filter(owner=pk) for pk in hands(user)]


def queue(user, on: date | None = None) -> list[QuerySet]:
    """What nobody has taken and one may take: a part for each verb, found by its place."""
    parts, seen = [], Q()
    for person in (user, *stood_in_for(user)):
        for part, key in _queue_of(person):
            rows = Task.objects.filter(own_may_take(person) & key)
            if person.pk != user.pk:
                rows = rows.exclude(written_by(user))
            parts.append(rows.exclude(seen) if seen else rows)
            seen = seen | part
    return parts or [Task.objects.none()]


def _queue_of(person):
    """Pairs of conditions: which tasks, and the same written so that an index finds them."""
    place = place_of(person)
    own = sorted(VERBS.get(person.role, set()) & queue_verbs())
    for verb in own:
        which = Q(owner_permission=f"desk.{verb}") & place
        yield which, which
    if person.may("take_escalated"):
        late = Q(escalated_at__isnull=False) & ~Q(owner_permission__in=[f"desk.{v}" for v in own])
        yield late & place, late & place


def waiting(user, on: date | None = None) -> list[QuerySet]:
    """Open tasks of others in what one began, lent out, or took part in, as far as one sees it.

    Of what one began and did the newest LOOKED_AT are looked at, by their numbers: asked as one
    query, the database would rather walk through all open tasks.
    """
    open_ = Process.objects.open().order_by("-pk")
    begun = list(open_.filter(opened_by=user).values_list("pk", flat=True)[:LOOKED_AT])
    joined = []
    if user.may("read_record"):
        of_these = open_.order_by().values_list("pk", flat=True)
        joined = list(
            of_these.filter(pk__in=_lately(owner=user)).union(
                of_these.filter(pk__in=_lately(in_place_of=user))
            )
        )
    others = Task.objects.human().open().exclude(owner__in=hands(user))
    theirs = Q(Among("process_id", begun)) | Q(delegated_by=user)
    if joined:
        theirs |= Q(Among("process_id", joined)) & reach(user)
    return [others.filter(theirs)]  # each arm of it has its own index


def _lately(**whose) -> QuerySet:
    """The conversations in which somebody finished a step, the newest."""
    return _done(**whose).order_by("-finished").values("process_id")[:LOOKED_AT]


def _done(**whose) -> QuerySet:
    return Task.objects.human().filter(status="DONE", **whose)


def done(user, on: date | None = None) -> list[QuerySet]:
    return [_done(owner=user), _done(in_place_of=user).exclude(owner=user)]


def left_behind(user, on: date | None = None) -> list[QuerySet]:
    return [Task.objects.orphaned(user)]


LISTS = {
    "mine": (_("Mine"), mine),
    "queue": (_("Queue"), queue),
    "held": (_("Put off"), held),
    "waiting": (_("Waiting for others"), waiting),
    "done": (_("Done"), done),
    "left_behind": (_("Left behind"), left_behind),
}


def page(user, which: str, filters: Filters, *, at: datetime, on: date, before="", after=""):
    """One page of a list, with what its rows show."""
    parts = _parts(user, which, filters, at, on)
    by = "finished" if which == "done" else SORTS[filters.sort]
    shown = page_of(
        parts, by=by, down=which == "done", before=before, after=after, size=PAGE, along=ALONG
    )  # fmt: skip
    _name_people(shown.rows)
    return shown


def _name_people(tasks: list[Task]) -> None:
    """Put the people whom a row names beside each task, read in one statement: joined four times
    over, the database took longer to plan the query than to answer it."""
    asked = {getattr(task, f"{name}_id") for task in tasks for name in NAMED}
    asked |= {task.process.opened_by_id for task in tasks}
    people = User.objects.only("name").in_bulk(asked - {None})
    for task in tasks:
        for name in NAMED:
            setattr(task, name, people.get(getattr(task, f"{name}_id")))
        task.process.opened_by = people.get(task.process.opened_by_id)


def next_to(task: Task, user, which: str, filters: Filters, *, at: datetime, on: date) -> Task | None:
    """The task that comes after one in a list, also when that one has left it; at the end, the
    list's first; None when no other is left."""
    parts = [part.exclude(pk=task.pk) for part in _parts(user, which, filters, at, on)]
    by = SORTS[filters.sort]
    for after in (str(task.pk), ""):
        if found := page_of(parts, by=by, down=False, after=after, size=1).rows:
            return found[0]
    return None


def _parts(user, which: str, filters: Filters, at: datetime, on: date) -> list[QuerySet]:
    return [_filtered(part, user, filters, at) for part in LISTS[which][1](user, on)]


def first_of(parts: list[QuerySet], number: int, along=ALONG) -> list[Task]:
    """The first rows of a list, by the day on which they are due."""
    return page_of(parts, by="due_at", down=False, size=number, along=along).rows


def counts(user, key, lists: Callable[[], dict[str, list[QuerySet]]]) -> dict[str, int]:
    """How many rows each list has, CAP + 1 for more than CAP: see `capped_once` for the key."""

    def parts():
        of_each = lists().items()
        return {f"{name}_{n}": part for name, of in of_each for n, part in enumerate(of)}

    sums: dict[str, int] = {}
    for part, have in capped_once(key, user, parts).items():
        name = part.rpartition("_")[0]
        sums[name] = min(sums.get(name, 0) + have, CAP + 1)
    return sums


def _filtered(rows: QuerySet, user, filters: Filters, at: datetime) -> QuerySet:
    if filters.step:
        rows = rows.filter(flow_task__endswith=f".{filters.step}")
    if filters.area:
        rows = rows.filter(within(filters.area))
    if filters.late:
        rows = rows.filter(due_at__lt=at)
    return rows.filter(_called(filters.q)) if filters.q else rows


def _called(text: str) -> Q:
    """Tasks whose firm is found by name, credit code, pinyin or initials."""
    text = normalised(tidy(text))
    if not text:
        return Q()
    small = text.lower()
    firms = Firm.objects.filter(pk=OuterRef("firm")).filter(
        Q(name__icontains=text)
        | Q(credit_code__startswith=text)
        | Q(initials__contains=small)
        | Q(pinyin__contains=small)
    )
    return Q(Exists(firms))
