"""Counting without counting to the end: several counts in one statement, each of them capped."""

from django.db.models import IntegerField, QuerySet, Subquery

from core.accounts.models import User

CAP = 99  # more than this is shown as "99+": nobody needs the exact number, and counting costs


class Capped(Subquery):
    """How many rows a query has, looking at most at `cap` + 1 of them. Of a query of `values`, how
    many of those: distinct ones, say."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS capped)"
    output_field = IntegerField()
    empty_result_set_value = 0  # a list that is known to be empty is not asked for

    def __init__(self, rows: QuerySet, cap: int = CAP):
        said = rows if rows.query.values_select or rows.query.annotation_select else rows.values("pk")
        super().__init__(said.order_by()[: cap + 1])


def capped(user, **lists: QuerySet) -> dict[str, int]:
    """For each list how many rows it has, CAP + 1 for more than CAP. One statement for all."""
    asked = {f"{name}_count": Capped(rows) for name, rows in lists.items()}
    found = User.objects.filter(pk=user.pk).values_list(*asked.values()).get()
    return dict(zip(lists, found, strict=True))
