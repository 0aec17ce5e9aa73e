"""How a job ends: with a file that is kept for some days, with what it changed, or with a sentence."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.jobs import acts, files
from core.jobs.kinds import Result
from core.jobs.models import Job
from core.jobs.moves import moved
from core.rulebook import rule


def finish(job: Job, result: Result | None) -> None:
    """Close a locked job with the file that it made, if it is to leave one; its other files go."""
    now = timezone.now()
    job.state, job.finished, job.token = Job.State.DONE, now, None
    job.done, job.error, job.trouble, job.checkpoint = job.total, "", "", {}
    if result:
        days = rule("result_file_kept", on=timezone.localdate(now)).value
        job.result = str(result.path.relative_to(Path(settings.MEDIA_ROOT)))
        job.result_name, job.content_type = result.name, result.content_type
        job.expires_at = now + timedelta(days=days)
    job.save()
    moved(job)
    transaction.on_commit(lambda: files.clear(job, but=job.result))


@transaction.atomic
def end(job: Job, state: str, *, error: str = "", trouble: str = "") -> bool:
    """Close a job without a result, if it is still in the hands of who says so.

    A failed job keeps its files and its checkpoint, so that it can be gone on with.
    """
    now = Job.objects.select_for_update().filter(pk=job.pk, token=job.token).first()
    if now is None:
        return False
    now.state, now.finished, now.token = state, timezone.now(), None
    now.error, now.trouble = error, trouble
    now.save()
    if state == Job.State.FAILED:
        acts.failed(now)
    else:
        transaction.on_commit(lambda: files.clear(now))
    moved(now)
    return True
