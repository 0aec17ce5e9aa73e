"""How the firms stood at the ends of the months before: points that are counted once and kept.

A point is counted from the spells. Whoever writes a spell of the past marks its day, and the points
from that day on are counted again: core.figures.touching.
"""

from collections import Counter
from datetime import date, timedelta

from django.db import transaction
from django.db.models import CharField, Count, Value

from core.figures.facts import BY
from core.figures.keeping import keep, kept_where
from core.figures.kept import Keeping, TrendPoint
from core.ledger.spells import Spell

MONTHS = 12


def month_ends(on: date, many: int = MONTHS) -> list[date]:
    """The last days of the months that are over on a day, the earliest first."""
    ends = [on.replace(day=1) - timedelta(days=1)]
    while len(ends) < many:
        ends.append(ends[-1].replace(day=1) - timedelta(days=1))
    return ends[::-1]


def trend(user, days: list[date], *, on: date) -> dict[date, Counter]:
    """For each of some past days the firms within a person's reach by stage, closed ones left out.
    `on` is today."""
    where = kept_where(user, "town")
    if where is None or not keep(on):
        return {day: _counted(Spell.objects.visible_to(user), day) for day in days}
    make(days)
    found = {day: Counter() for day in days}
    rows = TrendPoint.objects.filter(where, day__in=days)
    for day, stage, firms in rows.values_list("day", "stage", "firms"):
        found[day][stage] += firms
    return found


def _counted(spells, day: date) -> Counter:
    rows = spells.on(day).counted().order_by().values_list("stage")
    return Counter(dict(rows.annotate(firms=Count("pk"))))


def make(days: list[date]) -> None:
    """Count the points of those days of which there are none."""
    if set(map(str, days)) <= set(Keeping.objects.values_list("points", flat=True).get(pk=1)):
        return
    with transaction.atomic():
        kept = Keeping.objects.select_for_update().get(pk=1)
        missing = [day for day in days if str(day) not in kept.points]
        TrendPoint.objects.filter(day__in=missing).delete()
        TrendPoint.objects.bulk_create(
            point for day in missing for point in (*_points(day, "town"), *_points(day, "line"))
        )
        kept.points = sorted({*kept.points, *map(str, days)})
        kept.save(update_fields=["points"])


def _points(day: date, sort: str):
    value = BY["line"] if sort == "line" else Value("", output_field=CharField())
    rows = Spell.objects.on(day).counted().order_by().annotate(town=BY["town"], value=value)
    counted = rows.values_list("town", "value", "stage").annotate(firms=Count("pk"))
    for town, value, stage, firms in counted:
        yield TrendPoint(sort=sort, area=town, value=value, day=day, stage=stage, firms=firms)
