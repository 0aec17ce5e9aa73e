"""Opening, cancelling and closing a round; what its days bring by themselves."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.accounts.models import Area
from core.audit.record import record
from core.errors import Refused
from core.figures.coverage import COVERAGE, FIRMS, NUMBERS, Share
from core.figures.ledger import Ledger
from core.ledger.models import Firm
from core.ledger.permits import allow, allow_in
from core.ledger.scope import within
from core.rulebook import rule
from workflows.notices.tell import tell
from workflows.surveys.models import SurveyFirm, SurveyRound
from workflows.surveys.whose import concerned

State = SurveyFirm.State
BATCH = 2000  # rows of one INSERT
# Sums over the same firms that the coverage numbers are counted from.
SUMS = ("employees", "full_members")


@transaction.atomic
def open_round(*, title, areas, until, key, by, on: date, at: datetime) -> SurveyRound:
    """Put every firm of these townships that is not closed into a round. Sent twice, the first one
    comes back. Raises Refused."""
    allow(by, "open_surveys")
    for area in areas:
        allow_in(by, "open_surveys", area.code)
    if first := SurveyRound.objects.filter(key=key, opened_by=by).first():
        return first
    title = " ".join(title.split())
    if not title or not areas:
        raise Refused(Refused.BAD_INPUT, _("Give the round a name and choose at least one area."))
    if until < on:
        raise Refused(Refused.BAD_INPUT, _("Leave time to look at the firms: choose a day ahead."))
    codes = sorted(area.code for area in areas)
    # Two who open rounds of the same areas at once wait for each other here.
    list(Area.objects.select_for_update(no_key=True).filter(pk__in=codes).order_by("pk"))
    _not_asked_already(codes)
    inside = Q(pk__in=[])
    for code in codes:
        inside |= within(code)
    firms = Firm.objects.visible_to(by).counted().filter(inside)
    rows = list(firms.order_by("pk").values_list("pk", "county", "area", "line_id"))
    if not rows:
        raise Refused(Refused.NOT_NOW, _("No firm of these areas is in operation. Choose others."))
    made = SurveyRound.objects.create(
        key=key, title=title, county=by.county, until=until, count=len(rows), opened_by=by, opened_at=at
    )
    made.areas.set(areas)
    SurveyFirm.objects.bulk_create(
        [
            SurveyFirm(round=made, firm_id=pk, county=county, area=area, line_id=line)
            for pk, county, area, line in rows
        ],
        batch_size=BATCH,
    )
    event = _record("opened", made, by=by, count=len(rows))
    tell(event, among=concerned(made, on=on))
    return made


def _not_asked_already(codes: list[str]) -> None:
    """Nothing is asked twice."""
    asked = SurveyRound.objects.open().filter(areas__in=codes).first()
    if asked:
        raise Refused(
            Refused.NOT_NOW,
            _("The round “%(title)s” is open for one of these areas. Close it first.")
            % {"title": asked.title},
        )


def _record(what: str, made: SurveyRound, *, by, **more):
    return record(
        f"survey.{what}", by=by, area=made.county, chain=f"survey:{made.pk}", title=made.title, **more
    )


def held(made: SurveyRound, *, by) -> SurveyRound:
    """The round as it is, held until the transaction ends. Raises Refused."""
    allow_in(by, "open_surveys", made.county)
    return SurveyRound.objects.select_for_update(no_key=True).get(pk=made.pk)


@transaction.atomic
def cancel_round(made: SurveyRound, *, by, at: datetime) -> SurveyRound:
    """Take a round back of which no firm is answered yet. Raises Refused."""
    made = held(made, by=by)
    if made.cancelled_at:
        return made
    not_over(made)
    rows = made.firms.select_for_update(no_key=True).order_by("pk")
    if any(state != State.OPEN for state in rows.values_list("state", flat=True)):
        raise Refused(
            Refused.NOT_NOW,
            _("Firms were answered already, so the round stays. Close it: what was said is kept."),
        )
    made.cancelled_at, made.cancelled_by = at, by
    made.save(update_fields=["cancelled_at", "cancelled_by"])
    _record("cancelled", made, by=by)
    return made


@transaction.atomic
def close_round(made: SurveyRound, *, by, on: date, at: datetime) -> SurveyRound:
    """Take no more answers, and keep what was said and the figures of this day for good.

    The rows are held before anything is read of them: an answer that came before is in, one that
    comes now finds the round closed. Raises Refused.
    """
    made = held(made, by=by)
    if made.closed_at:
        return made
    not_over(made)
    list(made.firms.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    firm = Firm.objects.filter(pk=OuterRef("firm_id"))
    said = ("name", "credit_code", "stage", "operation", "employees", "area", "line_id")
    made.firms.update(**{name: Subquery(firm.values(name)[:1]) for name in said})
    made.figures = figures_of(made, by=by, on=on)
    made.closed_at, made.closed_by = at, by
    made.save(update_fields=["figures", "closed_at", "closed_by"])
    _record("closed", made, by=by)
    return made


def not_over(made: SurveyRound) -> None:
    """Raises Refused for a round that is closed or cancelled: it is never opened again."""
    if made.closed_at:
        raise Refused(Refused.FASTER, closed_sentence(made))
    if made.cancelled_at:
        raise Refused(
            Refused.NOT_NOW, _("This round was cancelled. Open a new one; this one stays as it is.")
        )


def closed_sentence(made: SurveyRound) -> str:
    return _("This round was closed on %(day)s; what it found stays as it is.") % {
        "day": date_format(timezone.localtime(made.closed_at))
    }


def figures_of(made: SurveyRound, *, by, on: date) -> dict:
    """The coverage figures of the round's townships as they stand: counts, never shares."""
    whole = Ledger(by, on)
    codes = tuple(made.areas.values_list("pk", flat=True))
    groups = [group for group in whole.groups if group.of.startswith(codes)]
    ledger = Ledger(by, on, groups)
    found = {}
    for number in NUMBERS:
        if number.kind in (COVERAGE, FIRMS) or number.key in SUMS:
            value = number.counts(ledger)
            found[number.key] = list(value) if isinstance(value, Share) else value
    return found


def tend(now: datetime) -> None:
    """Remind before the end, and tell the offices what is theirs from the day after it. Once each;
    called with every look at the deadlines, it may run twice or be killed in the middle."""
    on = timezone.localdate(now)
    days = timedelta(days=rule("survey_reminder", on=on).value)
    rounds = SurveyRound.objects.open()
    soon = rounds.filter(reminded_at__isnull=True, until__range=(on, on + days))
    for pk in soon.exclude(opened_at__date=on).values_list("pk", flat=True):
        _tell_once(pk, "reminded_at", "reminder", now)
    for pk in rounds.filter(late_told_at__isnull=True, until__lt=on).values_list("pk", flat=True):
        _tell_once(pk, "late_told_at", "late", now)


@transaction.atomic
def _tell_once(pk: int, field: str, what: str, now: datetime) -> None:
    rows = SurveyRound.objects.open().filter(pk=pk, **{f"{field}__isnull": True})
    if not rows.update(**{field: now}):
        return
    made = SurveyRound.objects.get(pk=pk)
    if not made.firms.filter(state=State.OPEN).exists():
        return
    more = {"until": made.until.isoformat()} if what == "reminder" else {}
    tell(_record(what, made, by=None, **more), among=concerned(made, on=timezone.localdate(now)))
