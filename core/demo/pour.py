"""Writing many rows of one table at once, as fast as the database takes them."""

from operator import attrgetter

from django.db import connection, models

# Their values go to the database as they are; asking the field for each of them takes longer
# than the writing.
PLAIN = (
    models.CharField, models.TextField, models.IntegerField, models.BigAutoField,
    models.BooleanField, models.ForeignKey,
)  # fmt: skip


def pour(table, rows) -> None:
    """Insert rows whose keys are known. PostgreSQL by COPY, others by one prepared statement."""
    if not rows:
        return
    fields = table._meta.concrete_fields
    quote = connection.ops.quote_name
    name = quote(table._meta.db_table)
    columns = ", ".join(quote(field.column) for field in fields)
    lines = _lines(fields, rows)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {name} ({columns}) FROM STDIN") as copy:
                for line in lines:
                    copy.write_row(line)
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {name} ({columns}) VALUES ({marks})", lines)


def _lines(fields, rows) -> list[list]:
    values = attrgetter(*(field.attname for field in fields))
    special = [(i, field) for i, field in enumerate(fields) if not isinstance(field, PLAIN)]
    lines = []
    for row in rows:
        line = list(values(row))
        for i, field in special:
            if line[i] is not None or getattr(field, "auto_now_add", False):
                line[i] = field.get_db_prep_save(field.pre_save(row, True), connection)
        lines.append(line)
    return lines
