"""Figures that a report printed, beside those that the ledger gives: what holds, what does not.

What was printed is entered once and never written over. How it is meant to be counted (its reading)
may be chosen later and changed; each choice is in the trail.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.verbs import BY_FIRM, Role
from core.audit.record import record
from core.audit.sentences import teach
from core.errors import Refused
from core.figures.coverage import NUMBERS, Share
from core.figures.ledger import Ledger
from core.ledger.permits import allow_in, not_ahead

NOTHING = "nothing"  # the reading of a figure that the ledger has nothing to count for
PRINTED = re.compile(r"(\d{1,3}(?:[,，]\d{3})+|\d{1,12})(?:[.．](\d{1,6}))?\s*([%％]?)")
BY_KEY = {number.key: number for number in NUMBERS}


class PrintedFigure(models.Model):
    """One figure of a report on an area, as it was printed, for a day."""

    area = models.CharField(gettext_lazy("area"), max_length=12, db_index=True)
    report = models.CharField(gettext_lazy("report"), max_length=120)
    on = models.DateField(gettext_lazy("as of"))
    label = models.CharField(gettext_lazy("figure"), max_length=200)
    printed = models.CharField(gettext_lazy("as printed"), max_length=24)
    part = models.CharField(max_length=40, blank=True)  # "" while it is not clear what is counted
    whole = models.CharField(max_length=40, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    taken_back_at = models.DateTimeField(null=True)

    class PrintedQuerySet(models.QuerySet):
        def visible_to(self, user):
            """Those of a person's own area: the figures beside them are counted over the same firms."""
            narrow = user.is_authenticated and user.role in (Role.LINE, *BY_FIRM)
            if narrow or not (user.is_authenticated and user.may("see") and user.area):
                return self.none()
            return self.filter(area=user.area)

        def standing(self):
            return self.filter(taken_back_at__isnull=True)

    objects = PrintedQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("printed figure")
        verbose_name_plural = gettext_lazy("printed figures")
        ordering = ["-on", "report", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "report", "on", "label"],
                condition=models.Q(taken_back_at__isnull=True),
                name="figure_of_a_report_entered_once",
            ),
            models.CheckConstraint(
                condition=models.Q(whole="") | ~models.Q(part__in=["", NOTHING]),
                name="share_of_a_printed_figure_has_a_part",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.printed}"


class Verdict(models.TextChoices):
    AGREES = "agrees", gettext_lazy("agrees")
    DIFFERS = "differs", gettext_lazy("differs")
    NOT_CHECKED = "not_checked", gettext_lazy("cannot be checked")
    UNCLEAR = "unclear", gettext_lazy("unclear what is counted")


@dataclass(frozen=True)
class Printed:
    """A printed number: its value, half of its last digit, and whether it is a share in percent."""

    value: Decimal
    tolerance: Decimal
    percent: bool


def read(printed: str) -> Printed:
    """What was printed, as a number: "2.23%", "7,219". Raises Refused."""
    found = PRINTED.fullmatch(printed.strip())
    if found is None:
        raise Refused(
            Refused.BAD_INPUT,
            _("“%(said)s” is no number. Write it as printed: 408, 7,219 or 2.23%%.")
            % {"said": printed[:24]},
        )
    whole, decimals, percent = found.groups()
    digits = re.sub("[,，]", "", whole)
    value = Decimal(f"{digits}.{decimals}" if decimals else digits)
    return Printed(value, Decimal(5).scaleb(-len(decimals or "") - 1), bool(percent))


def counted(key: str, ledger: Ledger) -> int | None:
    """A number of the figures as a count: of a share its part."""
    value = BY_KEY[key].counts(ledger)
    return value.part if isinstance(value, Share) else value


@dataclass(frozen=True)
class Check:
    """A printed figure with what the ledger gives for its day, and the verdict."""

    figure: PrintedFigure
    verdict: Verdict
    part: int | None = None
    whole: int | None = None

    @property
    def percent(self) -> Decimal | None:
        """To as many places as were printed, and two at least."""
        if not self.whole or self.part is None:
            return None
        places = min(Decimal("0.01"), read(self.figure.printed).tolerance * 2)
        return (Decimal(self.part) * 100 / self.whole).quantize(places, rounding=ROUND_HALF_UP)


