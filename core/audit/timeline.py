"""What happened to one case, for those who see the case."""

from core.audit.models import Event
from core.ledger.models import Firm

# Looking is in the audit trail; in a case's own story it would be noise.
LOOKING = ("file.opened", "request.printed", "member.card_seen", "contact_card.printed")


def timeline(firm: Firm, user, *, limit: int = 100):
    """The newest events of a case, with the persons. Membership is private: those events are only
    for who keeps members or reads the audit. Nothing for who does not see the firm."""
    if not Firm.objects.visible_to(user).filter(pk=firm.pk).exists():
        return Event.objects.none()
    events = Event.objects.filter(firm_id=firm.pk).exclude(code__in=LOOKING)
    if not (user.may("keep_members") or user.may("read_audit")):
        events = events.exclude(code__startswith="member.")
    if not (user.may("propose_assignment") or user.may("read_audit")):
        events = events.exclude(code__startswith="recall.")  # a matter of the offices
    return events.select_related("by")[:limit]
