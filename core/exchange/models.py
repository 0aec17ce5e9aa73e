from uuid import uuid4

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.jobs.models import Job


class Sheet(models.Model):
    """The rows of an Excel file that somebody sent, as they were read: shown, then carried out. What
    each row means is asked anew whenever it is shown, for the register changes meanwhile."""

    key = models.UUIDField(unique=True, default=uuid4)  # of the form that brought it
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    name = models.CharField(max_length=200)  # of the file
    rows = models.JSONField()  # [{"row": 5, "cells": {column: text}, "slips": [[column, code]]}]
    left_out = models.JSONField(default=list)  # headings that no column of ours has
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    outcomes = models.JSONField(default=dict)  # row → [outcome, sentence], as it is carried out

    class SheetQuerySet(models.QuerySet):
        def visible_to(self, user):
            """One's own only: it may hold what a colleague of another township may not read."""
            if not (user.is_authenticated and user.may("register")):
                return self.none()
            return self.filter(by=user)

    objects = SheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("Excel file")
        verbose_name_plural = _("Excel files")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("exchange:sheet", args=[self.pk])
