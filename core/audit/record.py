"""The one way to write an event."""

import hashlib
import hmac
import json
from datetime import UTC

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.audit.models import ChainHead, Event
from core.audit.sentences import SENTENCES


def keyed_hash(said: str) -> str:
    """64 hex digits that nobody can make without the audit key."""
    return hmac.new(settings.AUDIT_KEY.encode(), said.encode(), hashlib.sha256).hexdigest()


def digest_of(event: Event, before: str) -> str:
    """The keyed hash of an event and of the digest before it in its chain.

    The moment is written in one way only, so that every database gives the same digest back.
    """
    at = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    return keyed_hash(
        json.dumps(
            [
                before, event.chain, event.place, at, event.by_id, event.code,
                event.words, event.area, event.firm_id,
            ],
            sort_keys=True, ensure_ascii=False,
        )
    )  # fmt: skip


def record(code: str, *, by, firm=None, chain: str = "", area: str = "", **words) -> Event:
    """Write one event at the end of its chain. Call it inside the act's own transaction.

    `by` is a user, or None for the system itself. With `firm` the event belongs to that case;
    without, `chain` names the chain ("user:3") and `area` says who may read it. `words` fill the
    sentence and are kept as JSON text. Raises KeyError for a code or a word without a sentence.

    Three statements; two more for the first event of a chain. An act whose event cannot be
    written is undone as a whole.
    """
    words = {key: _storable(value) for key, value in words.items()}
    str(SENTENCES[code]).format(**words)
    chain = f"firm:{firm.pk}" if firm else chain or "desk"
    with transaction.atomic(savepoint=False):
        head = _locked_head(chain)
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
        ChainHead.objects.filter(chain=chain).update(place=event.place, digest=event.digest)
    return event


def _locked_head(chain: str) -> ChainHead:
    """The chain's head, locked: writers of one chain line up here, and only here."""
    heads = ChainHead.objects.select_for_update().filter(chain=chain)
    if head := heads.first():
        return head
    # Two may begin the same chain at once: the second waits for the first and keeps its row.
    ChainHead.objects.bulk_create([ChainHead(chain=chain, place=0, digest="")], ignore_conflicts=True)
    return heads.get()


def _storable(value) -> str:
    """Text as both databases keep it: without NUL and half characters."""
    return str(value).encode("utf-8", "replace").decode().replace("\0", "")
