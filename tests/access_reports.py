"""Who may open the report tables and the platforms' tokens: rows of the access table, and what lies
at each place for them. Columns: instr towns line county contact unit audit admin."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from core.api.models import PlatformToken
from core.reports.copies import ReportedCopy

OWN, NEXT, FAR = "own", "next", "far"
REPORTS = "403 200 200 200 403 403 403 403"
KEEPS = "403 302 302 302 403 403 403 403"
COPIES = "403 200 200 200 403 403 200 200"
PLATFORMS = "403 403 403 200 403 403 403 200"
NO_TOKEN = "401 401 401 401 401 401 401 401"
NOTHING = "404 404 404 404 404 404 404 404"
# Not asked for a sign-in.
OPEN = {
    "api:guide", "api:nothing", "api:v1:openapi-json", "api:v1:api-root", "api:v1:figures",
    "api:v1:coverage", "api:v1:bridge", "api:v1:bridge_firms", "api:v1:list_firms",
}  # fmt: skip

ROWS = {
    ("reports:tables", "GET", OWN):              REPORTS,
    ("reports:copies", "GET", OWN):              COPIES,
    ("reports:copy", "GET", OWN):                COPIES,
    ("reports:copy", "GET", NEXT):               "403 404 404 200 403 403 200 200",
    ("reports:copy", "GET", FAR):                "403 404 404 404 403 403 404 404",
    ("reports:copy_file", "GET", OWN):           COPIES,
    ("reports:copy_file", "GET", NEXT):          "403 404 404 200 403 403 200 200",
    ("reports:copy_file", "GET", FAR):           "403 404 404 404 403 403 404 404",
    # A table has the same address everywhere: each person gets that of their own office.
    ("reports:table", "GET", OWN):               REPORTS,
    ("reports:table", "GET", FAR):               REPORTS,
    ("reports:make", "GET", OWN):                "405 405 405 405 405 405 405 405",
    ("reports:make", "POST", OWN):               "403 422 422 422 403 403 403 403",
    ("reports:make", "POST", FAR):               "403 422 422 422 403 403 403 403",
    ("reports:report", "GET", OWN):              REPORTS,
    ("reports:report", "POST", OWN):             "403 422 422 422 403 403 403 403",
    ("reports:report", "GET", FAR):              REPORTS,
    ("reports:layout", "GET", OWN):              REPORTS,
    ("reports:layout", "POST", OWN):             "403 422 422 422 403 403 403 403",
    ("reports:layout", "GET", FAR):              REPORTS,
    ("reports:layout_reset", "POST", OWN):       KEEPS,
    ("reports:layout_reset", "POST", FAR):       KEEPS,
    ("api:platforms", "GET", OWN):               PLATFORMS,
    ("api:platform_new", "GET", OWN):            PLATFORMS,
    ("api:platform_new", "POST", OWN):           "403 403 403 422 403 403 403 422",
    ("api:platform_revoke", "POST", OWN):        "403 403 403 302 403 403 403 302",
    ("api:platform_revoke", "POST", FAR):        "403 403 403 404 403 403 403 404",
    ("api:guide", "GET", OWN):                   "200 200 200 200 200 200 200 200",
    ("api:v1:openapi-json", "GET", OWN):         "200 200 200 200 200 200 200 200",
    # A sign-in opens nothing here: only a token does.
    ("api:v1:figures", "GET", OWN):              NO_TOKEN,
    ("api:v1:coverage", "GET", OWN):             NO_TOKEN,
    ("api:v1:bridge", "GET", OWN):               NO_TOKEN,
    ("api:v1:bridge_firms", "GET", OWN):         NO_TOKEN,
    ("api:v1:list_firms", "GET", OWN):           NO_TOKEN,
    ("api:v1:api-root", "GET", OWN):             NOTHING,
    ("api:nothing", "GET", OWN):                 NOTHING,
    ("api:nothing", "GET", FAR):                 NOTHING,
}  # fmt: skip


def of_reports(firm, where, county) -> dict:
    """A table that the township, or the line, of a firm reported."""
    by = {"line": county.chen_jing, NEXT: county.he_jun, FAR: county.gao_yuan}
    return {
        "copy": ReportedCopy.objects.create(
            id=uuid4(), report="ledger", on=county.today, area=firm.area[: 6 if where == "line" else 9],
            line=firm.line if where == "line" else None, whom="12", reason="2026",
            by=by.get(where, county.wang_fang), at=timezone.now() - timedelta(days=1), name="l.xlsx",
            content_type="application/zip", content=b"PK", digest="0" * 64, rows=0, numbers={},
            standing=b"x\x9c\xab\xae\x05\x00\x01u\x00\xf9",
        ),
        "platform": PlatformToken.objects.create(
            platform="Province", area=firm.area, parts=["figures"], digest=f"{firm.pk}",
            expires_on=county.today, by=county.zhou_tao,
        ),
    }  # fmt: skip


def args_of_reports(name: str, at) -> list:
    if name in ("copy", "copy_file"):
        return [at.copy.pk]
    return [] if name in ("tables", "copies") else ["coverage"]


def args_of_platforms(name: str, at) -> list:
    if name == "platform_revoke":
        return [at.platform.pk]
    return ["members"] if name == "nothing" else []
