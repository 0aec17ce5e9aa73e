"""Bringing the kept counts up to date: what was touched is counted anew, nothing else.

Whoever asks for figures does it, one at a time: a mark that is taken away belongs to a change that
is committed, and its firm is counted by a later statement, which sees that change; the mark of a
change under way stays for the next one who asks. The night compares all of it with the ledger.
"""

import logging
from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import Case, CharField, Count, DateField, Exists, F, OuterRef, Q, Sum, Value, When
from django.db.models import Subquery as Sub
from django.db.models.functions import Coalesce

from core.accounts.absence import stood_in_for
from core.accounts.verbs import BY_FIRM, Role
from core.among import Among
from core.figures.facts import BY, FACTS, TOWN, counted_mass, counted_members, whether
from core.figures.kept import FLAGS, SORTS, SUMS, FirmFacts, Keeping, Tally, Touched, TrendPoint
from core.ledger.filters import HAS
from core.ledger.models import Firm, MassOrganisation
from core.ledger.scope import within
from core.ledger.stages import Operation
from core.people.models import Assignment, GuidanceRecord, Member
from core.rulebook import rule

log = logging.getLogger(__name__)

MANY = 20_000  # touched firms from which counting all anew is the shorter way
AT_ONCE = 1000  # rows written by one statement
NEVER = date(9999, 12, 31)
RULES = ("contact_floor", "standalone_branch_members")
KEY = ("sort", "area", "value", *FLAGS)
COUNTS = ("firms", *SUMS)


def kept_where(user, by: str) -> Q | None:
    """Which kept rows make up what a person sees, told apart `by`; None when that is no whole area
    and no whole line: then the firms themselves are counted."""
    if not user.may("see") or stood_in_for(user) or user.role in BY_FIRM:
        return None
    if user.role == Role.LINE:
        return Q(sort="line", value=str(user.line_id)) if by in ("town", "line") else None
    return within(user.area) & Q(sort=by) if len(user.area) <= TOWN else None


def kept_groups(user, on: date, by: str) -> list[dict] | None:
    """The firms that a person sees today in groups, told apart `by` township, line, industry or
    size; None if no kept counts say it."""
    where = kept_where(user, by)
    if where is None or not keep(on):
        return None
    of = "area" if by == "town" else "value"
    summed = (
        Tally.objects.filter(where)
        .values(*FLAGS, of)
        .annotate(all_firms=Sum("firms"), **{f"all_{name}": Sum(name) for name in SUMS})
    )
    return [
        {"of": row.pop(of)} | {name.removeprefix("all_"): value for name, value in row.items()}
        for row in summed
    ]


def keep(on: date) -> bool:
    """Bring the kept counts up to date for a day, today: one statement when nothing was touched.
    False if they are those of a later day, or this transaction only reads and they are not up to
    date: then they say nothing of the ledger as it is read here."""
    stale = Keeping.objects.filter(pk=1).annotate(stale=Exists(Touched.objects.all()))
    state = stale.values("day", "rules", "stale").first()
    if state and state["day"] == on and not state["stale"] and state["rules"] == _rules(on):
        return True
    return False if _only_reads() else _bring_up(on)


def _only_reads() -> bool:
    """Whether this transaction may not write: a report reads one moment of the ledger."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_read_only")
        return cursor.fetchone()[0] == "on"


def _rules(on: date) -> list[int]:
    return [rule(name, on=on).value for name in RULES]


@transaction.atomic
def _bring_up(on: date) -> bool:
    Keeping.objects.get_or_create(pk=1)
    kept = Keeping.objects.select_for_update().get(pk=1)
    if kept.day and on < kept.day:
        return False
    firms, days = _marks()
    if days:
        TrendPoint.objects.filter(day__gte=min(days)).delete()
        kept.points = [day for day in kept.points if day < min(days).isoformat()]
    if kept.day is None or kept.rules != _rules(on) or len(firms) > MANY:
        recount(on)
    else:
        if kept.day < on:
            firms.update(FirmFacts.objects.filter(good_until__lte=on).values_list("pk", flat=True))
        _count_anew(firms, on)
    kept.day, kept.rules = on, _rules(on)
    kept.save()
    return True


def _marks() -> tuple[set[int], list[date]]:
    """Take the marks of committed changes away: the firms and the days that they name."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {Touched._meta.db_table} RETURNING firm_id, day")
        rows = cursor.fetchall()
    days = [day if isinstance(day, date) else date.fromisoformat(day) for _firm, day in rows if day]
    return {firm for firm, _day in rows if firm}, days


def count_all_again(on: date) -> bool:
    """Count everything anew, as the night does, and return whether it came to what was kept. That
    it does not, with nothing touched meanwhile, means a change went past the triggers."""
    if not keep(on):
        return True
    with transaction.atomic():
        Keeping.objects.select_for_update().get(pk=1)
        kept = _all_tallies()
        recount(on)
        alike = kept == _all_tallies() or Touched.objects.exists()
    if not alike:
        log.error("The kept counts were not those of the ledger; they are now.")
    return alike


def _all_tallies() -> set[tuple]:
    return set(Tally.objects.values_list(*KEY, *COUNTS))


