"""The life of a credential as one table: what may happen in which state, and what it needs.

A lost or damaged card is replaced by another card of the SAME number: the number is the
person's, kept through every assignment; the card is only a piece of plastic. Each card has a
token of its own, so the old card's page turns red the moment it is lost or replaced.
"""

from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    ISSUED = "issued", pgettext_lazy("credential", "Issued")  # numbered; the card is not handed out
    ACTIVE = "active", pgettext_lazy("credential", "Active")
    SUSPENDED = "suspended", pgettext_lazy("credential", "Suspended")
    LOST = "lost", pgettext_lazy("credential", "Lost")
    EXPIRED = "expired", pgettext_lazy("credential", "Expired")
    REVOKED = "revoked", pgettext_lazy("credential", "Revoked")


NEW, ACT, SUS, LST, EXP, REV = State


class Move(NamedTuple):
    verb: str
    source: tuple
    target: State
    label: str
    reason: bool = False  # whether it must be said why
    ends_card: bool = False  # the card in use is good for nothing any more
    new_card: bool = False


MOVES = (
    #    verb        from                to  on the button                   why?   card
    Move("hand_out", (NEW,), ACT, _("Hand out the card")),
    Move("suspend", (NEW, ACT), SUS, _("Suspend"), reason=True),
    Move("resume", (SUS,), ACT, _("Lift the suspension")),
    Move("lose", (NEW, ACT, SUS), LST, _("Report as lost"), reason=True, ends_card=True),
    Move("replace", (NEW, ACT, LST), NEW, _("Replace the card"), True, True, True),
    Move("renew", (NEW, ACT, LST, EXP), NEW, _("Renew for the new term"), False, True, True),
    Move("expire", (NEW, ACT, SUS, LST), EXP, _("End with the term"), ends_card=True),
    Move("revoke", (NEW, ACT, SUS, LST, EXP), REV, _("Revoke"), reason=True, ends_card=True),
)
BY_VERB = {move.verb: move for move in MOVES}
BY_CALENDAR = ("expire",)  # no button: the night does it, or that the holder left
LIVING = (NEW, ACT, SUS, LST)


def moves_from(state: str) -> list[Move]:
    """What a person may do with a credential in this state, in the table's order."""
    return [m for m in MOVES if state in m.source and m.verb not in BY_CALENDAR]
