from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """One act, in one sentence. The database refuses to change or delete it.

    Events of one case form a chain of their own: `digest` is a keyed hash over the event and
    the digest before it. So writers on different cases never wait for one another, and a changed,
    removed or inserted row breaks its chain.
    """

    chain = models.CharField(max_length=64)  # "firm:12", "user:3", "desk"
    place = models.PositiveIntegerField()  # 1, 2, 3 … within the chain
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )  # null: the system itself, at night
    code = models.CharField(max_length=48)
    words = models.JSONField(default=dict)  # what the sentence is filled with
    area = models.CharField(max_length=12, blank=True)  # for visible_to, no join
    firm = models.ForeignKey("core.Firm", models.PROTECT, null=True, related_name="events")
    digest = models.CharField(max_length=64)

    class EventQuerySet(models.QuerySet):
        def visible_to(self, user):
            """The whole trail of an area, for those who read the audit. A case's own timeline is
            shown with the case: `timeline(firm, user)`."""
            if not (user.is_authenticated and user.may("read_audit") and user.area):
                return self.none()
            return self.filter(area__startswith=user.area)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["chain", "place"], name="one_event_at_a_place")]
        indexes = [
            models.Index(fields=["area", "-at"], name="event_area_at"),
            models.Index(fields=["firm", "-at"], name="event_firm_at"),
        ]

    def __str__(self) -> str:
        return f"{self.chain}#{self.place} {self.code}"


class ChainHead(models.Model):
    """The last place and digest of a chain: the row that writers of one case line up at."""

    chain = models.CharField(max_length=64, primary_key=True)
    place = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.chain}#{self.place}"


class Seal(models.Model):
    """All heads of one moment in one digest, also written to a file outside the database, so
    that a whole chain cut off with its head is missed."""

    at = models.DateTimeField()
    until = models.DateTimeField()  # events up to here are under the seal
    chains = models.PositiveIntegerField()
    events = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.digest[:8]}"
