"""The audit trail of the demo's cases, as it would have been written on those days.

`record` writes one event after the other, at the time of writing. A whole county's past is laid
down here at once, with the same digests, so that the chain of each case can be verified.
"""

from collections import defaultdict
from datetime import UTC, datetime, time, timedelta

from core.audit.models import ChainHead, Event
from core.audit.record import digest_of
from core.ledger.models import Branch, Firm, MassOrganisation, StageChange
from core.ledger.spells import Spell, replayed
from core.people.models import Assignment, GuidanceRecord


def write_down(county) -> None:
    told = defaultdict(list)  # firm → (day, order within the day, code, by_id, words)
    firms = {firm.pk: firm for firm in county.rows[Firm]}
    first = county.on - timedelta(days=1420)  # the first survey round
    for firm in firms.values():
        told[firm.pk].append((first, 0, "firm.registered", county.supervisors[firm.area].pk, {}))
    _tell_facts(county, told, firms)
    changes = defaultdict(list)
    for change in county.rows[StageChange]:
        changes[change.firm_id].append(change)
        words = {"move": change.verb, "source": change.source, "target": change.target}
        told[change.firm_id].append((change.on, 5, "case.moved", change.by_id, words))
    for pk, firm in firms.items():
        for spell in replayed(firm, changes[pk]):
            county.new(Spell, **spell)
        _chain(county, firm, sorted(told[pk], key=lambda it: it[:2]))


def _tell_facts(county, told, firms):
    by_area = county.supervisors
    own = {firm.branch_id: firm for firm in firms.values() if firm.branch_id}
    for branch in county.rows[Branch]:
        if branch.kind == Branch.Kind.STANDALONE:
            words = {"branch": branch.name}
            firm = own[branch.pk]
            told[firm.pk].append((branch.founded_on, 4, "branch.founded", by_area["county"].pk, words))
    for it in county.rows[MassOrganisation]:
        words = {"kind": it.kind, "name": it.name, "number": it.approval_number}
        by = by_area[firms[it.firm_id].area].pk
        told[it.firm_id].append((it.approved_on, 1, "mass_organisation.recorded", by, words))
    for it in county.rows[Assignment]:
        words = {"instructor": it.instructor.name}
        by = by_area[firms[it.firm_id].area].pk
        told[it.firm_id].append((it.since, 2, "assignment.begun", by, words))
    for it in county.rows[GuidanceRecord]:
        words = {"on": it.on.isoformat()}
        told[it.firm_id].append((it.on, 3, "guidance.recorded", it.by_id, words))


def _chain(county, firm, told):
    chain, digest = f"firm:{firm.pk}", ""
    for place, (day, _order, code, by, words) in enumerate(told, start=1):
        at = datetime.combine(day, time(1, 30), UTC) + timedelta(minutes=place)
        if code in NAMES_THE_FIRM:
            words = {"firm_name": firm.name, **words}
        event = county.new(
            Event, chain=chain, place=place, at=at, by_id=by, code=code, words=words,
            area=firm.area, firm_id=firm.pk,
        )  # fmt: skip
        event.digest = digest = digest_of(event, digest)
    county.new(ChainHead, chain=chain, place=len(told), digest=digest)


NAMES_THE_FIRM = {"firm.registered", "case.moved", "assignment.begun", "guidance.recorded"}
