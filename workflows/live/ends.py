"""Whoever signs out, or is no longer who they were, hears nothing more: their sockets close.

The check that every hub makes now and then (`truth.standing`) is the second wall.
"""

from django.contrib.auth.signals import user_logged_out
from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver

from core.accounts.acts import WHEN_MOVED
from core.accounts.models import User
from workflows.live.courier import COURIER
from workflows.live.digest import digest


@receiver(user_logged_out)
def end_with_the_session(sender, request, user, **more) -> None:
    """The sockets of this session only: on another computer the person is still signed in."""
    key = request.session.session_key
    if user is not None and key:
        transaction.on_commit(lambda: COURIER.post({"end": [user.pk, digest(key)]}), robust=True)


@receiver(post_save, sender=User)
def look_again(sender, instance, update_fields=None, created=False, **more) -> None:
    """Another password, role, area or line: whether a session still holds is asked at once."""
    if not created and set(update_fields or ()) != {"last_login"}:
        check(instance)


def check(person: User, *, by=None) -> None:
    transaction.on_commit(lambda: COURIER.post({"check": person.pk}), robust=True)


WHEN_MOVED.append(check)  # closing an account saves no User
