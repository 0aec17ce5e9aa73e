"""The same in plain Django: a lock, a permission, the rows, nothing to configure."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from tests.bench.peers.models import Case, PlainTask, Request, StageLog


def start(case, user) -> Request:
    with transaction.atomic():
        request = Request.objects.create(case=case, target="standalone", created_by=user)
        PlainTask.objects.create(request=request, node="prepare", owner=user, status="ASSIGNED")
    return request


def _locked(task) -> Request:
    rows = Request.objects.select_for_update(of=("self",)).select_related("case")
    return rows.get(pk=task.request_id)


def take(pk, user) -> None:
    task = PlainTask.objects.get(pk=pk)
    with transaction.atomic():
        request = _locked(task)
        if not (user.has_perm(task.permission) and request.case.area.startswith(user.area)):
            raise PermissionDenied
        free = PlainTask.objects.filter(pk=pk, status="NEW")
        if free.update(owner=user, status="ASSIGNED") != 1:
            raise PermissionDenied


def answer(pk, user, **fields) -> None:
    task = PlainTask.objects.get(pk=pk)
    with transaction.atomic():
        request = _locked(task)
        if task.owner_id != user.pk:
            raise PermissionDenied
        for name, value in fields.items():
            setattr(request, name, value)
        request.save(update_fields=list(fields))
        now = timezone.now()
        held = PlainTask.objects.filter(pk=pk, status="ASSIGNED")
        if held.update(status="DONE", finished=now) != 1:
            raise PermissionDenied
        if task.node == "prepare":
            _next(request, "township_review", "desk.review_township", now + timedelta(days=5))
        elif task.node == "township_review":
            _next(request, "county_decision", "desk.decide_county", now + timedelta(days=10))
        else:
            _apply(request, user)


def _next(request, node, permission, due) -> None:
    PlainTask.objects.create(request=request, node=node, permission=permission, due=due)


def _apply(request, user) -> None:
    case = Case.objects.select_for_update().get(pk=request.case_id)
    source = case.stage
    case.stand_alone()
    case.version += 1
    case.save()
    StageLog.objects.create(case=case, source=source, target=case.stage, by=user, request=request)
    request.outcome = "approved"
    request.save(update_fields=["outcome"])


def open_task(request) -> int:
    return PlainTask.objects.get(request=request, finished__isnull=True).pk
