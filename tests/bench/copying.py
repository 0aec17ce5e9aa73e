"""Many rows by COPY: copies of a prototype that differ in a few columns."""

import json
from contextlib import ExitStack
from datetime import date, datetime
from functools import lru_cache
from unittest.mock import patch

from django.core.management.color import no_style
from django.db import connection, models

from workflows.engine import changes

AT_ONCE = 20_000  # rows of one table in one COPY
INDEXES = """
    SELECT quote_ident(i.indexname), i.indexdef FROM pg_indexes i
    WHERE i.schemaname = 'public' AND i.tablename = ANY(%s) AND NOT EXISTS (
        SELECT FROM pg_constraint c WHERE c.conindid = quote_ident(i.indexname)::regclass)"""


def prototype(model, **given):
    """An instance as `save` leaves it, with all that it derives, but not written."""
    row = model(**({"pk": 1} | given))
    with ExitStack() as stack:
        stack.enter_context(patch.object(models.Model, "save_base"))
        stack.enter_context(patch.object(changes, "WHEN_CHANGED", []))
        row._state.adding = True
        row.save()
    return row


class Copying:
    """Takes rows, writes them in large COPYs, without indexes and checks of foreign keys until
    the end; then puts the indexes back, moves the counters on and lets the database look."""

    def __init__(self):
        self.waiting: dict[type, list[str]] = {}
        self.forms: dict[int, tuple] = {}
        self.dropped: list[str] = []
        self.tables: set[type] = set()

    def __enter__(self):
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("SET maintenance_work_mem = '512MB'")
        return self

    def __exit__(self, failed, *_rest):
        if failed:
            return
        for table in list(self.waiting):
            self._write(table)
        with connection.cursor() as cursor:
            for definition in self.dropped:
                cursor.execute(definition)
            for statement in connection.ops.sequence_reset_sql(no_style(), list(self.tables)):
                cursor.execute(statement)
            cursor.execute("SET session_replication_role = origin")
            cursor.execute("VACUUM ANALYZE")

    def add(self, like: models.Model, values: dict) -> None:
        """A row as `like`, but for what `values` names. Its parents' rows go into their tables."""
        if id(like) not in self.forms:
            self.forms[id(like)] = (like, _forms(like, values.keys()))
        said = {name: _shown(value) for name, value in values.items()}
        for table, form in self.forms[id(like)][1]:
            lines = self.waiting.setdefault(table, [])
            lines.append(form % said)
            if len(lines) >= AT_ONCE:
                self._write(table)

    def _write(self, table) -> None:
        name = table._meta.db_table
        with connection.cursor() as cursor:
            if table not in self.tables:
                self.tables.add(table)
                cursor.execute(INDEXES, [[name]])
                for index, definition in cursor.fetchall():
                    cursor.execute(f"DROP INDEX {index}")
                    self.dropped.append(definition)
            columns = ", ".join(f'"{f.column}"' for f in _columns(table))
            with cursor.copy(f'COPY "{name}" ({columns}) FROM STDIN') as copy:
                copy.write("".join(self.waiting[table]))
        self.waiting[table] = []


def _columns(table) -> list[models.Field]:
    """What is given; what the database makes of it, it makes itself."""
    return [field for field in table._meta.local_concrete_fields if not field.generated]


def _forms(like, varying) -> list[tuple]:
    """For the table of the row and each table above it: how a line of COPY is made."""
    forms = []
    for table in [*like._meta.all_parents, type(like)]:
        cells = [
            f"%({f.attname})s" if f.attname in varying else _shown(_stored(f, like)).replace("%", "%%")
            for f in _columns(table)
        ]
        forms.append((table, "\t".join(cells) + "\n"))
    return forms


def _stored(field, row):
    value = field.pre_save(row, True)
    if isinstance(field, models.JSONField):
        return json.dumps(value, ensure_ascii=False)
    return field.get_prep_value(value)


def _shown(value) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, datetime):
        return _moment(value)
    return _other(value)


@lru_cache(maxsize=50_000)
def _moment(value: datetime) -> str:
    return value.isoformat()


def _other(value) -> str:
    if value is None:
        return r"\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    text = value.isoformat() if isinstance(value, date) else str(value)
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
