"""What a move entails, in the same transaction. The chart names these functions.

Each gets the case before its state changes; what is set on the case is saved by the door.
"""

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from core.audit.record import record
from core.errors import Refused
from core.ledger.acts import WHEN_CLOSES
from core.ledger.models import Branch
from core.people.assigning import ended
from core.people.models import Assignment
from workflows.coverage.standing import ANSWERED_BY, follow_ups
from workflows.engine.models import Process, Task
from workflows.followups import findings
from workflows.followups.acts import close_by_facts, open_follow_up


def found_branch(case, *, by, on, branch_name="", **asked):
    """A branch of its own begins; an affiliated branch is left behind with its other firms."""
    if case.asked["name_taken"]:
        raise name_taken(branch_name)
    case.branch = Branch.objects.create(
        county=case.county, area=case.area, line_id=case.line_id, name=branch_name,
        kind=Branch.Kind.STANDALONE, founded_on=on,
    )  # fmt: skip
    case.members.here().update(branch=case.branch)
    record("branch.founded", by=by, firm=case, branch=branch_name)


def name_taken(name: str) -> Refused:
    return Refused(
        Refused.BAD_INPUT,
        _("A branch called %(name)s stands already; choose another name.") % {"name": name},
    )


def join_branch(case, *, by, on, branch=None, **asked):
    """The firm and its members belong to the affiliated branch from now on."""
    if branch is None or branch.dissolved_on:
        raise Refused(Refused.BAD_INPUT, _("Choose a standing affiliated branch."))
    case.branch = branch
    case.members.here().update(branch=branch)


def dissolve_own_branch(case, *, by, on, **asked):
    own = case.branch
    if own and own.kind == Branch.Kind.STANDALONE:
        own.dissolved_on = on
        own.save(update_fields=["dissolved_on"])
        record("branch.dissolved", by=by, firm=case, branch=own.name)


def leave_branch(case, *, by, on, **asked):
    dissolve_own_branch(case, by=by, on=on)
    case.branch = None
    case.members.here().update(branch=None)  # those who do not count for the move: activists, say


def rest_deadlines(case, *, by, on, resumes_on=None, **asked):
    """Deadlines of a paused firm rest: the sweep leaves them out until it resumes."""
    case.paused_on, case.resumes_on = on, resumes_on


def wake_deadlines(case, *, by, on, **asked):
    """Every open task of the firm gets the days back for which it rested, and not more."""
    resting = Task.objects.human().open().filter(firm_id=case.pk, due_at__isnull=False)
    for task in resting if case.paused_on else ():
        task.due_at += on - min(on, max(case.paused_on, localdate(task.created)))
        task.save(update_fields=["due_at"])
    case.paused_on = case.resumes_on = None


def end_assignment(case, *, by, on, **asked):
    case.paused_on = case.resumes_on = None
    case.closed_on = on
    for assignment in Assignment.objects.current().filter(firm_id=case.pk):
        why = _("the firm closed")
        assignment.until, assignment.ended_because = on, why
        assignment.save(update_fields=["until", "ended_because"])
        record(
            "assignment.ended", by=by, firm=case, firm_name=case.name,
            instructor=assignment.instructor.name, why=why,
        )  # fmt: skip
        ended(assignment, by=by, on=on)


def end_open_tasks(case, *, by, on, **asked):
    """Follow-ups about a closed firm have no purpose; the closing itself is a transition."""
    for process in Process.objects.open().filter(firm_id=case.pk, subject__in=findings.TITLES):
        close_by_facts(process)
    for follow in WHEN_CLOSES:
        follow(case, by=by)


def end_answered(case, track) -> None:
    """What the night found is answered by the move: nobody is asked to propose it once more."""
    for process in follow_ups(case.pk).filter(subject__in=ANSWERED_BY[track]):
        close_by_facts(process)


def ask_handover(case, *, by, on, **asked):
    last = (
        Assignment.objects.filter(firm_id=case.pk, until=on, instructor__user__isnull=False)
        .select_related("instructor__user")
        .order_by("-pk")
        .first()
    )
    if last:
        open_follow_up(case, findings.HANDOVER, by=by, whose=last.instructor.user)


def forget_closing(case, *, by, on, **asked):
    case.closed_on = None
