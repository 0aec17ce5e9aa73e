"""Opening, changing and closing accounts. Every act leaves an event in the person's chain."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.models import Area, User
from core.accounts.verbs import Role
from core.audit.record import record
from core.audit.sentences import teach
from core.errors import Refused
from core.ledger.models import FirmContact

teach("role", dict(Role.choices))
teach(
    "what",
    {
        "account.closed": gettext_lazy("closed"),
        "account.reopened": gettext_lazy("opened again"),
        "account.password_set": gettext_lazy("a temporary password was set"),
    },
)


def tell(code: str, *, by, person: User, **words):
    """Write an event into a person's own chain, to be read in the person's area."""
    return record(code, by=by, chain=f"user:{person.pk}", area=person.area, **words)


@transaction.atomic
def open_account(
    *, by, username: str, name: str, role: str, area: str, password: str,
    line=None, instructor=None, firm=None,
) -> User:  # fmt: skip
    """Open an account within `by`'s own area. An instructor's account is tied to the instructor's
    entry, a contact's to the firm. Raises Refused."""
    _ask(by)
    if not area.startswith(by.area) or not Area.objects.filter(code=area).exists():
        raise Refused(Refused.NOT_YOURS, _("Choose an area within your own."))
    if role == Role.LINE and (line is None or line.county != area[:6]):
        raise Refused(Refused.BAD_INPUT, _("Choose the line department of this county."))
    if role == Role.CONTACT and firm is None:
        raise Refused(Refused.BAD_INPUT, _("Name the firm whose contact this is."))
    if User.objects.filter(username__iexact=username).exists():
        raise Refused(Refused.BAD_INPUT, _("This user name is taken. Choose another one."))
    person = User(
        username=username, name=name, role=role, area=area,
        line=line if role == Role.LINE else None, is_staff=role == Role.ADMINISTRATOR,
    )  # fmt: skip
    _set_password(person, password)
    person.save()
    if role == Role.INSTRUCTOR and instructor is not None:
        instructor.user = person
        instructor.save(update_fields=["user"])
    if role == Role.CONTACT:
        if FirmContact.objects.filter(firm=firm).exists():
            raise Refused(Refused.NOT_NOW, _("This firm's contact already has an account."))
        FirmContact.objects.create(user=person, firm=firm)
    tell("account.opened", by=by, person=person, username=username, role=role)
    return person


@transaction.atomic
def close_account(person: User, *, by) -> None:
    """The person can no longer sign in, and is signed out. What they did stays under their name."""
    _ask(by, person)
    if person.pk == by.pk:
        raise Refused(Refused.NOT_NOW, _("Nobody closes their own account."))
    _switch(person, by=by, active=False, what="account.closed")


@transaction.atomic
def reopen_account(person: User, *, by) -> None:
    _ask(by, person)
    _switch(person, by=by, active=True, what="account.reopened")


@transaction.atomic
def set_temporary_password(person: User, password: str, *, by) -> None:
    """Give a person who forgot it a new password. It signs them out everywhere."""
    _ask(by, person)
    _set_password(person, password)
    person.save(update_fields=["password"])
    tell(
        "account.changed", by=by, person=person, username=person.username,
        what="account.password_set",
    )  # fmt: skip


def _switch(person: User, *, by, active: bool, what: str) -> None:
    if not User.objects.filter(pk=person.pk, is_active=not active).update(is_active=active):
        return  # it is so already
    tell("account.changed", by=by, person=person, username=person.username, what=what)


def _ask(by, person: User | None = None) -> None:
    if not by.may("manage_users"):
        raise Refused(Refused.NOT_YOURS, _("Only an administrator manages accounts."))
    if person and not User.objects.visible_to(by).filter(pk=person.pk).exists():
        raise Refused(Refused.NOT_YOURS, _("This person works outside your area."))


def _set_password(person: User, password: str) -> None:
    try:
        validate_password(password, person)
    except ValidationError as weak:
        raise Refused(Refused.BAD_INPUT, " ".join(weak.messages)) from weak
    person.set_password(password)
