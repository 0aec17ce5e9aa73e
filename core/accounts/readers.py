"""Somebody without an account who sees an area or a line: for what is counted and listed for an
office, whoever of its people asks, and for platforms."""

from core.accounts.models import User
from core.accounts.verbs import Role


def reader(area: str, line_id: int | None = None) -> User:
    """Sees the firms of an area, or of a line department, and members only as numbers. It is not on
    record and stands in for nobody, so it neither does anything nor reaches further."""
    return User(role=Role.LINE if line_id else Role.AUDITOR, area=area, line_id=line_id)
