"""What the night writes down for the morning: who could move up, who nearly could, who is quiet."""

from dataclasses import replace
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from core.audit.models import Event
from core.days import midnight
from core.ledger.acts import WHEN_REHOUSED
from core.ledger.models import Firm
from core.ledger.stages import Operation, Stage
from core.people.models import GuidanceRecord
from core.rulebook import rule
from workflows.coverage.chart import STAGE, moves_from
from workflows.coverage.facts import Facts
from workflows.coverage.outlook import shortfall
from workflows.morning.models import Sighting

K = Sighting.Kind
HEIGHT = {stage: height for height, stage in enumerate(Stage.values)}


@transaction.atomic
def write_down(batch, facts: dict[int, Facts], up: dict[int, str], under_way: set[int], *, on) -> None:
    """Bring the sightings of some firms up to date. `up`: the move that the facts of a firm allow,
    `under_way`: firms about which a proposal is open. Safe to run twice."""
    old = {(row.firm_id, row.kind): row for row in Sighting.objects.filter(firm__in=batch)}
    seen = {}
    for row in _seen(batch, facts, up, under_way, on):
        before = old.get((row.firm_id, row.kind))
        if row.kind != K.QUIET and before and before.verb == row.verb:
            row.since = before.since
        seen[row.firm_id, row.kind] = row
    Sighting.objects.filter(pk__in=[row.pk for key, row in old.items() if key not in seen]).delete()
    Sighting.objects.bulk_create(
        seen.values(), update_conflicts=True, unique_fields=["firm", "kind"],
        update_fields=["county", "town", "area", "line", "verb", "stage", "facts", "since", "seen_at"],
    )  # fmt: skip


def _seen(batch, facts, up, under_way, on):
    """The sightings that there should be."""
    last, quiet_after = last_recorded(batch, on), rule("case_quiet_after", on=on).value
    for firm in batch:
        if firm.operation != Operation.OPERATING:
            continue
        if verb := up.get(firm.pk):
            yield _sighting(firm, K.CAN_MOVE, on, verb, facts[firm.pk])
        elif firm.pk not in under_way and (verb := nearly(firm, facts[firm.pk])):
            yield _sighting(firm, K.NEARLY, on, verb, facts[firm.pk])
        if (on - last[firm.pk]).days > quiet_after:
            yield _sighting(firm, K.QUIET, last[firm.pk], "", facts[firm.pk])


def _sighting(firm: Firm, kind: str, since: date, verb: str, facts: Facts) -> Sighting:
    return Sighting(
        firm=firm, kind=kind, county=firm.county, town=firm.area[:9], area=firm.area,
        line_id=firm.line_id, verb=verb, stage=firm.stage, facts=facts.as_json(), since=since,
        seen_at=timezone.now(),
    )  # fmt: skip


def nearly(firm: Firm, facts: Facts) -> str:
    """The highest move up for which one thing is lacking that is within reach: a visit, where an
    instructor is assigned; one full member, where there is one already or a probationary one. ""
    for none."""
    close = [replace(facts, last_visit=facts.on, worked_in=True)] if facts.instructor else []
    if facts.full_members or facts.probationary:
        close.append(replace(facts, full_members=facts.full_members + 1))
    moves = [
        move
        for move in moves_from(STAGE, firm.stage)
        if HEIGHT[move.target] > HEIGHT[firm.stage] and shortfall(move, facts)
        if any(shortfall(move, better) is None for better in close)
    ]
    return max(moves, key=lambda move: HEIGHT[move.target]).verb if moves else ""


def last_recorded(batch, on: date) -> dict[int, date]:
    """For each firm the last day on which a person recorded anything: an act in the trail, a visit
    or a call. Before any record it is the day since which the firm stands where it stands."""
    last = {firm.pk: firm.stage_since for firm in batch}
    first = on - timedelta(days=rule("case_quiet_after", on=on).value)
    lately = midnight(first)
    acts = Event.objects.filter(firm__in=batch, by__isnull=False).order_by()
    loud = set(acts.filter(at__gte=lately).values_list("firm_id", flat=True).distinct())
    for pk in loud:
        last[pk] = on
    still = [firm.pk for firm in batch if firm.pk not in loud]
    for pk, at in acts.filter(firm__in=still).values_list("firm_id").annotate(last=Max("at")):
        last[pk] = max(last[pk], timezone.localdate(at))
    notes = GuidanceRecord.objects.filter(firm__in=still, on__lte=on).order_by()
    for pk, day in notes.values_list("firm_id").annotate(last=Max("on")):
        last[pk] = max(last[pk], day)
    return last


def follow_the_firm(firm: Firm, *, by) -> None:
    """A firm came to another township or line: from now on it is seen there."""
    Sighting.objects.filter(firm=firm).update(
        county=firm.county, town=firm.area[:9], area=firm.area, line_id=firm.line_id
    )


WHEN_REHOUSED.append(follow_the_firm)
