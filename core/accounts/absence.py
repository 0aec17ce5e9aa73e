"""Who is away, and who stands in: the table, and the question that every list asks."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.accounts.models import User
from core.accounts.verbs import Role


class Leave(models.Model):
    """One person is away from a day until another, both included; another stands in."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="leaves")
    substitute = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="stood_in")
    since = models.DateField()
    until = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    taken_back = models.BooleanField(default=False)  # it never was, or ended on its first day

    class LeaveQuerySet(models.QuerySet):
        def on(self, day: date):
            """Leaves that run on a day."""
            return self.filter(since__lte=day, until__gte=day, taken_back=False)

        def ahead(self, day: date):
            """Leaves that run on a day or begin later."""
            return self.filter(until__gte=day, taken_back=False)

        def visible_to(self, user):
            """One's own, those in which one stands in, and those of the people one disposes of."""
            if not user.is_authenticated:
                return self.none()
            people = User.objects.visible_to(user).values("pk")
            return self.filter(Q(person__in=people) | Q(substitute=user))

    objects = LeaveQuerySet.as_manager()

    class Meta:
        ordering = ["since", "pk"]
        indexes = [
            models.Index(fields=["substitute", "until"], name="leave_substitute"),
            models.Index(fields=["person", "until"], name="leave_person"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(person=models.F("substitute")), name="nobody_stands_in_for_themselves"
            ),
            models.CheckConstraint(
                condition=Q(until__gte=models.F("since")), name="leave_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} → {self.substitute_id} {self.since}–{self.until}"


def stood_in_for(user: User) -> list[User]:
    """The people for whom this person stands in today, also at second hand: when a substitute is
    on leave, their own substitute. Asked once for each user object: powers are today's powers.

    No statement for somebody who stands in for nobody.
    """
    if not hasattr(user, "_stands_in_for"):
        user._stands_in_for = _absent(user, timezone.localdate())
    return user._stands_in_for


def alike(one: User, other: User) -> bool:
    """Whether two people have the same powers in one county, so that one may stand in for the
    other. Asked every day: people move."""
    place = one.role == other.role and one.county == other.county
    return place and (one.role != Role.LINE or one.line_id == other.line_id)


def _absent(user: User, day: date) -> list[User]:
    if not user.stands_in_until or user.stands_in_until < day or not user.is_active:
        return []
    found: dict[int, User] = {}
    ask = {user.pk}
    while ask:
        leaves = Leave.objects.on(day).filter(substitute__in=ask).select_related("person")
        new = {leave.person_id: leave.person for leave in leaves if leave.person_id not in found}
        new = {pk: p for pk, p in new.items() if pk != user.pk and p.is_active and alike(user, p)}
        found |= new
        ask = set(new)
    return list(found.values())
