"""The demo county in motion: proposals, reviews and follow-ups in every state, by the real acts.

Nothing here approves a last step, so the figures of the facts stay as they are. One firm of the
account `instructor` is left alone, with a follow-up that says what it is ready for: that is the
visitor's to propose.
"""

from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Max, Q
from django.utils import timezone

from core.accounts.models import User
from core.ledger.models import Firm
from core.ledger.stages import Operation, Stage
from core.people.models import GuidanceRecord, Member
from workflows.assignments.stories import tell_of_sending
from workflows.coverage.acts import correct, decide, give_opinion, propose, withdraw
from workflows.coverage.facts import facts_in_bulk
from workflows.engine.models import Process, Task
from workflows.engine.verbs import claim
from workflows.evaluations.stories import evaluations
from workflows.followups.acts import open_follow_up
from workflows.followups.findings import CAN_MOVE_UP
from workflows.handovers.stories import handovers
from workflows.morning.sightings import write_down
from workflows.nightly import sweep
from workflows.reconciling.stories import lists
from workflows.surveys.stories import surveys

VISITED = "已到企业走访并建立联系，职工支持开展活动，申请转为工作覆盖。"
GROWN = "企业现有正式党员 {members} 名，党员活动经常，具备单独组建条件，申请成立党支部。"
ENDED = "企业拟停止经营，正在办理注销，申请结束指导。"


def set_in_motion(on: date) -> None:
    """Open the conversations of the first demo county, as they stand on this day."""
    scene = Scene(on)
    stories = (_returned, _corrected, _asked_contact, _township, _line, _county, _follow_ups)
    for story in (*stories, evaluations, handovers, surveys, lists):
        story(scene)
    tell_of_sending(scene)
    sweep(scene.moment(0))
    _seen_at_night(on)


class Scene:
    """Who acts, on which firms, and when. A firm plays in one story only."""

    def __init__(self, on: date):
        self.on = on
        self.people = {user.username: user for user in User.objects.exclude(password__startswith="!")}
        self.played = set()
        full = Count("members", filter=Q(members__kind=Member.Kind.FULL, members__until=None))
        self.firms = (
            Firm.objects.filter(county=self["county"].area, assignments__until=None)
            .filter(assignments__isnull=False, operation=Operation.OPERATING)
            .annotate(full=full)
            .order_by("pk")
        )

    def __getitem__(self, username) -> User:
        return self.people[username]

    def firm(self, among=None, **facts) -> Firm:
        """The first firm of which these facts are true and that plays in no story yet."""
        firms = self.firms if among is None else self.firms.filter(pk__in=among)
        firm = firms.filter(**facts).exclude(pk__in=self.played)[:1].get()
        self.played.add(firm.pk)
        return firm

    def visited(self, **facts) -> Firm:
        """The same among firms that were visited lately and are not yet work covered."""
        floor = self.on - timedelta(days=25)
        lately = GuidanceRecord.objects.on_site().filter(on__gte=floor)
        return self.firm(
            among=lately.values("firm_id"),
            stage__in=(Stage.BLANK, Stage.MASS_ORGANISED),
            **facts,
        )

    def moment(self, days_ago: int) -> datetime:
        day = self.on - timedelta(days=days_ago)
        return min(timezone.make_aware(datetime.combine(day, time(9, 40))), timezone.now())

    def after_visit(self, firm: Firm, days_ago: int) -> int:
        """So many days ago, or less, if the last visit was only then."""
        last = firm.guidance.on_site().aggregate(on=Max("on"))["on"]
        return min(days_ago, (self.on - last).days)

    @contextmanager
    def ago(self, days_ago: int):
        """Carries out acts on an earlier day: sets the clock that the audit trail reads back, and
        then the days of the tasks. Only for a database that is being built by this process."""
        moment, began, clock = self.moment(days_ago), timezone.now(), timezone.now
        timezone.now = lambda: moment
        try:
            yield moment
        finally:
            timezone.now = clock
        for task in Task.objects.filter(
            Q(created__gte=began) | Q(assigned__gte=began) | Q(finished__gte=began)
        ):
            if task.due_at and task.created >= began and task.due_at > began:
                task.due_at -= began - moment
            for name in ("created", "assigned", "started", "finished"):
                if (value := getattr(task, name)) and value >= began:
                    setattr(task, name, moment + (value - began))
            task.save(force_update=True)
        Process.objects.filter(created__gte=began).update(created=moment)

    def proposed(self, firm: Firm, verb: str, days_ago: int, *, by=None, **asked):
        by = by or firm.assignments.current().get().instructor.user
        reason = asked.pop("reason", VISITED)
        with self.ago(days_ago):
            return propose(
                firm, verb, by=by, on=self.on - timedelta(days=days_ago), reason=reason, **asked
            )

    def grown(self, days_ago: int, **facts):
        """A proposal of a branch of its own, by the instructor of a firm that has outgrown its own."""
        firm = self.firm(stage=Stage.AFFILIATED, full__gte=3, **facts)
        return self.proposed(
            firm, "stand_alone", days_ago,
            branch_name=f"{firm.name}党支部", reason=GROWN.format(members=firm.full),
        )  # fmt: skip

    def decided(self, request, decision, days_ago: int, *, by, comment="", asked=None):
        with self.ago(days_ago) as at:
            decide(_open(request), decision, by=by, at=at, comment=comment, asked=asked)


def _open(request) -> Task:
    return Task.objects.human().open().get(process_id=request.pk)


