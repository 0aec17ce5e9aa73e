"""Keeping robots: one's own, and for an administrator those of the offices in the area."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts.verbs import Role
from core.audit.record import record
from core.errors import Refused
from core.queue import enqueue
from workflows.mailroom.models import Delivery, Robot
from workflows.mailroom.post import checked

AT_MOST = 5  # robots of one person; offices have as many as they have groups


@transaction.atomic
def add_robot(*, by, url: str, person=None, role="", area="", line=None, **given) -> Robot:
    """Connect a robot for oneself (`person`) or for an office. Raises Refused."""
    checked(url)
    robot = Robot(
        url=url, person=person, role=role, area=area, kept_by=by,
        line=line if role == Role.LINE else None, **given,
    )  # fmt: skip
    _ask(by, robot)
    if person and Robot.objects.filter(person=person).count() >= AT_MOST:
        raise Refused(Refused.NOT_NOW, _("You have %(n)d robots. Remove one first.") % {"n": AT_MOST})
    robot.save()
    _note("robot.added", robot, by)
    return robot


@transaction.atomic
def change_robot(robot: Robot, *, by, url: str = "", secret: str = "", **given) -> Robot:
    """Change it. An empty address or secret stays as it was: nobody can read them again."""
    now = _held(robot, by)
    if url:
        checked(url)
        now.url = url
    if secret:
        now.secret = secret
    for column, value in given.items():
        setattr(now, column, value)
    now.save()
    _note("robot.changed", now, by)
    return now


@transaction.atomic
def pause_robot(robot: Robot, *, by) -> Robot:
    """Silence it, or let it speak again. What it has not said by then it does not say later."""
    now = _held(robot, by)
    now.paused = not now.paused
    now.save(update_fields=["paused"])
    now.deliveries.filter(what="case", state="waiting").update(state=Delivery.State.NOTHING)
    _note("robot.changed", now, by)
    return now


@transaction.atomic
def remove_robot(robot: Robot, *, by) -> None:
    now = _held(robot, by)
    _note("robot.removed", now, by)
    now.delete()


@transaction.atomic
def test_robot(robot: Robot, *, by, at: datetime) -> Delivery:
    """Have a worker send a test message; one that waits already is enough. When it arrives, a
    robot that was given up is well again."""
    now = _held(robot, by)
    tests = now.deliveries.filter(what="test", state__in=("waiting", "sending"))
    if waiting := tests.first():
        return waiting
    test = Delivery.objects.create(robot=now, what="test", made_at=at, due_at=at)
    enqueue("workflows.mailroom.round.run")
    return test


test_robot.__test__ = False  # an act, not a test


def _held(robot: Robot, by) -> Robot:
    """The robot as it is now, held until the transaction ends."""
    now = Robot.objects.select_for_update(of=("self",)).filter(pk=robot.pk).first()
    if now is None:
        raise Refused(Refused.FASTER, _("This robot was removed by somebody else."))
    _ask(by, now)
    return now


def _ask(by, robot: Robot) -> None:
    if robot.person_id == by.pk:
        return
    if robot.person_id or not by.may("manage_users"):
        raise Refused(Refused.NOT_YOURS, _("Only an administrator keeps the robots of offices."))
    if not (by.area and robot.area.startswith(by.area)):
        raise Refused(Refused.NOT_YOURS, _("This office works outside your area."))


def _note(code: str, robot: Robot, by) -> None:
    area = robot.area or by.area
    record(code, by=by, chain=f"user:{by.pk}", area=area, robot=robot.name)
