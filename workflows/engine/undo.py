"""Taking a decision back while nothing has followed."""

from contextlib import contextmanager
from datetime import datetime

from django.db.models import F, Q
from django.utils.translation import gettext as _
from viewflow.workflow.status import PROCESS, STATUS

from core.accounts.models import User
from core.audit.record import head_was
from core.errors import Refused
from core.ledger.scope import reaches
from workflows.engine.act import acting
from workflows.engine.models import Process, Task
from workflows.engine.queries import OPEN_TASK, hands


@contextmanager
def undone(task: Task, *, by, at: datetime):
    """The finished step and the one that takes its place, in the hands of who decided, with the
    old deadline; the caller takes back what its own room wrote. What came of the step is ended.

    Raises Refused when somebody else decided, or when something has followed.
    """
    with acting():
        old = Task.objects.held(task)
        head_was(old.firm_id, old._place, old._digest)
        process = old.process = old.process.coerced
        process.firm = old.firm
        if old.status != STATUS.DONE or not {old.owner_id, old.in_place_of_id} & set(hands(by)):
            raise Refused(Refused.NOT_YOURS, _("Only who decided takes the decision back."))
        _end_what_came(old)
        _open_again(process)
        whose = User.objects.get(pk=old.in_place_of_id or old.owner_id)
        again = Task(
            process=process, flow_task=old.flow_task, token=old.token, data=old.data,
            owner_permission=old.owner_permission, owner=whose,
            status=STATUS.ASSIGNED, assigned=at, due_at=old.due_at, escalated_at=old.escalated_at,
        )  # fmt: skip
        yield old, again
        again.save()
        if not _still_theirs(again, whose):
            raise Refused(
                Refused.NOT_YOURS, _("You no longer decide on this firm, so it stays as it is.")
            )


def _still_theirs(task: Task, whose: User) -> bool:
    """Whether who decided may still do so: people and firms move."""
    if task.flow_task.flow_class.instance.misplaced(task) or not whose.is_active:
        return False
    if task.owner_permission:
        return task.flow_task.can_execute(whose, task)
    return reaches(whose, area=task.area, line_id=task.line_id, firm_id=task.firm_id)


def nothing_followed(task: Task) -> bool:
    """Whether a finished step could be taken back as things stand: asked without a lock, for a
    page that offers it."""
    later = Task.objects.human().filter(process_id=task.process_id, pk__gt=task.pk)
    taken = Q(owner__isnull=False) & ~Q(assigned=F("created"))
    gone_on = ~Q(status__in=OPEN_TASK) | taken | Q(delegated_by__isnull=False)
    if later.exclude(status=STATUS.CANCELED).filter(gone_on).exists():
        return False
    return task.process.finished is None or not _begun_anew(task.process).exists()


def _begun_anew(process: Process):
    later = Process.objects.filter(firm_id=process.firm_id, subject=process.subject)
    return later.filter(pk__gt=process.pk)


def _end_what_came(old: Task) -> None:
    """Cancel the steps that came of this one; refused when somebody has begun on them."""
    later = Task.objects.human().filter(process_id=old.process_id, pk__gt=old.pk)
    for step in later.select_for_update(of=("self",), no_key=True).select_related("owner"):
        if step.status == STATUS.CANCELED:
            continue
        given = step.owner_id is None or step.assigned == step.created  # by the flow, not taken
        if step.status not in OPEN_TASK or not given or step.delegated_by_id:
            raise Refused(
                Refused.FASTER,
                _("%(name)s goes on from your decision already; speak with them.")
                % {"name": step.owner.name if step.owner else _("Somebody")},
            )
        step.process = old.process
        step.flow_task.activation_class(step).cancel()


def _open_again(process: Process) -> None:
    if process.finished is None:
        return
    if _begun_anew(process).exists():
        raise Refused(Refused.FASTER, _("Meanwhile this was begun anew; see there."))
    process.status, process.finished = PROCESS.NEW, None
    firm = process.firm  # it may have moved since
    process.county, process.area, process.line_id = firm.county, firm.area, firm.line_id
    process.save(update_fields=["status", "finished", "county", "area", "line"])
