"""A county small enough to hold in the head. Tests build on it and add what they need.

Qinghe county 139901   East 139901100: tea firm (Li Ming, contact Wu), mall (line: commerce)
                       West 139901200: paper firm (Zhao Qiang)
Nanhu county  139902   town 139902100: brick firm (Gao Yuan)
"""

from datetime import timedelta
from types import SimpleNamespace

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from core.accounts.models import Area, LineDepartment, SendingUnit, User
from core.accounts.verbs import Role
from core.ledger.credit_code import check_character
from core.ledger.models import Branch, Firm, FirmContact, MassOrganisation
from core.people.assigning import unit_named
from core.people.models import Assignment, GuidanceRecord, Instructor, Member

COUNTY, EAST, WEST = "139901", "139901100", "139901200"
AWAY, AWAY_TOWN = "139902", "139902100"
PASSWORD = "qinghe-walks-softly"


def person(username: str, role: Role, area: str, *, name: str = "", line=None, **more) -> User:
    """An account that signs in with PASSWORD."""
    return User.objects.create(
        username=username, name=name or username.replace(".", " ").title(), role=role, area=area,
        line=line, password=make_password(PASSWORD), **more,
    )  # fmt: skip


def credit_code(serial: int) -> str:
    """A valid unified social credit code."""
    first = f"91{COUNTY}MA{serial:07d}"
    return first + check_character(first)


def firm(name: str, area: str = EAST, *, line=None, **more) -> Firm:
    """A blank firm in operation since a year."""
    start = timezone.localdate() - timedelta(days=365)
    given = {
        "credit_code": credit_code(Firm.objects.count() + 1), "industry": "C", "size": "small",
        "employees": 40, "opened_on": start, "stage_since": start,
    }  # fmt: skip
    return Firm.objects.create(name=name, area=area, line=line, **(given | more))


def unit(name: str, area: str = EAST) -> SendingUnit:
    return unit_named(name, county=area[:6])


def instructor(name: str, area: str = EAST, *, user=None, **more) -> Instructor:
    today = timezone.localdate()
    given = {
        "unit": unit("County bureau of agriculture", area), "full_member": True,
        "term_from": today - timedelta(days=365), "term_until": today + timedelta(days=365),
    }  # fmt: skip
    return Instructor.objects.create(name=name, area=area, user=user, **(given | more))


def assign(who: Instructor, to: Firm, *, since=None) -> Assignment:
    return Assignment.objects.create(
        instructor=who, firm=to, county=to.county,
        since=since or timezone.localdate() - timedelta(days=300),
    )  # fmt: skip


def assign_away(firm: Firm, to: Instructor) -> Assignment:
    """The firm's instructor goes, another one comes."""
    firm.assignments.current().update(until=timezone.localdate(), ended_as="before")
    return assign(to, firm, since=timezone.localdate())


def member(of: Firm, name: str = "Wang Jianguo", kind=Member.Kind.FULL, **more) -> Member:
    given = {"since": timezone.localdate() - timedelta(days=200), "branch": of.branch}
    return Member.objects.create(county=of.county, name=name, kind=kind, firm=of, **(given | more))


def visit(to: Firm, *, by: User, on=None) -> GuidanceRecord:
    """A visit on site, today if no day is given."""
    return GuidanceRecord.objects.create(
        firm=to, county=to.county, by=by, instructor=getattr(by, "instructor", None),
        on=on or timezone.localdate(), kind=GuidanceRecord.Kind.VISIT, done="Talked with the owner.",
    )  # fmt: skip


def union(of: Firm, number: str = "") -> MassOrganisation:
    return MassOrganisation.objects.create(
        firm=of, county=of.county, kind=MassOrganisation.Kind.UNION, name=f"Union of {of.name}",
        approval_number=number or f"Q-{of.pk}", approved_on=timezone.localdate(), members=30,
    )  # fmt: skip


def put(to: Firm, **facts) -> None:
    """Set what is true of a firm, past the door."""
    Firm.objects.filter(pk=to.pk).update(**facts)


def affiliated_branch(name: str = "East joint branch", area: str = EAST) -> Branch:
    return Branch.objects.create(
        county=area[:6], area=area, name=name, kind=Branch.Kind.AFFILIATED,
        founded_on=timezone.localdate() - timedelta(days=400),
    )  # fmt: skip


def _areas() -> None:
    kinds = Area.Kind
    Area.objects.bulk_create([
        Area(code=COUNTY, name="Qinghe", kind=kinds.COUNTY),
        Area(code=EAST, name="East", kind=kinds.TOWNSHIP),
        Area(code=WEST, name="West", kind=kinds.TOWNSHIP),
        Area(code=AWAY, name="Nanhu", kind=kinds.COUNTY),
        Area(code=AWAY_TOWN, name="Nanhu town", kind=kinds.TOWNSHIP),
    ])  # fmt: skip


def build() -> SimpleNamespace:
    """The county of this file's first lines, with one person for each role."""
    _areas()
    commerce = LineDepartment.objects.create(county=COUNTY, name="Bureau of commerce")
    c = SimpleNamespace(commerce=commerce, today=timezone.localdate())
    c.li_ming = person("li.ming", Role.INSTRUCTOR, EAST)
    c.zhao_qiang = person("zhao.qiang", Role.INSTRUCTOR, WEST)
    c.gao_yuan = person("gao.yuan", Role.INSTRUCTOR, AWAY_TOWN)
    c.wang_fang = person("wang.fang", Role.TOWNSHIP, EAST)
    c.he_jun = person("he.jun", Role.TOWNSHIP, WEST)
    c.chen_jing = person("chen.jing", Role.LINE, COUNTY, line=commerce)
    c.zhou_tao = person("zhou.tao", Role.COUNTY, COUNTY)
    c.wu_laoban = person("wu.laoban", Role.CONTACT, EAST)
    c.bureau = unit("County bureau of agriculture", COUNTY)
    c.xu_min = person("xu.min", Role.UNIT, COUNTY, unit=c.bureau)
    c.sun_li = person("sun.li", Role.AUDITOR, COUNTY)
    c.zheng_guan = person("zheng.guan", Role.ADMINISTRATOR, COUNTY, is_staff=True)
    c.by_role = {
        Role.INSTRUCTOR: c.li_ming, Role.TOWNSHIP: c.wang_fang, Role.LINE: c.chen_jing,
        Role.COUNTY: c.zhou_tao, Role.CONTACT: c.wu_laoban, Role.UNIT: c.xu_min, Role.AUDITOR: c.sun_li,
        Role.ADMINISTRATOR: c.zheng_guan,
    }  # fmt: skip
    c.tea = firm("East Hill Tea", EAST)
    c.mall = firm("Qinghe Mall", EAST, line=commerce)
    c.paper = firm("West Paper", WEST)
    c.brick = firm("Nanhu Brick", AWAY_TOWN)
    FirmContact.objects.create(user=c.wu_laoban, firm=c.tea)
    c.guide_li = instructor("Li Ming", EAST, user=c.li_ming)
    c.guide_zhao = instructor(
        "Zhao Qiang", WEST, user=c.zhao_qiang, unit=unit("County bureau of forestry", WEST)
    )
    c.guide_gao = instructor("Gao Yuan", AWAY_TOWN, user=c.gao_yuan)
    for guide, to in ((c.guide_li, c.tea), (c.guide_zhao, c.paper), (c.guide_gao, c.brick)):
        assign(guide, to)
    return c
