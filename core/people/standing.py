"""Whether an instructor is a full member in good standing: dated facts with reasons, one after the
other, never written over. Who is not gets no firm; who guides firms then keeps them until a
supervisor recalls them."""

from django.conf import settings
from django.db import models, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.audit.record import record
from core.audit.sentences import teach
from core.errors import Refused
from core.ledger.permits import allow_in, not_ahead
from core.people import history
from core.people.models import Instructor


class Standing(models.Model):
    """From a day on an instructor is in good standing, or is not. The database refuses changes."""

    class Kind(models.TextChoices):
        GRANTED = "granted", gettext_lazy("in good standing")
        SUSPENDED = "suspended", gettext_lazy("standing suspended")
        RESTORED = "restored", gettext_lazy("in good standing again")

    instructor = models.ForeignKey(Instructor, models.PROTECT, related_name="standings")
    kind = models.CharField(max_length=9, choices=Kind)
    since = models.DateField()
    why = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class StandingQuerySet(models.QuerySet):
        def visible_to(self, user):
            """Who keeps the register within their area, and oneself: the reasons are private."""
            if not user.is_authenticated:
                return self.none()
            own = models.Q(instructor__user=user)
            if user.may("register") and user.area:
                own |= models.Q(instructor__area__startswith=user.area)
            return self.filter(own)

    objects = StandingQuerySet.as_manager()

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind="suspended") | ~models.Q(why=""),
                name="suspension_of_standing_says_why",
            )
        ]

    def __str__(self) -> str:
        return f"{self.instructor_id} {self.kind} {self.since}"


teach("standing", dict(Standing.Kind.choices))


def grant(instructor: Instructor, *, since, by) -> Standing:
    """The first fact of a new entry, in the transaction that makes it."""
    return Standing.objects.create(
        instructor=instructor, kind=Standing.Kind.GRANTED, since=since, by=by
    )


def in_good_standing(instructor: Instructor, *, on) -> bool:
    """Whether they were on a day. Entries older than these facts were, until the first of them."""
    then = instructor.standings.filter(since__lte=on).last()
    if then:
        return then.kind != Standing.Kind.SUSPENDED
    first = instructor.standings.first()
    return first.kind == Standing.Kind.SUSPENDED if first else instructor.full_member


@transaction.atomic
def record_standing(instructor: Instructor, *, since, why: str, by, on) -> Standing:
    """Suspend the standing of an instructor, or restore it: whichever they have not. Raises
    Refused. Their firms stay with them; no new one is given while it is suspended."""
    allow_in(by, "register", instructor.area)
    now = Instructor.objects.visible_to(by).select_for_update(of=("self",)).get(pk=instructor.pk)
    allow_in(by, "register", now.area)
    not_ahead(since, on)
    why = " ".join(why.split())
    if now.full_member and not why:
        raise Refused(Refused.BAD_INPUT, _("Say why the standing is suspended."))
    last = now.standings.last()
    if last and since < last.since:
        raise Refused(
            Refused.BAD_INPUT,
            _("The last entry about the standing is of %(day)s; give a day since then.")
            % {"day": date_format(last.since)},
        )
    kind = Standing.Kind.SUSPENDED if now.full_member else Standing.Kind.RESTORED
    made = Standing.objects.create(instructor=now, kind=kind, since=since, why=why, by=by)
    before = history.entry_of(now)
    now.full_member = not now.full_member
    now.save(update_fields=["full_member"])
    history.keep(now, before=before, by=by, came=history.EntryVersion.Came.STANDING)
    record(
        "standing.recorded", by=by, chain=f"instructor:{now.pk}", area=now.area,
        instructor=now.name, standing=kind, on=since.isoformat(),
    )  # fmt: skip
    return made
