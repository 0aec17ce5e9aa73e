"""The database as Django's settings want it: SQLite as a file, or PostgreSQL by its address."""

import sqlite3

import dj_database_url
from django.core.exceptions import ImproperlyConfigured


def _sqlite(name) -> dict:
    """SQLite for real use: writers queue at BEGIN instead of failing in the middle.

    WAL only from SQLite 3.51.3 on (earlier ones may corrupt at a WAL reset).
    """
    wal = sqlite3.sqlite_version_info >= (3, 51, 3)
    journal = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;" if wal else ""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": name,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": f"{journal} PRAGMA foreign_keys=ON;",
        },
    }


def database(url: str, embedded) -> dict:
    """Django's entry for DATABASE_URL; without one a file, `embedded`. Raises ImproperlyConfigured."""
    if not url or url.startswith("sqlite:///"):
        return _sqlite(url.removeprefix("sqlite:///") or embedded)
    try:
        known = url.startswith(("postgres://", "postgresql://"))
        parsed = dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)
    except ValueError:
        known = False
    if not known or not parsed["NAME"]:  # the value may hold a password: it is not repeated here
        raise ImproperlyConfigured(
            "DATABASE_URL is not understood: write postgres://user:password@host:5432/name"
            " or sqlite:////folder/file, or leave it out."
        )
    parsed.setdefault("OPTIONS", {})["connect_timeout"] = 3
    return parsed | {"DISABLE_SERVER_SIDE_CURSORS": True}  # safe behind PgBouncer
