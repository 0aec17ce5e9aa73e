"""Writing the events of one chain and moving its head: both or neither."""

import json

from django.db import connection

from core.audit.models import ChainHead, Event

# Column → its type: PostgreSQL takes no guess in a list of values.
_TYPES = {
    "chain": "varchar", "place": "integer", "at": "timestamptz", "by_id": "bigint", "code": "varchar",
    "words": "jsonb", "area": "varchar", "firm_id": "bigint", "digest": "varchar",
}  # fmt: skip
_ROW = "(" + ", ".join(f"%s::{kind}" for kind in _TYPES.values()) + ")"
_COLUMNS = ", ".join(f'"{name}"' for name in _TYPES)
_ONE_STATEMENT = f"""
    WITH head AS (
        UPDATE core_chainhead SET place = %s, digest = %s WHERE chain = %s AND place = %s RETURNING 1
    )
    INSERT INTO core_event ({_COLUMNS})
    SELECT event.* FROM (VALUES {{rows}}) AS event ({_COLUMNS}), head
    RETURNING id
"""


def append(events: list[Event], was: int, place: int, digest: str) -> bool:
    """Write events that have their places, and move the head of their chain from `was` to `place`
    and `digest`. False, and nothing is written, when the head is there no more."""
    if connection.vendor == "postgresql":
        return _at_once(events, was, place, digest)
    heads = ChainHead.objects.filter(chain=events[0].chain, place=was)
    if not heads.update(place=place, digest=digest):
        return False
    Event.objects.bulk_create(events)
    return True


def _at_once(events: list[Event], was: int, place: int, digest: str) -> bool:
    values = [place, digest, events[0].chain, was]
    for event in events:
        values += [
            json.dumps(event.words) if name == "words" else getattr(event, name) for name in _TYPES
        ]
    with connection.cursor() as cursor:
        cursor.execute(_ONE_STATEMENT.format(rows=", ".join([_ROW] * len(events))), values)
        numbers = sorted(number for (number,) in cursor.fetchall())
    for event, number in zip(events, numbers, strict=False):
        event.pk, event._state.adding = number, False
    return bool(numbers)