def _returned(scene):
    """The instructor has a proposal to correct, and leaves one firm to the visitor."""
    request = scene.grown(9, full=4, assignments__instructor__user=scene["instructor"])
    scene.decided(
        request, "return", 4, by=scene["township"],
        comment="请补充说明支部书记拟任人选，并附党员名册后再报。",
    )  # fmt: skip


def _corrected(scene):
    """Returned once, put right, and waiting for the township again."""
    firm = scene.visited(assignments__instructor__user=scene["instructor"])
    days = scene.after_visit(firm, 6)
    request = scene.proposed(firm, "cover_work", days)
    comment = "请写明走访了哪些车间、了解到哪些情况。"
    scene.decided(request, "return", days * 2 // 3, by=scene["township"], comment=comment)
    day = days // 3
    with scene.ago(day) as at:
        correct(
            _open(request), by=scene["instructor"], on=timezone.localdate(at), at=at,
            reason=VISITED + "走访了包装和仓储两个车间，与六名职工座谈。",
        )  # fmt: skip


def _asked_contact(scene):
    """A reviewer has asked the firm's contact, twice: one answer is in, one is awaited."""
    firm = scene.firm(pk=scene["contact"].contact_of.firm_id)
    days = scene.after_visit(firm, 7)
    request = scene.proposed(firm, "cover_work", days)
    township, contact = scene["township"], scene["contact"]
    scene.decided(
        request, "ask", days * 3 // 4, by=township, asked=contact,
        comment="指导员近期是否到企业开展工作？",
    )  # fmt: skip
    with scene.ago(days // 2) as at:
        give_opinion(_open(request), by=contact, at=at, comment="指导员来过，和职工开了座谈会。")
    scene.decided(
        request, "ask", days // 4, by=township, asked=contact,
        comment="企业能否固定一间活动场所？",
    )  # fmt: skip


def _township(scene):
    """In the township's hands, in its queue, overdue there, withdrawn, and elsewhere."""
    town = {"area": scene["township"].area, "line": None}
    firm = scene.visited(**town)
    request = scene.proposed(firm, "cover_work", scene.after_visit(firm, 3))
    with scene.ago(scene.after_visit(firm, 2)):
        claim(_open(request), by=scene["township"])
    firm = scene.visited(**town)
    scene.proposed(firm, "cover_work", scene.after_visit(firm, 2))
    firm = scene.firm(stage=Stage.WORK_COVERED, seasonal=True, **town)
    scene.proposed(
        firm, "pause", 14, resumes_on=scene.on + timedelta(days=95),
        reason="茶季结束，企业停工，明年春茶开采前恢复。",
    )  # fmt: skip
    firm = scene.firm(stage=Stage.WORK_COVERED, **town)
    request = scene.proposed(firm, "close", 8, reason=ENDED)
    with scene.ago(7):
        withdraw(request, by=request.opened_by)
    firm = scene.visited(line=None)
    scene.proposed(firm, "cover_work", scene.after_visit(firm, 4))


def _line(scene):
    """Overdue in the line department's queue, in its hands, and waiting for an opinion."""
    line = scene["line"]
    scene.grown(13, line=line.line)
    firm = scene.visited(line=line.line)
    request = scene.proposed(firm, "cover_work", scene.after_visit(firm, 4))
    with scene.ago(scene.after_visit(firm, 2)):
        claim(_open(request), by=line)
    firm = scene.visited(line=line.line, area=scene["township"].area)
    days = scene.after_visit(firm, 5)
    request = scene.proposed(firm, "cover_work", days)
    scene.decided(
        request, "ask", days // 2, by=line, asked=scene["township"],
        comment="请属地核实企业是否正常生产。",
    )  # fmt: skip


def _county(scene):
    """In the county's queue, in its hands, returned by it, and rejected by it."""
    county, township = scene["county"], scene["township"]
    town = {"area": township.area, "line": None}

    def from_below(firm_or_none, days):
        if firm_or_none is None:
            request = scene.grown(days, line=None, area__gt=township.area)
        else:
            request = scene.proposed(firm_or_none, "close", days, reason=ENDED)
        by = User.objects.filter(role="township", area=request.area).order_by("pk").first()
        scene.decided(request, "approve", days - 5, by=by, comment="情况属实，同意上报。")
        return request

    from_below(None, 11)
    in_hand = from_below(scene.firm(stage=Stage.BLANK, **town), 9)
    with scene.ago(2):
        claim(_open(in_hand), by=county)
    returned = from_below(scene.firm(stage=Stage.BLANK, line=None), 10)
    scene.decided(returned, "return", 2, by=county, comment="请附市场监管部门的注销受理通知书。")
    rejected = from_below(scene.firm(stage=Stage.BLANK, line=None), 12)
    scene.decided(rejected, "reject", 3, by=county, comment="企业仍在正常生产，不具备结束指导的条件。")


def _follow_ups(scene):
    """What the nightly check would find first: firms that have outgrown their joint branch."""
    for firm in scene.firms.filter(stage=Stage.AFFILIATED, full__gte=3).exclude(pk__in=scene.played):
        whose = firm.assignments.current().get().instructor.user
        with scene.ago(1):
            open_follow_up(firm, CAN_MOVE_UP, whose=whose, move="stand_alone")


def _seen_at_night(on: date):
    """What the morning page shows until the first night of this installation."""
    firms, open_ = list(Firm.objects.counted()), Process.objects.open()
    up = dict(open_.filter(subject=CAN_MOVE_UP).values_list("firm_id", "data__move"))
    under_way = set(open_.filter(subject="transition").values_list("firm_id", flat=True))
    write_down(firms, facts_in_bulk(firms, on=on), up, under_way, on=on)
