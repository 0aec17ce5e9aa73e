"""A county of many firms, with everything that a row of the ledger says of one: instructors, members,
mass organisations, branches. Written past the door, as fast as the database takes it."""

from datetime import timedelta
from random import Random

from django.utils import timezone

from core.accounts.models import Area, LineDepartment, SendingUnit
from core.ledger.credit_code import check_character
from core.ledger.kinds import Industry, Size
from core.ledger.models import Branch, Firm, MassOrganisation
from core.ledger.names import searchable
from core.ledger.stages import ORGANISED, Stage
from core.people.models import Assignment, Instructor, Member
from tests.bench.say import say

COUNTY = "139901"
TOWNS = 20
BATCH = 5000
WORDS = "清河东山西岭南湖北坡金银铜铁茶木竹石水云龙凤大小新老德仁和信达通成昌隆"


def seed(firms: int) -> None:
    """Build the county in an empty database."""
    rng, today = Random(5), timezone.localdate()
    kinds = Area.Kind
    Area.objects.create(code=COUNTY, name="清河县", kind=kinds.COUNTY)
    towns = [f"{COUNTY}{100 + n}" for n in range(TOWNS)]
    Area.objects.bulk_create(
        [
            Area(code=code, name=f"{WORDS[n]}{WORDS[-n]}镇", kind=kinds.TOWNSHIP)
            for n, code in enumerate(towns)
        ]
    )
    lines = [LineDepartment.objects.create(county=COUNTY, name=f"县{word}局") for word in "商农工交"]
    unit = SendingUnit.objects.create(county=COUNTY, name="县农业农村局")
    branches = Branch.objects.bulk_create(
        [
            Branch(county=COUNTY, area=code, name=f"{code}第{n}联合党支部", kind="affiliated",
                   founded_on=today)
            for code in towns for n in range(50)
        ]
    )  # fmt: skip
    guides = Instructor.objects.bulk_create(
        [
            Instructor(county=COUNTY, area=rng.choice(towns), name=_name(rng, 3), unit=unit,
                       full_member=True, term_from=today, term_until=today + timedelta(days=600))
            for _number in range(max(firms // 5, 1))
        ]
    )  # fmt: skip
    for begun in range(0, firms, BATCH):
        made = [_firm(rng, n, towns, lines, branches, today)
                for n in range(begun, min(begun + BATCH, firms))]  # fmt: skip
        _people(rng, Firm.objects.bulk_create(made), guides, today)
    say(f"{firms} firms in {TOWNS} townships")


def _name(rng: Random, length: int) -> str:
    return "".join(rng.choices(WORDS, k=length))


def _firm(rng, number: int, towns, lines, branches, today) -> Firm:
    first, name = f"91{COUNTY}MA{number:07d}", f"清河县{_name(rng, 4)}{rng.choice('茶木农')}业有限公司"
    stage, area = rng.choice(Stage.values), rng.choice(towns)
    pinyin, initials = searchable(name)
    return Firm(
        county=COUNTY, area=area, line=rng.choice([None, None, *lines]), name=name, pinyin=pinyin,
        initials=initials, credit_code=first + check_character(first), stage=stage,
        industry=rng.choice(Industry.values), size=rng.choice(Size.values),
        above_scale=rng.random() < 0.1, employees=rng.randint(1, 900), opened_on=today,
        stage_since=today, branch=rng.choice(branches) if stage in ORGANISED else None,
    )  # fmt: skip


def _people(rng, firms, guides, today) -> None:
    Assignment.objects.bulk_create(
        [
            Assignment(instructor=rng.choice(guides), firm=firm, county=COUNTY, since=today)
            for firm in firms if rng.random() < 0.8
        ]
    )  # fmt: skip
    Member.objects.bulk_create(
        [
            Member(county=COUNTY, name="张三", kind="full", firm=firm, since=today)
            for firm in firms for _number in range(rng.choice((0, 0, 1, 2, 4)))
        ]
    )  # fmt: skip
    MassOrganisation.objects.bulk_create(
        [
            MassOrganisation(firm=firm, county=COUNTY, kind=kind, name="工会", approved_on=today,
                             approval_number=f"{firm.pk}-{kind}")
            for firm in firms for kind in ("union", "youth") if rng.random() < 0.3
        ]
    )  # fmt: skip
