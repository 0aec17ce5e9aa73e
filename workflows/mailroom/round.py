"""The mail room's round, every minute. It may run twice, beside itself, or be killed: whatever it
leaves is due for the next one."""

from datetime import datetime

from django.utils import timezone

from workflows.mailroom.digests import plan
from workflows.mailroom.pass_on import pass_on
from workflows.mailroom.sending import send_mails
from workflows.mailroom.speaking import send_messages

SECONDS = 60  # for each of the two ways out, so that other scheduled work is not held up


def run(now: datetime | None = None) -> dict[str, int]:
    """Without `now` the clock is read: this is a scheduled job's door. Returns what was done."""
    at = now or timezone.now()
    return {
        "looked_at": pass_on(at),
        "digests": plan(at),
        "messages": send_messages(at, seconds=SECONDS),
        "mails": send_mails(at, seconds=SECONDS),
    }
