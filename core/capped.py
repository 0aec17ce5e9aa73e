"""Counting without counting to the end: several counts in one statement, each of them capped."""

from collections.abc import Callable, Hashable

from django.db import connection
from django.db.models import IntegerField, QuerySet, Subquery

from core.accounts.models import User

CAP = 99  # more than this is shown as "99+": nobody needs the exact number, and counting costs


def said(count: int) -> str:
    """A capped count as it is shown."""
    return f"{CAP}+" if count > CAP else str(count)


class Capped(Subquery):
    """How many rows a query has, looking at most at `cap` + 1 of them. Of a query of `values`, how
    many of those: distinct ones, say."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS capped)"
    output_field = IntegerField()
    empty_result_set_value = 0  # a list that is known to be empty is not asked for

    def __init__(self, rows: QuerySet, cap: int = CAP):
        has_values = rows.query.values_select or rows.query.annotation_select
        super().__init__((rows if has_values else rows.values("pk")).order_by()[: cap + 1])


def capped(user, **lists: QuerySet) -> dict[str, int]:
    """For each list how many rows it has, CAP + 1 for more than CAP. One statement for all."""
    return capped_once(None, user, lambda: lists)


_written: dict[Hashable, tuple] = {}  # by key: the names, and the statement that counts them
KEPT = 2000  # statements


def capped_once(
    key: Hashable, user, lists: Callable[[], dict[str, QuerySet]], cap: int = CAP
) -> dict[str, int]:
    """The same with lists that are put together once for a key: it must hold whatever they depend
    on, the cap too. To put them together costs more than to count. None keeps nothing."""
    written = _written.get((connection.vendor, key)) if key else None
    if written is None:
        asked = {name: Capped(rows, cap) for name, rows in lists().items()}
        rows = User.objects.filter(pk=user.pk).values_list(*asked.values())
        written = (list(asked), *rows.query.sql_with_params())
        if key:
            if len(_written) >= KEPT:
                _written.clear()  # in one step: another thread may be at it, too
            _written[connection.vendor, key] = written
    names, sql, params = written
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return dict(zip(names, cursor.fetchone(), strict=False))
