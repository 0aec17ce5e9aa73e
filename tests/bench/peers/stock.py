"""Stock Viewflow 2.4 with django-fsm, as its documentation shows it: nothing patched, nothing
subclassed, its own tables. Only the lock is chosen, because its default is none."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from viewflow import this
from viewflow.workflow import flow, lock
from viewflow.workflow.flow.views import UpdateArtifactView
from viewflow.workflow.models import Process, Task

from tests.bench.peers.models import Case, Request, StageLog


def _page(*fields):
    return UpdateArtifactView.as_view(model=Request, fields=list(fields))


class StockFlow(flow.Flow):
    """Change of stage"""

    process_class, task_class = Process, Task
    lock_impl = lock.SelectForUpdateLock(nowait=False)

    start = flow.StartHandle(this.begin).Next(this.prepare)
    prepare = (
        flow.View(_page("evidence"))
        .Assign(lambda activation: activation.process.artifact.created_by)
        .Next(this.township_review)
    )
    township_review = (
        flow.View(_page("township_decision", "township_note"))
        .Permission("desk.review_township")
        .Next(this.check_township)
    )
    check_township = (
        flow.Switch()
        .Case(this.county_decision, lambda a: a.process.artifact.township_decision == "approve")
        .Case(this.give_back, lambda a: a.process.artifact.township_decision == "return")
        .Default(this.turn_down)
    )
    give_back = flow.Function(this.count_return).Next(this.prepare)
    county_decision = (
        flow.View(_page("county_decision", "county_note"))
        .Permission("desk.decide_county")
        .Next(this.check_county)
    )
    check_county = (
        flow.Switch()
        .Case(this.apply, lambda a: a.process.artifact.county_decision == "approve")
        .Case(this.give_back, lambda a: a.process.artifact.county_decision == "return")
        .Default(this.turn_down)
    )
    apply = flow.Function(this.move_the_case).Next(this.approved)
    turn_down = flow.Function(this.close_unchanged).Next(this.rejected)
    approved = flow.End()
    rejected = flow.End()

    def begin(self, activation, *, request):
        activation.process.artifact = request
        return activation.process

    def count_return(self, activation):
        request = activation.process.artifact
        request.returned_times += 1
        request.township_decision = request.county_decision = ""
        request.save()

    def move_the_case(self, activation):
        request = activation.process.artifact
        case = Case.objects.select_for_update().get(pk=request.case_id)
        source = case.stage
        case.stand_alone()
        case.version += 1
        case.save()
        StageLog.objects.create(
            case=case, source=source, target=case.stage, by=request.by, request=request
        )
        request.outcome = "approved"
        request.save(update_fields=["outcome"])

    def close_unchanged(self, activation):
        request = activation.process.artifact
        request.outcome = "rejected"
        request.save(update_fields=["outcome"])


def start(case, user) -> Request:
    with transaction.atomic():
        request = Request.objects.create(case=case, target="standalone", created_by=user)
        request.process = StockFlow.start.run(request=request)
        request.save(update_fields=["process"])
    return request


def take(pk, user) -> None:
    with Task.objects.get(pk=pk).activation() as activation:
        if not (activation.assign.has_perm(user) and _is_here(activation, user)):
            raise PermissionDenied
        activation.assign(user)


def answer(pk, user, **fields) -> None:
    with Task.objects.get(pk=pk).activation() as activation:
        if not (activation.start.has_perm(user) and _is_here(activation, user)):
            raise PermissionDenied
        activation.start(None)
        request = activation.process.artifact
        request.by = user  # for the log; the process hands the same object on
        for name, value in fields.items():
            setattr(request, name, value)
        request.save(update_fields=list(fields))
        activation.execute()


def _is_here(activation, user) -> bool:
    return activation.process.artifact.case.area.startswith(user.area)


def open_task(request) -> int:
    return Task.objects.get(process_id=request.process_id, finished__isnull=True).pk
