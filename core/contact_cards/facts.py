"""What stands on the card of each firm: gathered for many firms in a handful of statements."""

from dataclasses import dataclass

from core.accounts.models import Area
from core.contact_cards.models import TierContact, VisitingDays
from core.credentials.models import Card
from core.credentials.moves import State
from core.credentials.printing import address_of
from core.ledger.models import Firm
from core.letters.models import Letterhead
from core.people.models import Assignment, Instructor
from core.people.who import prefixes
from core.rulebook import rule

Tier = TierContact.Tier


@dataclass(frozen=True)
class CardFacts:
    """One firm's card. A tier without a leader is None; so is the instructor."""

    firm: Firm
    place: str
    leaders: dict[str, TierContact | None]
    instructor: Instructor | None
    visits: str
    address: str  # behind the QR code: the instructor's check page, else the supervision phone
    phone: str  # of supervision
    office: str

    @property
    def checks(self) -> bool:
        """Whether the code leads to the check page of the instructor's credential."""
        return not self.address.startswith("tel:")

    @property
    def county_leader(self) -> TierContact | None:
        return self.leaders[Tier.COUNTY]

    @property
    def section_leader(self) -> TierContact | None:
        return self.leaders[Tier.SECTION]

    @property
    def letters(self) -> str:
        """Everything that is printed and that people typed."""
        said = [self.firm.name, self.place, self.visits, self.phone, self.office]
        for one in filter(None, self.leaders.values()):
            said += [one.name, one.post, one.phone]
        if who := self.instructor:
            said += [who.name, who.unit.name, who.phone]
        return "".join(said)


def facts_of(firms: list[Firm], *, on) -> list[CardFacts]:
    """The cards of these firms of one county, in their order. Seven statements for any number."""
    if not firms:
        return []
    county = firms[0].county
    named = _leaders(firms, county)
    current = Assignment.objects.current().filter(firm__in=firms).select_related("instructor__unit")
    guided = {one.firm_id: one for one in current}
    days = VisitingDays.objects.standing().filter(assignment__in=guided.values())
    days = dict(days.values_list("assignment_id", "words"))
    nonces = _nonces([one.instructor_id for one in guided.values()], on)
    names = dict(Area.objects.filter(code__startswith=county).values_list("code", "name"))
    phone, office = rule("supervision_phone", on=on).value, _office(county, names)
    cards = []
    for firm in firms:
        one = guided.get(firm.pk)
        nonce = one and nonces.get(one.instructor_id)
        cards.append(CardFacts(
            firm=firm, place=_place(firm, names), leaders=named[firm.pk],
            instructor=one and one.instructor, visits=days.get(one.pk, "") if one else "",
            address=address_of(nonce) if nonce else f"tel:{phone}", phone=phone, office=office,
        ))  # fmt: skip
    return cards


def _leaders(firms, county: str) -> dict[int, dict]:
    """Firm → tier → the nearest leader who is named: the firm's own, then the smallest area's."""
    standing = TierContact.objects.standing()
    own = {(one.tier, one.firm_id): one for one in standing.filter(firm__in=firms)}
    wide = standing.filter(county=county, firm__isnull=True)
    wide = {(one.tier, one.area): one for one in wide}
    return {
        firm.pk: {
            tier: own.get((tier, firm.pk)) or next(
                (wide[tier, area] for area in reversed(prefixes(firm.area)) if (tier, area) in wide),
                None,
            )
            for tier in Tier.values
        }
        for firm in firms
    }  # fmt: skip


def _nonces(instructors, on) -> dict[int, str]:
    """What the cards of these instructors' active credentials say, by instructor."""
    used = Card.objects.filter(
        ended_on__isnull=True, credential__state=State.ACTIVE, credential__instructor__in=instructors,
        credential__valid_from__lte=on, credential__valid_until__gte=on,
    )  # fmt: skip
    return dict(used.values_list("credential__instructor_id", "nonce"))


def _place(firm: Firm, names: dict) -> str:
    return next((names[code] for code in reversed(prefixes(firm.area)[:4]) if code in names), "")


def _office(county: str, names: dict) -> str:
    """Who has the card hung up: the county office as it signs letters, else the county by name."""
    head = Letterhead.objects.filter(area=county).values_list("signed", flat=True).first()
    return head or names.get(county, "")
