from django.conf import settings
from django.db import models

from core.audit.models import Event
from core.audit.sentences import sentence
from workflows.notices.kinds import Kind


class Notice(models.Model):
    """One person is told of one event. What it says is the event's own sentence.

    `kind` and `firm` are copied from the event, so that cases are grouped without a join.
    """

    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", db_index=False
    )
    event = models.ForeignKey(Event, models.PROTECT, related_name="+")
    firm = models.ForeignKey(
        "core.Firm", models.PROTECT, null=True, related_name="+", db_index=False
    )  # null: the event is about no case
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.OTHER)
    at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    passed_on = models.BooleanField(default=False, db_default=False)  # looked at by the mail room

    class NoticeQuerySet(models.QuerySet):
        def visible_to(self, user):
            return self.filter(to_id=user.pk)

        def unread(self):
            return self.filter(read_at__isnull=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["to", "-at"], name="notice_newest"),
            models.Index(
                fields=["to", "-at"], condition=models.Q(read_at__isnull=True), name="notice_unread"
            ),
            models.Index(fields=["id"], condition=models.Q(passed_on=False), name="notice_to_pass_on"),
        ]

    def __str__(self) -> str:
        return f"to {self.to_id}: {self.event_id}"

    @property
    def sentence(self) -> str:
        """The event's sentence in the reader's language."""
        return sentence(self.event)
