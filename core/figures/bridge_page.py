"""The bridge as its page shows it: a table whose every number leads to its firms."""

from core.figures.bridge import Difference, Why
from core.figures.rows import in_reach
from core.ledger.models import Firm
from core.ledger.stages import Stage

SHOWN = 50  # firms listed at once


def laid_out(rows: list[dict], given) -> list[dict]:
    """The rows of the table with a cell for each reason: how many firms, and the address of them."""
    kept = "".join(f"&{name}={given[name]}" for name in ("since", "until") if given.get(name))
    return [
        {
            "stage": row["stage"], "began": row["began"], "ended": row["ended"],
            "came": _cells("+", row, "came", kept), "left": _cells("−", row, "left", kept),
        }
        for row in rows
    ]  # fmt: skip


def _cells(sign: str, row: dict, side: str, kept: str) -> list[dict]:
    stage = f"&stage={row['stage']}" if row["stage"] else ""
    return [
        {"sign": sign, "many": many, "why": why, "link": f"?side={side}&why={why}{stage}{kept}#firms"}
        for why, many in row[side].items()
    ]


def chosen_of(found: list[Difference], given) -> list[Difference]:
    """The firms of one number of the table; all of them when none is chosen."""
    side, why, stage = (given.get(name, "") for name in ("side", "why", "stage"))
    if side not in ("came", "left") or why not in Why.values:
        return found
    at = "after" if side == "came" else "before"
    return [
        one for one in found
        if one.why == why and getattr(one, at) and stage in ("", getattr(one, at))
    ]  # fmt: skip


def in_words(user, chosen: list[Difference]) -> list[dict]:
    """Each firm with its name, in the order of the names. Two statements."""
    firms = Firm.objects.in_bulk([one.firm_id for one in chosen])
    now = in_reach(user, list(firms))
    rows = [
        {
            "firm": firms[one.firm_id], "open": one.firm_id in now, "why": Why(one.why).label,
            "before": Stage(one.before) if one.before else None,
            "after": Stage(one.after) if one.after else None,
        }
        for one in chosen
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row["firm"].pinyin, row["firm"].pk))
