from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from core.audit.verify import verify


class Command(BaseCommand):
    help = "Read the whole audit trail and tell what was changed, removed or inserted."

    def handle(self, *args, **options):
        report = verify()
        for fault in report.faults:
            self.stdout.write(fault)
        counted = {"events": report.events, "chains": report.chains, "faults": len(report.faults)}
        if report.faults:
            raise CommandError(
                _("%(faults)d faults among %(events)d events in %(chains)d chains.") % counted
            )
        self.stdout.write(_("%(events)d events in %(chains)d chains, all in place.") % counted)
