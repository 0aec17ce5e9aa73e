"""Accounts, instructors and whom they guide, members."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password

from core.accounts.models import SendingUnit, User
from core.accounts.verbs import Role
from core.demo import names, printed
from core.demo.accounts import ACCOUNTS, PASSWORD
from core.demo.places import LINES, PARK_AT, TOWN
from core.ledger.models import FirmContact
from core.ledger.names import searchable
from core.ledger.stages import Stage
from core.people.models import Assignment, Instructor, Member
from core.rulebook import rule

UNITS = (
    "经济贸易局", "农业农村局", "商务局", "市场监督管理局", "生态环境局", "税务局",
    "人力资源和社会保障局", "总工会", "妇女联合会", "文化和旅游局",
)  # fmt: skip
SPECIALTIES = (
    "茶叶生产", "农产品加工", "企业管理", "财务税收", "安全生产", "劳动关系", "党务工作",
    "市场营销", "电子商务", "法律",
)  # fmt: skip
NO_PASSWORD = "!demo-account-without-password"


def open_accounts(county) -> None:
    """The visitor's accounts, and a supervisor for each township, line and for the county."""
    rng, code = county.rng, county.code
    town = county.areas[TOWN].code
    places = {Role.INSTRUCTOR: town, Role.TOWNSHIP: town, Role.CONTACT: town}
    enters = county.first and settings.DEMO
    # One salt for all of them: hashing takes long, and the password is printed in the README.
    password = make_password(PASSWORD, salt="demoCountyAccountsOfTheDesk") if enters else NO_PASSWORD
    for username, role, name, _does in ACCOUNTS:
        county.accounts[username] = county.new(
            User, username=username if enters else f"{code}-{username}", name=name, role=role,
            area=places.get(role, code), password=password, phone=names.phone(rng),
            line=county.lines["trade"] if role == Role.LINE else None,
            is_staff=role == Role.ADMINISTRATOR,
        )  # fmt: skip

    def open_one(username, role, area, line=None):
        return county.new(
            User, username=f"{code}-{username}", name=names.person(rng), role=role, area=area,
            line=line, password=NO_PASSWORD, phone=names.phone(rng),
        )  # fmt: skip

    supervisors = county.supervisors
    supervisors["county"] = county.accounts["county"]
    supervisors["trade"] = county.accounts["line"]
    supervisors[town] = county.accounts["township"]
    open_one("county2", Role.COUNTY, code)
    open_one("township2", Role.TOWNSHIP, town)
    for area in county.areas[TOWN + 1 :]:
        supervisors[area.code] = open_one(f"t{area.code[6:]}", Role.TOWNSHIP, area.code)
    for key in [key for key, _name in LINES if key != "trade"] + ["association"]:
        supervisors[key] = open_one(key, Role.LINE, code, county.lines[key])


def send_instructors(county, plans, firms) -> list:
    """The current instructor of each firm (None where there is none), in the order of the firms."""
    sent = [None] * len(plans)
    for i, plan in enumerate(plans):
        if plan.guided and plan.stage != Stage.AFFILIATED:
            sent[i] = _instructor(county, plan)
    for i, plan in enumerate(plans):
        if plan.guided and plan.stage == Stage.AFFILIATED:
            sent[i] = _who_also_takes(county, plan, plans, sent)
    for plan, firm, instructor in zip(plans, firms, sent, strict=True):
        if plan.contact:
            county.new(FirmContact, user=county.accounts["contact"], firm=firm)
        if instructor:
            later = timedelta(days=20 if plan.stage == Stage.AFFILIATED else 0)
            county.new(
                Assignment, instructor=instructor, firm=firm, county=county.code,
                since=instructor.term_from + later,
            )  # fmt: skip
    return sent


def _instructor(county, plan):
    rng, area = county.rng, county.areas[plan.at]
    serial = len(county.rows[Instructor]) + 1
    account = county.accounts.get(plan.guide)
    if account is None:
        account = county.new(
            User, username=f"{county.code}-z{serial:03d}", name=names.person(rng),
            role=Role.INSTRUCTOR, area=area.code, password=NO_PASSWORD, phone=names.phone(rng),
        )  # fmt: skip
    pinyin, initials = searchable(account.name, person=True)
    unit = rng.choice(UNITS)
    if plan.at != PARK_AT and rng.random() < 0.3:
        unit = f"{area.name}人民政府"
    unit = _unit(county, county.name + unit)
    if plan.guide == "instructor":
        county.accounts["unit"].unit_id = unit.pk
    term_from = county.ago(560, 690)
    term = timedelta(days=rule("instructor_term", on=county.on).value * 365 // 12)
    return county.new(
        Instructor, user=account, county=county.code, area=area.code, name=account.name,
        pinyin=pinyin, initials=initials, unit=unit,
        specialty=rng.choice(SPECIALTIES), phone=account.phone, full_member=True,
        term_from=term_from, term_until=term_from + term,
    )  # fmt: skip


def _unit(county, name):
    known = (one for one in county.rows[SendingUnit] if one.name == name)
    return next(known, None) or county.new(SendingUnit, county=county.code, name=name)


def _who_also_takes(county, plan, plans, sent):
    """An instructor who is in the neighbourhood already takes one firm more."""
    for other, instructor in zip(plans, sent, strict=True):
        if instructor and other.at == plan.at and other.guide == plan.guide and not other.contact:
            return instructor
    raise LookupError(f"Nobody is near {county.areas[plan.at]}.")


def enter_members(county, plans, firms, joined) -> None:
    """Members of the firms and of the association. `joined` says since when a firm has had any."""
    with_members = [i for i, plan in enumerate(plans) if plan.members]
    for i in with_members:
        plan, firm = plans[i], firms[i]
        for place in range(plan.members):
            since = joined[i] - timedelta(days=county.rng.randint(15, 500))
            if plan.stage == Stage.AFFILIATED and place >= 2:
                since = county.ago(30, 120)  # these made the firm outgrow its joint branch
            _member(county, Member.Kind.FULL, firm, firm.branch_id, since)
    for i in county.rng.sample(with_members, printed.DEVELOPED):
        _member(county, Member.Kind.PROBATIONARY, firms[i], firms[i].branch_id, county.ago(20, 300))
    without = [i for i, plan in enumerate(plans) if not plan.members]
    for i in county.rng.choices(with_members, k=40) + county.rng.choices(
        without, k=printed.ACTIVISTS - 40
    ):
        _member(county, Member.Kind.ACTIVIST, firms[i], None, county.ago(20, 330))
    for i in with_members[3:40:7]:
        gone = _member(county, Member.Kind.FULL, firms[i], None, county.ago(700, 900))
        gone.until = county.ago(100, 600)


def _member(county, kind, firm, branch, since):
    return county.new(
        Member, county=county.code, name=names.person(county.rng), kind=kind, firm_id=firm.pk,
        branch_id=branch, since=since,
    )  # fmt: skip
