"""Who may do what: one table of verbs for each role. Which rows is asked by `visible_to`."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    INSTRUCTOR = "instructor", _("Instructor")
    TOWNSHIP = "township", _("Township supervisor")
    LINE = "line", _("Line-department supervisor")
    COUNTY = "county", _("County supervisor")
    CONTACT = "contact", _("Firm contact")
    UNIT = "unit", _("Sending unit")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


# see               open the ledger's pages (rows by visible_to)
# read_record       read what officials wrote of a firm: guidance, proposals, reasons, opinions
# register          enter and change firms, branches, mass organisations, assignments
# keep_members      enter and read members: membership is private, so few have it
# record_guidance   write down a visit, a call, a meeting
# propose           ask for a move of the chart
# review_*          the first answer to a proposal; decide_county: the last one
# take_escalated    take an overdue task of the level below
# give_opinion      answer a reviewer who asks
# follow_up         look into what the nightly check found where no instructor can; record what
#                   those who are asked about an assignment or an evaluation say on paper or by phone
# reassign          hand a task to another person
# read_audit        read the audit trail
# manage_users      open, change and close accounts
# print_many        print the papers of a whole township at once, report its tables to a superior
# oversee_jobs      see and stop the long work that others of one's area or line started
# see_queue         see what runs in the background, and have it tried again
# open_rounds       open and close rounds of the two-way evaluation
# key_in_evaluation hand the forms of the evaluation out on paper and key in what comes back
# keep_credentials  issue, print, suspend and revoke the credentials of instructors
# answer_for_unit   say whether a sending unit lends one of its people
# propose_assignment propose an instructor for a firm or have pairs worked out, propose a recall
# keep_platforms    give platforms tokens for the figures of one's area, and revoke them
# issue_assignments issue the list of assignments that all agreed to
# open_surveys     open, close and cancel survey rounds
# answer_survey    say of a firm in a survey round how it stands, and what of its entry differs
# settle_survey    say what became of a firm that was not found
# reconcile        compare lists of other authorities with the ledger, and decide on what differs
VERBS = {
    Role.INSTRUCTOR: {
        "see", "read_record", "keep_members", "record_guidance", "propose", "give_opinion",
        "answer_survey",
    },
    Role.TOWNSHIP: {
        "see", "read_record", "register", "keep_members", "record_guidance", "propose",
        "review_township", "give_opinion", "follow_up", "reassign", "print_many", "oversee_jobs",
        "key_in_evaluation",
        "propose_assignment", "answer_survey", "settle_survey", "reconcile",
    },
    Role.LINE: {
        "see", "read_record", "keep_members", "propose", "review_line", "give_opinion", "reassign",
        "print_many", "oversee_jobs", "key_in_evaluation",
    },
    Role.COUNTY: {
        "see", "read_record", "register", "keep_members", "propose", "decide_county", "take_escalated",
        "give_opinion", "reassign", "read_audit", "print_many", "oversee_jobs",
        "open_rounds", "key_in_evaluation",
        "propose_assignment", "issue_assignments",
        "keep_credentials", "keep_platforms",
        "open_surveys", "answer_survey", "settle_survey", "reconcile",
    },
    Role.CONTACT: {"see", "give_opinion"},
    Role.UNIT: {"see", "answer_for_unit"},
    Role.AUDITOR: {"see", "read_record", "read_audit"},
    Role.ADMINISTRATOR: {
        "see", "read_record", "reassign", "read_audit", "manage_users", "oversee_jobs", "see_queue",
        "keep_platforms",
    },
}  # fmt: skip


# People of other houses: they see what concerns them, never lists over many firms or the record.
GUESTS = (Role.CONTACT, Role.UNIT)
# Roles that reach single firms, not an area or a line.
BY_FIRM = (Role.INSTRUCTOR, *GUESTS)


class VerbBackend:
    """Lets Django and Viewflow ask the table above: `user.has_perm("desk.review_township")`."""

    def authenticate(self, request, **credentials):
        return None

    def has_perm(self, user, perm, obj=None):
        desk, _dot, verb = perm.partition(".")
        return desk == "desk" and user.is_active and user.may(verb)

    def get_all_permissions(self, user, obj=None):
        return {f"desk.{verb}" for verb in VERBS.get(user.role, ())} if user.is_active else set()
