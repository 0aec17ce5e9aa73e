"""Opening, changing and closing accounts. Every act leaves an event in the person's chain."""

from collections.abc import Callable

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
from core.ledger.models import Firm, FirmContact
from core.people import history
from core.people.models import Instructor

teach("role", dict(Role.choices))
teach(
    "what",
    {
        "account.closed": gettext_lazy("closed"),
        "account.reopened": gettext_lazy("opened again"),
        "account.password_set": gettext_lazy("a temporary password was set"),
        "account.role": gettext_lazy("role"),
        "account.area": gettext_lazy("area"),
        "account.line": gettext_lazy("line department"),
        "account.instructor": gettext_lazy("entry in the list of instructors"),
        "account.firm": gettext_lazy("firm"),
        "account.unit": gettext_lazy("sending unit"),
    },
)

# Called with a person whose account was closed or whose place changed, and `by`, in the same
# transaction: what they were to do goes to others.
WHEN_MOVED: list[Callable] = []
# How many open tasks somebody holds, and how many of them wait to be handed on: rooms above say it.
OPEN_WORK: list[Callable[[User], tuple[int, int]]] = []


def tell(code: str, *, by, person: User, **words):
    """Write an event into a person's own chain, to be read in the person's area."""
    return record(code, by=by, chain=f"user:{person.pk}", area=person.area, **words)


@transaction.atomic
def open_account(*, by, username: str, name: str, password: str, **place) -> User:
    """Open an account within `by`'s own area. `place` is what `change_place` takes; the password
    is temporary. Raises Refused."""
    _ask(by)
    if User.objects.filter(username__iexact=username).exists():
        raise Refused(Refused.BAD_INPUT, _("This user name is taken. Choose another one."))
    person = User(username=username, name=name)
    _set_password(person, password)
    _put(person, by=by, **place)
    tell("account.opened", by=by, person=person, username=username, role=person.role)
    return person


@transaction.atomic
def change_place(person: User, *, by, **place) -> User:
    """Give a person another role, area, line, instructor's entry or firm. Whoever was signed in
    with the old one signs in again, and work that is no longer theirs goes to others."""
    _ask(by, person)
    if person.pk == by.pk:
        raise Refused(Refused.NOT_NOW, _("Nobody changes their own role."))
    now = User.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    before = _place_of(now)
    _put(now, by=by, **place)
    now = User.objects.get(pk=now.pk)
    after = _place_of(now)
    differs = [f"account.{word}" for word in before if before[word] != after[word]]
    if differs:
        tell(
            "account.changed", by=by, person=now, username=now.username, what=", ".join(differs)
        )  # fmt: skip
        _pass_on_work(now, by=by)
    return now


def _place_of(person: User) -> dict:
    entry, contact = getattr(person, "instructor", None), getattr(person, "contact_of", None)
    return {
        "role": person.role, "area": person.area, "line": person.line_id,
        "instructor": entry and entry.pk, "firm": contact and contact.firm_id,
        "unit": person.unit_id,
    }  # fmt: skip


def _put(person: User, *, by, role: str, area: str, line=None, instructor=None, firm=None,
         unit=None) -> None:  # fmt: skip
    """Save a person with a role and its reach. What an instructor or a contact sees hangs on the
    entry or the firm, so neither is without. Raises Refused."""
    if not area.startswith(by.area) or not Area.objects.filter(code=area).exists():
        raise Refused(Refused.NOT_YOURS, _("Choose an area within your own."))
    if role == Role.LINE and (line is None or line.county != area[:6]):
        raise Refused(Refused.BAD_INPUT, _("Choose the line department of this county."))
    if role == Role.UNIT and (unit is None or unit.county != area[:6]):
        raise Refused(Refused.BAD_INPUT, _("Choose the sending unit of this county."))
    person.role, person.area = role, area
    person.unit = unit if role == Role.UNIT else None
    person.line = line if role == Role.LINE else None
    person.is_staff = role == Role.ADMINISTRATOR
    person.save()
    _tie_entry(person, instructor if role == Role.INSTRUCTOR else None, by=by)
    _tie_firm(person, firm if role == Role.CONTACT else None, by=by)


