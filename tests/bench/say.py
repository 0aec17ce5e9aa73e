"""Words of the measures: figures with their noise, and what statements were sent."""

import statistics
import sys
from collections import Counter
from contextlib import contextmanager

from django.db import connection


def say(line: str = "") -> None:
    """A line for the reader. The figures for a program come last, from elsewhere."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def part(values: list[float], share: float) -> float:
    """The value below which `share` of the values lie."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def spread(values: list[float]) -> str:
    """Milliseconds, so that one sees the noise of the machine."""
    shown = (
        min(values),
        part(values, 0.25),
        statistics.median(values),
        part(values, 0.75),
        max(values),
    )
    return "min {:.1f} · p25 {:.1f} · median {:.1f} · p75 {:.1f} · max {:.1f} ms".format(*shown)


def kind(sql: str) -> str:
    """SELECT, LOCK (select … for update), INSERT, UPDATE, DELETE, SAVEPOINT, RELEASE, …"""
    word = sql.lstrip("( ").split(None, 1)[0].upper()
    return "LOCK" if word == "SELECT" and " FOR " in sql and "UPDATE" in sql else word


class Statements(list):
    """What Django sent through a cursor, as (kind, sql). Its SAVEPOINTs go that way and count,
    BEGIN and COMMIT do not."""

    def __call__(self, execute, sql, params, many, context):
        self.append((kind(sql), sql))
        return execute(sql, params, many, context)

    def by_kind(self) -> Counter:
        return Counter(word for word, _sql in self)


@contextmanager
def listening():
    """The statements of the block."""
    heard = Statements()
    with connection.execute_wrapper(heard):
        yield heard


def table(rows: dict[str, Statements]) -> None:
    """A line for each act, a column for each kind of statement."""
    whole = sum((heard.by_kind() for heard in rows.values()), Counter())
    kinds = [word for word, _count in whole.most_common()]
    say(f"  {'':<22}{'all':>6}" + "".join(f"{word:>11}" for word in kinds))
    for name, heard in rows.items():
        by_kind = heard.by_kind()
        say(f"  {name:<22}{len(heard):>6}" + "".join(f"{by_kind[word] or '·':>11}" for word in kinds))
    say(f"  {'in all':<22}{sum(whole.values()):>6}" + "".join(f"{whole[w]:>11}" for w in kinds))
