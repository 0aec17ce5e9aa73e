from datetime import time

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedTextField

from core.accounts.models import Area
from core.accounts.verbs import Role
from workflows.notices.kinds import Kind


def every_kind() -> list[str]:
    return list(Kind.values)


class Quiet(models.Model):
    """Hours of the day, on the county's clock, in which nothing leaves the house."""

    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def quiet(self) -> tuple[time, time] | None:
        if self.quiet_from is None or self.quiet_until is None:
            return None
        return self.quiet_from, self.quiet_until


class Wishes(Quiet):
    """How one person wants to be told outside of the desk. Without a row: not at all."""

    class Digest(models.TextChoices):
        OFF = "off", _("No e-mail: I look here myself")
        DAILY = "daily", _("Every working day, Monday to Friday")
        WEEKLY = "weekly", _("Once a week")

    class Day(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="wishes"
    )
    language = models.CharField(_("language"), max_length=8, default="zh-hans")
    digest = models.CharField(max_length=8, choices=Digest, default=Digest.OFF)
    digest_since = models.DateField(null=True)  # no digest for an hour before it was asked for
    hour = models.PositiveSmallIntegerField(default=8)
    weekday = models.PositiveSmallIntegerField(choices=Day, default=Day.MONDAY)
    kinds = models.JSONField(default=every_kind)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(hour__lte=23), name="digest_hour_is_on_the_clock"),
            models.CheckConstraint(
                condition=Q(digest="off") | Q(digest_since__isnull=False),
                name="digest_knows_its_first_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.digest}"


class Robot(Quiet):
    """A chat group's webhook, for one person or for one office. Address and secret are encrypted:
    who has them can write into the group."""

    class Maker(models.TextChoices):
        WECOM = "wecom", _("WeCom group robot")
        DINGTALK = "dingtalk", _("DingTalk group robot")
        JSON = "json", _("Other system (signed JSON)")

    name = models.CharField(_("name"), max_length=40)
    maker = models.CharField(_("kind"), max_length=10, choices=Maker)
    url = EncryptedTextField(_("address"))
    secret = EncryptedTextField(_("secret"), null=True, blank=True)  # noqa: DJ001 - the field's way
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="robots"
    )  # null: an office's
    role = models.CharField(_("role"), max_length=16, choices=Role, blank=True)
    area = models.CharField(_("area"), max_length=12, blank=True)
    line = models.ForeignKey("core.LineDepartment", models.PROTECT, null=True, related_name="+")
    language = models.CharField(_("language"), max_length=8, default="zh-hans")
    kinds = models.JSONField(default=every_kind)
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    paused = models.BooleanField(default=False)
    failures = models.PositiveSmallIntegerField(default=0)  # in a row
    next_try_at = models.DateTimeField(null=True)
    broken_at = models.DateTimeField(null=True)  # given up until its keeper's test arrives
    fault = models.CharField(max_length=200, blank=True)  # the last one, in words

    class RobotQuerySet(models.QuerySet):
        def visible_to(self, user):
            """One's own, and for an administrator those of the offices within the area."""
            if not user.is_authenticated:
                return self.none()
            offices = Q(person=None, area__startswith=user.area) & ~Q(area="")
            return self.filter(Q(person=user) | offices if user.may("manage_users") else Q(person=user))

        def named(self):
            """With `place`, the name of an office's area."""
            area = Area.objects.filter(code=OuterRef("area")).values("name")
            return self.annotate(place=Subquery(area)).select_related("line", "person")

        def in_force(self):
            return self.filter(paused=False, broken_at__isnull=True).exclude(person__is_active=False)

    objects = RobotQuerySet.as_manager()

    class Meta:
        ordering = ["area", "name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, role="", area="")
                | (Q(person__isnull=True) & ~Q(role="") & ~Q(area="")),
                name="robot_is_for_a_person_or_an_office",
            ),
            models.CheckConstraint(
                condition=~Q(role=Role.LINE) | Q(line__isnull=False),
                name="robot_of_a_line_names_the_line",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One message that is to leave, or has left. Its text is made when it is sent."""

    class What(models.TextChoices):
        DIGEST = "digest", _("digest")
        CASE = "case", _("news of a case")
        TEST = "test", _("test message")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        NOTHING = "nothing", _("nothing to say")
        OVERTAKEN = "overtaken", _("overtaken by a later one")
        GIVEN_UP = "given_up", _("given up")

    what = models.CharField(max_length=8, choices=What)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    period = models.CharField(max_length=12, blank=True)  # of a digest: 2026-11-25, 2026-W48
    robot = models.ForeignKey(Robot, models.CASCADE, null=True, related_name="deliveries")
    firm = models.ForeignKey("core.Firm", models.PROTECT, null=True, related_name="+")
    events = models.PositiveIntegerField(default=0)  # of the case, in this one message
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    due_at = models.DateTimeField()  # while it is being sent: when somebody else may take it over
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class DeliveryQuerySet(models.QuerySet):
        def due(self, at):
            return self.filter(state__in=("waiting", "sending"), due_at__lte=at)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "period"],
                condition=Q(what="digest"),
                name="one_digest_of_a_period_per_person",
            ),
            models.UniqueConstraint(
                fields=["robot", "firm"],
                condition=Q(what="case", state="waiting"),
                name="one_waiting_message_of_a_case_per_robot",
            ),
            models.CheckConstraint(
                condition=Q(what="digest", person__isnull=False, robot__isnull=True)
                | (~Q(what="digest") & Q(person__isnull=True, robot__isnull=False)),
                name="delivery_goes_to_a_person_or_a_robot",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(state__in=("waiting", "sending")), name="delivery_due"
            ),
            models.Index(
                "robot", F("tried_at").desc(), condition=Q(robot__isnull=False), name="delivery_tried"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.period or self.firm_id}: {self.state}"


class CalendarLink(models.Model):
    """The private address of one person's calendar; only the hash of its token is kept."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="calendar_link"
    )
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"calendar of {self.person_id}"
