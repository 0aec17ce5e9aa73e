"""From the figures of one day to those of another: every firm that makes the difference, and why.

A firm counts at a stage on a day, or not at all (closed, not yet opened, or outside of the reader's
reach). The bridge lists the firms of which this differs between the two days. For every stage: firms
on the first day, plus those that came to it, minus those that left it, are the firms on the last day.
"""

from collections import Counter
from datetime import date
from typing import NamedTuple

from django.db.models import Count, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.ledger.spells import Spell
from core.ledger.stages import Operation, Stage

HEIGHT = {stage: height for height, stage in enumerate(Stage.values)}
AT = ("firm_id", "stage", "operation")


class Why(TextChoices):
    """What happened to a firm between the two days, as far as its place in the figures differs."""

    OPENED = "opened", pgettext_lazy("what happened to a firm", "Opened")
    REOPENED = "reopened", _("Reopened")
    CAME = "came", _("Came from elsewhere")
    UP = "up", _("Moved up")
    BACK = "back", _("Moved back")
    WENT = "went", _("Went elsewhere")
    CLOSED = "closed", pgettext_lazy("what happened to a firm", "Closed")


class Difference(NamedTuple):
    """One firm: where it counted on the first day and on the last ("" for nowhere), and why."""

    firm_id: int
    before: str
    after: str
    why: str


def differences(user, first: date, last: date) -> list[Difference]:
    """The firms within a person's reach on either day whose place in the figures differs, in the
    order of their numbers. Four statements, over the spells that began between the two days."""
    touched = Spell.objects.filter(since__gt=first, since__lte=last).values("firm_id")
    seen = Spell.objects.visible_to(user).filter(firm__in=touched)
    before, after = _standing(seen.on(first)), _standing(seen.on(last))
    anywhere = Spell.objects.filter(firm__in=touched)
    was = dict(anywhere.on(first).values_list("firm_id", "operation"))
    will = dict(anywhere.on(last).values_list("firm_id", "operation"))
    found = []
    for firm in sorted(before.keys() | after.keys()):
        one, two = _counts(before.get(firm)), _counts(after.get(firm))
        if one != two:
            why = _why(one, two, was.get(firm), will.get(firm))
            found.append(Difference(firm, one, two, why))
    return found


def _standing(spells) -> dict[int, tuple[str, str]]:
    return {firm: (stage, operation) for firm, stage, operation in spells.values_list(*AT)}


def _counts(standing: tuple[str, str] | None) -> str:
    """The stage at which a firm counts, "" when it counts nowhere."""
    return "" if standing is None or standing[1] == Operation.CLOSED else standing[0]


def _why(before: str, after: str, was: str | None, will: str | None) -> Why:
    """`was` and `will` are the firm's operation on the two days wherever it lay: what is not within
    reach any more did not close."""
    if before and after:
        return Why.UP if HEIGHT[after] > HEIGHT[before] else Why.BACK
    if after:
        if was is None:
            return Why.OPENED
        return Why.REOPENED if was == Operation.CLOSED else Why.CAME
    return Why.CLOSED if will == Operation.CLOSED else Why.WENT


def table(user, first: date, last: date, found: list[Difference]) -> list[dict]:
    """For every stage, and for all: firms on the first day, those that came to it and that left it
    by reason, and firms on the last day. The one is the other plus what came, minus what left."""
    began, ended = _spread(user, first), _spread(user, last)
    came = Counter((one.after, one.why) for one in found if one.after)
    left = Counter((one.before, one.why) for one in found if one.before)
    rows = [_row(stage, began, ended, came, left) for stage in Stage]
    whole = {"stage": None, "began": sum(began.values()), "ended": sum(ended.values())}
    whole["came"] = {why: sum(came[stage, why] for stage in Stage.values) for why in COMING}
    whole["left"] = {why: sum(left[stage, why] for stage in Stage.values) for why in LEAVING}
    return [*rows, whole]


COMING = (Why.OPENED, Why.REOPENED, Why.CAME)  # to the whole; to a stage also from another one
LEAVING = (Why.CLOSED, Why.WENT)
WITHIN = (Why.UP, Why.BACK)


def _row(stage, began, ended, came, left) -> dict:
    return {
        "stage": stage, "began": began[stage], "ended": ended[stage],
        "came": {why: came[stage, why] for why in (*COMING, *WITHIN)},
        "left": {why: left[stage, why] for why in (*LEAVING, *WITHIN)},
    }  # fmt: skip


def _spread(user, day: date) -> Counter:
    rows = Spell.objects.visible_to(user).on(day).counted().order_by()
    return Counter(dict(rows.values_list("stage").annotate(firms=Count("pk"))))
