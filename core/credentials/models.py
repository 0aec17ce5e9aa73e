from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.accounts.verbs import GUESTS, Role
from core.credentials.moves import LIVING, State
from core.people.models import Instructor


class CredentialSeries(models.Model):
    """The last serial that was given in a county and year (year 0: a count that never restarts).
    The row is locked while a number is given, so a rolled back act leaves no gap."""

    county = models.CharField(max_length=6)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "year"], name="one_count_for_a_credential_series")
        ]

    def __str__(self) -> str:
        return f"{self.county}/{self.year}: {self.last}"


class Credential(models.Model):
    """The numbered credential of an instructor. The number is never given to anybody else."""

    State = State

    instructor = models.ForeignKey(
        Instructor, models.PROTECT, related_name="credentials", verbose_name=_("instructor")
    )
    county = models.CharField(max_length=6, db_index=True)
    number = models.CharField(_("number"), max_length=60, unique=True)
    year = models.PositiveSmallIntegerField()  # of the series; 0 for one that never restarts
    serial = models.PositiveIntegerField()
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ISSUED)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"))

    class CredentialQuerySet(models.QuerySet):
        def visible_to(self, user):
            """Those of the instructors within reach; instructors see their own."""
            if not user.is_authenticated or user.role in GUESTS:
                return self.none()
            if user.role == Role.INSTRUCTOR:
                return self.filter(instructor__user=user)
            return self.filter(instructor__in=Instructor.objects.visible_to(user).values("pk"))

        def living(self):
            return self.filter(state__in=LIVING)

    objects = CredentialQuerySet.as_manager()

    class Meta:
        verbose_name = _("credential")
        verbose_name_plural = _("credentials")
        constraints = [
            models.UniqueConstraint(
                fields=["county", "year", "serial"], name="credential_serial_given_once"
            ),
            models.UniqueConstraint(
                fields=["instructor"], condition=~Q(state="revoked"),
                name="one_credential_for_an_instructor",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("valid_from")), name="credential_ends_after_it_began"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    @property
    def card(self):
        """The card in use; None when it was lost, or the credential is over."""
        return self.cards.filter(ended_on__isnull=True).first()


class Card(models.Model):
    """One card of a credential, from its issue until it is lost, replaced or over."""

    credential = models.ForeignKey(Credential, models.PROTECT, related_name="cards")
    issue = models.PositiveSmallIntegerField(_("card no."))
    nonce = models.CharField(max_length=12, unique=True)  # half of what its QR code says
    issued_on = models.DateField(_("issued on"))
    ended_on = models.DateField(null=True)
    ended_by = models.CharField(max_length=10, blank=True)  # the verb
    copies = models.PositiveIntegerField(_("copies printed"), default=0)
    template = models.CharField(_("template"), max_length=12, blank=True)  # of the last print

    class Meta:
        ordering = ["-issue"]
        constraints = [
            models.UniqueConstraint(fields=["credential", "issue"], name="card_numbered_once"),
            models.UniqueConstraint(
                fields=["credential"], condition=Q(ended_on__isnull=True), name="one_card_in_use"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.credential_id}/{self.issue}"


class CredentialMove(models.Model):
    """What happened to a credential: added to, never changed."""

    credential = models.ForeignKey(Credential, models.PROTECT, related_name="moves")
    verb = models.CharField(max_length=10)
    source = models.CharField(max_length=10, blank=True)
    target = models.CharField(max_length=10, choices=State)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.credential_id} {self.verb}"


def portrait_path(portrait, name: str) -> str:
    """Never under the name that its sender gave it, and never twice the same."""
    return f"portraits/{portrait.instructor.county}/{uuid4()}"


class Portrait(models.Model):
    """The photo of an instructor for the card: cropped, drawn anew, without what a camera adds.
    Nobody has to have one."""

    instructor = models.OneToOneField(Instructor, models.PROTECT, related_name="portrait")
    file = models.FileField(upload_to=portrait_path)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.instructor_id}"

    @property
    def lost(self) -> bool:
        """Whether the file is gone from the disk: the page says so instead of a broken picture."""
        return not self.file.storage.exists(self.file.name)
