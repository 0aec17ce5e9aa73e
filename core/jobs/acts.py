"""What people do with jobs: start one, stop one, start one again."""

from django.db import IntegrityError, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.audit.record import record
from core.errors import Refused
from core.jobs.kinds import KINDS
from core.jobs.models import Job
from core.jobs.moves import moved
from core.ledger.permits import allow
from core.queue import enqueue

RUN = "core.jobs.run.run"


@transaction.atomic
def start_job(kind: str, *, by, key, given: dict, words: dict, area: str = "", line=None) -> Job:
    """Put a job into the queue, in the transaction of whatever it belongs to.

    `key` is that of the form: sent twice, the first job comes back. `area` and `line` say whose
    work it is (by default its person's). Raises Refused when the person lacks the kind's verb, and
    KeyError for a kind that nobody declared.
    """
    allow(by, KINDS[kind].verb)
    area = area or by.area
    job = Job(
        key=key, kind=kind, by=by, county=area[:6], area=area, line=line or by.line,
        given=given, words=words, language=get_language(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            job.save(force_insert=True)
    except IntegrityError:
        first = Job.objects.filter(key=key, by=by, kind=kind).first()
        if first is None:
            raise
        return first
    _record("started", job, by=by)
    enqueue(RUN, job.pk)
    moved(job)
    return job


@transaction.atomic
def cancel(job: Job, *, by, at) -> Job:
    """Stop a job: at once when nobody works on it, else before its next step.

    Raises Refused when it is over.
    """
    job = _locked(job, by=by)
    if job.over:
        raise Refused(Refused.NOT_NOW, _("This is over: there is nothing left to stop."))
    if job.cancel_asked_at:
        return job
    job.cancel_asked_at, job.cancel_asked_by = at, by
    if job.token is None:
        job.state, job.finished = Job.State.CANCELLED, at
    job.save()
    _record("cancelled", job, by=by)
    moved(job)
    return job


@transaction.atomic
def start_again(job: Job, *, by) -> Job:
    """Go on with a job that failed, from where it was. Raises Refused when it did not fail."""
    job = _locked(job, by=by)
    if job.state != Job.State.FAILED:
        raise Refused(Refused.NOT_NOW, _("Only what failed can be tried again."))
    job.state, job.finished = Job.State.QUEUED, None
    job.error = job.trouble = job.holder = ""
    job.attempts, job.token, job.cancel_asked_at, job.cancel_asked_by = 0, None, None, None
    job.save()
    _record("tried_again", job, by=by)
    enqueue(RUN, job.pk)
    moved(job)
    return job


@transaction.atomic
def open_result(job: Job, *, by) -> None:
    """Write down that somebody fetched the file. Raises Refused for anybody but the person who
    started it, and for them too once they have lost the verb or the area."""
    kind = KINDS.get(job.kind)
    lost = kind is None or not by.may(kind.verb) or not job.area.startswith(by.area or "-")
    if job.by_id != by.pk or lost:
        raise Refused(
            Refused.NOT_YOURS, _("Only who started this, and still works there, may open its file.")
        )
    _record("result_opened", job, by=by)


def failed(job: Job) -> None:
    """Write down that a job failed; nobody did it."""
    _record("failed", job, by=None)


def _locked(job: Job, *, by) -> Job:
    held = Job.objects.select_for_update(of=("self",)).visible_to(by).filter(pk=job.pk).first()
    if held is None:
        raise Refused(Refused.NOT_YOURS, _("This is outside your area."))
    return held


def _record(what: str, job: Job, *, by) -> None:
    record(
        f"job.{what}", by=by, area=job.area, chain=f"job:{job.pk}",
        job_kind=job.kind, number=job.pk,
    )  # fmt: skip
