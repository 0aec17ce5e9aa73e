"""Which rows a person may see: one rule for every table that carries area, line and firm."""

from django.apps import apps
from django.db.models import Q

from core.accounts.absence import stood_in_for
from core.accounts.verbs import BY_FIRM, Role

NOTHING = Q(pk__in=[])


def reach(user, firm: str = "firm") -> Q:
    """The rows within a person's reach, as a condition.

    Territorial roles reach every row whose `area` begins with theirs, a line department the rows
    of its line, an instructor the firms that are assigned to them now, a contact their own firm, a
    sending unit none.
    Who stands in for somebody on leave reaches what that person reaches. `firm` is the path from
    the row to its firm ("" for the firm itself). Sub-queries, never joins: the condition may be
    or-ed with another one without listing a row twice.
    """
    if not user.is_authenticated:
        return NOTHING
    rows = own_reach(user, firm)
    for absent in stood_in_for(user):
        rows |= own_reach(absent, firm)
    return rows


def own_reach(user, firm: str = "firm") -> Q:
    """The rows within a person's own reach, without those of people on leave."""
    if not (user.is_authenticated and user.may("see")):
        return NOTHING
    to_firm = f"{firm}_id__in" if firm else "pk__in"
    if user.role == Role.LINE:
        return Q(line_id=user.line_id)
    if user.role == Role.UNIT:
        return NOTHING  # its people work there; how a firm stands is not its matter
    if user.role == Role.INSTRUCTOR:
        now = apps.get_model("core.Assignment").objects.filter(
            instructor__user=user, until__isnull=True
        )
        return Q(**{to_firm: now.values("firm_id")})
    if user.role == Role.CONTACT:
        own = apps.get_model("core.FirmContact").objects.filter(user=user)
        return Q(**{to_firm: own.values("firm_id")})
    return within(user.area)


def reaches(user, *, area: str, line_id: int | None, firm_id: int) -> bool:
    """The same as `reach` for one row that is in hand: a statement only where it hangs on who is
    assigned to the firm."""
    near = {"area": area, "line_id": line_id, "firm_id": firm_id}
    return any(reaches_alone(person, **near) for person in (user, *stood_in_for(user)))


def reaches_alone(user, *, area: str, line_id: int | None, firm_id: int) -> bool:
    """The same without those for whom a person stands in: see `own_reach`."""
    if not user.may("see"):
        return False
    if user.role == Role.LINE:
        return user.line_id == line_id
    if user.role in BY_FIRM:
        firms = apps.get_model("core.Firm").objects.filter(pk=firm_id)
        return firms.filter(own_reach(user, "")).exists()
    return bool(user.area) and area.startswith(user.area)


def within(area: str) -> Q:
    """Rows of an area and all below it. A range, not a LIKE: every database's index serves it."""
    if not area:
        return NOTHING
    if not (area.isascii() and area.isdigit()) or set(area) == {"9"}:
        return Q(area__startswith=area)
    return Q(area__gte=area, area__lt=str(int(area) + 1).zfill(len(area)))


class ScopedQuerySet:
    """Mixin for querysets of tables with `area`, `line` and `firm`."""

    to_firm = "firm"

    def visible_to(self, user):
        return self.filter(reach(user, self.to_firm))
