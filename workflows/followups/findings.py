"""The kinds of follow-up, each with the sentence that says what was found and what to do."""

from django.utils.translation import gettext_lazy as _

from core.audit.sentences import teach

CAN_MOVE_UP = "can_move_up"
LOST_CONDITIONS = "lost_conditions"
CONTACT_DUE = "contact_due"
RESUME_DUE = "resume_due"
HANDOVER = "handover"
TERM_ENDS = "term_ends"

TITLES = {
    CAN_MOVE_UP: _("Could move up"),
    LOST_CONDITIONS: _("Conditions no longer hold"),
    CONTACT_DUE: _("A visit is due"),
    RESUME_DUE: _("Should be working again"),
    HANDOVER: _("Handover"),
    TERM_ENDS: _("A term ends"),
}

# Filled with the process's data: {move} in the reader's language, the rest as counted that night.
SENTENCES = {
    CAN_MOVE_UP: _("The facts allow a next move: {move}. If it is right, propose it."),
    LOST_CONDITIONS: _(
        "What the present stage needs is no longer there. Check the facts; if they are right,"
        " propose: {move}."
    ),
    CONTACT_DUE: _("The last visit was {last_visit}; one within {days} days is the floor."),
    RESUME_DUE: _(
        "The pause was to end on {resumes_on}. Propose to resume; if the firm stays shut, to close it."
    ),
    TERM_ENDS: _(
        "The term of {name} ends on {term_until}. Renew it on the instructor's page, or propose the"
        " recall on the firm's page. Nothing ends by itself."
    ),
    HANDOVER: _("The case was closed. Hand over what is still open: contacts, papers, promises."),
}

teach("finding", TITLES)
teach("about", TITLES)
