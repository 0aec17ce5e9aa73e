from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.jobs import acts
from core.jobs.models import Job
from core.ledger.paging import page_of


@login_required
def mine(request):
    """One's own jobs, or those of the whole area for who oversees them; newest first."""
    jobs = Job.objects.visible_to(request.user).select_related("by")
    oversees = request.user.may("oversee_jobs")
    everybody = oversees and request.GET.get("whose") == "all"
    if not everybody:
        jobs = jobs.filter(by=request.user)
    given = request.GET
    shown = page_of(
        jobs, by="created", down=True, before=given.get("before", ""), after=given.get("after", "")
    )
    page = {"jobs": shown.rows, "shown": shown, "oversees": oversees, "everybody": everybody}
    return render(request, "jobs/list.html", page)


@login_required
def job(request, pk):
    return render(request, "jobs/job.html", _page(request, pk))


@login_required
@require_GET
def state(request, pk):
    """The part of the page that changes while the job runs."""
    return render(request, "jobs/_state.html", _page(request, pk))


@login_required
@require_POST
def cancel(request, pk):
    stopped = acts.cancel(_visible(request, pk), by=request.user, at=timezone.now())
    if not stopped.over:
        messages.info(request, _("It stops before its next step."))
    return redirect(stopped)


@login_required
@require_POST
def again(request, pk):
    return redirect(acts.start_again(_visible(request, pk), by=request.user))


@login_required
@require_GET
def result(request, pk):
    """The file of a job, for the person who started it. Without one, the page that says why."""
    found = _visible(request, pk)
    path = Path(settings.MEDIA_ROOT) / found.result
    if not found.result or not path.is_file() or found.expires_at <= timezone.now():
        page = _page(request, pk) | {"no_file": True}
        return render(request, "jobs/job.html", page, status=410 if found.over else 409)
    acts.open_result(found, by=request.user)
    answer = FileResponse(
        path.open("rb"), as_attachment=True, filename=found.result_name,
        content_type=found.content_type,
    )  # fmt: skip
    answer["Cache-Control"] = "private, no-store"
    return answer


def _visible(request, pk) -> Job:
    return get_object_or_404(
        Job.objects.visible_to(request.user).select_related("by", "cancel_asked_by"), pk=pk
    )


def _page(request, pk) -> dict:
    found = _visible(request, pk)
    return {"job": found, "own": found.by_id == request.user.pk}
