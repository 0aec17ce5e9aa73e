"""What robots have to say, one message a case, as fast as their makers allow."""

import logging
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.audit.record import record
from core.errors import Refused
from core.ledger.models import Firm
from workflows.engine.models import Task
from workflows.mailroom.digests import counted
from workflows.mailroom.models import Delivery, Robot
from workflows.mailroom.pass_on import quiet_of
from workflows.mailroom.post import NotSent
from workflows.mailroom.quiet import TRIES, after_quiet, pause_after
from workflows.mailroom.robots import WAYS, Message, speak
from workflows.mailroom.sending import State, claim, settle
from workflows.mailroom.wishes import wishes_of
from workflows.notices.tell import tell

log = logging.getLogger(__name__)
MINUTE = timedelta(minutes=1)


def send_messages(at: datetime, *, seconds: float) -> int:
    """Let robots say what is due until nothing is left or the time is over. Returns how many
    messages arrived. A robot that fails rests, so a hanging one costs one time-out a round."""
    ends, sent, put_off = time.monotonic() + seconds, 0, []
    while time.monotonic() < ends and (found := _next(at, put_off)):
        robot, delivery = found
        if delivery:
            sent += _send(robot, delivery, at)
        else:
            put_off.append(robot.pk)
    return sent


# ── whose turn it is ───────────────────────────────────────────────────────────────────────────
@transaction.atomic
def _next(at: datetime, put_off: list[int]) -> tuple[Robot, Delivery | None] | None:
    """A robot with something to say and the message claimed for it; no message when the robot has
    to wait. The robot's row is locked meanwhile: one sender counts its minute at a time."""
    due = Delivery.objects.due(at).filter(robot=OuterRef("pk"))
    well = Q(paused=False, broken_at__isnull=True) & (
        Q(next_try_at__isnull=True) | Q(next_try_at__lte=at)
    )
    robot = (
        Robot.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("person__wishes", "kept_by")
        .filter(Q(well, Exists(due)) | Exists(due.filter(what="test")))
        .exclude(pk__in=put_off)
        .order_by("next_try_at", "pk")
        .first()
    )
    return robot and (robot, _claim_for(robot, at))


def _claim_for(robot: Robot, at: datetime) -> Delivery | None:
    """The robot's next message. A test is somebody pressing a button now: it minds no quiet hours
    and no earlier failures."""
    rows = robot.deliveries.select_related("firm")
    if free_at := _minute_is_full(robot, at):
        rows.due(at).update(due_at=free_at)
        return None
    if test := claim(rows.filter(what="test"), at):
        return test
    if (later := after_quiet(at, quiet_of(robot))) > at:
        rows.due(at).update(due_at=later)
        return None
    resting = robot.next_try_at and robot.next_try_at > at
    return None if robot.paused or robot.broken_at or resting else claim(rows, at)


def _minute_is_full(robot: Robot, at: datetime) -> datetime | None:
    """When the robot may speak again, if it has spoken as often as its maker allows a minute."""
    most = WAYS[robot.maker].a_minute
    tries = robot.deliveries.filter(tried_at__gt=at - MINUTE).order_by("-tried_at")
    times = list(tries.values_list("tried_at", flat=True)[:most])
    return times[-1] + MINUTE if len(times) == most else None


# ── what it says ───────────────────────────────────────────────────────────────────────────────
def message_of(robot: Robot, delivery: Delivery, at: datetime) -> Message | None:
    """Counts, the firm and a link, in the group's language. None when the person no longer sees
    the firm."""
    key = f"{delivery.pk}"
    if delivery.what == Delivery.What.TEST:
        text = _("Test message of the Instructor Desk: %(name)s is connected.") % {"name": robot.name}
        return Message(text, f"{settings.SITE_URL}/", key)
    firm = delivery.firm
    if robot.person and not Firm.objects.visible_to(robot.person).filter(pk=firm.pk).exists():
        return None
    tasks = Task.objects.human().open().filter(firm=firm)
    numbers = {
        "events": delivery.events, "tasks": tasks.count(), "overdue": tasks.overdue(at).count()
    }  # fmt: skip
    text = _("%(firm)s: %(news)s. %(tasks)s.") % {
        "firm": firm.name,
        "news": ngettext("%(n)d piece of news", "%(n)d pieces of news", delivery.events)
        % {"n": delivery.events},
        "tasks": counted(numbers["tasks"], numbers["overdue"]),
    }
    return Message(text, settings.SITE_URL + reverse("coverage:case", args=[firm.pk]), key, numbers)


def _send(robot: Robot, delivery: Delivery, at: datetime) -> bool:
    person = robot.person
    with translation.override(wishes_of(person).language if person else robot.language):
        message = message_of(robot, delivery, at)
        if message is None or (person and not person.is_active):
            settle(delivery, state=State.NOTHING)
            return False
        try:
            speak(robot, message, at=at)
        except (NotSent, Refused) as error:
            log.warning("Robot %s: %s", robot.pk, error)
            _fell_silent(robot, delivery, _sentence(error), at)
            return False
        except Exception:
            # Whatever is wrong with one robot, the others speak.
            log.exception("Robot %s could not be spoken to", robot.pk)
            _fell_silent(robot, delivery, _("The message could not be sent."), at)
            return False
    with transaction.atomic():
        settle(delivery, state=State.SENT, sent_at=at, error="")
        Robot.objects.filter(pk=robot.pk).update(failures=0, next_try_at=None, broken_at=None, fault="")
    return True


def _sentence(error: NotSent | Refused) -> str:
    return (error.sentence if isinstance(error, Refused) else str(error))[:200]


# ── when it fails ──────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def _fell_silent(robot: Robot, delivery: Delivery, fault: str, at: datetime) -> None:
    """Try later; after so many failures in a row leave the robot alone and tell its keeper. What
    it did not say stands among everybody's notices."""
    now = Robot.objects.select_for_update(of=("self",)).get(pk=robot.pk)
    now.fault = fault
    if delivery.what == Delivery.What.TEST:
        settle(delivery, state=State.GIVEN_UP, error=fault)
        now.save(update_fields=["fault"])
        return
    now.failures += 1
    later = after_quiet(at + pause_after(now.failures), quiet_of(robot))
    now.next_try_at = later
    if now.failures >= TRIES and now.broken_at is None:
        _give_up(now, at)
    now.save(update_fields=["fault", "failures", "next_try_at", "broken_at"])
    if now.broken_at:
        now.deliveries.filter(what="case", state=State.WAITING).update(state=State.GIVEN_UP)
        settle(delivery, state=State.GIVEN_UP, error=fault)
    else:
        _wait_again(delivery, fault, later)


def _give_up(robot: Robot, at: datetime) -> None:
    robot.broken_at = at
    event = record(
        "robot.broken", by=None, chain=f"user:{robot.kept_by_id}", area=robot.kept_by.area,
        robot=robot.name, fault=robot.fault,
    )  # fmt: skip
    tell(event, people=[robot.kept_by_id, robot.person_id])


def _wait_again(delivery: Delivery, fault: str, later: datetime) -> None:
    """Back in line, or into the message that began to wait for the same case meanwhile."""
    begun = Delivery.objects.filter(
        robot=delivery.robot_id, firm=delivery.firm_id, what="case", state=State.WAITING
    ).update(events=F("events") + delivery.events, due_at=later, error=fault)
    if begun:
        settle(delivery, state=State.OVERTAKEN, error=fault)
    else:
        settle(delivery, state=State.WAITING, due_at=later, error=fault)