def _tie_entry(person: User, instructor, *, by) -> None:
    others = Instructor.objects.filter(user=person).exclude(pk=instructor and instructor.pk)
    for other in others.select_for_update(of=("self",)):
        before, other.user = history.entry_of(other), None
        other.save(update_fields=["user"])
        history.keep(other, before=before, by=by, came=history.EntryVersion.Came.ACCOUNT)
    if person.role != Role.INSTRUCTOR:
        return
    if instructor is None:
        raise Refused(
            Refused.BAD_INPUT,
            _("Choose the entry in the list of instructors; a supervisor records it first."),
        )
    entry = Instructor.objects.visible_to(by).get(pk=instructor.pk)
    if not entry.area.startswith(person.area):
        raise Refused(
            Refused.BAD_INPUT,
            _("%(name)s works in another area. Choose that one.") % {"name": entry.name},
        )
    if entry.user_id == person.pk:
        return
    before = history.entry_of(entry)
    # Asked and tied in one statement, so that of two at once one is refused.
    if not Instructor.objects.filter(pk=entry.pk, user__isnull=True).update(user=person):
        raise Refused(
            Refused.NOT_NOW, _("%(name)s has an account already.") % {"name": entry.name}
        )  # fmt: skip
    entry.user = person
    history.keep(entry, before=before, by=by, came=history.EntryVersion.Came.ACCOUNT)


def _tie_firm(person: User, firm, *, by) -> None:
    FirmContact.objects.filter(user=person).exclude(firm=firm).delete()
    if person.role != Role.CONTACT:
        return
    if firm is None:
        raise Refused(Refused.BAD_INPUT, _("Name the firm whose contact this is."))
    Firm.objects.visible_to(by).held().get(pk=firm.pk)
    if not firm.area.startswith(person.area):
        raise Refused(
            Refused.BAD_INPUT,
            _("%(name)s lies in another area. Choose that one.") % {"name": firm.name},
        )
    FirmContact.objects.filter(firm=firm, user__is_active=False).delete()  # a successor takes over
    if FirmContact.objects.filter(firm=firm).exclude(user=person).exists():
        raise Refused(Refused.NOT_NOW, _("This firm's contact already has an account."))
    FirmContact.objects.get_or_create(user=person, firm=firm)


@transaction.atomic
def close_account(person: User, *, by) -> None:
    """The person can no longer sign in, and is signed out. What they did stays under their name."""
    _ask(by, person)
    if person.pk == by.pk:
        raise Refused(Refused.NOT_NOW, _("Nobody closes their own account."))
    _switch(person, by=by, active=False, what="account.closed")
    person.is_active = False
    _pass_on_work(person, by=by)


def open_work(person: User) -> tuple[int, int]:
    """The open tasks in somebody's hands, and how many of them are left behind there."""
    found = [count(person) for count in OPEN_WORK]
    return sum(have for have, _stuck in found), sum(stuck for _have, stuck in found)


@transaction.atomic
def reopen_account(person: User, *, by) -> None:
    _ask(by, person)
    _switch(person, by=by, active=True, what="account.reopened")


@transaction.atomic
def set_temporary_password(person: User, password: str, *, by) -> None:
    """Give a person who forgot it a new password. It signs them out everywhere."""
    _ask(by, person)
    _set_password(person, password)
    person.save(update_fields=["password", "must_change_password"])
    tell(
        "account.changed", by=by, person=person, username=person.username,
        what="account.password_set",
    )  # fmt: skip


def _pass_on_work(person: User, *, by) -> None:
    for follow in WHEN_MOVED:
        follow(person, by=by)


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
    person.must_change_password = True
