from datetime import datetime, time, timedelta

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone
from django_q.models import Schedule

from core.queue import SCHEDULES


def next_at(clock: time, now: datetime) -> datetime:
    """The next moment the clock on the county's wall shows this time."""
    today = timezone.localtime(now).replace(
        hour=clock.hour, minute=clock.minute, second=0, microsecond=0
    )
    return today if today > now else today + timedelta(days=1)


class Command(BaseCommand):
    help = "Writes the table of scheduled work into the queue; safe to run at every start."

    @transaction.atomic
    def handle(self, *args, **options):
        now = timezone.now()
        Schedule.objects.exclude(name__in=[name for name, _, _ in SCHEDULES]).delete()
        for name, func, when in SCHEDULES:
            daily = isinstance(when, time)
            kind = Schedule.DAILY if daily else Schedule.MINUTES
            fixed = {"func": func, "schedule_type": kind, "minutes": None if daily else when}
            first = next_at(when, now) if daily else now
            schedule, new = Schedule.objects.get_or_create(
                name=name, defaults=fixed | {"next_run": first, "repeats": -1}
            )
            if new:
                continue
            if any(getattr(schedule, field) != value for field, value in fixed.items()):
                Schedule.objects.filter(pk=schedule.pk).update(**fixed, next_run=first)
