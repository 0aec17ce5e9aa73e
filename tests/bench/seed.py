"""A desk with many open tasks: real firms, proposals, follow-ups, tasks and assignments, by COPY.

Four counties of ten townships. Three people are looked at: an instructor and a supervisor of the
first township, and a supervisor of its county. Each list of theirs fills a page at every size, so
what grows from size to size is the table and the list, not the page. At a million the township's
queue holds more than 30,000 tasks and the county supervisor sees more than 300,000.
"""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import cycle
from random import Random

from django.db import transaction
from django.utils import timezone

from core.accounts.models import Area, LineDepartment, User
from core.accounts.verbs import Role
from core.ledger.models import Firm
from core.ledger.names import searchable
from core.people.assigning import unit_named
from core.people.models import Assignment, Instructor
from tests.bench.copying import Copying, prototype
from workflows.coverage.flows import StageTransitionFlow as Transition
from workflows.coverage.models import TransitionRequest
from workflows.engine.models import Process, Task
from workflows.followups.flows import FollowUpFlow as FollowUp

COUNTIES, TOWNSHIPS, GUIDES, STAFF = 4, 10, 15, 3
LINE_EVERY = 10  # one firm in ten is managed by a line department
FLOOR = 45  # rows in each list of the three, whatever the size
DAYS = 60  # how far back the open tasks begin


@dataclass(frozen=True)
class Kind:
    """A kind of open task: the step, who holds it (None: its queue), who did the step before."""

    step: object
    permission: str | None
    holder: str | None
    before: object = None
    before_by: str | None = None
    escalated: bool = False
    put_off: bool = False


REVIEW = Kind(Transition.township_review, "desk.review_township", None)
REVIEWING = Kind(Transition.township_review, "desk.review_township", "staff")
LATE = Kind(Transition.township_review, "desk.review_township", None, escalated=True)
LINE = Kind(Transition.line_review, "desk.review_line", None)
LINE_READING = Kind(Transition.line_review, "desk.review_line", "line")
DECISION = Kind(
    Transition.county_decision, "desk.decide_county", None, Transition.township_review, "staff"
)
DECIDING = Kind(
    Transition.county_decision, "desk.decide_county", "county", Transition.township_review, "staff"
)
LEFT_BEHIND = Kind(Transition.township_review, "desk.review_township", "gone")
AGAIN = Kind(Transition.township_review, "desk.review_township", None, Transition.correct, "guide")
CORRECTION = Kind(Transition.correct, None, "guide", Transition.county_decision, "county")
VISIT = Kind(FollowUp.look_into, None, "guide")
UNGUIDED = Kind(FollowUp.look_into, "desk.follow_up", None)

# What lies about in a county, by weight.
USUAL = (
    [REVIEW] * 12 + [LATE] + [REVIEWING] * 4 + [DECISION] * 6 + [DECIDING] * 2 + [CORRECTION] * 6
    + [VISIT] * 5 + [UNGUIDED] * 2
)  # fmt: skip
USUAL_OF_A_LINE = [LINE] * 3 + [LINE_READING]

# What lies in the lists of the three: kind, share of all, who of the three is in it.
PLANNED = (
    (CORRECTION, 0.0005, {"guide"}),  # mine: the instructor's
    (AGAIN, 0.0005, {"guide"}),  # waiting for others, and done: the instructor's
    (REVIEW, 0.03, set()),  # queue of the township
    (REVIEWING, 0.001, {"staff"}),  # mine
    (DECISION, 0.005, {"staff"}),  # waiting, and queue of the county
    (DECISION, 0.05, set()),
    (DECIDING, 0.001, {"county"}),  # mine
    (CORRECTION, 0.005, {"county"}),  # waiting
    (LEFT_BEHIND, 0.001, set()),  # with somebody who is gone
    (replace(CORRECTION, put_off=True), 0.0002, {"guide"}),
    (replace(REVIEWING, put_off=True), 0.0005, {"staff"}),
    (replace(DECIDING, put_off=True), 0.0005, {"county"}),
)


