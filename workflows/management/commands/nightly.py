"""The nightly check by hand: `manage.py nightly [--on 2026-11-23]`. Twice a night changes nothing."""

from datetime import date

from django.core.management.base import BaseCommand
from django.utils import timezone

from workflows.nightly import night, sweep


class Command(BaseCommand):
    help = "Compare every case with its facts, open and close follow-ups, pass on overdue tasks."

    def add_arguments(self, parser):
        parser.add_argument("--on", type=date.fromisoformat, help="the day, today if not given")

    def handle(self, *args, on=None, **options):
        tally = night(on or timezone.localdate())
        late = sweep(timezone.now())
        self.stdout.write(
            f"{tally['opened']} follow-ups opened, {tally['closed']} closed,"
            f" {late} overdue tasks passed on."
        )
