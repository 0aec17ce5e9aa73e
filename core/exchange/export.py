"""The register of instructors as an Excel file."""

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit.record import record
from core.errors import Refused
from core.exchange.register import COLUMNS, context_for
from core.exchange.writing import register
from core.ledger.permits import allow
from core.people.models import Instructor
from core.people.register import instructors_where

AT_MOST = 5000  # people in one file


@transaction.atomic
def saved(given, *, by, on) -> bytes:
    """The entries within a person's area that meet the filters of an address, as a file. That it was
    saved is written down. Raises Refused."""
    allow(by, "register")
    people, _in_force = instructors_where(Instructor.objects.visible_to(by), given, on=on)
    people = people.filter(area__startswith=by.area or "-").order_by("pinyin", "pk")
    people = list(people.select_related("unit").prefetch_related("further_areas")[: AT_MOST + 1])
    if len(people) > AT_MOST:
        raise Refused(
            Refused.BAD_INPUT,
            _("These are more than %(most)d people; choose a township.") % {"most": AT_MOST},
        )
    record("register.exported", by=by, area=by.area, count=len(people))
    return register(COLUMNS, context_for(by), people)
