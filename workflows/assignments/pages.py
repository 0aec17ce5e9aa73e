"""What the pages about a proposed assignment show."""

from django.utils import timezone

from core.accounts.models import Area
from core.people.fitness import objections
from core.people.views_instructors import BESIDE
from workflows.assignments.acts import PARTIES, Party
from workflows.assignments.models import AssignmentRequest
from workflows.engine.models import Task
from workflows.engine.queries import hands

SIDES = (Party.UNIT, Party.INSTRUCTOR, Party.FIRM, Party.COUNTY)


def open_steps(requests) -> dict[int, list[Task]]:
    """The open steps of each of these conversations: one statement for all."""
    found: dict[int, list[Task]] = {}
    rows = Task.objects.human().open().filter(process__in=[one.pk for one in requests])
    for step in rows.select_related("owner").order_by("pk"):
        found.setdefault(step.process_id, []).append(step)
    return found


def stations(request: AssignmentRequest, steps) -> list[dict]:
    """Each side with what it said in this round, or the step at which it is asked."""
    said = {one.party: one for one in request.this_round()}
    asked = {PARTIES[step.step]: step for step in steps if step.step in PARTIES}
    return [
        {"name": Party(side).label, "said": said.get(side), "step": asked.get(side)}
        for side in SIDES
    ]  # fmt: skip


def dossier(request: AssignmentRequest, user) -> dict:
    """What one reader sees of a proposal: the two it is about; to whoever keeps the firm's record
    also what each side said and what stands against it now."""
    whole = request.read_wholly_by(user) or request.opened_by_id == user.pk
    steps = open_steps([request]).get(request.pk, [])
    own, today = hands(user), timezone.localdate()
    against = whole and request.finished is None and user.may("propose_assignment")
    answers = request.answers.read_by(user, request)
    queue = set(Task.objects.queue(user).filter(process_id=request.pk).values_list("pk", flat=True))
    return {
        "asked": request, "who": request.instructor, "firm": request.firm, "whole": whole,
        "place": Area.objects.filter(code=request.area[:9]).first(),
        "answers": list(answers.select_related("by", "instructor", "in_place_of")),
        "stations": stations(request, steps) if whole else [],
        "choosing": any(step.step == "choose_again" for step in steps),
        "mine": next((s for s in steps if s.owner_id in own or s.pk in queue), None),
        "against": objections(request.firm, request.instructor, on=today) if against else [],
    }  # fmt: skip


def beside_instructor(instructor, user) -> dict | None:
    """On an instructor's page: the firms that are proposed to them, and the way to propose one."""
    rows = AssignmentRequest.objects.visible_to(user).open().filter(instructor=instructor)
    asked = list(rows.select_related("firm").order_by("pk"))
    may = user.may("propose_assignment") and instructor.left_on is None
    if not (asked or may):
        return None
    steps = open_steps(asked)
    return {
        "template": "assignments/_beside_instructor.html", "may": may, "instructor": instructor,
        "asked": [(one, steps.get(one.pk, [])) for one in asked],
    }  # fmt: skip


def of_firm(firm, user) -> dict:
    """On a firm's page: the proposal under way with its open steps, if the reader sees it."""
    rows = AssignmentRequest.objects.visible_to(user).open().filter(firm=firm)
    asked = rows.select_related("instructor__unit").first()
    return {"sending": asked, "sending_steps": open_steps([asked]).get(asked.pk, []) if asked else []}


OUTCOMES = {
    "open": "info", "begun": "ok", "given_up": "warn", "withdrawn": "", "overtaken": "",
}  # fmt: skip

BESIDE.append(beside_instructor)
