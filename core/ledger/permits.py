"""The questions that every act on a firm asks first: who, where, and is it still open."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.accounts.verbs import GUESTS
from core.errors import Refused
from core.ledger.models import Firm
from core.ledger.stages import Operation


def allow(by, verb: str) -> None:
    """Raises Refused when the role does not have the verb."""
    if not by.may(verb):
        raise Refused(Refused.NOT_YOURS, _("Your role may not do this."))


def allow_staff(by) -> None:
    """Raises Refused for guests, say a firm's contact: lists over many firms are not for them."""
    allow(by, "see")
    if by.role in GUESTS:
        raise Refused(Refused.NOT_YOURS, _("Your role may not do this."))


def allow_in(by, verb: str, area: str) -> None:
    """Raises Refused when the role lacks the verb, or the area is not the person's own."""
    allow(by, verb)
    if not (by.area and area.startswith(by.area)):
        raise Refused(Refused.NOT_YOURS, _("This is outside your area."))


def locked(firm: Firm, *, by, verb: str) -> Firm:
    """The firm as it is now, held until the transaction ends. Closed firms take nothing new.

    Raises Refused when the person lacks the verb, does not reach the firm, or it is closed.
    """
    allow(by, verb)
    now = Firm.objects.visible_to(by).held().filter(pk=firm.pk).first()
    if now is None:
        raise Refused(Refused.NOT_YOURS, _("This firm is not within your reach."))
    not_closed(now)
    return now


def not_closed(firm: Firm) -> None:
    """Raises Refused for a closed firm."""
    if firm.operation == Operation.CLOSED:
        raise Refused(
            Refused.NOT_NOW,
            _("%(firm)s is closed: its entry stays as it is. Reopen the firm first.")
            % {"firm": firm.name},
        )


def not_ahead(day, on) -> None:
    """Raises Refused for a day after today."""
    if day > on:
        raise Refused(
            Refused.BAD_INPUT,
            _("%(day)s is in the future. Give a day up to today.") % {"day": date_format(day)},
        )
