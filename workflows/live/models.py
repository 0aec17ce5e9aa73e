from django.conf import settings
from django.db import models

NOTICE = "notice"  # to who was told of something and hears of no task of it


class Outbox(models.Model):
    """What one act did, written in the act's own transaction and deleted once it is passed on.

    `said` is a list: {"what": [kind, …], "task": number} of tasks, whose readers are found when
    it is delivered, as are those of the notices of {"what": ["notice"], "events": [number, …]};
    {"what": [kind], "ref": number or None, "to": [person, …]} of all else.
    """

    at = models.DateTimeField(auto_now_add=True)
    said = models.JSONField()

    def __str__(self) -> str:
        return f"{self.pk}: {self.said}"


class SignalCount(models.Model):
    """The number of the last signal to a person. Its row is locked while one is given out, so that
    a number that can be read has no unread one before it."""

    to = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+"
    )
    last = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"to {self.to_id}: {self.last}"


class Signal(models.Model):
    """One person's page is told that something changed: which kind, and which row. What it is now,
    the page asks for itself. Kept for some days, for pages that were away."""

    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    number = models.BigIntegerField()
    what = models.CharField(max_length=16)
    task = models.BigIntegerField(null=True)  # no foreign key: a signal holds nothing fast
    ref = models.BigIntegerField(null=True)  # of what is no task: a notice, a job
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["to", "number"], name="signals_to_a_person_are_numbered")
        ]

    def __str__(self) -> str:
        return f"to {self.to_id} {self.number}: {self.what}"

    def as_json(self) -> dict:
        """As the socket and the polling answer say it."""
        return in_words(self.number, self.what, self.task, self.ref)


def in_words(number: int, what: str, task: int | None, ref: int | None) -> dict:
    said = {"n": number, "what": what}
    if task is not None:
        said["task"] = task
    if ref is not None:
        said["ref"] = ref
    return said
