"""What keeps the jobs in order without anybody's doing: those whose worker died go on, files whose
days are over go away. Every part may run twice, or be killed in the middle."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.jobs import files
from core.jobs.acts import RUN
from core.jobs.models import Job
from core.jobs.pulse import dead
from core.queue import enqueue, forget_failures, ready, when_worker_starts

LEFT = timedelta(minutes=1)  # in nobody's hands and not in the queue: its place was lost
FAILED_FILES = timedelta(days=7)  # a failed job may be gone on with for so long
ROWS = timedelta(days=365)


def keep(now=None) -> dict[str, int]:
    """The scheduled job's door; it reads the clock when no moment is given."""
    now = now or timezone.now()
    tally = {"resumed": resume(now), "expired": expire(now), "removed": tidy(now)}
    forget_failures(now - ROWS)
    return tally


def resume(now=None) -> int:
    """Put the jobs of dead workers back into the queue, and those that lost their place in it."""
    now = now or timezone.now()
    standing = ready(RUN)
    left = [job.pk for job in Job.objects.not_over() if _left(job, now, standing)]
    return sum(_resume(pk, now, standing) for pk in left)


@transaction.atomic
def _resume(pk: int, now, standing) -> bool:
    job = Job.objects.select_for_update(skip_locked=True).not_over().filter(pk=pk).first()
    if job is None or not _left(job, now, standing):
        return False
    job.token, job.beat_at = None, now
    job.save(update_fields=["token", "beat_at"])
    enqueue(RUN, pk)
    return True


def _left(job: Job, now, standing) -> bool:
    if job.token:
        return dead(job, now)
    return now - (job.beat_at or job.created) > LEFT and (job.pk,) not in standing


def expire(now) -> int:
    """Results whose days are over are no longer offered; `tidy` removes them."""
    late = Job.objects.filter(expires_at__lte=now).exclude(result="")
    return late.update(result="")


def tidy(now) -> int:
    """Remove the files of jobs that are over, except results that are still offered."""
    room, removed = Path(settings.MEDIA_ROOT) / files.ROOM, 0
    keys = [p.name for p in room.iterdir() if _is_key(p.name)] if room.is_dir() else []
    over = Job.objects.over().filter(key__in=keys, result="")
    for job in over.exclude(state=Job.State.FAILED, finished__gt=now - FAILED_FILES):
        files.clear(job)
        removed += 1
    Job.objects.over().filter(finished__lt=now - ROWS, result="").delete()
    return removed


def _is_key(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False


# A worker that takes the place of a dead one, or the first one after a restart, need not wait.
when_worker_starts(resume)
