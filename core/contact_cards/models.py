from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.accounts.verbs import GUESTS
from core.ledger.models import Firm
from core.people.models import Assignment


class TierContact(models.Model):
    """A leader who looks after the firms of an area, or one firm. A dated fact: who comes next gets
    a row of their own, none is overwritten."""

    class Tier(models.TextChoices):
        COUNTY = "county_leader", _("County leader")
        SECTION = "section_leader", _("Section-level leader")

    tier = models.CharField(_("tier"), max_length=14, choices=Tier)
    county = models.CharField(max_length=6, db_index=True)
    area = models.CharField(max_length=12)  # of the firms, or where the one firm lay when named
    firm = models.ForeignKey(
        Firm, models.PROTECT, null=True, blank=True, related_name="tier_contacts",
        verbose_name=_("firm"),
    )  # fmt: skip
    name = models.CharField(_("name"), max_length=24)
    post = models.CharField(_("post"), max_length=40)
    phone = models.CharField(_("phone"), max_length=20)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class TierContactQuerySet(models.QuerySet):
        def visible_to(self, user):
            """Those of one's county, for all but guests: their names hang on the firms' walls. Of a
            single firm, to who sees the firm."""
            if not (user.is_authenticated and user.may("see") and user.county):
                return self.none()
            if user.role in GUESTS:
                return self.none()
            firms = Firm.objects.visible_to(user).values("pk")
            return self.filter(Q(firm__isnull=True) | Q(firm__in=firms), county=user.county)

        def standing(self):
            return self.filter(until__isnull=True)

    objects = TierContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact of a tier")
        verbose_name_plural = _("contacts of a tier")
        ordering = ["area", "tier", "-since", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tier", "area"], condition=Q(until__isnull=True, firm__isnull=True),
                name="one_contact_of_a_tier_for_an_area",
            ),
            models.UniqueConstraint(
                fields=["tier", "firm"], condition=Q(until__isnull=True, firm__isnull=False),
                name="one_contact_of_a_tier_for_a_firm",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")),
                name="tier_contact_ends_after_it_began",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.tier} {self.area} {self.name}"


class VisitingDays(models.Model):
    """When an instructor comes to a firm, in words. It belongs to the assignment: another
    instructor agrees on other days. Changed days get a row of their own."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="visiting_days")
    words = models.CharField(_("visiting days"), max_length=40)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class VisitingDaysQuerySet(models.QuerySet):
        def standing(self):
            return self.filter(until__isnull=True)

    objects = VisitingDaysQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"], condition=Q(until__isnull=True),
                name="visiting_days_kept_once_for_an_assignment",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")),
                name="visiting_days_end_after_they_began",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.words}"
