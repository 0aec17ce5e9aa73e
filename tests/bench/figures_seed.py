"""A county of a million firms with five million dated changes, written by statements of PostgreSQL.

Each firm opened in the last twelve years and has six spells on average. A third has full members, two
fifths an instructor, most of those were visited; a tenth lies with a line department.
"""

from django.db import connection

from core.accounts.models import Area, LineDepartment, User
from core.accounts.verbs import Role
from core.figures.kept import Touched
from core.ledger.models import Branch, Firm, StageChange
from core.ledger.spells import Spell
from core.models import Assignment, GuidanceRecord, Instructor, MassOrganisation, Member, SendingUnit
from core.planner import count_anew

COUNTY = "139901"
STAGES = "ARRAY['blank','mass_organised','work_covered','affiliated','standalone']"
STATEMENTS = (
    # how often it changed, and where it stands at the end: the last of its stages
    """CREATE TABLE seeded AS SELECT n AS id, '139901' || lpad((100 + n %% %(towns)s)::text, 3, '0')
       || '000' AS area, CASE WHEN n %% 10 = 0 THEN %(line)s END AS line_id,
       current_date - (400 + (random() * 4000)::int) AS opened_on, 3 + (random() * 5)::int AS changes,
       chr(65 + (random() * 19)::int) AS industry,
       (ARRAY['large','medium','small','micro'])[1 + (random() * 3)::int] AS size,
       random() < 0.05 AS above_scale, (random() * 200)::int AS employees
       FROM generate_series(1, %(firms)s) AS n""",
    """CREATE TABLE steps AS SELECT id, k, opened_on + ((current_date - opened_on) * k / (changes + 1))
       AS since, CASE WHEN k = 0 THEN 'blank' ELSE (""" + STAGES + """)[1 + (random() * 4)::int] END
       AS stage, CASE WHEN random() < 0.03 THEN 'closed' WHEN random() < 0.05 THEN 'paused'
       ELSE 'operating' END AS operation FROM seeded, generate_series(0, changes) AS k""",
    """INSERT INTO core_spell (firm_id, since, until, county, area, line_id, branch_id, industry, size,
       above_scale, employees, stage, operation)
       SELECT id, since, lead(since) OVER (PARTITION BY id ORDER BY k), '139901', area, line_id,
       %(branch)s, industry, size, above_scale, employees, stage, operation
       FROM steps JOIN seeded USING (id)""",
    """INSERT INTO core_firm (id, county, area, line_id, credit_code, name, pinyin, initials, industry,
       trade, size, above_scale, seasonal, employees, languages, owner_name, contact_name,
       contact_phone, address, opened_on, closed_on, stage, stage_since, operation, branch_id, version)
       SELECT id, '139901', area, line_id, 'X' || lpad(id::text, 17, '0'), 'Firm ' || id,
       'firm' || id, 'f' || id, industry, '', size, above_scale, false, employees, '', '', '', '', '',
       opened_on, CASE WHEN s.operation = 'closed' THEN s.since END, s.stage, s.since, s.operation,
       %(branch)s, 1 FROM seeded JOIN steps AS s USING (id) WHERE s.k = changes""",
    """INSERT INTO core_stagechange (firm_id, county, track, verb, source, target, "on", by_id, reason)
       SELECT id, '139901', 'stage', 'cover_work', 'blank', stage, since, %(user)s, ''
       FROM steps WHERE k > 0""",
    """INSERT INTO core_member (county, name, kind, firm_id, since, until)
       SELECT '139901', 'Member', CASE WHEN random() < 0.8 THEN 'full' ELSE 'activist' END, id,
       opened_on + 30, CASE WHEN random() < 0.2 THEN opened_on + 300 END
       FROM seeded, generate_series(1, 1 + id %% 5) WHERE id %% 3 = 0""",
    """INSERT INTO core_assignment (instructor_id, firm_id, county, since, until, ended_as,
       ended_because) SELECT %(guide)s, id, '139901', opened_on + 60, NULL, '', ''
       FROM seeded WHERE id %% 5 < 2""",
    """INSERT INTO core_guidancerecord (key, firm_id, county, instructor_id, by_id, "on", kind, done,
       follow_up) SELECT gen_random_uuid(), id, '139901', %(guide)s, %(user)s,
       current_date - (random() * 45)::int - 200 * back, 'visit', 'Visited.', ''
       FROM seeded, generate_series(0, 2) AS back WHERE id %% 5 < 2""",
    """INSERT INTO core_massorganisation (firm_id, county, kind, name, approval_number, approved_on,
       members) SELECT id, '139901', 'union', 'Union', 'U' || id, opened_on + 90, 30
       FROM seeded WHERE id %% 5 = 1""",
)  # fmt: skip


def seed(firms: int, towns: int, say) -> User:
    """Fill an empty database; the supervisor of the county."""
    Area.objects.create(code=COUNTY, name="Qinghe", kind=Area.Kind.COUNTY)
    Area.objects.bulk_create(
        Area(code=f"{COUNTY}{100 + n}", name=f"Township {n}", kind=Area.Kind.TOWNSHIP)
        for n in range(towns)
    )
    line = LineDepartment.objects.create(county=COUNTY, name="Bureau of commerce")
    branch = Branch.objects.create(
        county=COUNTY, area=COUNTY, name="Joint branch", kind="affiliated", founded_on="2000-01-01"
    )
    user = User.objects.create(
        username="county", name="Zhou Tao", role=Role.COUNTY, area=COUNTY, is_active=True
    )
    unit = SendingUnit.objects.create(county=COUNTY, name="School")
    guide = Instructor.objects.create(
        name="Li Ming", area=COUNTY, county=COUNTY, unit=unit, full_member=True,
        term_from="2020-01-01", term_until="2099-01-01",
    )  # fmt: skip
    given = {
        "firms": firms, "towns": towns, "line": line.pk, "branch": branch.pk, "user": user.pk,
        "guide": guide.pk,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute("SET session_replication_role = replica")  # no marks: nothing is kept yet
        for statement in STATEMENTS:
            cursor.execute(statement, given)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("DROP TABLE steps, seeded")
    tables = (Firm, Spell, StageChange, Member, Assignment, GuidanceRecord, MassOrganisation)
    count_anew(*tables, Touched)
    say(" · ".join(f"{table._meta.model_name} {table.objects.count():,}" for table in tables))
    return user
