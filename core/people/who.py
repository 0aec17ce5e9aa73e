"""Which people stand behind a firm: the reverse of `visible_to`."""

from django.db.models import Q
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.accounts.verbs import BY_FIRM, VERBS, Role
from core.ledger.models import FirmContact
from core.people.models import Assignment


def prefixes(area: str) -> list[str]:
    """The division codes above an area and its own: province, city, county, town, village."""
    return [area[:length] for length in (2, 4, 6, 9, 12) if length <= len(area)]


def sees(firm, *, verb: str) -> Q:
    """The condition on users whose role has `verb` and who see this firm."""
    return sees_at(firm.pk, areas=prefixes(firm.area), line=firm.line_id, verb=verb)


def sees_at(firm: int, *, areas: list[str], line: int | None, verb: str) -> Q:
    """The same for a firm of which only these are known; `areas` as `prefixes` gives them."""
    roles = [role for role, verbs in VERBS.items() if verb in verbs]
    elsewhere = (Role.LINE, *BY_FIRM)
    guides = Assignment.objects.current().filter(firm=firm).order_by().values("instructor__user_id")
    contacts = FirmContact.objects.filter(firm=firm).values("user_id")
    seen = Q(area__in=areas) & ~Q(role__in=elsewhere)
    seen |= Q(role=Role.INSTRUCTOR, pk__in=guides)
    seen |= Q(role=Role.CONTACT, pk__in=contacts)
    if line:
        seen |= Q(role=Role.LINE, line_id=line)
    return seen & Q(role__in=roles)


def who_sees(firm, *, verb: str):
    """The active people (a queryset of users) whose role has `verb` and who see this firm."""
    return User.objects.filter(sees(firm, verb=verb), is_active=True).order_by("role", "name")


def with_role(person) -> str:
    """A person among others to choose from."""
    return _("%(name)s (%(role)s)") % {"name": person.name, "role": person.get_role_display()}
