"""The database itself refuses to change or delete what was written: triggers for both databases."""

TRAIL = ("core_event", "core_seal")
REGISTER = ("core_entryversion", "core_standing")  # what entries of instructors said, and since when
REPORTED = ("core_reportedcopy",)  # tables as they were reported
TABLES = (*TRAIL, *REGISTER, *REPORTED)
SAYS = "The audit trail is append-only"

_POSTGRES = (
    """
    CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'The audit trail is append-only: % on % is refused.', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END $$
    """,
)
_POSTGRES_TABLE = (
    "CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
    # Also when a session claims to be a replica.
    "ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_append_only",
    "ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_never_emptied",
)
_SQLITE_TABLE = (
    f"CREATE TRIGGER {{table}}_no_update BEFORE UPDATE ON {{table}}"
    f" BEGIN SELECT RAISE(ABORT, '{SAYS}: UPDATE on {{table}} is refused.'); END",
    f"CREATE TRIGGER {{table}}_no_delete BEFORE DELETE ON {{table}}"
    f" BEGIN SELECT RAISE(ABORT, '{SAYS}: DELETE on {{table}} is refused.'); END",
    # INSERT OR REPLACE deletes without asking the trigger above.
    f"CREATE TRIGGER {{table}}_no_replace BEFORE INSERT ON {{table}}"
    f" WHEN EXISTS (SELECT 1 FROM {{table}} WHERE id = NEW.id)"
    f" BEGIN SELECT RAISE(ABORT, '{SAYS}: REPLACE on {{table}} is refused.'); END",
)
_NAMES = {
    "postgresql": ("{table}_append_only", "{table}_never_emptied"),
    "sqlite": ("{table}_no_update", "{table}_no_delete", "{table}_no_replace"),
}


def install(connection, tables=TRAIL) -> None:
    """Set the triggers."""
    postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for statement in _POSTGRES if postgres else ():
            cursor.execute(statement)
        for table in tables:
            for statement in _POSTGRES_TABLE if postgres else _SQLITE_TABLE:
                cursor.execute(statement.format(table=table))


def remove(connection, tables=TRAIL) -> None:
    """Take the triggers away: to undo the migration, and for tests that tamper."""
    of_table = " ON {table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for table in tables:
            for name in _NAMES[connection.vendor]:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{of_table}".format(table=table))


def missing(connection) -> list[str]:
    """The names of triggers that are not there, or switched off."""
    query = (
        "SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        there = {name for (name,) in cursor.fetchall()}
    wanted = [n.format(table=table) for table in TABLES for n in _NAMES[connection.vendor]]
    return [name for name in wanted if name not in there]