def check(figure: PrintedFigure, ledger: Ledger) -> Check:
    """Compare a printed figure with the ledger of its day. It holds when it differs by no more than
    half of the last printed digit."""
    if not figure.part:
        return Check(figure, Verdict.UNCLEAR)
    printed = read(figure.printed)
    if figure.part == NOTHING or printed.percent != bool(figure.whole):
        return Check(figure, Verdict.NOT_CHECKED)
    part = counted(figure.part, ledger)
    whole = counted(figure.whole, ledger) if figure.whole else None
    if part is None or (figure.whole and not whole):
        return Check(figure, Verdict.NOT_CHECKED, part, whole)
    have = Decimal(part) * 100 / whole if whole else Decimal(part)
    holds = abs(have - printed.value) <= printed.tolerance
    return Check(figure, Verdict.AGREES if holds else Verdict.DIFFERS, part, whole)


def checks(user) -> list[Check]:
    """All printed figures of a person's area with their verdicts; one ledger for each of their days."""
    ledgers: dict[date, Ledger] = {}
    found = []
    for figure in PrintedFigure.objects.visible_to(user).standing().select_related("by"):
        ledger = ledgers.setdefault(figure.on, Ledger(user, figure.on, past=True))
        found.append(check(figure, ledger))
    return found


@transaction.atomic
def enter(*, report: str, on: date, label: str, printed: str, part="", whole="", by, today: date):
    """Enter a figure as it was printed. Raises Refused."""
    allow_in(by, "register", by.area)
    not_ahead(on, today)
    read(printed)
    _known(part, whole)
    same = PrintedFigure.objects.visible_to(by).standing().filter(report=report, on=on, label=label)
    if same.exists():
        raise Refused(
            Refused.BAD_INPUT, _("This figure of the report is entered already. Look at it below.")
        )
    made = PrintedFigure.objects.create(
        area=by.area, report=report, on=on, label=label, printed=printed.strip(), part=part,
        whole=whole, by=by,
    )  # fmt: skip
    _write("printed.entered", made, by=by)
    return made


@transaction.atomic
def choose_reading(figure: PrintedFigure, *, part: str, whole: str, by) -> PrintedFigure:
    """Say what a figure counts. What was printed stays. Raises Refused."""
    now = _held(figure, by=by)
    _known(part, whole)
    if (now.part, now.whole) != (part, whole):
        now.part, now.whole = part, whole
        now.save(update_fields=["part", "whole"])
        _write("printed.reading", now, by=by)
    return now


@transaction.atomic
def take_back(figure: PrintedFigure, *, by, at) -> PrintedFigure:
    """Take a figure off the page that was entered by mistake; it stays on record. Raises Refused."""
    now = _held(figure, by=by)
    if now.taken_back_at is None:
        now.taken_back_at = at
        now.save(update_fields=["taken_back_at"])
        _write("printed.taken_back", now, by=by)
    return now


def _held(figure: PrintedFigure, *, by) -> PrintedFigure:
    allow_in(by, "register", figure.area)
    seen = PrintedFigure.objects.visible_to(by).select_for_update(of=("self",))
    now = seen.filter(pk=figure.pk).first()
    if now is None:
        raise Refused(Refused.NOT_YOURS, _("This is outside your area."))
    return now


def _known(part: str, whole: str) -> None:
    known = part in ("", NOTHING, *BY_KEY) and whole in ("", *BY_KEY)
    if not known or (whole and part in ("", NOTHING)):
        raise Refused(Refused.BAD_INPUT, _("Choose what is counted, and for a share of what."))


def _write(code: str, figure: PrintedFigure, *, by) -> None:
    record(code, by=by, area=figure.area, chain=f"printed:{figure.area}", figure=figure.label,
           report=figure.report, said=figure.printed)  # fmt: skip


teach("verdict", dict(Verdict.choices))