@dataclass
class Place:
    """A township and who works there; the first of each is one of the three in the first place."""

    area: str
    guides: list
    staff: list
    gone: list
    county: list
    line: LineDepartment
    line_people: list
    turns: dict = field(default_factory=dict)

    def one_of(self, who: str, chosen: bool):
        """The first of them if chosen, else the others in turn."""
        people = getattr(self, who)
        if chosen:
            return people[0]
        if who not in self.turns:
            self.turns[who] = cycle(people[1:] or people)
        return next(self.turns[who])


def seed(size: int) -> tuple[User, User, User]:
    """Fill an empty database with `size` open tasks. The instructor, the township's and the
    county's supervisor who are looked at."""
    places = _places()
    planned = [
        (kind, chosen) for kind, share, chosen in PLANNED for _ in range(max(FLOOR, int(size * share)))
    ]
    chance = Random(7)
    chance.shuffle(planned)
    usual, lines = _shuffled(USUAL), _shuffled(USUAL_OF_A_LINE)
    elsewhere = enumerate(cycle(places))
    with Copying() as copying:
        writer = _Writer(copying)
        for left in range(size, 0, -1):  # the lists of the three lie scattered among all
            if chance.randrange(left) < len(planned):
                kind, chosen = planned.pop()
                writer.write(kind, places[0], chosen)
                continue
            number, place = next(elsewhere)
            managed = number % LINE_EVERY == 0
            writer.write(next(lines if managed else usual), place, set(), managed=managed)
    here = places[0]
    return here.guides[0].user, here.staff[0], here.county[0]


def _shuffled(kinds: list):
    kinds = list(kinds)
    Random(7).shuffle(kinds)
    return cycle(kinds)


@transaction.atomic
def _places() -> list[Place]:
    places = []
    for c in range(COUNTIES):
        county = f"1399{c + 1:02d}"
        Area.objects.create(code=county, name=f"清河{c + 1}县", kind=Area.Kind.COUNTY)
        line = LineDepartment.objects.create(county=county, name="商务局")
        office = [_user(f"county{c}.{n}", Role.COUNTY, county) for n in range(STAFF)]
        trade = [_user(f"line{c}.{n}", Role.LINE, county, line=line) for n in range(STAFF)]
        for t in range(TOWNSHIPS):
            area = f"{county}{t + 1:02d}0"
            Area.objects.create(code=area, name=f"东山{t + 1}镇", kind=Area.Kind.TOWNSHIP)
            staff = [_user(f"town{area}.{n}", Role.TOWNSHIP, area) for n in range(STAFF)]
            gone = [_user(f"gone{area}.0", Role.TOWNSHIP, area, is_active=False)]
            guides = [_guide(area, n) for n in range(GUIDES)]
            places.append(Place(area, guides, staff, gone, office, line, trade))
    return places


def _user(username: str, role: Role, area: str, **more) -> User:
    return User.objects.create(
        username=username, name=f"王{username[-1]}芳", role=role, area=area, password="!", **more
    )


def _guide(area: str, number: int) -> Instructor:
    user = _user(f"guide{area}.{number:02d}", Role.INSTRUCTOR, area)
    today = timezone.localdate()
    return Instructor.objects.create(
        name=user.name, area=area, user=user, full_member=True,
        unit=unit_named("农业农村局", county=area[:6]),
        term_from=today - timedelta(days=400), term_until=today + timedelta(days=400),
    )  # fmt: skip


