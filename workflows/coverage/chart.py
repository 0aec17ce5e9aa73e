"""The life of a firm, on one screen. This table is the specification: django-fsm is bound to it,
the picture on screen, the guards' tests and the README's diagram are drawn from it."""

from typing import NamedTuple

# Stages and operations, as core.ledger.stages spells them (a test compares).
BLANK, MASS, COVERED, AFFILIATED, STANDALONE = (
    "blank", "mass_organised", "work_covered", "affiliated", "standalone",
)  # fmt: skip
OPERATING, PAUSED, CLOSED = "operating", "paused", "closed"

FIRST, COUNTY = "first", "county"  # who has the last word: the first reviewer, or the county office
STAGE, OPERATION = "stage", "operation"


class Move(NamedTuple):
    verb: str
    track: str
    sources: tuple[str, ...]
    target: str
    decides: str
    when: str  # a name in guards.py: what must be true
    needs: str = ""  # what the proposer must name besides the reason
    entails: tuple[str, ...] = ()  # names in consequences.py: what follows in the same transaction


CHART = (
    #    verb                track      from                               to           decides  when                              needs           entails
    # forward, with the skips that the facts allow
    Move("organise_mass",    STAGE,     (BLANK,),                          MASS,        FIRST,   "mass_organisation_on_record"),
    Move("cover_work",       STAGE,     (BLANK, MASS),                     COVERED,     FIRST,   "instructor_really_works_there"),
    Move("affiliate",        STAGE,     (BLANK, MASS, COVERED),            AFFILIATED,  FIRST,   "has_members_to_affiliate",       "branch",       ("join_branch",)),
    Move("stand_alone",      STAGE,     (BLANK, MASS, COVERED, AFFILIATED), STANDALONE, COUNTY,  "enough_full_members",            "new_branch",   ("found_branch",)),
    # back, when the facts are gone
    Move("rejoin",           STAGE,     (STANDALONE,),                     AFFILIATED,  COUNTY,  "too_few_for_a_branch",           "branch",       ("dissolve_own_branch", "join_branch")),
    Move("fall_to_covered",  STAGE,     (AFFILIATED, STANDALONE),          COVERED,     COUNTY,  "no_members_but_worked_in",       "",             ("leave_branch",)),
    Move("fall_to_mass",     STAGE,     (COVERED, AFFILIATED, STANDALONE), MASS,        COUNTY,  "only_mass_organisation_left",    "",             ("leave_branch",)),
    Move("fall_to_blank",    STAGE,     (MASS, COVERED, AFFILIATED, STANDALONE), BLANK, COUNTY,  "nothing_left",                   "",             ("leave_branch",)),
    # beside the stage: the firm's operation
    Move("pause",            OPERATION, (OPERATING,),                      PAUSED,      FIRST,   "return_day_is_ahead",            "resumes_on",   ("rest_deadlines",)),
    Move("resume",           OPERATION, (PAUSED,),                         OPERATING,   FIRST,   "always",                         "",             ("wake_deadlines",)),
    Move("close",            OPERATION, (OPERATING, PAUSED),               CLOSED,      COUNTY,  "always",                         "",             ("end_assignment", "end_open_tasks")),
    Move("reopen",           OPERATION, (CLOSED,),                         OPERATING,   COUNTY,  "always",                         "",             ("forget_closing",)),
)  # fmt: skip

BY_VERB = {move.verb: move for move in CHART}


def moves_from(track: str, state: str) -> list[Move]:
    """The rows of the chart that leave a state."""
    return [move for move in CHART if move.track == track and state in move.sources]
