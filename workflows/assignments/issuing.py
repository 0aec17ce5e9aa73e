"""Issuing a list: the assignments that all agreed to begin together, under one number."""

from datetime import datetime

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import Area
from core.audit.record import record
from core.credentials.acts import issue_to
from core.errors import Refused
from core.ledger.models import Firm
from core.ledger.permits import allow
from core.people.assigning import assign
from core.people.models import Instructor
from workflows.assignments.acts import Outcome, Party, note, say
from workflows.assignments.flows import AssignmentFlow
from workflows.assignments.models import AssignmentList, AssignmentRequest
from workflows.engine.act import acting
from workflows.engine.models import Task
from workflows.engine.verbs import held


def ready_tasks():
    """The open steps at which only the list is missing."""
    return Task.objects.human().open().filter(flow_task=AssignmentFlow.issue_assignment)


def issue_list(requests, *, by, at: datetime) -> AssignmentList:
    """Issue the next list of the year with these proposals on it: all of them, or none.

    The county's lists are numbered 1, 2, 3 … in each year, without a gap: whoever issues waits for
    who issues at this moment. The facts are asked once more. Raises Refused, naming the firm.
    """
    allow(by, "issue_assignments")
    numbers, on = sorted({request.pk for request in requests}), timezone.localdate(at)
    if not numbers:
        raise Refused(Refused.BAD_INPUT, _("Tick the assignments that stand on the list."))
    with acting():
        Area.objects.select_for_update(no_key=True).get(pk=by.county)
        found = AssignmentRequest.objects.visible_to(by).filter(pk__in=numbers, county=by.county)
        tasks = _held_in_order(list(found.select_related("firm")), numbers)
        last = AssignmentList.objects.filter(county=by.county, year=on.year)
        made = AssignmentList.objects.create(
            county=by.county, year=on.year, issued_on=on, issued_by=by,
            number=(last.aggregate(last=Max("number"))["last"] or 0) + 1,
        )  # fmt: skip
        for task in tasks:
            _begin(task, made, by=by, on=on, at=at)
        record(
            "assignment.list_issued", by=by, chain=f"county:{by.county}", area=by.county,
            number=str(made.number), year=str(made.year), count=str(len(tasks)),
        )  # fmt: skip
        return made


def _held_in_order(requests, numbers: list[int]) -> list[Task]:
    """The steps to do, firms and then instructors locked in one order, so that nobody waits in a
    ring. Raises Refused when one of them is not ready any more."""
    if len(requests) < len(numbers):
        raise Refused(Refused.NOT_YOURS, _("One of the firms is not within your reach."))
    list(Firm.objects.held().filter(pk__in=[one.firm_id for one in requests]).order_by("pk"))
    people = Instructor.objects.filter(pk__in=[one.instructor_id for one in requests])
    list(people.select_for_update(of=("self",)).order_by("pk"))
    tasks = {task.process_id: task for task in ready_tasks().filter(process__in=numbers)}
    for request in requests:
        if request.pk not in tasks:
            raise Refused(
                Refused.FASTER,
                _("%(firm)s: this is issued already, or no longer ready. Look at the list again.")
                % {"firm": request.firm.name},
            )
    return [tasks[one.pk] for one in sorted(requests, key=lambda one: one.firm_id)]


def _begin(task: Task, made: AssignmentList, *, by, on, at) -> None:
    """One assignment of the list begins. An office issues what its own people proposed, too: other
    sides agreed to it."""
    with held(task) as activation:
        request = activation.process
        _agreed_by_others(request, by)
        AssignmentRequest.objects.filter(pk=request.pk).update(issued_in=made)
        try:
            assignment = assign(
                request.firm, request.instructor, since=on, by=by, on=on, all_the_same=True,
                proposals=False,
            )  # fmt: skip
        except Refused as refusal:
            words = {"firm": request.firm.name, "said": refusal.sentence}
            raise Refused(refusal.code, _("%(firm)s: %(said)s") % words) from refusal
        issue_to(request.instructor, by=by, on=on)  # who has a credential keeps it
        request.assignment, request.issued_in = assignment, made
        request.outcome = Outcome.BEGUN
        request.save(update_fields=["assignment", "issued_in", "outcome"])
        if activation.task.owner_id is None:
            activation.assign(by)
        elif activation.task.owner_id != by.pk:
            activation.reassign(by)
        note(request, Party.COUNTY, True, by=by, at=at, task=activation.task)
        activation.start(None)
        activation.execute()
        say("assignment.issued", request, by=by, number=str(made.number), year=str(made.year))


def _agreed_by_others(request, by) -> None:
    """Raises Refused where one person would propose, record every answer and issue."""
    others = any(one.by_id != by.pk for one in request.this_round())
    if by.pk in request.authors and not others:
        raise Refused(
            Refused.NOT_YOURS,
            _("%(firm)s: you proposed this and recorded every answer. A colleague issues it.")
            % {"firm": request.firm.name},
        )
