"""Pages of a long list by its keys: the thousandth page costs what the first one does."""

from typing import NamedTuple

from django.db.models import Q, QuerySet

PER_PAGE = 50
COUNT_AT_MOST = 1000  # beyond, a list says "1000+" and nothing is counted to the end


class Page(NamedTuple):
    rows: list
    before: int | None  # key of the first row, when there is a page before
    after: int | None  # key of the last row, when there is a page after


def page_of(rows, *, by: str, down: bool, before="", after="", size: int = PER_PAGE, along=()):
    """The rows next to a given one, in the order of the column `by` and then the key.

    `rows` is a queryset, or a list of querysets that share no row and are shown as one: each is
    read by its own index and no further than the page goes. `before` and `after` are keys as they
    came in the address; a strange one gives the first page. `along` names what is selected along
    with the rows: joined only to those of the page. One statement for each queryset, and one to
    find the neighbour.
    """
    parts = [rows] if isinstance(rows, QuerySet) else rows
    if not parts:
        return Page([], None, None)
    backward = bool(before) and not after
    neighbour = _find(parts[0].model._default_manager, by, before if backward else after)
    upward = down == backward
    if neighbour:
        parts = [part.filter(_beyond(by, *neighbour, upward=upward)) for part in parts]
    else:
        backward, upward = False, not down
    sign = "" if upward else "-"
    order = (f"{sign}{by}", f"{sign}pk")
    found = [row for part in parts for row in _first(part, order, size + 1, along)]
    if len(parts) > 1:
        found.sort(key=lambda row: _place(getattr(row, by), row.pk), reverse=not upward)
    more, found = len(found) > size, found[:size]
    if backward:
        found.reverse()
    first, last = (found[0].pk, found[-1].pk) if found else (None, None)
    if backward:
        return Page(found, first if more else None, last)
    return Page(found, first if neighbour else None, last if more else None)


def _place(value, pk: int) -> tuple:
    return (value is None, "" if value is None else value, pk)


def _first(part: QuerySet, order: tuple, size: int, along):
    rows = part.order_by(*order)[:size]
    if not along:
        return rows
    chosen = part.model._default_manager.filter(pk__in=rows.values("pk"))
    return chosen.select_related(*along).order_by(*order)


def _find(rows, by: str, key: str):
    """The place of a row in the order, also when it left the list meanwhile."""
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return None
    return rows.filter(pk=int(key), **{f"{by}__isnull": False}).values_list(by, "pk").first()


def _beyond(by: str, value, key: int, *, upward: bool) -> Q:
    """Rows after a place in the order. The first condition lets an index find the place."""
    if upward:
        return Q(**{f"{by}__gte": value}) & (Q(**{f"{by}__gt": value}) | Q(pk__gt=key))
    return Q(**{f"{by}__lte": value}) & (Q(**{f"{by}__lt": value}) | Q(pk__lt=key))


def counted(rows: QuerySet) -> str:
    """How many rows, as a word for the screen: "408" or "1000+". Never counts further."""
    have = rows.order_by()[: COUNT_AT_MOST + 1].count()
    return f"{COUNT_AT_MOST}+" if have > COUNT_AT_MOST else str(have)
