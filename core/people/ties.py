"""What ties an instructor to a firm, as they declared it: such a firm is not given to them. Private:
read by who keeps the register there, and by oneself; the audit trail names no firm."""

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.audit.record import record
from core.errors import Refused
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
            """Who keeps the register, of the instructors within their area; and oneself."""
            if not (user.is_authenticated and user.may("see")):
                return self.none()
            own = self.filter(instructor__user=user)
            if not (user.may("register") and user.area):
                return own
            return own | self.filter(instructor__area__startswith=user.area)

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


def may_declare(instructor: Instructor, user) -> bool:
    """Everybody declares for themselves; who keeps the register, for those within their area."""
    keeps = user.may("register") and bool(user.area) and instructor.area.startswith(user.area)
    return keeps or instructor.user_id == user.pk


def _allow(instructor: Instructor, *, by) -> None:
    if not may_declare(instructor, by):
        raise Refused(Refused.NOT_YOURS, gettext("This is outside your area."))


@transaction.atomic
def declare_tie(instructor: Instructor, firm: Firm, *, kind: str, by, on) -> Tie:
    """Put a declared tie on record. Raises Refused when it is there already."""
    _allow(instructor, by=by)
    now = Instructor.objects.visible_to(by).select_for_update(of=("self",)).get(pk=instructor.pk)
    if firm.county != now.county:
        raise Refused(Refused.BAD_INPUT, gettext("This firm lies in another county."))
    if now.ties.standing().filter(firm=firm, kind=kind).exists():
        raise Refused(Refused.FASTER, gettext("This is on record already."))
    made = Tie.objects.create(instructor=now, firm=firm, kind=kind, declared_on=on, by=by)
    record("tie.declared", by=by, chain=f"instructor:{now.pk}", area=now.area, instructor=now.name)
    return made


@transaction.atomic
def end_tie(tie: Tie, *, by, on) -> Tie:
    """Put on record that a declared tie is no more. Raises Refused when that is so already."""
    seen = Tie.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=tie.pk)
    now = seen.select_related("instructor").first()
    if now is None:
        raise Refused(Refused.NOT_YOURS, gettext("This is outside your area."))
    _allow(now.instructor, by=by)
    if now.ended_on:
        raise Refused(Refused.FASTER, gettext("It is on record already that this tie is no more."))
    now.ended_on = on
    now.save(update_fields=["ended_on"])
    one = now.instructor
    record("tie.ended", by=by, chain=f"instructor:{one.pk}", area=one.area, instructor=one.name)
    return now
