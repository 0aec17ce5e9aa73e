"""Filters that people keep, for themselves or for their office."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from workflows.inbox.lists import LISTS, Filters
from workflows.inbox.models import QUERY_AT_MOST, SavedFilter

AT_MOST = 30  # for each person: more would be a list to search in


@transaction.atomic
def keep(user, *, name: str, which: str, filters: Filters, shared: bool) -> SavedFilter:
    """Keep a list with its filters under a name; the same name again replaces one's own. Raises
    Refused."""
    name = " ".join(name.split())
    if not name or len(name) > 40:
        raise Refused(Refused.BAD_INPUT, _("Give the filter a name of up to 40 characters."))
    if which not in LISTS:
        raise Refused(Refused.BAD_INPUT, _("There is no such list."))
    if len(filters.query) > QUERY_AT_MOST:
        raise Refused(Refused.BAD_INPUT, _("What is searched for is too long to be kept. Shorten it."))
    own = SavedFilter.objects.filter(owner=user)
    if not own.filter(name=name).exists() and own.count() >= AT_MOST:
        raise Refused(
            Refused.NOT_NOW,
            _("You keep %(most)d filters already. Remove one first.") % {"most": AT_MOST},
        )
    try:
        with transaction.atomic():
            return own.update_or_create(
                owner=user, name=name,
                defaults={
                    "which": which, "query": filters.query, "shared": shared, "role": user.role,
                    "area": user.area, "line_id": user.line_id,
                },
            )[0]  # fmt: skip
    except IntegrityError as clash:  # sent twice at once: the first one stands
        raise Refused(Refused.FASTER, _("A filter of this name was kept just now.")) from clash


def forget(saved: SavedFilter, *, by) -> None:
    """Remove one's own filter; it then is gone for the office too. Raises Refused."""
    if saved.owner_id != by.pk:
        raise Refused(
            Refused.NOT_YOURS,
            _("%(name)s keeps this filter; only they can remove it.") % {"name": saved.owner.name},
        )
    saved.delete()
