"""What ties an instructor to a firm, as they declared it: such a firm is not given to them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ledger.models import Firm
from core.people.models import Instructor


class Tie(models.Model):
    """A former employer, or a firm where a relative works. Declared, never deleted: it ends."""

    class Kind(models.TextChoices):
        EMPLOYER = "employer", _("Former employer")
        RELATIVE = "relative", _("A relative works there")

    instructor = models.ForeignKey(Instructor, models.PROTECT, related_name="ties")
    firm = models.ForeignKey(Firm, models.PROTECT, related_name="ties", verbose_name=_("firm"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    declared_on = models.DateField(_("declared on"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ended_on = models.DateField(_("no longer since"), null=True, blank=True)

    class TieQuerySet(models.QuerySet):
        def visible_to(self, user):
            """Who keeps the register, of the instructors and firms in their reach; and oneself."""
            if not (user.is_authenticated and user.may("see")):
                return self.none()
            own = self.filter(instructor__user=user)
            if not user.may("register"):
                return own
            seen = Instructor.objects.visible_to(user).values("pk")
            return own | self.filter(instructor__in=seen)

        def standing(self):
            return self.filter(ended_on__isnull=True)

    objects = TieQuerySet.as_manager()

    class Meta:
        verbose_name = _("declared tie")
        verbose_name_plural = _("declared ties")
        constraints = [
            models.UniqueConstraint(
                fields=["instructor", "firm", "kind"],
                condition=models.Q(ended_on__isnull=True),
                name="tie_declared_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.instructor_id} – {self.firm_id}"
