"""How long a matching board takes, from the taking of the job to the last row written.

2,000 firms without an instructor and 1,000 instructors of one county on PostgreSQL, with trades,
areas, languages, former assignments and ties as they lie about; a third of the instructors has
firms already.
"""

import time
from datetime import timedelta
from random import Random
from uuid import uuid4

from django.utils import timezone

from core.accounts.models import Area, User
from core.accounts.verbs import Role
from core.jobs import run as worker
from core.ledger.models import Firm
from core.ledger.names import searchable
from core.people.assigning import unit_named
from core.people.models import Assignment, Instructor
from core.people.ties import Tie
from workflows.assignments.models import AssignmentRequest
from workflows.matching.acts import accept_all, make_board

COUNTY, TOWNSHIPS, VILLAGES = "139801", 20, 12
TONGUES = ("", "", "普通话", "普通话、苗语", "苗语", "侗语、普通话")


def measure_match(firms: int = 2000, instructors: int = 1000) -> float:
    """Seconds for one board over the whole county, through the worker's own function."""
    return measure_board(firms, instructors)[1]


def measure_board(firms: int, instructors: int):
    """The board of a whole county, and the seconds that its making took."""
    county, office, today = _seed(firms, instructors)
    board = make_board(county, above_usual=False, by=office, key=uuid4(), on=today)
    seconds = _seconds_of(board.making)
    board.refresh_from_db()
    if board.making.state != "done" or board.rows.count() != firms:
        raise RuntimeError(f"{board.making.state}: {board.making.error} {board.making.trouble}")
    if not board.rows.filter(instructor__isnull=False).exists():
        raise RuntimeError("Nobody was proposed: the county is not as this measure takes it to be.")
    return board, seconds


def measure_accepting(board) -> float:
    """Seconds until all pairs of a board are put forward, each a proposal of its own."""
    pairs = board.rows.filter(instructor__isnull=False).count()
    board = accept_all(board, by=User.objects.get(username="match.office"), key=uuid4())
    seconds = _seconds_of(board.accepting)
    begun = AssignmentRequest.objects.count()
    if not begun:
        raise RuntimeError(f"None of {pairs} pairs was put forward: {board.accepting.error}")
    return seconds


def _seconds_of(job) -> float:
    begin = time.perf_counter()
    while not job.over:  # a slice at a time, as the worker does
        worker.run(job.pk)
        job.refresh_from_db()
    return time.perf_counter() - begin


def _seed(firms: int, instructors: int):
    """A county with so many waiting firms and instructors; its area, its supervisor, the day."""

    today, chance = timezone.localdate(), Random(11)
    county = Area.objects.create(code=COUNTY, name="青岚县", kind=Area.Kind.COUNTY)
    places = [f"{COUNTY}{town + 1:02d}0" for town in range(TOWNSHIPS)]
    Area.objects.bulk_create(
        Area(code=place, name=f"第{n}镇", kind=Area.Kind.TOWNSHIP) for n, place in enumerate(places, 1)
    )
    office = User.objects.create(username="match.office", name="周涛", role=Role.COUNTY, area=COUNTY,
                                 password="!")  # fmt: skip
    people = _guides(instructors, places, today, chance)
    waiting = _firms(firms, 0, places, today, chance)
    guided = _firms(instructors // 2, firms, places, today, chance)
    _history(people, waiting, guided, today, office, chance)
    return county, office, today


def _village(places, chance) -> str:
    return f"{chance.choice(places)}{chance.randrange(VILLAGES):03d}"


def _guides(many: int, places, today, chance) -> list:

    units = [unit_named(f"青岚县第{n}局", county=COUNTY) for n in range(40)]
    pinyin, initials = searchable("李明", person=True)
    found = Instructor.objects.bulk_create(
        Instructor(
            county=COUNTY, area=chance.choice([COUNTY, *places]), name=f"李明{n}",
            pinyin=f"{pinyin}{n}", initials=initials, unit=chance.choice(units),
            trade=chance.choice(["", *"ACCFGHO"]),
            languages=chance.choice(TONGUES), full_member=chance.random() > 0.01,
            mode=chance.choice(["multiple"] * 4 + ["single"]), term_from=today - timedelta(days=200),
            term_until=today + timedelta(days=chance.randrange(30, 700)),
        )
        for n in range(many)
    )  # fmt: skip
    further = Instructor.further_areas.through
    further.objects.bulk_create(
        further(instructor=guide, area_id=chance.choice(places)) for guide in found[::5]
    )
    return found


def _firms(many: int, first: int, places, today, chance) -> list:
    return Firm.objects.bulk_create(
        Firm(
            county=COUNTY, area=_village(places, chance), name=f"青岚第{n}阀门有限公司",
            pinyin=f"qinglan{n:06d}", initials=f"ql{n}", credit_code=f"92{n:016d}",
            industry=chance.choice("AACCCFFFGHIO"), size="small", employees=20,
            languages=chance.choice(TONGUES), opened_on=today, stage_since=today,
        )
        for n in range(first, first + many)
    )  # fmt: skip


def _history(people, waiting, guided, today, office, chance) -> None:

    since = today - timedelta(days=100)
    Assignment.objects.bulk_create(
        Assignment(instructor=chance.choice(people), firm=firm, county=COUNTY, since=since)
        for firm in guided
    )
    Assignment.objects.bulk_create(
        Assignment(instructor=chance.choice(people), firm=firm, county=COUNTY, since=since, until=today)
        for firm in waiting[::3]
    )
    Tie.objects.bulk_create(
        Tie(instructor=chance.choice(people), firm=firm, kind="employer", declared_on=today, by=office)
        for firm in waiting[::2]
    )
