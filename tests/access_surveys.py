"""Who may open what of survey rounds: rows of the access table, and the objects of each place."""

from datetime import timedelta

from django.utils import timezone

from tests.access_table import FAR, NEXT, OWN
from workflows.surveys.models import SurveyFirm, SurveyRound

STAFF = "200 200 200 200 403 403 200 200"
STAFF_FAR = "404 404 404 404 403 403 404 404"
COUNTY_FAR = "403 403 403 404 403 403 403 403"

SURVEYS = {
    # (route, method, where):                   instr towns line county contact unit audit admin
    ("surveys:rounds", "GET", OWN):              STAFF,
    ("surveys:round_new", "GET", OWN):           "403 403 403 200 403 403 403 403",
    ("surveys:round_new", "POST", OWN):          "403 403 403 422 403 403 403 403",
    ("surveys:mine", "GET", OWN):                "200 200 403 200 403 403 403 403",
    ("surveys:round", "GET", OWN):               STAFF,
    ("surveys:round", "GET", FAR):               STAFF_FAR,
    ("surveys:firms", "GET", OWN):               STAFF,
    ("surveys:firms", "GET", FAR):               STAFF_FAR,
    ("surveys:round_close", "POST", OWN):        "403 403 403 302 403 403 403 403",
    ("surveys:round_close", "POST", FAR):        COUNTY_FAR,
    ("surveys:round_cancel", "POST", OWN):       "403 403 403 302 403 403 403 403",
    ("surveys:round_cancel", "POST", FAR):       COUNTY_FAR,
    ("surveys:firm", "GET", OWN):                STAFF,
    ("surveys:firm", "GET", NEXT):               "404 404 404 200 403 403 200 200",
    ("surveys:firm", "GET", FAR):                STAFF_FAR,
    ("surveys:answer", "GET", OWN):              "302 302 403 302 403 403 403 403",
    ("surveys:answer", "POST", OWN):             "422 422 403 422 403 403 403 403",
    ("surveys:answer", "POST", NEXT):            "404 404 403 422 403 403 403 403",
    ("surveys:answer", "POST", FAR):             "404 404 403 404 403 403 403 403",
    ("surveys:not_found", "POST", OWN):          "422 422 403 422 403 403 403 403",
    ("surveys:not_found", "POST", FAR):          "404 404 403 404 403 403 403 403",
    ("surveys:settle", "POST", OWN):             "403 422 403 422 403 403 403 403",
    ("surveys:settle", "POST", FAR):             "403 404 403 404 403 403 403 403",
    ("surveys:take_back", "POST", OWN):          "302 302 403 302 403 403 403 403",
    ("surveys:take_back", "POST", FAR):          "404 404 403 404 403 403 403 403",
}  # fmt: skip


def of_surveying(firm, county) -> dict:
    """A round of the firm's county, and the firm in it."""
    made, _new = SurveyRound.objects.get_or_create(
        county=firm.county, title="Autumn",
        defaults={"until": county.today + timedelta(days=9), "opened_by": county.zhou_tao,
                  "opened_at": timezone.now()},
    )  # fmt: skip
    row, _new = SurveyFirm.objects.get_or_create(
        round=made, firm=firm,
        defaults={"county": firm.county, "area": firm.area, "line": firm.line},
    )  # fmt: skip
    return {"survey": made, "survey_row": row}


def args_of_survey(name: str, at) -> list:
    if name in ("rounds", "round_new", "mine"):
        return []
    return [at.survey.pk if name.startswith("round") or name == "firms" else at.survey_row.pk]
