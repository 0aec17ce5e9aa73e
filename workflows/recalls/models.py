from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.people.models import Assignment
from workflows.engine.models import Process, ProcessQuerySet


class RecallRequest(Process):
    """A proposal to recall an instructor from a firm. What they wrote down there never changes."""

    class Reason(models.TextChoices):
        TERM = "term", _("The term is not renewed")
        POST = "post", _("Moved to another post")
        UNIT = "unit", _("The sending unit needs its person")
        HEALTH = "health", _("Health or family")
        FIRM = "firm", _("The firm asks for another instructor")
        STANDING = "standing", _("No longer a full member in good standing")
        DUTIES = "duties", _("Does not carry out the duties")

    class Outcome(models.TextChoices):
        OPEN = "open", _("In progress")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        OVERTAKEN = "overtaken", _("Overtaken by events")

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="recalls")
    reason = models.CharField(_("reason"), max_length=10, choices=Reason)
    words = models.TextField(_("what happened"), max_length=2000)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, default=Outcome.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    comment = models.TextField(_("comment"), max_length=2000, blank=True)

    class RecallQuerySet(ProcessQuerySet):
        def visible_to(self, user):
            """As every process of a firm, but only to who proposes or decides on recalls, and to who
            watches over them: not to the instructor's colleagues."""
            if user.is_authenticated and (user.may("propose_assignment") or user.may("read_audit")):
                return super().visible_to(user)
            return self.none()

    objects = RecallQuerySet.as_manager()

    class Meta:
        verbose_name = _("recall of an instructor")
        verbose_name_plural = _("recalls of instructors")
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome="approved") | Q(decided_by__isnull=False),
                name="approved_recall_names_who_approved",
            )
        ]
