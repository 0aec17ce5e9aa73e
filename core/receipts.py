"""Safe to send twice: the key of a form that was already taken leads to what it did."""

import logging
from uuid import uuid4

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from core.errors import Refused

log = logging.getLogger(__name__)


class Receipt(models.Model):
    """A form that was taken, and the page that shows what came of it."""

    key = models.UUIDField(primary_key=True, default=uuid4)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    leads_to = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return str(self.key)


class AlreadyTaken(Exception):
    """The same form was taken before; `leads_to` is the page to go to."""

    def __init__(self, leads_to: str) -> None:
        super().__init__(leads_to)
        self.leads_to = leads_to


def once(key, *, by, act) -> str:
    """Run `act` (which returns the page to go to) in one transaction, at most once for each key.

    A second call with the same key by the same person returns the first one's page and changes
    nothing, also when both arrive together: the second waits for the first on the key's row.
    A Refused act leaves no receipt, so the form may be mended and sent again; what only the
    database refuses, because another did the same at this moment, is Refused too.
    """
    try:
        with transaction.atomic():
            receipt = Receipt(key=key, by=by)
            try:
                with transaction.atomic():
                    receipt.save(force_insert=True)
            except IntegrityError as clash:
                raise AlreadyTaken(
                    Receipt.objects.filter(key=key, by=by).values_list("leads_to", flat=True).first()
                    or "/"
                ) from clash
            receipt.leads_to = act()
            receipt.save(update_fields=["leads_to"])
            return receipt.leads_to
    except AlreadyTaken as taken:
        return taken.leads_to
    except IntegrityError as clash:
        # Two entered the same at one moment, and the database let the other one through.
        log.warning("A form was refused by the database: %s", clash)
        sentence = _("Nothing was changed. Open the page again to see how things stand now.")
        raise Refused(Refused.FASTER, sentence) from clash
