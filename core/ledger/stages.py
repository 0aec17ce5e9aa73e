"""The words for where a firm stands. Two tracks: its stage, and beside it its operation."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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


ORGANISED = (Stage.AFFILIATED, Stage.STANDALONE)
