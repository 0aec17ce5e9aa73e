"""Filters that people keep, for themselves or for their office."""

from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from core.errors import Refused
from workflows.inbox.lists import LISTS, Filters
from workflows.inbox.models import SavedFilter

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
    own = SavedFilter.objects.filter(owner=user)
    if not own.filter(name=name).exists() and own.count() >= AT_MOST:
        raise Refused(
            Refused.NOT_NOW,
            _("You keep %(most)d filters already. Remove one first.") % {"most": AT_MOST},
        )
    plain = Filters()._asdict()
    given = {field: value for field, value in filters._asdict().items() if value != plain[field]}
    try:
        with transaction.atomic():
            return own.update_or_create(
                owner=user, name=name,
                defaults={
                    "which": which, "query": _as_query(given), "shared": shared, "role": user.role,
                    "area": user.area, "line_id": user.line_id,
                },
            )[0]  # fmt: skip
    except IntegrityError as clash:  # sent twice at once: the first one stands
        raise Refused(Refused.FASTER, _("A filter of this name was kept just now.")) from clash


def _as_query(given: dict) -> str:
    query = QueryDict(mutable=True)
    query.update(given)
    return query.urlencode()


def forget(saved: SavedFilter, *, by) -> None:
    """Remove one's own filter; it then is gone for the office too. Raises Refused."""
    if saved.owner_id != by.pk:
        raise Refused(
            Refused.NOT_YOURS,
            _("%(name)s keeps this filter; only they can remove it.") % {"name": saved.owner.name},
        )
    saved.delete()
