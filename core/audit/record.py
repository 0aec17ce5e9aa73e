"""The one way to write an event."""

import hashlib
import hmac
import json
from collections.abc import Callable
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.audit.append import append
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


@dataclass
class _Journal:
    """The events of one act, to be written together at its end."""

    events: list[Event] = field(default_factory=list)
    heads: dict[str, tuple[int, str]] = field(default_factory=dict)  # as read, not locked
    afterwards: list[Callable] = field(default_factory=list)


_journal: ContextVar[_Journal | None] = ContextVar("journal", default=None)


@contextmanager
def journal():
    """Write the events of this block together when its outermost one ends, in the order in which
    they happened. Open it inside the act's transaction. Until then an event has no `pk`. Whoever
    goes on after a failure within it opens another one around what failed, as acts do.

    However many events: on PostgreSQL one statement where the chain's head was read along with
    other things (see `head_was`), two otherwise; one more on other databases.
    """
    outer = _journal.get()
    book = outer or _Journal()
    known, later = len(book.events), len(book.afterwards)
    token = None if outer else _journal.set(book)
    try:
        yield
        if token:
            _write(book)
    except BaseException:
        del book.events[known:], book.afterwards[later:]
        raise
    finally:
        if token:
            _journal.reset(token)
    if token:
        for call in book.afterwards:
            call()


def open_journal() -> object | None:
    """The journal of the act that is under way, whose events are written at its end."""
    return _journal.get()


def when_written(call: Callable) -> None:
    """Run something once the events of this act have been written; at once outside a journal."""
    book = _journal.get()
    if book is None:
        call()
    else:
        book.afterwards.append(call)


def head_was(firm_id: int, place: int | None, digest: str | None) -> None:
    """Tell the open journal where a firm's chain ended when it was read in this transaction. Read
    without a lock, it is only tried: had another act written meanwhile, it is read again."""
    if (book := _journal.get()) and place is not None:
        book.heads[f"firm:{firm_id}"] = (place, digest)


def record(code: str, *, by, firm=None, chain: str = "", area: str = "", **words) -> Event:
    """Write one event at the end of its chain. Call it inside the act's own transaction.

    `by` is a user, or None for the system itself. With `firm` the event belongs to that case;
    without, `chain` names the chain ("user:3") and `area` says who may read it. `words` fill the
    sentence and are kept as JSON text. Raises KeyError for a code or a word without a sentence.

    An act whose event cannot be written is undone as a whole.
    """
    words = {key: _storable(value) for key, value in words.items()}
    str(SENTENCES[code]).format(**words)
    event = Event(
        chain=f"firm:{firm.pk}" if firm else chain or "desk",
        at=timezone.now(),
        by=by,
        code=code,
        words=words,
        area=firm.area if firm else area,
        firm_id=firm.pk if firm else None,
    )
    with transaction.atomic(savepoint=False), journal():
        _journal.get().events.append(event)
    return event


def _write(book: _Journal) -> None:
    """Each chain's head is moved first: that is where writers of one chain line up."""
    for chain in sorted({event.chain for event in book.events}):
        events = [event for event in book.events if event.chain == chain]
        if chain not in book.heads or not append(events, *_placed(events, *book.heads[chain])):
            head = _locked_head(chain)
            append(events, *_placed(events, head.place, head.digest))


def _placed(events: list[Event], place: int, digest: str) -> tuple:
    """Give the events their places after a head; that head's place, and what it becomes."""
    was = place
    for event in events:
        place += 1
        event.place = place
        digest = event.digest = digest_of(event, digest)
    return was, place, digest


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
