"""Reads the whole trail and tells what was changed, removed or inserted, and where."""

from typing import NamedTuple

from django.db import connection, transaction
from django.utils.translation import gettext as _

from core.audit import guard
from core.audit.models import ChainHead, Seal
from core.audit.record import digest_of
from core.audit.seal import Sums, all_events, digest_of_seal, line_of, lines_in_file


class Report(NamedTuple):
    events: int
    chains: int
    faults: list[str]


def verify() -> Report:
    """Read every event, head and seal as of one moment. An empty list of faults: all in place."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if connection.vendor == "postgresql" and outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return _Reading().report()


class _Reading:
    def __init__(self) -> None:
        self.faults: list[str] = []
        self.heads = {
            chain: (place, digest)
            for chain, place, digest in ChainHead.objects.values_list("chain", "place", "digest")
        }
        self.seals = list(Seal.objects.order_by("pk"))
        self.sums = Sums([seal.until for seal in self.seals])
        self.events = self.chains = 0
        self.last = None  # the event before, while inside a chain

    def report(self) -> Report:
        for event in all_events():
            if self.last is None or event.chain != self.last.chain:
                self._end_of_chain()
                self.last = None
                self.chains += 1
            self._link(event)
            self.sums.add(event.chain, event.place, event.at, event.digest)
            self.events += 1
            self.last = event
        self._end_of_chain()
        for chain, (place, _digest) in sorted(self.heads.items()):
            self.faults.append(
                _("Chain %(chain)s: all of its %(count)d events were removed.")
                % {"chain": chain, "count": place}
            )
        self._seals()
        for name in guard.missing(connection):
            self.faults.append(
                _("The database no longer refuses changes: the trigger %(name)s is missing.")
                % {"name": name}
            )
        return Report(self.events, self.chains, self.faults)

    def _link(self, event) -> None:
        expected = self.last.place + 1 if self.last else 1
        if event.place > expected:
            self._missing(event.chain, expected, event.place - 1)
            return  # what it hung on is gone, so it cannot be judged
        before = self.last.digest if self.last else ""
        if event.place < expected or event.digest != digest_of(event, before):
            self.faults.append(
                _("Chain %(chain)s, place %(place)d: this event was changed or inserted.")
                % {"chain": event.chain, "place": event.place}
            )

    def _end_of_chain(self) -> None:
        if self.last is None:
            return
        chain, place = self.last.chain, self.last.place
        head = self.heads.pop(chain, None)
        if head is None:
            self.faults.append(
                _("Chain %(chain)s: it has no head, so its end may have been removed.")
                % {"chain": chain}
            )
        elif head[0] > place:
            self._missing(chain, place + 1, head[0])
        elif head != (place, self.last.digest):
            self.faults.append(
                _("Chain %(chain)s, after place %(place)d: the end was removed or added to.")
                % {"chain": chain, "place": min(head[0], place)}
            )

    def _missing(self, chain: str, first: int, last: int) -> None:
        self.faults.append(
            _("Chain %(chain)s, place %(first)d: this event was removed.")
            % {"chain": chain, "first": first}
            if first == last
            else _("Chain %(chain)s, places %(first)d to %(last)d: these events were removed.")
            % {"chain": chain, "first": first, "last": last}
        )

    def _seals(self) -> None:
        under, before = self.sums.under(), ""
        for seal in self.seals:
            now = under[seal.until]
            if seal.digest != digest_of_seal(now, seal.until, before):
                self.faults.append(
                    _(
                        "Seal of %(at)s: it was set over %(events)d events in %(chains)d chains; now "
                        "there are %(events_now)d events in %(chains_now)d chains. Ends of chains or "
                        "whole chains were removed or added, or the seal itself was changed."
                    )
                    % {
                        "at": f"{seal.at:%F %T}",
                        "events": seal.events,
                        "chains": seal.chains,
                        "events_now": now.events,
                        "chains_now": now.chains,
                    }
                )
            before = seal.digest
        kept, rows = lines_in_file(), [line_of(seal) for seal in self.seals]
        for line in kept:
            if line not in rows:
                self.faults.append(
                    _("The seal file has a seal that the database lacks: %(line)s") % {"line": line}
                )
        for row in rows:
            if row not in kept:
                self.faults.append(
                    _("The database has a seal that the seal file lacks: %(line)s") % {"line": row}
                )
