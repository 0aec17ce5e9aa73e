from django.conf import settings
from django.db import models

from core.audit.models import Event
from core.audit.sentences import sentence


class Notice(models.Model):
    """One person is told of one event. What it says is the event's own sentence."""

    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    event = models.ForeignKey(Event, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)

    class NoticeQuerySet(models.QuerySet):
        def visible_to(self, user):
            return self.filter(to_id=user.pk)

        def unread(self):
            return self.filter(read_at__isnull=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(
                fields=["to", "-at"], condition=models.Q(read_at__isnull=True), name="notice_unread"
            )
        ]

    def __str__(self) -> str:
        return f"to {self.to_id}: {self.event_id}"

    @property
    def sentence(self) -> str:
        """The event's sentence in the reader's language."""
        return sentence(self.event)
