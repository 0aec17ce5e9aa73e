"""Who may open what of lists of authorities: rows of the access table, the objects of each place."""

from django.utils import timezone

from tests.access_table import FAR, NEXT, OWN
from workflows.reconciling.models import AuthorityList

# A list is its office's own: the county office sees none of a township's.
OFFICE = "403 200 403 404 403 403 403 403"
ELSEWHERE = "403 404 403 404 403 403 403 403"

LISTS = {
    # (route, method, where):                   instr towns line county contact unit audit admin
    ("reconciling:lists", "GET", OWN):           "403 200 403 200 403 403 403 403",
    ("reconciling:lists", "POST", OWN):          "403 422 403 422 403 403 403 403",
    ("reconciling:list", "GET", OWN):            OFFICE,
    ("reconciling:list", "GET", NEXT):           ELSEWHERE,
    ("reconciling:list", "GET", FAR):            ELSEWHERE,
    ("reconciling:list", "POST", OWN):           "403 422 403 404 403 403 403 403",
    ("reconciling:list", "POST", FAR):           ELSEWHERE,
    ("reconciling:add", "GET", OWN):             OFFICE,
    ("reconciling:add", "GET", FAR):             ELSEWHERE,
    ("reconciling:add", "POST", OWN):            "403 422 403 404 403 403 403 403",
    ("reconciling:add", "POST", FAR):            ELSEWHERE,
    ("reconciling:undo", "POST", OWN):           "403 302 403 404 403 403 403 403",
    ("reconciling:undo", "POST", FAR):           ELSEWHERE,
}  # fmt: skip


def of_listing(firm, county) -> dict:
    """A list of the township's office, compared, with a firm that the ledger does not have."""
    made = AuthorityList.objects.create(
        source="tax", office=firm.area, name="list", on=county.today, many=1, by=county.zhou_tao,
        compared_at=timezone.now(),
    )  # fmt: skip
    row = made.findings.create(
        kind="new", line=2, name="Wholly Other", subject="name:wholly other", mark="x"
    )  # fmt: skip
    return {"authority_list": made, "list_row": row}


def args_of_list(name: str, at) -> list:
    if name == "lists":
        return []
    return [at.authority_list.pk if name == "list" else at.list_row.pk]
