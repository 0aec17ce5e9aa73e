from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from core.accounts.models import SendingUnit
from core.accounts.verbs import GUESTS, Role
from core.ledger.kinds import Industry
from core.ledger.models import Branch, Firm
from core.ledger.names import searchable


class Member(models.Model):
    """A party member, probationary member or activist. Membership is private: see `visible_to`."""

    class Kind(models.TextChoices):
        FULL = "full", _("Full member")
        PROBATIONARY = "probationary", _("Probationary member")
        ACTIVIST = "activist", _("Activist")

    county = models.CharField(_("county"), max_length=6)
    name = models.CharField(_("name"), max_length=64)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    firm = models.ForeignKey(
        Firm,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=_("firm"),
    )
    branch = models.ForeignKey(
        Branch,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=_("branch"),
    )
    since = models.DateField(_("here since"))
    until = models.DateField(_("here until"), null=True, blank=True)

    class MemberQuerySet(models.QuerySet):
        def visible_to(self, user):
            """Only roles that keep members, and only the members of firms within their reach.

            Self-employed members (no firm) are seen by the county, which keeps their branch.
            """
            if not (user.is_authenticated and user.may("keep_members")):
                return self.none()
            seen = Q(firm__in=Firm.objects.visible_to(user).values("pk"))
            if user.role == Role.COUNTY and user.area:
                seen |= Q(firm__isnull=True, county=user.county)
            return self.filter(seen)

        def here(self, on=None):
            """Members who are here now, or were on a day."""
            if on is None:
                return self.filter(until__isnull=True)
            return self.filter(Q(until__isnull=True) | Q(until__gt=on), since__lte=on)

        def full(self):
            return self.filter(kind=Member.Kind.FULL)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        indexes = [
            models.Index(fields=["firm", "kind"], condition=Q(until__isnull=True), name="member_here")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(firm__isnull=False) | Q(branch__isnull=False),
                name="member_has_a_firm_or_a_branch",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")),
                name="member_leaves_after_arriving",
            ),
        ]

    def __str__(self) -> str:
        return self.masked_name

    @property
    def masked_name(self) -> str:
        """The name as lists show it: 王* . The whole name is on the card, and looking is recorded."""
        return f"{self.name[:1]}{'*' * max(1, len(self.name) - 1)}"


class Instructor(models.Model):
    """A party-building instructor (党建工作指导员), sent to firms by their own unit."""

    class Kind(models.TextChoices):
        FULL_TIME = "full_time", _("Full-time")
        PART_TIME = "part_time", _("Part-time")
        RETIRED = "retired", _("Retired cadre")

    class Mode(models.TextChoices):
        SINGLE = "single", _("One firm")
        MULTIPLE = "multiple", _("Several firms")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="instructor",
        verbose_name=_("account"),
    )
    county = models.CharField(_("county"), max_length=6)
    area = models.CharField(_("area"), max_length=12, db_index=True)
    name = models.CharField(_("name"), max_length=64)
    pinyin = models.CharField(max_length=256, editable=False)
    initials = models.CharField(max_length=64, editable=False)
    unit = models.ForeignKey(
        SendingUnit, models.PROTECT, related_name="instructors", verbose_name=_("sending unit")
    )
    specialty = models.CharField(_("specialty"), max_length=64, blank=True)
    trade = models.CharField(_("trade"), max_length=1, choices=Industry, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.PART_TIME)
    mode = models.CharField(_("sent to"), max_length=8, choices=Mode, default=Mode.MULTIPLE)
    languages = models.CharField(_("languages of work"), max_length=120, blank=True)
    further_areas = models.ManyToManyField(
        "core.Area", blank=True, related_name="+", verbose_name=_("further areas")
    )
    takes_more_from = models.DateField(_("takes further firms from"), null=True, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    full_member = models.BooleanField(_("full member in good standing"))
    term_from = models.DateField(_("term from"))
    term_until = models.DateField(_("term until"))
    left_on = models.DateField(_("left on"), null=True, blank=True)

    class InstructorQuerySet(models.QuerySet):
        def visible_to(self, user):
            """Within the area; everybody sees the instructors of the firms that they see."""
            if not (user.is_authenticated and user.may("see")):
                return self.none()
            firms = Firm.objects.visible_to(user).values("pk")
            seen = Q(pk__in=Assignment.objects.filter(firm__in=firms).values("instructor_id"))
            if user.role == Role.INSTRUCTOR:
                seen |= Q(user=user)
            elif user.role == Role.UNIT:
                seen |= Q(unit=user.unit_id)
            elif user.role not in (Role.LINE, *GUESTS) and user.area:
                seen |= Q(area__startswith=user.area)
            return self.filter(seen)

        def active(self, on=None):
            """Who serves now, or served on a day."""
            if on is None:
                return self.filter(left_on__isnull=True)
            return self.filter(Q(left_on__isnull=True) | Q(left_on__gt=on), term_from__lte=on)

        def with_load(self):
            """Each with `load`: how many firms they guide now."""
            now = Assignment.objects.current().filter(instructor=models.OuterRef("pk")).order_by()
            have = now.values("instructor").annotate(have=models.Count("pk")).values("have")
            return self.select_related("unit").annotate(load=Coalesce(models.Subquery(have), 0))

    objects = InstructorQuerySet.as_manager()

    class Meta:
        verbose_name = _("instructor")
        verbose_name_plural = _("instructors")

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs):
        self.pinyin, self.initials = searchable(self.name, person=True)
        self.county = self.area[:6]
        super().save(*args, **kwargs)

    @property
    def sending_unit(self) -> str:
        """The name of the unit."""
        return self.unit.name


