"""Sending what is due. A message is claimed, sent outside of any transaction, then marked: no lock
is held while somebody else's server thinks. Who claims it leaves it to others after a while."""

import logging
import smtplib
import time
from contextlib import suppress
from datetime import datetime, timedelta

from django.core.mail import get_connection
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from workflows.mailroom.digests import mail
from workflows.mailroom.models import Delivery
from workflows.mailroom.quiet import after_quiet, pause_after
from workflows.mailroom.wishes import wishes_of

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)  # after that a sender counts as dead
State = Delivery.State


def claim(rows, at: datetime) -> Delivery | None:
    """The first due row that nobody else holds, marked as being sent. Call it in a transaction."""
    found = (
        rows.due(at).select_for_update(skip_locked=True, of=("self",)).order_by("due_at", "pk").first()
    )
    if found:
        found.state, found.due_at, found.tried_at = State.SENDING, at + LEASE, at
        found.attempts += 1
        found.save(update_fields=["state", "due_at", "tried_at", "attempts"])
    return found


def settle(delivery: Delivery, **changes) -> bool:
    """Write what became of a claimed message, unless another sender has taken it over since."""
    ours = Delivery.objects.filter(pk=delivery.pk, state=State.SENDING, attempts=delivery.attempts)
    return bool(ours.update(**changes))


# ── mail ───────────────────────────────────────────────────────────────────────────────────────
def send_mails(at: datetime, *, seconds: float) -> int:
    """Send due digests until none is left, the time is over or the mail server is away. Returns
    how many left the house."""
    ends, sent = time.monotonic() + seconds, 0
    server = get_connection()
    try:
        while time.monotonic() < ends and (delivery := _claim_mail(at)):
            try:
                sent += _send_mail(delivery, server, at)
            except (smtplib.SMTPException, OSError) as error:
                if not _failed(delivery, error, at):
                    break  # the server is away: the others wait for the next round
    finally:
        with suppress(OSError):  # a line that is broken needs no good-bye
            server.close()
    return sent


def _claim_mail(at: datetime) -> Delivery | None:
    with transaction.atomic():
        return claim(Delivery.objects.filter(what="digest").select_related("person"), at)


def _send_mail(delivery: Delivery, server, at: datetime) -> bool:
    person, wishes = delivery.person, wishes_of(delivery.person)
    if not person.is_active or not person.email or wishes.digest == wishes.Digest.OFF:
        settle(delivery, state=State.NOTHING)
        return False
    if (later := after_quiet(at, wishes.quiet)) > at:
        settle(delivery, state=State.WAITING, due_at=later)
        return False
    try:
        message = mail(delivery, wishes, at=at)
    except Exception:
        # Whatever is wrong with one person's digest, the others get theirs.
        log.exception("The digest of person %s could not be written", person.pk)
        _again(delivery, _("The digest could not be written."), at)
        return False
    if message is None:
        settle(delivery, state=State.NOTHING)
        return False
    message.connection = server
    server.open()
    message.send()
    return settle(delivery, state=State.SENT, sent_at=at, error="")


def _failed(delivery: Delivery, error: OSError, at: datetime) -> bool:
    """Note a failure. True when it is about this one address, so that the others may go on."""
    log.warning("A digest was not sent: %s", error)
    with translation.override(wishes_of(delivery.person).language):
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            codes = [code for code, _said in error.recipients.values()]
            if all(code >= 500 for code in codes):
                settle(
                    delivery, state=State.GIVEN_UP,
                    error=_("The mail server does not take your e-mail address. Check it."),
                )  # fmt: skip
            else:
                _again(delivery, _("The mail server does not take mail for you now."), at)
            return True
        _again(delivery, _("The mail server does not answer. It is tried again."), at)
        return False


def _again(delivery: Delivery, error: str, at: datetime) -> None:
    later = after_quiet(at + pause_after(delivery.attempts), wishes_of(delivery.person).quiet)
    settle(delivery, state=State.WAITING, due_at=later, error=error[:200])
