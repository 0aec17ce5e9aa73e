"""Writing very many rows: COPY on PostgreSQL, one prepared statement elsewhere. Values are given as
the database keeps them: days and decimals as text, JSON as text."""

from collections.abc import Iterable
from itertools import islice

from django.db import connection

NULL = "\x02"  # no text of a file holds it
ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
AT_ONCE = 10_000  # rows


def write_rows(model, columns, rows) -> None:
    """Insert rows, tuples in the order of `columns`, which are names of the table's columns."""
    quote = connection.ops.quote_name
    table, names = quote(model._meta.db_table), ", ".join(map(quote, columns))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN WITH (NULL '{NULL}')") as copy:
                rows = iter(rows)
                while batch := list(islice(rows, AT_ONCE)):
                    copy.write(_block(batch))
            return
        places = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)


def _block(rows: Iterable[tuple]) -> str:
    """Rows in the text of COPY. Most hold nothing to be escaped: that is asked of all at once."""
    cells = [
        [NULL if v is None else v if type(v) is str else str(v) for v in row] for row in rows
    ]  # fmt: skip
    block = "\n".join(map("\t".join, cells))
    plain = "\\" not in block and "\r" not in block
    tabs, lines = sum(map(len, cells)) - len(cells), len(cells) - 1
    if not (plain and block.count("\t") == tabs and block.count("\n") == lines):
        block = "\n".join("\t".join([cell.translate(ESCAPED) for cell in row]) for row in cells)
    return block + "\n"


def change_rows(model, columns, rows) -> None:
    """Update rows by their key: tuples in the order of `columns`, the key last."""
    quote = connection.ops.quote_name
    said = ", ".join(f"{quote(name)} = %s" for name in columns)
    statement = f"UPDATE {quote(model._meta.db_table)} SET {said} WHERE {quote('id')} = %s"
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)


def new_keys(model, many: int) -> list[int]:
    """Keys for rows that are about to be written; never those of rows that were deleted."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
            (counter,) = cursor.fetchone()
            cursor.execute("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [counter, many])
            return [key for (key,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
        return list(range((found[0] if found else 0) + 1, (found[0] if found else 0) + 1 + many))
