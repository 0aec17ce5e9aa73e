from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.seal import seal


class Command(BaseCommand):
    help = "Seal the audit trail up to ten minutes ago, in the database and in the seal file."

    def handle(self, *args, **options):
        made = seal(timezone.now())
        self.stdout.write(
            _("Sealed %(events)d events in %(chains)d chains.")
            % {"events": made.events, "chains": made.chains}
        )
