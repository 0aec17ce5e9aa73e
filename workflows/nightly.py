"""Work that nobody has to start: overdue steps go up a level, and every night the cases are
compared with their facts. Both may run twice, or be killed in the middle: they only close gaps."""

import logging
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from core.accounts.models import User
from core.accounts.verbs import Role
from core.audit.record import record
from core.audit.seal import seal
from core.credentials.acts import expire_what_is_over
from core.days import midnight
from core.errors import Refused
from core.exchange.importing import forget as forget_sheets
from core.figures.keeping import count_all_again
from core.figures.trend import make, month_ends
from core.ledger.models import Firm
from core.ledger.stages import Operation, Stage
from core.people.models import Assignment
from core.rulebook import rule
from workflows.assignments.following import look_again
from workflows.coverage.chart import STAGE, moves_from
from workflows.coverage.door import objection
from workflows.coverage.facts import Facts, facts_in_bulk
from workflows.engine.models import Process, Task
from workflows.engine.rehouse import free_what_nobody_can_do
from workflows.engine.verbs import held
from workflows.evaluations.closing import tend
from workflows.followups import findings
from workflows.followups.acts import close_by_facts, open_follow_up
from workflows.morning.sightings import write_down
from workflows.notices.tell import tell
from workflows.surveys.rounds import tend as tend_surveys

log = logging.getLogger(__name__)
BATCH = 500  # firms whose facts are counted together

HEIGHT = {stage: height for height, stage in enumerate(Stage.values)}


def sweep(now: datetime | None = None) -> int:
    """Pass every overdue step on to the next level, once. Returns how many were passed on.

    Steps of paused firms rest. Without `now` the clock is read: this is a scheduled job's door.
    """
    now = now or timezone.now()
    tend(now)  # first: what ends by itself is not late
    tend_surveys(now)
    late = (
        Task.objects.human()
        .overdue(now)
        .filter(escalated_at__isnull=True)
        .exclude(firm__operation=Operation.PAUSED)
    )
    return sum(_escalate(task, now) for task in late.order_by("due_at").iterator(chunk_size=200))


def _escalate(task: Task, now: datetime) -> bool:
    """One step goes up: the county office may take it, and those above and below are told."""
    try:
        with held(task) as activation:
            task = activation.task
            if task.escalated_at or task.due_at is None or task.due_at >= now:
                return False
            holder, task.escalated_at = task.owner_id, now
            if holder and not task.owner_permission:
                task.owner_permission = task.flow_task.late_queue  # most have none
            if holder and task.owner_permission:
                task.delegated_by = task.held_until = None
                activation.unassign()  # or the next level could not take what somebody sits on
            else:
                task.save(update_fields=["escalated_at"])
            event = record("task.escalated", by=None, firm=task.firm, task=task.step)
            tell(
                event, people=[holder, task.process.opened_by_id],
                area=task.area, line=task.line_id, levels=[Role.TOWNSHIP, Role.LINE, Role.COUNTY],
            )  # fmt: skip
            return True
    except Refused:  # done by somebody between the list and the lock: nothing is late any more
        return False