class Assignment(models.Model):
    """Who guides which firm, from when until when. A dated fact: ended, never deleted."""

    class End(models.TextChoices):
        RECALL = "recall", _("Recalled")
        MISTAKE = "mistake", _("Entered by mistake")
        ASKED = "asked", _("The instructor asked to stop")
        TERM = "term", _("The term ended")
        FIRM = "firm", _("The firm moved away or stops its work")
        CLOSED = "closed", _("The firm closed")
        BEFORE = "before", _("Ended before reasons were listed")

    instructor = models.ForeignKey(
        Instructor, models.PROTECT, related_name="assignments", verbose_name=_("instructor")
    )
    firm = models.ForeignKey(Firm, models.PROTECT, related_name="assignments", verbose_name=_("firm"))
    county = models.CharField(max_length=6)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    ended_as = models.CharField(_("reason of the end"), max_length=8, choices=End, blank=True)
    ended_because = models.CharField(_("ended because"), max_length=200, blank=True)

    class AssignmentQuerySet(models.QuerySet):
        def visible_to(self, user):
            return self.filter(firm__in=Firm.objects.visible_to(user).values("pk"))

        def current(self):
            return self.filter(until__isnull=True)

        def on(self, day):
            """The assignments of a day. One that ends on a day is over on that day."""
            return self.filter(Q(until__isnull=True) | Q(until__gt=day), since__lte=day)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["firm"],
                condition=Q(until__isnull=True),
                name="one_instructor_at_a_time_in_a_firm",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")),
                name="assignment_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | ~Q(ended_as=""),
                name="ended_assignment_keeps_its_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instructor_id} → {self.firm_id}"


class GuidanceRecord(models.Model):
    """What an instructor did for a firm on a day. No place, no photo, no score: see the two laws."""

    class Kind(models.TextChoices):
        VISIT = "visit", _("Visit on site")
        CALL = "call", _("Call or message")
        MEETING = "meeting", _("Meeting or activity")
        HELP = "help", _("Help with a difficulty")

    key = models.UUIDField(_("sending key"), unique=True, default=uuid4, editable=False)
    firm = models.ForeignKey(Firm, models.PROTECT, related_name="guidance", verbose_name=_("firm"))
    county = models.CharField(max_length=6)
    instructor = models.ForeignKey(
        Instructor, models.PROTECT, null=True, blank=True, related_name="guidance"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    done = models.TextField(_("what was done"), max_length=2000)
    follow_up = models.CharField(_("to follow up"), max_length=500, blank=True)
    follow_up_on = models.DateField(_("follow up on"), null=True, blank=True)
    settled_by = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="settles"
    )  # the later record that says what was to follow up is done

    class GuidanceQuerySet(models.QuerySet):
        def visible_to(self, user):
            """What was written at a firm may name who registered there: its contact reads none."""
            if not (user.is_authenticated and user.may("read_record")):
                return self.none()
            return self.filter(firm__in=Firm.objects.visible_to(user).values("pk"))

        def on_site(self):
            return self.filter(kind=GuidanceRecord.Kind.VISIT)

        def unsettled(self):
            """Records that named something to follow up which nobody has said is done."""
            asked = ~Q(follow_up="") | Q(follow_up_on__isnull=False)
            return self.filter(asked, settled_by__isnull=True)

    objects = GuidanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("guidance record")
        verbose_name_plural = _("guidance records")
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["firm", "-on"], name="guidance_firm_on")]

    def __str__(self) -> str:
        return f"{self.firm_id} {self.on}"
