"""The worker's side: takes a job, goes on from its checkpoint for a while, lets others have a turn.

A job found running belongs to whoever holds its token. Every write asks for the token under the
row's lock, so of two workers that both believe a job theirs only one can write.
"""

import logging
import time
import traceback
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.errors import Refused
from core.jobs import acts, files
from core.jobs.ends import end, finish
from core.jobs.kinds import KINDS, Step, Work
from core.jobs.limits import bounded_memory
from core.jobs.models import Job
from core.jobs.moves import moved
from core.jobs.pulse import beating, dead, myself
from core.queue import OutOfTime, enqueue

log = logging.getLogger(__name__)

SLICE = 10  # seconds, then other work has a turn
ATTEMPTS = 3  # at one step
TELL_EVERY = 0.3  # seconds between two mere signs of progress


class Lost(Exception):
    """Another worker has the job now: nothing more may be written."""


class Cancelled(Exception):
    """Somebody asked to stop it."""


def run(pk: int) -> None:
    """Work on a job for a while. Safe to call for a job that is over, or in other hands."""
    job = _take(pk)
    if job is None:
        return
    with translation.override(job.language):
        try:
            with beating(job), bounded_memory():
                _go_on(_Run(job))
        except Lost:
            log.warning("Job %s went to another worker.", pk)
        except Cancelled:
            end(job, Job.State.CANCELLED)
        except Refused as refusal:
            end(job, Job.State.FAILED, error=str(refusal))
        except MemoryError as trouble:
            end(job, Job.State.FAILED, error=_too_much(), trouble=_where(trouble))
        except OutOfTime as trouble:
            end(job, Job.State.FAILED, error=_too_long(), trouble=_where(trouble))
            raise  # or the queue would go on with a process that it gave up
        except Exception as trouble:
            log.exception("Job %s broke at attempt %s.", pk, job.attempts)
            _broke(job, _where(trouble))


@transaction.atomic
def _take(pk: int) -> Job | None:
    """The job with a token of ours, or None when there is nothing to do for us."""
    job = Job.objects.select_for_update(of=("self",)).select_related("by").filter(pk=pk).first()
    now = timezone.now()
    if job is None or job.over or (job.token and not dead(job, now)):
        return None
    job.token, job.holder, job.beat_at = uuid4(), myself(), now
    with translation.override(job.language):
        if job.cancel_asked_at:
            job.state, job.finished, job.token = Job.State.CANCELLED, now, None
        elif job.attempts >= ATTEMPTS:
            job.state, job.finished, job.token = Job.State.FAILED, now, None
            job.error, job.trouble = _too_often(), job.trouble or "the worker was killed"
            acts.failed(job)
        else:
            job.state, job.started = Job.State.RUNNING, job.started or now
            job.attempts += 1
    job.save()
    moved(job)
    return None if job.over else job


def _go_on(run: "_Run") -> None:
    job, until = run.job, time.monotonic() + SLICE
    kind = KINDS.get(job.kind)
    if kind is None:
        raise Refused(Refused.NOT_NOW, _("This version of the desk does not know this work any more."))
    if not (job.by.may(kind.verb) and job.area.startswith(job.by.area or "-")):
        raise Refused(Refused.NOT_YOURS, _("Who started this does not work there any more."))
    work = Work(by=job.by, given=job.given, folder=files.folder_of(job), checkpoint=job.checkpoint)
    steps = kind.steps(work)
    try:
        while True:
            try:
                step = next(steps)
            except StopIteration as ended:
                return run.finish(ended.value)
            run.keep(step)
            if step.checkpoint is not None and time.monotonic() > until:
                return run.rest()
    finally:
        steps.close()


class _Run:
    """One worker's hold on one job."""

    def __init__(self, job: Job) -> None:
        self.job, self.told = job, 0.0

    @transaction.atomic
    def keep(self, step: Step) -> None:
        """Write what was reached. Raises Lost and Cancelled."""
        soon = time.monotonic() - self.told < TELL_EVERY
        if step.checkpoint is None and soon:
            return
        job = self._ours()
        if step.along:
            step.along()
        job.done, job.total, job.beat_at = step.done, step.total, timezone.now()
        if step.checkpoint is not None:
            job.checkpoint, job.attempts = step.checkpoint, 1  # this is the first try of the next
        job.save(update_fields=["done", "total", "beat_at", "checkpoint", "attempts"])
        if not soon:
            self.told = time.monotonic()
            moved(job)

    @transaction.atomic
    def rest(self) -> None:
        """Give the job back, to be gone on with when others had their turn."""
        job = self._ours()
        job.token, job.attempts = None, 0
        job.save(update_fields=["token", "attempts"])
        enqueue(acts.RUN, job.pk)

    @transaction.atomic
    def finish(self, result) -> None:
        finish(self._ours(), result)

    def _ours(self) -> Job:
        """The row as it is, locked. Only who holds the token gets it."""
        mine = Job.objects.select_for_update().filter(pk=self.job.pk, token=self.job.token).first()
        if mine is None:
            raise Lost
        if mine.cancel_asked_at:
            raise Cancelled
        return mine


@transaction.atomic
def _broke(job: Job, trouble: str) -> None:
    """Try the step again, a few times; then the job has failed."""
    now = Job.objects.select_for_update().filter(pk=job.pk, token=job.token).first()
    if now is None:
        return
    if now.attempts >= ATTEMPTS:
        end(now, Job.State.FAILED, error=_too_often(), trouble=trouble)
        return
    now.token, now.trouble = None, trouble
    now.save(update_fields=["token", "trouble"])
    enqueue(acts.RUN, now.pk)


def _where(trouble: BaseException) -> str:
    """Kind and place of a fault, without its words: these may hold what few may read."""
    last = traceback.extract_tb(trouble.__traceback__)[-1]
    return f"{type(trouble).__name__} in {last.filename.rpartition('/')[2]}:{last.lineno}"[:200]


def _too_often() -> str:
    return _(
        "The work broke off %(times)d times at the same place. Nothing is left half done. "
        "The administrator finds the reason on the page of the queue and can have it tried again."
    ) % {"times": ATTEMPTS}


def _too_much() -> str:
    return _(
        "The work needed more than %(mb)d MB of memory and was stopped. "
        "Choose less at once: a shorter period or a smaller area."
    ) % {"mb": settings.JOB_MEMORY_MB}


def _too_long() -> str:
    return _("One step took longer than %(minutes)d minutes, so the work was stopped.") % {
        "minutes": settings.Q_CLUSTER["timeout"] // 60
    }