def recount(on: date) -> None:
    """Count everything anew. Call it with the row of `Keeping` held."""
    FirmFacts.objects.all().delete()
    Tally.objects.all().delete()
    _write_facts(Firm.objects.all(), on)
    _add(tallied(FirmFacts.objects.all()))


def _count_anew(firms: set[int], on: date) -> None:
    """Count some firms anew, and change the tallies by what that changed."""
    if not firms:
        return
    theirs = FirmFacts.objects.filter(Among("firm_id", firms))
    before = tallied(theirs)
    theirs.delete()
    _write_facts(Firm.objects.filter(Among("id", firms)), on)
    after = tallied(theirs.all())
    _add({key: _minus(after.get(key), before.get(key)) for key in before.keys() | after.keys()})


def tallied(facts) -> dict[tuple, tuple]:
    """Firms and sums of each sort of tally, for rows with the columns of FirmFacts."""
    found = {}
    for sort, column in SORTS.items():
        rows = facts.order_by().annotate(
            sort=Value(sort, output_field=CharField()),
            value=F(column) if column else Value("", output_field=CharField()),
        )
        rows = rows.values(*KEY).annotate(
            firms=Count("pk"), **{f"all_{name}": Sum(name) for name in SUMS}
        )
        for row in rows.values_list(*KEY, "firms", *(f"all_{name}" for name in SUMS)):
            found[row[: len(KEY)]] = row[len(KEY) :]
    return found


def _minus(after, before) -> tuple[int, ...]:
    nothing = (0,) * len(COUNTS)
    return tuple(one - two for one, two in zip(after or nothing, before or nothing, strict=True))


def _add(changes: dict[tuple, tuple]) -> None:
    """Change the tallies by so much; one that comes to no firm is gone."""
    rows = [[*key, *change] for key, change in changes.items() if any(change)]
    if not rows:
        return
    table, columns = Tally._meta.db_table, (*KEY, *COUNTS)
    row = f"({', '.join(['%s'] * len(columns))})"
    more = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in COUNTS)
    with connection.cursor() as cursor:
        for start in range(0, len(rows), AT_ONCE):
            some = rows[start : start + AT_ONCE]
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * len(some))}"
                f" ON CONFLICT ({', '.join(KEY)}) DO UPDATE SET {more}",
                [value for one in some for value in one],
            )
    areas = {row[KEY.index("area")] for row in rows}
    Tally.objects.filter(sort__in=SORTS, area__in=areas, firms=0).delete()


def _write_facts(firms, on: date) -> None:
    """Write the facts of firms as they are on a day; a closed one has none."""
    flags = {name: whether(HAS[has].condition(on, "pk")) for name, has in FACTS.items()}
    rows = firms.filter(~Q(operation=Operation.CLOSED)).order_by().annotate(
        town=BY["town"], paused=whether(Q(operation=Operation.PAUSED)),
        line_value=BY["line"],
        full=counted_members(on, "pk"), mass=counted_mass(on, "pk"), **flags, **_turns(on),
    )  # fmt: skip
    selected = {
        "firm_id": "pk", "area": "town", "line": "line_value", "industry": "industry", "size": "size",
        "stage": "stage", "above_scale": "above_scale", "paused": "paused",
        **{name: name for name in FACTS}, "employees": "employees", "full_members": "full",
        "mass_organisations": "mass",
    }  # fmt: skip
    turns = tuple(_turns(on))
    sql, params = rows.values_list(*selected.values(), *turns).query.sql_with_params()
    inner = [*selected, *turns]
    soonest = "least" if connection.vendor == "postgresql" else "min"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {FirmFacts._meta.db_table} ({', '.join(selected)}, good_until)"
            f" SELECT {', '.join(selected)}, {soonest}({', '.join(turns)})"
            f" FROM (WITH rows ({', '.join(inner)}) AS ({sql}) SELECT * FROM rows) AS found",
            params,
        )


def _turns(on: date) -> dict:
    """The next days on which a firm's facts change though nobody changes anything."""
    floor = timedelta(days=rule("contact_floor", on=on).value + 1)
    visits = GuidanceRecord.objects.on_site().filter(firm=OuterRef("pk"))
    last = visits.filter(on__lte=on, on__gt=on - floor).order_by("-on").values("on")[:1]
    return {
        "member_turns": _next(Member.objects.full(), "since", "until", on),
        "guide_turns": _next(Assignment.objects.all(), "since", "until", on),
        "mass_turns": _next(MassOrganisation.objects.all(), "approved_on", "dissolved_on", on),
        "visit_turns": _or_never(visits.filter(on__gt=on).order_by("on").values("on")[:1]),
        "visit_ages": Coalesce(Sub(last) + floor, Value(NEVER), output_field=DateField()),
    }


def _next(rows, begins: str, ends: str, on: date):
    """The next day after `on` on which one of a firm's rows begins or ends."""
    ahead = rows.filter(Q(**{f"{begins}__gt": on}) | Q(**{f"{ends}__gt": on}), firm=OuterRef("pk"))
    turn = Case(When(**{f"{begins}__gt": on}, then=F(begins)), default=F(ends))
    return _or_never(ahead.order_by().annotate(turn=turn).order_by("turn").values("turn")[:1])


def _or_never(days):
    return Coalesce(Sub(days), Value(NEVER), output_field=DateField())
