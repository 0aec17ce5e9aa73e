"""What a person wants, also one who never said: then nothing leaves the house."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from core.accounts.acts import tell as note
from workflows.mailroom.models import Wishes


def wishes_of(person) -> Wishes:
    """The person's wishes; the defaults, not saved, for one who has none on record."""
    return getattr(person, "wishes", None) or Wishes(person=person)


@transaction.atomic
def choose(person, *, email: str, at: datetime, **wishes) -> Wishes:
    """A person's own choice of how to be told; `wishes` are columns of `Wishes`. The first digest
    is the first one whose hour is still ahead."""
    old = Wishes.objects.select_for_update().filter(person=person).first()
    now = Wishes(person=person, digest_since=first_day(wishes["hour"], at), **wishes)
    if old and (old.digest, old.hour) == (now.digest, now.hour) and old.digest_since:
        now.digest_since = old.digest_since
    now.save()
    if person.email != email:
        person.email = email
        person.save(update_fields=["email"])
    note("account.told_how", by=person, person=person)
    return now


def first_day(hour: int, at: datetime) -> date:
    """Today while the hour is ahead, else tomorrow."""
    local = timezone.localtime(at)
    return local.date() + timedelta(days=int(local.hour >= hour))
