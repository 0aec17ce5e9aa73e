"""The names in the chart, in words: who decides, what must be true, what is asked, what follows."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from core.ledger.stages import Operation, Stage, Verb
from core.rulebook import rule
from workflows.coverage.chart import COUNTY, FIRST, STAGE, Move

STATES = dict(Stage.choices + Operation.choices)
VERBS = dict(Verb.choices)

DECIDES = {
    FIRST: _("Township committee or line department"),
    COUNTY: _("Township committee or line department first, then the county office"),
}

# Guard → what must be true. The numbers are filled in from the rulebook of the day.
CONDITIONS = {
    "always": _("Nothing more: it depends on the reason given."),
    "mass_organisation_on_record": _(
        "A mass organisation of the firm is on record with its approval number."
    ),
    "instructor_really_works_there": _(
        "An instructor is assigned and was on site within the last %(days)d days."
    ),
    "has_members_to_affiliate": _("The firm has at least 1 full member."),
    "enough_full_members": _("The firm has %(members)d full members or more."),
    "too_few_for_a_branch": _("1 full member or more is left, but fewer than %(members)d."),
    "no_members_but_worked_in": _(
        "No full member is left; an instructor was on site within the last %(days)d days."
    ),
    "only_mass_organisation_left": _(
        "No full member is left and no instructor works there; a mass organisation still stands."
    ),
    "nothing_left": _(
        "No full member is left, no instructor works there and no mass organisation stands."
    ),
    "return_day_is_ahead": _("The day on which work begins again is in the future."),
}

NEEDS = {
    "": "",
    "branch": _("The affiliated branch that the firm joins"),
    "new_branch": _("The name of the new branch"),
    "resumes_on": _("The day on which work begins again"),
}

CONSEQUENCES = {
    "found_branch": _("The new branch is entered, and the firm's members belong to it."),
    "join_branch": _("The firm's members belong to the affiliated branch."),
    "dissolve_own_branch": _("The firm's own branch is dissolved."),
    "leave_branch": _("The firm leaves its branch; a branch of its own is dissolved."),
    "rest_deadlines": _("Deadlines of the firm's tasks rest until work begins again."),
    "wake_deadlines": _("Deadlines run again, longer by the days of the pause."),
    "end_assignment": _("The instructor's assignment ends and is handed over; the records are kept."),
    "end_open_tasks": _("Open follow-ups about the firm are closed."),
    "forget_closing": _("The day of closing is taken out of the entry."),
}


def condition(move: Move, *, on: date) -> str:
    """What must be true for a move, with the numbers of that day's rulebook."""
    return CONDITIONS[move.when] % {
        "members": rule("standalone_branch_members", on=on).value,
        "days": rule("contact_floor", on=on).value,
    }


def in_words(move: Move, *, on: date) -> dict:
    """A row of the chart in words, for a page."""
    return {
        "move": move,
        "label": VERBS[move.verb],
        "sources": [(state, STATES[state]) for state in move.sources],
        "target": (move.target, STATES[move.target]),
        "decides": DECIDES[move.decides],
        "condition": condition(move, on=on),
        "needs": NEEDS[move.needs],
        "consequences": consequences(move),
    }


def consequences(move: Move) -> list[str]:
    return [CONSEQUENCES[name] for name in move.entails]


def states_of(track: str) -> list[str]:
    """The states of a track, in the order of the path."""
    return list((Stage if track == STAGE else Operation).values)
