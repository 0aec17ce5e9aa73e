"""Being told: who hears of an event. Notices are rows of the same transaction, so nobody is told
of what did not happen; anything outside the database waits for `transaction.on_commit`."""

from django.db.models import Q

from core.accounts.models import User
from core.accounts.verbs import Role
from core.audit.models import Event
from core.audit.record import when_written
from core.people.who import prefixes
from workflows.notices.models import Notice


def tell(event: Event, *, people=(), among: Q | None = None, area="", line=None, levels=()) -> None:
    """Write a notice for each person concerned, except for the one who did it, as soon as the
    event itself is written.

    `people` are user ids, `among` is a condition on users; `levels` are roles that are told when
    their area or line covers the firm.
    """
    told = Q(pk__in=[pk for pk in people if pk])
    if among is not None:
        told |= among
    for level in levels:
        if level != Role.LINE:
            told |= Q(role=level, area__in=prefixes(area))
        elif line:
            told |= Q(role=Role.LINE, line_id=line)
    when_written(lambda: _write(event, told))


def _write(event: Event, told: Q) -> None:
    who = User.objects.filter(told, is_active=True).exclude(pk=event.by_id)
    Notice.objects.bulk_create(
        [Notice(to_id=pk, event=event) for pk in who.order_by().values_list("pk", flat=True)]
    )
