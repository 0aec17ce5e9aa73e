from django.conf import settings
from django.db import models
from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.ledger.scope import within


class Part(TextChoices):
    """What a token opens."""

    FIGURES = "figures", pgettext_lazy("part of the interface", "Figures of coverage")
    FIRMS = "firms", pgettext_lazy("part of the interface", "Ledger of firms, without people")


class PlatformToken(models.Model):
    """A named platform's key to the figures of an area. The token itself is shown once and kept only
    as its digest; 256 random bits need no slow hash."""

    platform = models.CharField(_("platform"), max_length=80)
    area = models.CharField(_("area"), max_length=12, db_index=True)
    parts = models.JSONField(_("what it opens"))  # codes of Part
    digest = models.CharField(max_length=64, unique=True)
    expires_on = models.DateField(_("valid until"))  # included
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class TokenQuerySet(models.QuerySet):
        def visible_to(self, user):
            """Those of a person's area, for who keeps them."""
            if not (user.is_authenticated and user.may("keep_platforms")):
                return self.none()
            return self.filter(within(user.area))

    objects = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("token of a platform")
        verbose_name_plural = _("tokens of platforms")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(area=""), name="token_of_a_platform_has_an_area"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="revoked_token_says_who",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.platform} {self.area}"


class PlatformUse(models.Model):
    """How often a token was used on a day, and when last."""

    token = models.ForeignKey(PlatformToken, models.CASCADE, related_name="uses")
    day = models.DateField()
    many = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        ordering = ["-day"]
        constraints = [
            models.UniqueConstraint(fields=["token", "day"], name="one_count_of_a_token_for_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.token_id} {self.day}: {self.many}"
