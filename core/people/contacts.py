"""When each of an instructor's firms is to be visited next: the contact floor, firm by firm."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import OuterRef, Subquery

from core.accounts.verbs import Role
from core.ledger.models import Firm
from core.ledger.stages import Operation
from core.people.models import GuidanceRecord
from core.rulebook import rule

AT_MOST = 100  # firms of one instructor; the rulebook's cap is far below


@dataclass(frozen=True)
class Contact:
    """A firm and the day by which it is to be visited; None while no visit is on record."""

    firm: Firm
    last: date | None
    due: date | None
    on: date

    @property
    def rests(self) -> bool:
        return self.firm.operation == Operation.PAUSED

    @property
    def late(self) -> bool:
        """Whether the floor is broken: as the filter "has an instructor, but no recent visit"."""
        return not self.rests and (self.due is None or self.due < self.on)

    @property
    def days_late(self) -> int:
        return (self.on - self.due).days if self.late and self.due else 0

    @property
    def place(self) -> tuple:
        """Where it stands in the list: never visited first, then by day; resting firms last."""
        return self.rests, self.due or date.min, self.firm.pinyin, self.firm.pk


def contacts_of(user, *, on: date, **more) -> list[Contact]:
    """The firms that an instructor guides now, in the order in which they are to be visited. None
    for other roles: a township reaches many firms, and guides none of them. `more`: expressions
    that each firm brings along. One statement."""
    if user.role != Role.INSTRUCTOR:
        return []
    visits = GuidanceRecord.objects.on_site().filter(firm=OuterRef("pk"), on__lte=on)
    firms = Firm.objects.visible_to(user).counted()
    firms = firms.annotate(last_visit=Subquery(visits.order_by("-on").values("on")[:1]), **more)
    floor = timedelta(days=rule("contact_floor", on=on).value)
    contacts = [
        Contact(firm, firm.last_visit, firm.last_visit and firm.last_visit + floor, on)
        for firm in firms[:AT_MOST]
    ]
    return sorted(contacts, key=lambda contact: contact.place)


def next_contact(user, firm: Firm, *, on: date) -> Contact | None:
    """The firm to go to after this one; None when the person guides no other."""
    others = (each for each in contacts_of(user, on=on) if each.firm.pk != firm.pk)
    return next((each for each in others if not each.rests), None)
