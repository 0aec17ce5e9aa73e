"""The rulebook as a page: every threshold, where it comes from and from when it holds."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.rulebook import RULES, rule

GROUPS = (
    (
        _("Branches"),
        ("standalone_branch_members", "affiliated_branch_firms", "branch_members_at_most"),
    ),
    (
        _("Instructors"),
        (
            "instructor_firms",
            "instructor_firms_hard",
            "instructor_term",
            "term_reminder",
            "instructor_training_days",
            "term_left_for_new_firm",
            "contact_floor",
            "work_coverage_lapses",
            "case_quiet_after",
            "credential_number",
            "credential_ends_soon",
            "supervision_phone",
        ),
    ),
    (
        _("Deadlines"),
        (
            "review_deadline_first",
            "review_deadline_county",
            "correction_deadline",
            "opinion_deadline",
            "follow_up_deadline",
            "unit_answer_deadline",
            "survey_days",
            "survey_reminder",
            "list_name_likeness",
            "instructor_answer_deadline",
            "firm_answer_deadline",
            "issue_deadline",
            "choose_again_deadline",
            "recall_deadline",
            "handover_deadline",
        ),
    ),
    (
        _("Two-way evaluation"),
        (
            "evaluation_shortest_assignment",
            "evaluation_link_days",
            "evaluation_opinion_deadline",
            "evaluation_answer_deadline",
            "evaluation_grade_deadline",
            "evaluation_excellent_quota",
            "evaluation_min_group",
        ),
    ),
    (_("Files"), ("result_file_kept", "report_pdf_rows")),
    (_("Platforms"), ("platform_token_term", "platform_requests")),
)
UNITS = {
    "people": _("people"),
    "firms": _("firms"),
    "days": _("days"),
    "months": _("months"),
    "units": _("units"),
    "percent": "%",
    "rows": _("rows"),
    "requests": _("requests"),
    "text": "",
}
TREATS = {
    "block": (_("Refused when broken"), "bad"),
    "warn": (_("Allowed, with a warning"), "warn"),
    "config": (_("A setting"), ""),
}


def _row(key, on):
    """A rule as it holds on a day, with its other versions: older ones, and those still to come."""
    now = rule(key, on=on)
    word, colour = TREATS[now.treat]
    others = [version for version in RULES[key] if version is not now]
    return {
        "rule": now,
        "unit": UNITS[now.unit],
        "treat": word,
        "colour": colour,
        "older": [version for version in others if version.since < now.since],
        "coming": [version for version in others if version.since > now.since],
    }


@login_required
def rulebook(request):
    today = timezone.localdate()
    groups = [(title, [_row(key, today) for key in keys]) for title, keys in GROUPS]
    return render(request, "desk/rulebook.html", {"groups": groups, "today": today})
