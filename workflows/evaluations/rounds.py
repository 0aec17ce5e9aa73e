"""Rounds: what they cover, who may open and close them. The work on hundreds of assignments is done
beside the web process: see `opening` and `closing`."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.accounts.models import Area
from core.audit.record import record
from core.errors import Refused
from core.jobs.acts import start_job
from core.ledger.permits import allow, allow_in
from core.ledger.scope import within
from core.people.models import Assignment
from core.queue import enqueue
from core.rulebook import rule
from workflows.evaluations.models import Evaluation, Round

OPENING, FINISH = "evaluation_round", "workflows.evaluations.closing.finish"


def day_after(day: date) -> date:
    return day + timedelta(days=1)


def evaluated(kind: str, areas, since: date, until: date, *, but=None):
    """The assignments that a round is about: in these areas, long enough within the period, and at
    the end of a term those that ended in it or whose instructor's term does. Not those of which
    both sides are being asked already in another round (`but` is this one): nothing is asked twice.
    """
    inside = Q(pk__in=[])
    for area in areas:
        inside |= Q(firm__in=_firms(area))
    least = timedelta(days=rule("evaluation_shortest_assignment", on=until).value - 1)
    rows = Assignment.objects.filter(inside, since__lte=until - least).filter(
        Q(until__isnull=True) | Q(until__gte=since + least)
    )
    asked = Evaluation.objects.filter(opened_at__isnull=True, round__closed_at__isnull=True)
    asked = asked.exclude(round=but) if but else asked
    rows = rows.exclude(pk__in=asked.values("assignment_id"))
    if kind == Round.Kind.TERM:
        ends = Q(until__range=(since, until)) | Q(
            until__isnull=True, instructor__term_until__range=(since, until)
        )
        rows = rows.filter(ends)
    return [row for row in rows.order_by("firm_id", "pk") if _long_enough(row, since, until, least)]


def _firms(area: str):
    return Assignment._meta.get_field("firm").related_model.objects.filter(within(area)).values("pk")


def _long_enough(assignment, since: date, until: date, least: timedelta) -> bool:
    begins, ends = max(assignment.since, since), min(assignment.until or until, until)
    return ends - begins >= least


def _makes_sense(areas, since: date, until: date, closes_on: date, on: date) -> None:
    if not areas:
        raise Refused(Refused.BAD_INPUT, _("Choose at least one area."))
    if until < since or until > on:
        raise Refused(
            Refused.BAD_INPUT,
            _("The period ends before it begins, or in the future. Look at the days."),
        )
    if closes_on <= on:
        raise Refused(
            Refused.BAD_INPUT, _("Leave time to fill the forms in: choose a day after today.")
        )


@transaction.atomic
def open_round(*, kind, areas, since, until, closes_on, key, by, on: date, at: datetime) -> Round:
    """Open a round; its evaluations are begun by a job. Sent twice, the first one comes back.
    Raises Refused."""
    allow(by, "open_rounds")
    for area in areas:
        allow_in(by, "open_rounds", area.code)
    _makes_sense(areas, since, until, closes_on, on)
    if first := Round.objects.filter(key=key, opened_by=by).first():
        return first
    # Two who open rounds of the same areas at once wait for each other here.
    codes = [area.code for area in areas]
    list(Area.objects.select_for_update(no_key=True).filter(pk__in=codes).order_by("pk"))
    _not_open_already(by.county, kind, areas, since, until)
    many = len(evaluated(kind, codes, since, until))
    if not many:
        raise Refused(
            Refused.NOT_NOW,
            _(
                "No assignment of these areas fits this period, or all are being evaluated already."
                " Choose other areas or days."
            ),
        )
    made = Round.objects.create(
        county=by.county, kind=kind, since=since, until=until, key=key, closes_on=closes_on,
        opened_by=by, opened_at=at,
    )  # fmt: skip
    made.areas.set(areas)
    days = {"since": since.isoformat(), "until": until.isoformat()}
    start_job(OPENING, by=by, key=key, given={"round": made.pk}, words=days)
    record("evaluation.round_opened", by=by, area=by.county, chain=f"round:{made.pk}", number=made.pk)
    return made


def _not_open_already(county: str, kind: str, areas, since: date, until: date) -> None:
    alike = Round.objects.open().filter(county=county, kind=kind, areas__in=areas)
    if alike.filter(since__lte=until, until__gte=since).exists():
        raise Refused(
            Refused.NOT_NOW, _("A round like this one is open already for one of these areas.")
        )


@transaction.atomic
def close_round(made: Round, *, by, at: datetime) -> Round:
    """Take no more forms. What came in is opened one after the other, beside the web process. `by`
    is None when its day has come. Raises Refused."""
    if by is not None:
        allow_in(by, "open_rounds", made.county)
    made = Round.objects.select_for_update(no_key=True).get(pk=made.pk)
    if made.closed_at is None:
        made.closed_at, made.closed_by = at, by
        made.save(update_fields=["closed_at", "closed_by"])
        record("evaluation.round_closed", by=by, area=made.county, chain=f"round:{made.pk}",
               number=made.pk)  # fmt: skip
    enqueue(FINISH, made.pk)
    return made


def closed_sentence(made: Round) -> str:
    return _("This round was closed on %(day)s; forms are no longer taken.") % {
        "day": date_format(made.closed_at)
    }
