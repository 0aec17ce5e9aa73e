"""The triggers that mark which kept counts a change touches, for both databases.

They are the database's, so that no way of writing goes past them: a form, an import of a hundred
thousand rows, a statement by hand. On PostgreSQL one statement leaves its marks at once.
"""

MARKS = "core_touched"
# What a change is of: table, the column that names the firm, and of a firm's own row what counts.
FIRM = (
    "area", "line_id", "industry", "size", "stage", "operation", "above_scale", "employees",
)  # fmt: skip
OF_A_FIRM = ("core_member", "core_assignment", "core_guidancerecord", "core_massorganisation")
SPELLS = "core_spell"
TABLES = ("core_firm", *OF_A_FIRM, SPELLS)
EVENTS = ("INSERT", "UPDATE", "DELETE")
HELD = (
    "area", "line_id", "branch_id", "industry", "size", "above_scale", "employees", "stage",
    "operation", "since",
)  # fmt: skip

_BOTH = {"INSERT": ("n",), "UPDATE": ("n", "o"), "DELETE": ("o",)}
_REFERENCING = {
    "INSERT": "NEW TABLE AS n", "UPDATE": "NEW TABLE AS n OLD TABLE AS o", "DELETE": "OLD TABLE AS o",
}  # fmt: skip


def _differ(columns, new: str, old: str, differs: str) -> str:
    return " OR ".join(f"{new}.{column} {differs} {old}.{column}" for column in columns)


def _postgres_marks(table: str, event: str) -> str:
    """The statement that writes the marks of one statement of a table."""
    if table == SPELLS:
        rows = {
            "INSERT": "SELECT min(since) AS day FROM n", "DELETE": "SELECT min(since) AS day FROM o",
            "UPDATE": "SELECT min(CASE WHEN " + _differ(HELD, "n", "o", "IS DISTINCT FROM")
            + " THEN least(n.since, o.since) ELSE least(n.until, o.until) END) AS day"
            " FROM n JOIN o USING (id)",
        }[event]  # fmt: skip
        return f"INSERT INTO {MARKS} (day) SELECT day FROM ({rows}) AS days WHERE day IS NOT NULL"
    if table == "core_firm" and event == "UPDATE":
        changed = _differ(FIRM, "n", "o", "IS DISTINCT FROM")
        return f"INSERT INTO {MARKS} (firm_id) SELECT n.id FROM n JOIN o USING (id) WHERE {changed}"
    column = "id" if table == "core_firm" else "firm_id"
    rows = " UNION ".join(f"SELECT {column} AS firm FROM {one}" for one in _BOTH[event])
    return f"INSERT INTO {MARKS} (firm_id) SELECT firm FROM ({rows}) AS rows WHERE firm IS NOT NULL"


def _sqlite_marks(table: str, event: str) -> tuple[str, str]:
    """When a row of a table leaves marks, and the statements that write them."""
    if table == SPELLS:
        held = f"CASE WHEN {_differ(HELD, 'NEW', 'OLD', 'IS NOT')} THEN min(NEW.since, OLD.since)"
        until = "min(coalesce(NEW.until, '9999-12-31'), coalesce(OLD.until, '9999-12-31'))"
        day = {
            "INSERT": "NEW.since", "DELETE": "OLD.since", "UPDATE": f"{held} ELSE {until} END"
        }[event]  # fmt: skip
        return "", f"INSERT INTO {MARKS} (day) VALUES ({day});"
    column = "id" if table == "core_firm" else "firm_id"
    when = (
        f"WHEN {_differ(FIRM, 'NEW', 'OLD', 'IS NOT')}"
        if table == "core_firm" and event == "UPDATE"
        else ""
    )
    rows = {"n": "NEW", "o": "OLD"}
    return when, " ".join(
        f"INSERT INTO {MARKS} (firm_id) SELECT {rows[one]}.{column}"
        f" WHERE {rows[one]}.{column} IS NOT NULL;"
        for one in _BOTH[event]
    )


def _name(table: str, event: str) -> str:
    return f"{table}_{event.lower()}_marks"


def install(connection) -> None:
    """Set the triggers."""
    with connection.cursor() as cursor:
        for table in TABLES:
            for event in EVENTS:
                name = _name(table, event)
                if connection.vendor != "postgresql":
                    when, marks = _sqlite_marks(table, event)
                    cursor.execute(
                        f"CREATE TRIGGER {name} AFTER {event} ON {table} {when} BEGIN {marks} END"
                    )
                    continue
                cursor.execute(
                    f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
                    f" $$ BEGIN {_postgres_marks(table, event)}; RETURN NULL; END $$"
                )
                cursor.execute(
                    f"CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING"
                    f" {_REFERENCING[event]} FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
                )


def remove(connection) -> None:
    """Take the triggers away: to undo the migration."""
    with connection.cursor() as cursor:
        for table in TABLES:
            for event in EVENTS:
                name = _name(table, event)
                if connection.vendor == "postgresql":
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
                    cursor.execute(f"DROP FUNCTION IF EXISTS {name}()")
                else:
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
