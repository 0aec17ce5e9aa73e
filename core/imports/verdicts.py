"""What a row of a file would do to the ledger."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Verdict(models.TextChoices):
    ERROR = "error", _("Errors")
    NEW = "new", _("New firms")
    CHANGED = "changed", _("Changed firms")
    SAME = "same", _("As on record")