class _Writer:
    """Writes one case after the other: the firm, its instructor, the conversation, its tasks."""

    def __init__(self, copying: Copying):
        self.copying, self.number, self.tasks = copying, 0, 0
        now = timezone.now()
        self.moments = [now - timedelta(minutes=m) for m in range(1, DAYS * 24 * 60, 13)]
        self.front, self.back = searchable("清河第"), searchable("阀门有限公司")
        self.models = {}

    def write(self, kind: Kind, place: Place, chosen: set, *, managed: bool = False) -> None:
        self.number = number = self.number + 1
        models = self._models_of(kind, place, managed)
        guide = place.one_of("guides", "guide" in chosen)
        people = {"guide": guide.user, "line": place.line_people[number % STAFF]}
        for who in ("staff", "gone", "county"):
            people[who] = place.one_of(who, who in chosen)
        created = self.moments[number * 7919 % len(self.moments)]
        opened_by = None if kind.step.flow_class is FollowUp else guide.user_id
        row = {
            "id": number, "firm_id": number, "process_id": number, "process_ptr_id": number,
            "instructor_id": guide.pk, "opened_by_id": opened_by, "begun_by_id": None,
            "name": f"清河第{number}阀门有限公司", "credit_code": f"91{number:016d}",
            "pinyin": f"{self.front[0]}{number}{self.back[0]}",
            "initials": f"{self.front[1]}{number}{self.back[1]}",
            "created": created,
        }  # fmt: skip
        for model in models["case"]:
            self.copying.add(model, row)
        if kind.before:
            self._task(models["before"], row, people[kind.before_by], created)
        holder = people[kind.holder] if kind.holder else None
        self._task(models["open"], row, holder, created + timedelta(minutes=5))

    def _task(self, model, row, owner, created) -> None:
        self.tasks += 1
        owner_id = owner.pk if owner else None
        lasts, finished = model.due_at and model.due_at - model.created, model.finished
        self.copying.add(model, row | {
            "id": self.tasks, "owner_id": owner_id, "created": created,
            "assigned": created if owner else None, "due_at": created + lasts if lasts else None,
            "finished": created + timedelta(minutes=4) if finished else None,
        })  # fmt: skip

    def _models_of(self, kind, place, managed) -> dict:
        """The rows that all of one kind in one place are copies of."""
        key = (id(kind), place.area, managed)
        if key not in self.models:
            self.models[key] = _models(kind, place, managed)
        return self.models[key]


def _models(kind: Kind, place: Place, managed: bool) -> dict:
    today = timezone.localdate() - timedelta(days=400)
    home = {"county": place.area[:6], "area": place.area, "line": place.line if managed else None}
    firm = prototype(
        Firm, name="清河阀门", credit_code="", industry="C", size="small", employees=40,
        stage="work_covered", opened_on=today, stage_since=today, **home,
    )  # fmt: skip
    guided = prototype(
        Assignment, firm=firm, instructor=place.guides[0], county=firm.county, since=today
    )
    flow = kind.step.flow_class
    case = {"firm": firm, "flow_class": flow, "opened_by": place.guides[0].user, **home}
    if flow is FollowUp:
        data = {"last_visit": "2026-06-01", "days": 90}
        process = prototype(Process, subject="contact_due", data=data, **case | {"opened_by": None})
    else:
        process = prototype(
            TransitionRequest, subject="transition", verb="stand_alone", track="stage",
            source="work_covered", target="standalone", reason="本企业已有三名正式党员，具备条件。",
            branch_name="清河阀门党支部", facts={"full_members": 3, "instructor": "王芳"},
            data={"verb": "stand_alone", "proposed_at": "below"}, **case,
        )  # fmt: skip
    models = {"case": [firm, guided, process], "open": _open_task(kind, process)}
    if kind.before:
        models["before"] = prototype(
            Task, process=process, flow_task=kind.before, status="DONE", finished=timezone.now(),
            owner=place.staff[0], owner_permission=_permission(kind.before),
        )  # fmt: skip
    return models


def _open_task(kind: Kind, process) -> Task:
    until = timezone.localdate() + timedelta(days=20) if kind.put_off else None
    return prototype(
        Task, process=process, flow_task=kind.step, owner_permission=kind.permission,
        status="ASSIGNED" if kind.holder else "NEW",
        owner=User(pk=1) if kind.holder else None,
        escalated_at=timezone.now() if kind.escalated else None, held_until=until,
        left_behind=kind.holder == "gone",
    )  # fmt: skip


def _permission(step) -> str | None:
    return {k.step: k.permission for k in (REVIEW, DECISION, CORRECTION)}[step]
