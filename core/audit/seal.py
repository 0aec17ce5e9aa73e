"""One digest over all chains up to a moment, kept in the database and in a file outside it.

A chain shows what was changed inside it; a chain cut off together with its head shows only here.
"""

import os
from bisect import bisect_left
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from core.audit.models import Event, Seal
from core.audit.record import keyed_hash

SETTLED = timedelta(minutes=10)  # no act takes longer: everything older has been committed
CHUNK = 5000


class Sum(NamedTuple):
    """What lies under a seal: how many chains and events, and the sum of the heads' hashes."""

    chains: int
    events: int
    total: int


class Sums:
    """Counts, in one pass over all events by chain and place, what lies under each of many seals.

    An event is its chain's head for the seals between its own moment and the next event's, so each
    event touches two cells and not every seal.
    """

    def __init__(self, moments: list[datetime]) -> None:
        self.moments = sorted(moments)
        cells = len(self.moments) + 1
        self.chains, self.events, self.totals = [0] * cells, [0] * cells, [0] * cells
        self._chain = self._head = None

    def add(self, chain: str, place: int, at: datetime, digest: str) -> None:
        first = bisect_left(self.moments, at)
        if chain != self._chain:
            self._end_of_head(len(self.moments))
            self._chain = chain
            self.chains[first] += 1
        else:
            first = max(first, self._head[0])  # clocks may step back; places never do
            self._end_of_head(first)
        self.events[first] += 1
        self._head = (first, f"{chain} {place} {digest}")

    def _end_of_head(self, last: int) -> None:
        if self._head and self._head[0] < last:
            first, said = self._head
            value = int(keyed_hash(said), 16)
            self.totals[first] += value
            self.totals[last] -= value

    def under(self) -> dict[datetime, Sum]:
        """The sum under each seal. Call it once, after the last event."""
        self._end_of_head(len(self.moments))
        self._head = None
        found, running = {}, Sum(0, 0, 0)
        for cell, moment in enumerate(self.moments):
            running = Sum(
                running.chains + self.chains[cell],
                running.events + self.events[cell],
                running.total + self.totals[cell],
            )
            found[moment] = running
        return found


def digest_of_seal(under: Sum, until: datetime, before: str) -> str:
    """A seal's digest. It hangs on the seal before, so none can be taken out between two others."""
    moment = until.isoformat(timespec="microseconds")
    return keyed_hash(f"{before} {moment} {under.chains} {under.events} {under.total}")


def line_of(seal: Seal) -> str:
    """The seal as the file keeps it."""
    return (
        f"{seal.at.isoformat(timespec='microseconds')}"
        f" {seal.until.isoformat(timespec='microseconds')}"
        f" {seal.chains} {seal.events} {seal.digest}"
    )


def lines_in_file() -> list[str]:
    """The seals kept outside the database, oldest first."""
    file = Path(settings.AUDIT_SEAL_FILE)
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []


def all_events(*fields: str):
    """Every event by chain and place, in pieces, so that memory stays small on any database."""
    rows, after = Event.objects.order_by("chain", "place"), Q()
    while True:
        part = rows.filter(after)
        piece = list(part.values_list(*fields)[:CHUNK] if fields else part[:CHUNK])
        yield from piece
        if len(piece) < CHUNK:
            return
        chain, place = piece[-1][:2] if fields else (piece[-1].chain, piece[-1].place)
        after = Q(chain__gte=chain) & (Q(chain__gt=chain) | Q(place__gt=place))


def begin_anew(now: datetime) -> Path | None:
    """Put the seals of a database that is gone aside; they would only accuse the new one. Does
    nothing where anything was ever recorded or sealed. Returns the file's new place."""
    file = Path(settings.AUDIT_SEAL_FILE)
    if not file.exists() or Seal.objects.exists() or Event.objects.exists():
        return None
    return file.rename(file.with_name(f"{file.stem}.until-{now:%Y-%m-%dT%H%M%S}{file.suffix}"))


def seal(now: datetime) -> Seal:
    """Seal everything up to ten minutes before `now`, in the database and in the file."""
    until = now - SETTLED
    sums = Sums([until])
    for row in all_events("chain", "place", "at", "digest"):
        sums.add(*row)
    under = sums.under()[until]
    with transaction.atomic():
        if connection.vendor == "postgresql":  # two at once would both hang on the same seal
            with connection.cursor() as cursor:
                cursor.execute(f"LOCK TABLE {Seal._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
        before = Seal.objects.order_by("pk").last()
        made = Seal.objects.create(
            at=now,
            until=until,
            chains=under.chains,
            events=under.events,
            digest=digest_of_seal(under, until, before.digest if before else ""),
        )
        file = Path(settings.AUDIT_SEAL_FILE)
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as out:
            out.write(line_of(made) + "\n")
            out.flush()
            os.fsync(out.fileno())
    return made
