"""Writing very many rows: COPY on PostgreSQL, one prepared statement elsewhere. Values are given as
the database keeps them: days and decimals as text, JSON as text."""

from django.db import connection


def write_rows(model, columns, rows) -> None:
    """Insert rows, tuples in the order of `columns`, which are names of the table's columns."""
    quote = connection.ops.quote_name
    table, names = quote(model._meta.db_table), ", ".join(map(quote, columns))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        places = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)


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
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [table, many],
            )
            return [key for (key,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
        return list(range((found[0] if found else 0) + 1, (found[0] if found else 0) + 1 + many))
