"""Taking a decision back while nothing has followed."""

from contextlib import contextmanager
from datetime import datetime

from django.db.models import F, Q
from django.utils.translation import gettext as _
from viewflow.workflow.status import PROCESS, STATUS

from core.audit.record import head_was
from core.errors import Refused
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
        again = Task(
            process=process, flow_task=old.flow_task, token=old.token, data=old.data,
            owner_permission=old.owner_permission, owner=old.in_place_of or old.owner,
            status=STATUS.ASSIGNED, assigned=at, due_at=old.due_at, escalated_at=old.escalated_at,
        )  # fmt: skip
        yield old, again
        again.save()


def nothing_followed(task: Task) -> bool:
    """Whether a finished step could be taken back as things stand: asked without a lock, for a
    page that offers it."""
    later = Task.objects.human().filter(process_id=task.process_id, pk__gt=task.pk)
    taken = Q(owner__isnull=False) & ~Q(assigned=F("created"))
    gone_on = ~Q(status__in=OPEN_TASK) | taken | Q(delegated_by__isnull=False)
    return not later.exclude(status=STATUS.CANCELED).filter(gone_on).exists()


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
    same = Process.objects.open().filter(firm_id=process.firm_id, subject=process.subject)
    if same.exists():
        raise Refused(Refused.FASTER, _("Meanwhile this was begun anew; see there."))
    process.status, process.finished = PROCESS.NEW, None
    process.save(update_fields=["status", "finished"])
