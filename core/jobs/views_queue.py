"""The administrator's page of what runs in the background."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core import queue as work
from core.audit.record import record
from core.jobs.models import Job

SHOWN = 50


def administrators_only(view):
    @login_required
    def asked(request, *args, **kwargs):
        if not request.user.may("see_queue"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return asked


@administrators_only
def queue(request):
    jobs = Job.objects.visible_to(request.user).select_related("by")
    page = {
        "workers": work.workers(),
        "waiting": work.waiting(),
        "schedules": work.scheduled(),
        "failures": work.failures(SHOWN),
        "open_jobs": jobs.not_over().order_by("created")[:SHOWN],
        "failed_jobs": jobs.filter(state=Job.State.FAILED)[:SHOWN],
    }
    return render(request, "jobs/queue.html", page)


@administrators_only
@require_POST
def again(request, pk):
    """Have a failed call of the queue made again. A second press finds it gone."""
    with transaction.atomic():
        function = work.again(pk)
        if function is None:
            raise Http404
        record("queue.tried_again", by=request.user, area=request.user.area, function=function)
    messages.success(request, _("It stands in the queue again."))
    return redirect("jobs:queue")
