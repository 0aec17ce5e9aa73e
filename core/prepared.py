"""Queries that are put together once and asked often.

Building a query of several sub-queries and writing it as SQL costs Django more than the database
needs to answer it. What does not depend on the values is done once for each database.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from django.db import connections, router
from django.db.models.query import get_related_populators

_STAND_INS = {
    int: lambda n: 8_070_605_040_302_010 + n,
    str: lambda n: f"\ue000{n}\ue001",
    date: lambda n: date(1, 1, 1) + timedelta(days=n),
    datetime: lambda n: datetime(1900, 1, 1, 1, tzinfo=UTC) + timedelta(days=n, microseconds=n),
}


class Prepared:
    """`Prepared(build, firm=int, on=date)` asks what `build(firm=…, on=…)` would: a queryset whose
    shape does not depend on these. Calling it gives the rows: dictionaries for a queryset of
    `values`, else instances with what is selected and annotated along with them.

    The SQL is written once with a stand-in for each value and kept; a stand-in that is not found
    in it, because the query does not use the value as it is, raises LookupError at first use.
    """

    def __init__(self, build: Callable, **kinds: type) -> None:
        self.build, self.kinds = build, kinds
        self._written: dict[str, _Written] = {}

    def __call__(self, **values) -> list:
        return self._in(router.db_for_read(None)).rows(values)

    def statement(self, **values) -> tuple[str, list]:
        """The query as SQL with its parameters, to be a part of another statement."""
        written = self._in(router.db_for_write(None))
        return written.sql, written.filled(values)

    def _in(self, alias: str) -> "_Written":
        if alias not in self._written:
            self._written[alias] = _Written(self.build, self.kinds, alias)
        return self._written[alias]


class _Written:
    """A query in the SQL of one database."""

    def __init__(self, build: Callable, kinds: dict[str, type], alias: str) -> None:
        self.alias = alias
        stand_ins = {name: _STAND_INS[kind](n) for n, (name, kind) in enumerate(kinds.items())}
        query = build(**stand_ins).using(alias).query
        compiler = query.get_compiler(alias)
        self.sql, params = compiler.as_sql()
        names = {self._adapted(value): name for name, value in stand_ins.items()}
        self.order = [
            (True, names[said]) if isinstance(said, (*_STAND_INS,)) and said in names else (False, said)
            for said in params
        ]
        if lost := set(stand_ins) - {name for named, name in self.order if named}:
            raise LookupError(f"The query does not use {', '.join(sorted(lost))} as given.")
        self.converters = compiler.get_converters([each[0] for each in compiler.select])
        self.columns = [*query.values_select, *query.annotation_select] if query.values_select else None
        if self.columns is None:
            self._of_instances(compiler)

    def _of_instances(self, compiler) -> None:
        info = compiler.klass_info
        self.model, self.annotations = info["model"], compiler.annotation_col_map
        self.first, self.last = info["select_fields"][0], info["select_fields"][-1] + 1
        self.names = [column[0].target.attname for column in compiler.select[self.first : self.last]]
        self.populators = get_related_populators(info, compiler.select, self.alias)

    def _adapted(self, value):
        ops = connections[self.alias].ops
        if isinstance(value, datetime):  # which is a date, too
            return ops.adapt_datetimefield_value(value)
        return ops.adapt_datefield_value(value) if isinstance(value, date) else value

    def filled(self, values: dict) -> list:
        given = {name: self._adapted(value) for name, value in values.items()}
        return [given[said] if named else said for named, said in self.order]

    def rows(self, values: dict) -> list:
        connection = connections[self.alias]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.filled(values))
            rows = cursor.fetchall()
        rows = self._converted(rows, connection) if self.converters else rows
        if self.columns:
            return [dict(zip(self.columns, row, strict=True)) for row in rows]
        return [self._instance(row) for row in rows]

    def _converted(self, rows, connection):
        for row in map(list, rows):
            for place, (steps, expression) in self.converters.items():
                for step in steps:
                    row[place] = step(row[place], expression, connection)
            yield row

    def _instance(self, row):
        """As Django's ModelIterable makes one."""
        made = self.model.from_db(self.alias, self.names, row[self.first : self.last])
        for populator in self.populators:
            populator.populate(row, made)
        for name, place in self.annotations.items():
            setattr(made, name, row[place])
        return made
