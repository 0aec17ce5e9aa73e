"""The mail room's round, every minute. It may run twice, beside itself, or be killed: whatever it
leaves is due for the next one."""

from datetime import datetime, timedelta

from django.utils import timezone

from workflows.mailroom.digests import plan
from workflows.mailroom.models import Delivery
from workflows.mailroom.pass_on import pass_on
from workflows.mailroom.sending import send_mails
from workflows.mailroom.speaking import send_messages

SECONDS = 20  # for each part, so that other scheduled work is not held up
KEPT = timedelta(days=90)  # a digest looks back 14 days at most


def run(now: datetime | None = None) -> dict[str, int]:
    """Without `now` the clock is read: this is a scheduled job's door. Returns what was done."""
    at = now or timezone.now()
    return {
        "looked_at": pass_on(at, seconds=SECONDS),
        "digests": plan(at),
        "messages": send_messages(at, seconds=SECONDS),
        "mails": send_mails(at, seconds=SECONDS),
    }


def tidy(now: datetime | None = None) -> int:
    """Forget messages that were done with long ago. Returns how many."""
    old = Delivery.objects.filter(made_at__lt=(now or timezone.now()) - KEPT)
    return old.exclude(state__in=("waiting", "sending")).delete()[0]
