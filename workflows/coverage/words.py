"""The chart in people's words: what each move is called and what it means."""

from django.utils.translation import gettext_lazy as _

MOVES = {
    "organise_mass": _("Record the mass organisation"),
    "cover_work": _("Begin work coverage"),
    "affiliate": _("Join an affiliated branch"),
    "stand_alone": _("Found a branch of its own"),
    "rejoin": _("Go back to an affiliated branch"),
    "fall_to_covered": _("Go back to work coverage"),
    "fall_to_mass": _("Go back to mass organisation only"),
    "fall_to_blank": _("Go back to nothing in place"),
    "pause": _("Pause (seasonal or temporary stop)"),
    "resume": _("Resume work"),
    "close": _("Close the case"),
    "reopen": _("Open the case again"),
}


def say(verb: str) -> str:
    """The name of a move in the reader's language."""
    return str(MOVES[verb])
