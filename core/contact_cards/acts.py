"""The one door of contact cards: name a leader, end it, keep visiting days, write down a print."""

from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts.models import Area
from core.audit.record import record
from core.audit.sentences import teach
from core.contact_cards.models import TierContact, VisitingDays
from core.errors import Refused
from core.ledger.models import Firm
from core.ledger.permits import allow, allow_in, locked
from core.papers.fonts import lacking
from core.papers.paper import no_font_has

VERB = "register"  # who keeps the ledger keeps these, too
teach("tier", dict(TierContact.Tier.choices))


@transaction.atomic
def name_contact(
    tier: str, *, area: str = "", firm: Firm | None = None, name: str, post: str, phone: str, by, on
) -> TierContact:
    """Name who looks after the firms of an area, or after one firm. Whoever was named before ends
    on that day; the same person with the same post and phone stays.

    Raises Refused: not yours, something missing, or a character that no font has.
    """
    if tier not in TierContact.Tier.values:
        raise Refused(Refused.BAD_INPUT, _("There is no such tier."))
    said = {"name": name, "post": post, "phone": phone}
    said = {key: " ".join(words.split()) for key, words in said.items()}
    _printable(said)
    place, area = _held(area, firm, by)
    now = TierContact.objects.standing().filter(tier=tier, firm=firm)
    if firm is None:
        now = now.filter(area=area)
    if held := now.select_for_update(of=("self",)).first():
        if all(getattr(held, key) == words for key, words in said.items()):
            return held
        _end(held, on)
    made = TierContact.objects.create(
        tier=tier, county=area[:6], area=area, firm=firm, since=on, by=by, **said
    )
    _record("contact.named", made, place, by=by)
    return made


def _printable(said: dict) -> None:
    """Raises Refused for an empty word, and for a character that cannot be printed on the card."""
    if not all(said.values()):
        raise Refused(Refused.BAD_INPUT, _("Give the name, the post and the phone."))
    if missing := lacking("".join(said.values())):
        raise Refused(Refused.BAD_INPUT, no_font_has(missing))


def _held(area: str, firm: Firm | None, by) -> tuple[str, str]:
    """The name of the place and its division, held until the transaction ends: two who name
    somebody for it at once come one after the other."""
    if firm is not None:
        now = locked(firm, by=by, verb=VERB)
        return now.name, now.area
    allow_in(by, VERB, area)
    place = Area.objects.select_for_update(no_key=True).filter(pk=area).first()
    if place is None:
        raise Refused(Refused.BAD_INPUT, _("There is no such area."))
    return place.name, area


@transaction.atomic
def end_contact(contact: TierContact, *, by, on) -> TierContact:
    """Nobody is named there any more; the next wider one counts. Raises Refused when it ended."""
    place, _area = _held(contact.area, contact.firm, by)
    now = TierContact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    if now.until:
        raise Refused(Refused.FASTER, _("This ended already. Open the page again."))
    _end(now, on)
    _record("contact.ended", now, place, by=by)
    return now


def _end(contact: TierContact, on) -> None:
    contact.until = max(on, contact.since)
    contact.save(update_fields=["until"])


def _record(code: str, contact: TierContact, place: str, *, by) -> None:
    where = {"firm": contact.firm} if contact.firm_id else {
        "chain": f"area:{contact.area}", "area": contact.area,
    }  # fmt: skip
    record(code, by=by, name=contact.name, tier=contact.tier, place=place, **where)


def may_keep_days(user) -> bool:
    """Instructors for their firms, and who keeps the ledger."""
    return user.may("record_guidance") or user.may(VERB)


@transaction.atomic
def keep_visiting_days(firm: Firm, words: str, *, by, on) -> VisitingDays | None:
    """Keep on which days a firm's instructor comes, in words; "" when no days are agreed any more.
    Raises Refused without an instructor, and for a character that no font has."""
    firm = locked(firm, by=by, verb="record_guidance" if by.may("record_guidance") else VERB)
    guided = firm.assignments.current().select_related("instructor").first()
    if guided is None:
        raise Refused(Refused.NOT_NOW, _("The firm has no instructor, so nobody comes."))
    words = " ".join(words.split())
    if missing := lacking(words):
        raise Refused(Refused.BAD_INPUT, no_font_has(missing))
    now = VisitingDays.objects.standing().filter(assignment=guided).first()
    if (now.words if now else "") == words:
        return now
    if now:
        now.until = max(on, now.since)
        now.save(update_fields=["until"])
    made = words and VisitingDays.objects.create(assignment=guided, words=words, since=on, by=by)
    record(
        "visiting_days.kept", by=by, firm=firm, firm_name=firm.name, days=words or "–",
        instructor=guided.instructor.name,
    )  # fmt: skip
    return made or None


@transaction.atomic
def count_prints(firms, *, by) -> None:
    """Write down that the contact cards of these firms were printed."""
    allow(by, "see")
    for firm in Firm.objects.filter(pk__in=firms).order_by("pk"):
        record("contact_card.printed", by=by, firm=firm, firm_name=firm.name)
