"""What people write down anyway answers what they were asked: nobody is asked twice."""

from core.people.acts import WHEN_GUIDED
from core.people.models import GuidanceRecord
from core.rulebook import rule
from workflows.engine.models import Process
from workflows.followups import findings
from workflows.followups.acts import close_by_facts


def answer_a_due_visit(record: GuidanceRecord, *, on) -> None:
    """A visit within the contact floor closes the follow-up that asked for it. Call it inside the
    act's transaction."""
    floor = rule("contact_floor", on=on).value
    if record.kind != GuidanceRecord.Kind.VISIT or (on - record.on).days > floor:
        return
    due = Process.objects.open().filter(firm_id=record.firm_id, subject=findings.CONTACT_DUE)
    for process in due:
        close_by_facts(process)


WHEN_GUIDED.append(answer_a_due_visit)
