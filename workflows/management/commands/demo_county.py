"""Builds the demo county, or counties for load work."""

import time
from datetime import date

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from core.audit.seal import begin_anew
from core.demo.build import build, counties_there
from core.ledger.models import Firm
from workflows.demo import set_in_motion


class Command(BaseCommand):
    help = "Builds the demo county (the same one for the same seed and day)."

    def add_arguments(self, parser):
        parser.add_argument("--seed", type=int, default=2014)
        parser.add_argument("--on", type=date.fromisoformat, help="the county's today (YYYY-MM-DD)")
        parser.add_argument("--scale", type=int, help="so many counties with other area codes")

    def handle(self, *, seed, on, scale, verbosity, **options):
        on = on or timezone.localdate()
        first = counties_there()
        if scale is None and Firm.objects.exists():
            raise CommandError(
                "This database already holds firms; the demo county is only built in an empty one. "
                "To add further counties for load work, use --scale."
            )
        if scale is not None and scale < 1:
            raise CommandError("--scale takes a number of counties, 1 or more.")
        if settings.DEMO and (aside := begin_anew(timezone.now())) and verbosity:
            self.stdout.write(f"The seals of the database before are kept in {aside}.")
        began = time.perf_counter()
        with transaction.atomic():
            written = build(range(first, first + (scale or 1)), seed=seed, on=on)
            took = time.perf_counter() - began
            if first == 0 and settings.DEMO:
                set_in_motion(on)
        if verbosity:
            self.stdout.write(f"{written} firms in {took:.1f} s: {written / took:,.0f} firms a second.")
