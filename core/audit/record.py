"""The one way to write an event."""

import hashlib
import hmac
import json

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.audit.models import ChainHead, Event
from core.audit.sentences import SENTENCES


def digest_of(event: Event, before: str) -> str:
    """The keyed hash of an event and of the digest before it in its chain."""
    said = json.dumps(
        [
            before, event.chain, event.place, event.at.isoformat(), event.by_id, event.code,
            event.words, event.area, event.firm_id,
        ],
        sort_keys=True, ensure_ascii=False,
    )  # fmt: skip
    return hmac.new(settings.AUDIT_KEY.encode(), said.encode(), hashlib.sha256).hexdigest()


def record(code: str, *, by, firm=None, chain: str = "", area: str = "", **words) -> Event:
    """Write one event at the end of its chain. Call it inside the act's own transaction.

    `by` is a user, or None for the system itself. With `firm` the event belongs to that case;
    without, `chain` names the chain ("user:3") and `area` says who may read it. `words` fill the
    sentence and are kept as JSON text. Raises KeyError for a code or a word without a sentence.
    """
    words = {key: str(value) for key, value in words.items()}
    str(SENTENCES[code]).format(**words)
    chain = f"firm:{firm.pk}" if firm else chain or "desk"
    with transaction.atomic():
        ChainHead.objects.get_or_create(chain=chain, defaults={"place": 0, "digest": ""})
        head = ChainHead.objects.select_for_update().get(chain=chain)
        event = Event(
            chain=chain,
            place=head.place + 1,
            at=timezone.now(),
            by=by,
            code=code,
            words=words,
            area=firm.area if firm else area,
            firm=firm,
        )
        event.digest = digest_of(event, head.digest)
        event.save(force_insert=True)
        head.place, head.digest = event.place, event.digest
        head.save(update_fields=["place", "digest"])
    return event