def night(on: date | None = None) -> dict[str, int]:
    """Compare every open case with its facts; open and close follow-ups. Safe to run twice.

    Ends the credentials that are over. Returns how many follow-ups were opened and closed. Without
    `on` it is today.
    """
    on = on or timezone.localdate()
    tally = {"opened": 0, "closed": 0}
    firms = Firm.objects.counted().order_by("pk")
    last = 0
    while batch := list(firms.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        _look_at(batch, on, tally)
    look_again(on, timezone.now())
    free_what_nobody_can_do()
    expire_what_is_over(on=on)
    count_all_again(on)
    make(month_ends(on))
    forget_sheets(midnight(on) - timedelta(days=rule("result_file_kept", on=on).value))
    seal(timezone.now())
    return tally


def _look_at(batch: list[Firm], on: date, tally: dict[str, int]) -> None:
    facts = facts_in_bulk(batch, on=on)
    users = dict(
        Assignment.objects.current()
        .filter(firm__in=batch, instructor__user__is_active=True)
        .values_list("firm_id", "instructor__user_id")
    )
    people = User.objects.in_bulk(set(users.values()))
    kinds = [kind for kind in findings.TITLES if kind != findings.HANDOVER]
    standing: dict[tuple, Process] = {}
    for process in Process.objects.open().filter(firm__in=batch):
        standing[process.firm_id, process.subject] = process
    terms = _terms_that_end(batch, on)
    up, under_way = {}, set()
    for firm in batch:
        found = dict(_found(firm, facts[firm.pk], on)) | terms.get(firm.pk, {})
        asked = (firm.pk, "transition") in standing  # somebody is at it already
        under_way |= {firm.pk} if asked else set()
        up[firm.pk] = found.get(findings.CAN_MOVE_UP, {}).get("move", "")
        for kind in kinds:
            process = standing.get((firm.pk, kind))
            if kind in found and process is None and not asked:
                whose = people.get(users.get(firm.pk)) if kind != findings.TERM_ENDS else None
                tally["opened"] += bool(open_follow_up(firm, kind, whose=whose, **found[kind]))
            elif kind not in found and process is not None:
                tally["closed"] += _close(process)
    write_down(batch, facts, up, under_way, on=on)


def _terms_that_end(batch: list[Firm], on: date) -> dict[int, dict]:
    """For each firm whose instructor's term ends soon or is over: the finding, for its township. Of
    several firms of one instructor the first, so that nobody is asked twice."""
    soon = on + timedelta(days=rule("term_reminder", on=on).value)
    first = Assignment.objects.current().filter(instructor=OuterRef("instructor")).order_by("firm_id")
    ends = (
        Assignment.objects.current()
        .filter(firm__in=batch, instructor__term_until__lte=soon)
        .filter(firm=Subquery(first.values("firm")[:1]))
        .values_list("firm_id", "instructor__name", "instructor__term_until")
    )
    return {
        firm: {findings.TERM_ENDS: {"name": name, "term_until": day.isoformat()}}
        for firm, name, day in ends
    }


@transaction.atomic
def _close(process: Process) -> bool:
    try:
        close_by_facts(process)
        return True
    except Refused:  # handled by a person meanwhile
        return False


def _found(firm: Firm, facts: Facts, on: date):
    """What there is to look into at a firm: pairs of a kind and what its sentence is filled with."""
    if firm.operation == Operation.PAUSED:
        if firm.resumes_on and firm.resumes_on <= on:
            yield findings.RESUME_DUE, {"resumes_on": firm.resumes_on.isoformat()}
        return
    back, up = _possible(firm, facts)
    if back and not _conditions_hold(firm, facts):
        yield findings.LOST_CONDITIONS, {"move": back}
    elif up:
        yield findings.CAN_MOVE_UP, {"move": up}
    floor = rule("contact_floor", on=on).value
    if facts.instructor and not facts.worked_in:
        seen = facts.last_visit.isoformat() if facts.last_visit else ""
        yield findings.CONTACT_DUE, {"last_visit": seen, "days": floor}


def _possible(firm: Firm, facts: Facts) -> tuple[str, str]:
    """The highest move back and the highest move up that the facts allow ("" for none)."""
    allowed = [move for move in moves_from(STAGE, firm.stage) if objection(move, facts, {}) is None]
    back = [m for m in allowed if HEIGHT[m.target] < HEIGHT[firm.stage]]
    up = [m for m in allowed if HEIGHT[m.target] > HEIGHT[firm.stage]]
    # A firm with 1 or 2 members that has a branch of its own goes back to an affiliated one.
    return (
        max(back, key=lambda m: HEIGHT[m.target]).verb if back else "",
        max(up, key=lambda m: HEIGHT[m.target]).verb if up else "",
    )


def _conditions_hold(firm: Firm, facts: Facts) -> bool:
    """Whether what the firm's present stage rests on is still there."""
    need = rule("standalone_branch_members", on=facts.on).value
    lapse = rule("work_coverage_lapses", on=facts.on).value
    return {
        Stage.BLANK: True,
        Stage.MASS_ORGANISED: facts.mass_organisations > 0,
        # One late visit is a contact that is due, not the end of the coverage.
        Stage.WORK_COVERED: bool(
            facts.instructor and facts.last_visit and (facts.on - facts.last_visit).days <= lapse
        ),
        Stage.AFFILIATED: facts.full_members > 0,
        Stage.STANDALONE: facts.full_members >= need,
    }[firm.stage]
