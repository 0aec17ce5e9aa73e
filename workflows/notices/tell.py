"""Being told: who hears of an event. Notices are rows of the same transaction, so nobody is told
of what did not happen; anything outside the database waits for `transaction.on_commit`."""

from django.db.models import Q

from core.accounts.models import User
from core.accounts.verbs import Role
from core.audit.models import Event
from core.people.who import prefixes
from workflows.notices.models import Notice


def tell(event: Event, *, people=(), area="", line=None, levels=()) -> int:
    """Write a notice for each person concerned, except for the one who did it.

    `people` are user ids; `levels` are roles that are told when their area or line covers the
    firm. Returns how many were told.
    """
    told = Q(pk__in=[pk for pk in people if pk])
    for level in levels:
        if level == Role.LINE:
            told |= Q(role=Role.LINE, line_id=line) if line else Q(pk__in=[])
        else:
            told |= Q(role=level, area__in=prefixes(area))
    who = User.objects.filter(told, is_active=True).exclude(pk=event.by_id)
    notices = [Notice(to_id=pk, event=event) for pk in who.values_list("pk", flat=True)]
    Notice.objects.bulk_create(notices)
    return len(notices)
