"""Trainings of instructors: recorded for one or for a whole course, counted in days by year, taken
back only by an act that keeps what was written."""

from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce, ExtractYear
from django.db.models.lookups import LessThan
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.audit.record import record
from core.errors import Refused
from core.ledger.permits import allow, allow_in, not_ahead
from core.people.models import Instructor
from core.rulebook import rule

HALF = Decimal("0.5")
LONGEST = Decimal(30)
AT_ONCE = 500  # instructors of one course


class Training(models.Model):
    """An instructor took part in a training that ended on a day. No place, no score."""

    instructor = models.ForeignKey(Instructor, models.PROTECT, related_name="trainings")
    day = models.DateField(gettext_lazy("last day"))
    days = models.DecimalField(gettext_lazy("days"), max_digits=3, decimal_places=1)
    subject = models.CharField(gettext_lazy("subject"), max_length=120)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    taken_back_why = models.CharField(max_length=200, blank=True)

    class TrainingQuerySet(models.QuerySet):
        def visible_to(self, user):
            return self.filter(instructor__in=Instructor.objects.visible_to(user).values("pk"))

        def counted(self):
            return self.filter(taken_back_at__isnull=True)

    objects = TrainingQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("training")
        verbose_name_plural = gettext_lazy("trainings")
        ordering = ["-day", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(days__gt=0, days__lte=LONGEST), name="training_takes_half_a_day_to_thirty"
            ),
            models.UniqueConstraint(
                fields=["instructor", "day", "subject"],
                condition=Q(taken_back_at__isnull=True),
                name="training_recorded_once",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=True, taken_back_by__isnull=True, taken_back_why="")
                | (Q(taken_back_at__isnull=False, taken_back_by__isnull=False) & ~Q(taken_back_why="")),
                name="training_taken_back_says_by_whom_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instructor_id} {self.day} {self.days}"


@transaction.atomic
def record_training(instructors, *, day, days: Decimal, subject: str, by, on) -> list[Training]:
    """Record a training for each of some instructors; who has it on record already is left as is.
    Gives those that are new. Raises Refused, and then nothing is recorded."""
    allow(by, "register")
    not_ahead(day, on)
    subject = " ".join(subject.split())
    if not subject:
        raise Refused(Refused.BAD_INPUT, _("Say what the training was about."))
    if not HALF <= days <= LONGEST or days % HALF:
        raise Refused(Refused.BAD_INPUT, _("Give whole or half days, from half a day to thirty days."))
    people = Instructor.objects.visible_to(by).select_for_update(of=("self",))
    people = list(people.filter(pk__in=[one.pk for one in instructors]).order_by("pk"))
    if not people:
        raise Refused(Refused.BAD_INPUT, _("Choose at least one instructor."))
    for one in people:
        allow_in(by, "register", one.area)
    have = Training.objects.counted().filter(instructor__in=people, day=day, subject=subject)
    have = set(have.values_list("instructor_id", flat=True))
    made = [
        Training(instructor=one, day=day, days=days, subject=subject, by=by)
        for one in people if one.pk not in have
    ]  # fmt: skip
    if not made:
        raise Refused(Refused.FASTER, _("This training is on record already for all whom you chose."))
    for one in made:
        one.save(force_insert=True)
        record(
            "training.recorded", by=by, chain=f"instructor:{one.instructor_id}",
            area=one.instructor.area, instructor=one.instructor.name, subject=subject,
            on=day.isoformat(),
        )  # fmt: skip
    return made


@transaction.atomic
def take_back_training(training: Training, *, why: str, by, at) -> Training:
    """Say that a training was recorded by mistake. It is counted no more and stays readable."""
    allow_in(by, "register", training.instructor.area)
    seen = Training.objects.visible_to(by).select_for_update(of=("self",))
    now = seen.select_related("instructor").get(pk=training.pk)
    why = " ".join(why.split())
    if not why:
        raise Refused(Refused.BAD_INPUT, _("Say why this training is taken back."))
    if now.taken_back_at:
        raise Refused(
            Refused.FASTER,
            _("This training was taken back on %(day)s.") % {"day": date_format(now.taken_back_at)},
        )
    now.taken_back_at, now.taken_back_by, now.taken_back_why = at, by, why
    now.save(update_fields=["taken_back_at", "taken_back_by", "taken_back_why"])
    record(
        "training.taken_back", by=by, chain=f"instructor:{now.instructor_id}",
        area=now.instructor.area, instructor=now.instructor.name, subject=now.subject,
    )  # fmt: skip
    return now


def days_between(instructor: Instructor, first: date, last: date) -> Decimal:
    """The days of the trainings that ended within some days, both counted in."""
    within = instructor.trainings.counted().filter(day__range=(first, last))
    return within.aggregate(have=Sum("days"))["have"] or Decimal(0)


def days_by_year(instructor: Instructor, *, on) -> list[dict]:
    """The days of training in each year, newest first, this year always among them, each with the
    days that were asked in that year. One statement."""
    counted = instructor.trainings.counted().order_by().annotate(year=ExtractYear("day"))
    have = dict(counted.values("year").annotate(have=Sum("days")).values_list("year", "have"))
    have.setdefault(on.year, Decimal(0))
    return [_year(year, have[year], on) for year in sorted(have, reverse=True)]


def _year(year: int, have: Decimal, on) -> dict:
    asked = rule("instructor_training_days", on=min(on, date(year, 12, 31)))
    short = max(Decimal(0), asked.value - have)
    return {"year": year, "have": have, "asked": asked, "short": short, "now": year == on.year}


def short_of_training(*, on) -> Q:
    """The condition on instructors who have fewer days of training this year than the rule asks."""
    this_year = Training.objects.counted().filter(instructor=models.OuterRef("pk"), day__year=on.year)
    days = this_year.order_by().values("instructor").annotate(have=Sum("days")).values("have")
    have = Coalesce(models.Subquery(days), Decimal(0), output_field=models.DecimalField())
    asked = Decimal(rule("instructor_training_days", on=on).value)
    return Q(LessThan(have, asked)) if asked else Q(pk__in=[])
