"""From notices to messages: each notice is looked at once, outside of the act that wrote it."""

import time
from collections import defaultdict
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F

from core.accounts.verbs import Role
from workflows.mailroom.models import Delivery, Robot
from workflows.mailroom.quiet import after_quiet
from workflows.mailroom.wishes import wishes_of
from workflows.notices.models import Notice

BATCH = 500


def pass_on(at: datetime, *, seconds: float) -> int:
    """Put down what robots are to say of new notices, until none is left or the time is over.
    Returns how many notices were looked at.

    Several may do it at once: each takes the rows that nobody else holds. A round that is killed
    leaves its notices to the next one.
    """
    ends, total = time.monotonic() + seconds, 0
    while time.monotonic() < ends and (looked := _some(at)):
        total += looked
    return total


@transaction.atomic
def _some(at: datetime) -> int:
    batch = list(
        Notice.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(passed_on=False)
        .select_related("to")
        .order_by("pk")[:BATCH]
    )
    if batch:
        _put_down(batch, at)
        Notice.objects.filter(pk__in=[notice.pk for notice in batch]).update(passed_on=True)
    return len(batch)


def _put_down(batch: list[Notice], at: datetime) -> None:
    """An office hears of what one of its people was told; of one event once."""
    listening = _listening()
    heard = defaultdict(set)
    for notice in batch:
        if notice.firm_id is None:
            continue
        for robot in listening[notice.to_id] + listening[_office(notice.to)]:
            if notice.kind in kinds_of(robot):
                heard[robot, notice.firm_id].add(notice.event_id)
    # In one order, so that two rounds never wait for one another.
    for robot, firm in sorted(heard, key=lambda each: (each[0].pk, each[1])):
        _add(robot, firm, len(heard[robot, firm]), at)


def _listening() -> dict:
    listening = defaultdict(list)
    for robot in Robot.objects.in_force().select_related("person__wishes"):
        listening[robot.person_id or _office(robot)].append(robot)
    return listening


def _office(who) -> tuple:
    return who.role, who.area, who.line_id if who.role == Role.LINE else None


def kinds_of(robot: Robot) -> list[str]:
    return wishes_of(robot.person).kinds if robot.person else robot.kinds


def quiet_of(robot: Robot):
    return wishes_of(robot.person).quiet if robot.person else robot.quiet


def _add(robot: Robot, firm: int, events: int, at: datetime) -> None:
    """Add to the message that waits for this case, or begin one. It leaves when its window is
    over, so that ten events within it are one message."""
    waiting = Delivery.objects.filter(robot=robot, firm_id=firm, what="case", state="waiting")
    while not waiting.update(events=F("events") + events):
        due = after_quiet(at + settings.WEBHOOK_WINDOW, quiet_of(robot))
        Delivery.objects.bulk_create(
            [Delivery(what="case", robot=robot, firm_id=firm, made_at=at, due_at=due)],
            ignore_conflicts=True,
        )
