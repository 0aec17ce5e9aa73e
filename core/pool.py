"""Connections that the web server keeps open, for all its threads."""

from django.conf import settings
from django.db import connections


def use_pool() -> None:
    """Let this process take its database connections from a pool. Call it before the first one is
    opened, in a web server only: a pool does not outlive a fork, and the worker forks.

    Does nothing on SQLite and with DATABASE_POOL = 0.
    """
    given = connections.settings["default"]
    if not settings.DATABASE_POOL or "postgresql" not in given["ENGINE"]:
        return
    given["CONN_MAX_AGE"] = 0  # given back after each request
    given["OPTIONS"] |= {
        "pool": {"min_size": 1, "max_size": settings.DATABASE_POOL, "timeout": 10}
    }  # fmt: skip
