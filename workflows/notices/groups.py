"""Ten notices of one case are one: the newest, and how many more."""

from dataclasses import dataclass

from django.db.models import Case, Count, F, Max, Q, Value, When
from django.db.models.functions import Coalesce

from workflows.notices.models import Notice

COUNTED_AT = 500  # the newest unread ones that the count is made of
LOOKED_AT = 1000  # the newest notices that a page is made of; a case's history has all


@dataclass(frozen=True)
class Group:
    """What one person was told of one case. Without a case each notice stands alone."""

    newest: Notice
    many: int
    fresh: int  # not yet read

    @property
    def more(self) -> int:
        return self.many - 1


def grouped(notices, start: int = 0, size: int = 40) -> list[Group]:
    """Groups of a queryset of notices, the newest first. Two statements."""
    newest = notices.order_by("-at", "-pk").values("pk")[:LOOKED_AT]
    found = list(
        Notice.objects.filter(pk__in=newest)
        .annotate(alone=Case(When(firm__isnull=True, then=F("pk")), default=Value(0)))
        .values("firm_id", "alone")
        .annotate(newest=Max("pk"), many=Count("pk"), fresh=Count("pk", filter=Q(read_at__isnull=True)))
        .order_by("-newest")[start : start + size]
    )
    rows = Notice.objects.select_related("event__by", "firm").in_bulk([row["newest"] for row in found])
    return [Group(rows[row["newest"]], row["many"], row["fresh"]) for row in found]


def unread_cases(user):
    """The cases in which something is unread, among the newest of what is unread: a query that
    costs the same however much there is."""
    unread = Notice.objects.visible_to(user).unread().order_by("-at").values("pk")[:COUNTED_AT]
    of_each = Coalesce("firm_id", -F("pk"))
    return Notice.objects.filter(pk__in=unread).order_by().values(case=of_each).distinct()


def read(user, groups: list[Group], at) -> None:
    """Mark what these groups hold as read; what came in since stays unread."""
    if not any(group.fresh for group in groups):
        return
    firms = [group.newest.firm_id for group in groups if group.newest.firm_id]
    alone = [group.newest.pk for group in groups if not group.newest.firm_id]
    last = max(group.newest.pk for group in groups)
    Notice.objects.visible_to(user).unread().filter(Q(firm__in=firms) | Q(pk__in=alone)).filter(
        pk__lte=last
    ).update(read_at=at)
