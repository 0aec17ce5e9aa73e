"""The firms of a past day in groups, for a million firms as for four hundred.

Each table is read once as a whole and joined: asked firm by firm, as the lists do that show a page of
them, the database looks up every firm in every table. Which rows count stands where the lists have
it: with the tables, and in core.ledger.filters. A test compares both ways.
"""

from datetime import date

from django.db import connection, transaction
from django.db.models import Count, Q

from core.figures.facts import BY, whether
from core.ledger.filters import enough_members, visits_within_floor
from core.ledger.models import MassOrganisation
from core.ledger.spells import Spell
from core.ledger.stages import Operation
from core.people.models import Assignment, Member

KEY = ("of", "stage", "above_scale", "paused", "with_members", "enough", "guided", "worked_in")
SUMS = ("firms", "employees", "full_members", "mass_organisations")
BOOLEAN = KEY[2:]

_STATEMENT = """
WITH firms (firm, of, stage, above_scale, paused, employees) AS ({firms}),
     members (firm, have) AS ({members}),
     guided (firm) AS ({guided}),
     visited (firm) AS ({visited}),
     mass (firm, have) AS ({mass})
SELECT of, stage, above_scale, paused, members.firm IS NOT NULL, COALESCE(members.have, 0) >= %s,
       guided.firm IS NOT NULL, guided.firm IS NOT NULL AND visited.firm IS NOT NULL,
       COUNT(*), SUM(employees), SUM(COALESCE(members.have, 0)), SUM(COALESCE(mass.have, 0))
FROM firms
LEFT JOIN members ON members.firm = firms.firm
LEFT JOIN guided ON guided.firm = firms.firm
LEFT JOIN visited ON visited.firm = firms.firm
LEFT JOIN mass ON mass.firm = firms.firm
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
"""


def groups_of_day(user, on: date, by: str) -> list[dict]:
    """The firms within a person's reach on a past day in groups of which the same is true."""
    firms = Spell.objects.visible_to(user).on(on).counted().order_by()
    parts = {
        "firms": firms.annotate(of=BY[by], paused=whether(Q(operation=Operation.PAUSED)))
        .values_list("firm_id", "of", "stage", "above_scale", "paused", "employees"),
        "members": _many(Member.objects.here(on).full().filter(firm__isnull=False)),
        "guided": Assignment.objects.on(on).order_by().values_list("firm_id").distinct(),
        "visited": visits_within_floor(on).order_by().values_list("firm_id").distinct(),
        "mass": _many(MassOrganisation.objects.standing(on)),
    }  # fmt: skip
    written, given = {}, []
    for name, rows in parts.items():
        written[name], params = rows.query.sql_with_params()
        given += params
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Compiling costs more than it saves here; and the joins fit into so much memory.
            cursor.execute("SET LOCAL jit = off; SET LOCAL work_mem = '64MB'")
        cursor.execute(_STATEMENT.format(**written), [*given, enough_members(on)])
        rows = cursor.fetchall()
    return [_group(row) for row in rows]


def _many(rows):
    return rows.order_by().values_list("firm_id").annotate(have=Count("pk"))


def _group(row: tuple) -> dict:
    found = dict(zip((*KEY, *SUMS), row, strict=True))
    found |= {name: bool(found[name]) for name in BOOLEAN}
    return found | {name: int(found[name]) for name in SUMS}
