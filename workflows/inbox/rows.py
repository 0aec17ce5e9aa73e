"""What a row of a list says of its task, without asking the database for each."""

from django.db.models import Count
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core.accounts.models import Area
from core.audit.sentences import VOCABULARY
from workflows.engine.desk import DESKS
from workflows.engine.queries import hands
from workflows.inbox.bulk import ACTS
from workflows.inbox.models import Comment

IN_HANDS = ("waiting", "left_behind")  # lists that say who has a task, not from whom it comes
FIELDS = {"approve": "comment", "hold": "until", "reassign": "to"}  # what an act needs besides
OFFERS = {
    "mine": ("approve", "hold", "release", "reassign"),
    "queue": ("claim", "approve", "reassign"),
    "held": ("release", "reassign"),
    "waiting": ("nudge", "reassign"),
    "done": (),
    "left_behind": ("reassign",),
}
DECIDES = ("review_township", "review_line", "decide_county")


def rows_of(tasks, *, user, which, on, trail) -> list[dict]:
    """For each task: its address, who has it or whom it comes from, how long it waits, marks."""
    said = _comments(tasks, user)
    own = hands(user)
    return [
        {
            "task": task,
            "url": f"{task.get_absolute_url()}{trail.query}",
            "who": _who(task, which),
            "waits": waits(task, on),
            "marks": [*marks(task, own, on), *_talk(said.get(task.process_id, 0))],
        }
        for task in tasks
    ]


def _comments(tasks, user) -> dict[int, int]:
    if not (tasks and user.may("read_record")):
        return {}
    rows = Comment.objects.visible_to(user).filter(process__in={task.process_id for task in tasks})
    return dict(rows.order_by().values_list("process").annotate(Count("pk")))


def _talk(many: int):
    if many:
        yield "", ngettext("%(many)d comment", "%(many)d comments", many) % {"many": many}


def _who(task, which: str) -> str:
    if which in IN_HANDS:
        return task.owner.name if task.owner else _("nobody has taken it yet")
    process = task.process
    if process.opened_by:
        return process.opened_by.name
    return process.data.get("comes_from") or _("the nightly check")


def waits(task, on) -> str:
    """How long a task has been there, in words; today's is "today"."""
    days = (on - timezone.localdate(task.created)).days
    return (
        ngettext("%(days)d day", "%(days)d days", days) % {"days": days}
        if days > 0
        else pgettext("waiting", "today")
    )


def marks(task, own: list[int], on):
    """What is special about a task: pairs of a colour and a text."""
    if task.delegated_by and task.owner_id in own:
        yield "info", _("lent to you by %(name)s") % {"name": task.delegated_by.name}
    elif task.delegated_by:
        words = {"name": task.owner.name, "owner": task.delegated_by.name}
        yield "info", _("%(name)s helps %(owner)s with it") % words
    elif task.owner_id in own[1:]:
        yield "info", _("in place of %(name)s") % {"name": task.owner.name}
    if task.in_place_of:
        words = {"name": task.owner.name, "absent": task.in_place_of.name}
        yield "", _("%(name)s in place of %(absent)s") % words
    if task.held_until and task.held_until > on:
        yield "", _("put off until %(day)s") % {"day": date_format(task.held_until)}
    if task.follow_up_on and not task.finished:
        kind = "warn" if task.follow_up_on <= on else ""
        yield kind, _("come back on %(day)s") % {"day": date_format(task.follow_up_on)}
    if task.nudged_at and not task.finished:
        day = date_format(timezone.localdate(task.nudged_at))
        yield "warn", _("asked to hurry on %(day)s") % {"day": day}
    if task.escalated_at and not task.finished:
        yield "warn", _("passed to the next level")


def offers(which: str, user, people) -> list[dict]:
    """The acts that the ticked tasks of a list may be given, with the field that each needs."""
    fits = {"approve": any(user.may(verb) for verb in DECIDES), "reassign": bool(people)}
    return [
        {"name": name, "label": ACTS[name][0], "field": FIELDS.get(name, "")}
        for name in OFFERS[which]
        if fits.get(name, True)
    ]


def kinds() -> list[tuple[str, str]]:
    """Every kind of task that some flow has, by its title."""
    titles = VOCABULARY.get("task", {})
    return [(step, titles.get(step, step)) for step in DESKS]


def townships(user) -> list[Area]:
    """The divisions to which a supervisor may narrow a list; none where there is one only."""
    if not (user.may("reassign") and user.area):
        return []
    below = [Area.Kind.TOWNSHIP, Area.Kind.PARK] if len(user.area) == 6 else [Area.Kind.COUNTY]
    below = [Area.Kind.VILLAGE] if len(user.area) > 6 else below
    found = list(Area.objects.filter(code__startswith=user.area, kind__in=below))
    return found if len(found) > 1 else []
