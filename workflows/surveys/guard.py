"""The database itself keeps a closed round as it is: triggers for both databases."""

FIRM, ROUND = "workflows_surveyfirm", "workflows_surveyround"
SAYS = "A closed survey round stays as it is"
CLOSED = f"EXISTS (SELECT 1 FROM {ROUND} r WHERE r.id = OLD.round_id AND r.closed_at IS NOT NULL)"

_POSTGRES = (
    f"""
    CREATE OR REPLACE FUNCTION survey_firm_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF {CLOSED} THEN
            RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'restrict_violation';
        END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END $$
    """,
    f"""
    CREATE OR REPLACE FUNCTION survey_round_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.closed_at IS NOT NULL THEN
            RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'restrict_violation';
        END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END $$
    """,
    f"CREATE TRIGGER survey_firm_frozen BEFORE UPDATE OR DELETE ON {FIRM}"
    " FOR EACH ROW EXECUTE FUNCTION survey_firm_frozen()",
    f"CREATE TRIGGER survey_round_frozen BEFORE UPDATE OR DELETE ON {ROUND}"
    " FOR EACH ROW EXECUTE FUNCTION survey_round_frozen()",
)
_SQLITE = tuple(
    f"CREATE TRIGGER {name}_{act.lower()} BEFORE {act} ON {table} WHEN {when}"
    f" BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
    for act in ("UPDATE", "DELETE")
    for name, table, when in (
        ("survey_firm_frozen", FIRM, CLOSED),
        ("survey_round_frozen", ROUND, "OLD.closed_at IS NOT NULL"),
    )
)


def install(connection) -> None:
    """Set the triggers."""
    with connection.cursor() as cursor:
        for statement in _POSTGRES if connection.vendor == "postgresql" else _SQLITE:
            cursor.execute(statement)


def remove(connection) -> None:
    """Take the triggers away: to undo the migration, and where a test empties all tables."""
    tables = {"survey_firm_frozen": FIRM, "survey_round_frozen": ROUND}
    with connection.cursor() as cursor:
        for name, table in tables.items():
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
                cursor.execute(f"DROP FUNCTION IF EXISTS {name}()")
                continue
            for act in ("update", "delete"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}_{act}")
