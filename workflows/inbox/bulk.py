"""One act on many tasks: each in its own transaction, with a result for each, nothing half done."""

import logging
from dataclasses import dataclass
from datetime import date, datetime

from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.models import User
from core.errors import Refused
from workflows.engine import handing, pace, verbs
from workflows.engine.desk import DESKS
from workflows.engine.models import Task
from workflows.inbox.models import BulkRun

log = logging.getLogger(__name__)

AT_MOST = 500  # tasks of one run
SAVE_EVERY = 20  # rows between two savings of the results


@dataclass(frozen=True)
class Moment:
    by: User
    on: date
    at: datetime


def _approve(task, given, now):
    DESKS[task.step].approve(task, comment=given.get("comment", ""), by=now.by, on=now.on, at=now.at)


def _reassign(task, given, now):
    to = User.objects.visible_to(now.by).filter(pk=given.get("to") or 0).first()
    if to is None:
        raise Refused(Refused.BAD_INPUT, _("Choose the person who is to have the task."))
    handing.reassign(task, by=now.by, to=to)


def _hold(task, given, now):
    pace.hold(task, by=now.by, until=date.fromisoformat(given["until"]), on=now.on)


ACTS = {
    "claim": (gettext_lazy("Take"), lambda task, given, now: verbs.claim(task, by=now.by)),
    "release": (gettext_lazy("Give back"), lambda task, given, now: handing.release(task, by=now.by)),
    "approve": (gettext_lazy("Approve"), _approve),
    "hold": (gettext_lazy("Put off until"), _hold),
    "reassign": (gettext_lazy("Hand on to"), _reassign),
    "nudge": (
        gettext_lazy("Ask to hurry"),
        lambda task, given, now: pace.nudge(task, by=now.by, at=now.at),
    ),
}


def start(key, act: str, tasks: list[int], given: dict, *, by, at: datetime) -> BulkRun:
    """The run of a form's key; the same key again is the same run. Raises Refused."""
    if known := BulkRun.objects.visible_to(by).filter(key=key).first():
        return known
    if act not in ACTS:
        raise Refused(Refused.BAD_INPUT, _("Choose what is to be done with these tasks."))
    if not tasks:
        raise Refused(Refused.BAD_INPUT, _("Tick the tasks first."))
    if len(tasks) > AT_MOST:
        raise Refused(
            Refused.BAD_INPUT,
            _("%(have)d tasks are ticked; %(most)d are done at once. Tick fewer.")
            % {"have": len(tasks), "most": AT_MOST},
        )
    if act == "hold" and not given.get("until"):
        raise Refused(Refused.BAD_INPUT, _("Choose a day after today."))
    try:
        with transaction.atomic():
            return BulkRun.objects.create(
                key=key, by=by, at=at, act=act, given=given, tasks=list(dict.fromkeys(tasks))
            )
    except IntegrityError as clash:  # the same form twice at once
        found = BulkRun.objects.visible_to(by).filter(key=key).first()
        if found is None:
            sentence = _("This form was sent by somebody else. Open the list again.")
            raise Refused(Refused.BAD_INPUT, sentence) from clash
        return found


def carry_on(run: BulkRun, *, on: date, at: datetime) -> BulkRun:
    """Do what of a run is not done yet. Each task is a transaction of its own."""
    now, reached = Moment(run.by, on, at), {row[0] for row in run.results}
    try:
        for number, pk in enumerate([pk for pk in run.tasks if pk not in reached], start=1):
            run.results.append([pk, *_one(run, pk, now)])
            if number % SAVE_EVERY == 0:
                _save(run)
    finally:  # also what was done before a fault is said
        _save(run)
    return run


def _save(run: BulkRun) -> None:
    """The moment is a sign of life: a run that is at work is not gone on with by another."""
    run.at = timezone.now()
    run.save(update_fields=["results", "at"])


def _one(run: BulkRun, pk: int, now: Moment) -> tuple[bool, str]:
    task = Task.objects.visible_to(run.by).filter(pk=pk).first()
    if task is None:
        return False, _("This task is not within your reach.")
    try:
        with transaction.atomic():
            ACTS[run.act][1](task, run.given, now)
    except Refused as refusal:
        return False, str(refusal.sentence)
    except DatabaseError as fault:
        log.warning("A task of a run: %s", fault)
        return False, _("This could not be saved just now. Nothing was changed; try this one again.")
    return True, ""
