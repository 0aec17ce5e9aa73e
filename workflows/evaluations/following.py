"""People go: the answer of an instructor whose account is closed is not waited for. Their forms go
to the office's queue by themselves (see the flow's `Heir`)."""

from core.accounts.acts import WHEN_MOVED
from workflows.engine.models import Task
from workflows.evaluations.closing import pass_answer
from workflows.evaluations.flows import EvaluationFlow


def wait_no_longer(person, *, by) -> None:
    """For the answer of somebody who can no longer give it. Call it inside the act's transaction."""
    tasks = Task.objects.human().open().filter(flow_task=EvaluationFlow.right_to_answer, owner=person)
    for task in tasks.select_related("process"):
        if not person.is_active or person.role != "instructor":
            pass_answer(task)


WHEN_MOVED.append(wait_no_longer)
