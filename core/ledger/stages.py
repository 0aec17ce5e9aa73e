"""The words for where a firm stands. Two tracks: its stage, and beside it its operation."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.audit.sentences import teach


class Stage(models.TextChoices):
    BLANK = "blank", _("No members yet")
    MASS_ORGANISED = "mass_organised", _("Mass organisation")
    WORK_COVERED = "work_covered", _("Work covered")
    AFFILIATED = "affiliated", _("Affiliated branch")
    STANDALONE = "standalone", _("Branch of its own")


class Operation(models.TextChoices):
    OPERATING = "operating", _("Operating")
    PAUSED = "paused", _("Paused")
    CLOSED = "closed", _("Closed")


class Verb(models.TextChoices):
    """The moves of the chart by name. The chart itself is in workflows."""

    ORGANISE_MASS = "organise_mass", _("Record the mass organisation")
    COVER_WORK = "cover_work", _("Begin work coverage")
    AFFILIATE = "affiliate", _("Join an affiliated branch")
    STAND_ALONE = "stand_alone", _("Found a branch of its own")
    REJOIN = "rejoin", _("Go back to an affiliated branch")
    FALL_TO_COVERED = "fall_to_covered", _("Go back to work coverage")
    FALL_TO_MASS = "fall_to_mass", _("Go back to mass organisation only")
    FALL_TO_BLANK = "fall_to_blank", _("Go back to nothing in place")
    PAUSE = "pause", _("Pause (seasonal or temporary stop)")
    RESUME = "resume", _("Resume work")
    CLOSE = "close", _("Close the case")
    REOPEN = "reopen", _("Open the case again")


ORGANISED = (Stage.AFFILIATED, Stage.STANDALONE)

teach("source", dict(Stage.choices + Operation.choices))
teach("target", dict(Stage.choices + Operation.choices))
teach("move", dict(Verb.choices))
