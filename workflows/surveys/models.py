from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.accounts.verbs import GUESTS
from core.ledger.models import Firm
from core.ledger.scope import ScopedQuerySet
from core.ledger.stages import Operation, Stage
from core.written import TEXT_AT_MOST

PERSON = settings.AUTH_USER_MODEL


class SurveyRound(models.Model):
    """The county office has the firms of some townships looked at, until a day."""

    key = models.UUIDField(unique=True, default=uuid4)  # of the form that opened it
    title = models.CharField(_("title"), max_length=64)
    county = models.CharField(max_length=6, db_index=True)
    areas = models.ManyToManyField("core.Area", related_name="+", verbose_name=_("areas"))
    until = models.DateField(_("until"))  # that day included; afterwards it is the office's
    count = models.PositiveIntegerField(default=0)  # firms in it
    opened_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    late_told_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    # As counted when it closed: key → number, or [part, whole].
    figures = models.JSONField(default=dict)

    class SurveyRoundQuerySet(models.QuerySet):
        def visible_to(self, user):
            """Those of one's county. How far it is, each sees within their own reach only."""
            staff = user.is_authenticated and user.may("see") and user.role not in GUESTS
            return self.filter(county=user.county) if staff and user.county else self.none()

        def open(self):
            return self.filter(closed_at__isnull=True, cancelled_at__isnull=True)

    objects = SurveyRoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey round")
        verbose_name_plural = _("survey rounds")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(cancelled_at__isnull=True),
                name="survey_is_closed_or_cancelled",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("surveys:round", args=[self.pk])

    @property
    def over(self) -> bool:
        return bool(self.closed_at or self.cancelled_at)


class SurveyFirm(models.Model):
    """One firm in one round: what was said of it, by whom. Fixed once the round is closed.

    `area` and `line` follow the firm while the round is open; `name` and what stands below it are
    written at the closing, as the ledger had them then.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("survey", "To answer")
        CONFIRMED = "confirmed", pgettext_lazy("survey", "Confirmed")
        CHANGED = "changed", pgettext_lazy("survey", "Changed")
        NOT_FOUND = "not_found", pgettext_lazy("survey", "Not found")
        GONE = "gone", pgettext_lazy("survey", "Closed meanwhile")

    class Reason(models.TextChoices):
        NOBODY = "nobody", _("Nobody is at the address")
        OTHER_FIRM = "other_firm", _("Another firm is at the address")
        NOT_REACHED = "not_reached", _("Nobody answers the phone")
        SAID_CLOSED = "said_closed", _("It is said to have closed")
        SAID_MOVED = "said_moved", _("It is said to have moved")
        OTHER = "other", _("Something else")

    class Outcome(models.TextChoices):
        CLOSED = "closed", _("It has closed")
        MOVED = "moved", _("It has moved")

    round = models.ForeignKey(SurveyRound, models.PROTECT, related_name="firms", db_index=False)
    firm = models.ForeignKey(Firm, models.PROTECT, related_name="survey_rows")
    county = models.CharField(max_length=6)
    area = models.CharField(max_length=12)
    line = models.ForeignKey(
        "core.LineDepartment", models.PROTECT, null=True, related_name="+", db_index=False
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    changes = models.JSONField(default=dict)  # field → [before, after], as it was shown
    reason = models.CharField(max_length=12, choices=Reason, blank=True)
    words = models.CharField(max_length=TEXT_AT_MOST, blank=True)
    answered_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+", db_index=False)
    in_place_of = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+", db_index=False)
    answered_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    moves_to = models.CharField(max_length=12, blank=True)  # division code
    moved = models.BooleanField(default=False)  # the ledger has it there now
    settled_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+", db_index=False)
    settled_at = models.DateTimeField(null=True)
    name = models.CharField(max_length=128, blank=True)
    credit_code = models.CharField(max_length=18, blank=True)
    stage = models.CharField(max_length=16, choices=Stage, blank=True)
    operation = models.CharField(max_length=12, choices=Operation, blank=True)
    employees = models.PositiveIntegerField(null=True)

    class SurveyFirmQuerySet(ScopedQuerySet, models.QuerySet):
        pass

    objects = SurveyFirmQuerySet.as_manager()

    class Meta:
        verbose_name = _("firm in a survey round")
        verbose_name_plural = _("firms in a survey round")
        constraints = [
            models.UniqueConstraint(fields=["round", "firm"], name="firm_stands_once_in_a_survey"),
            models.CheckConstraint(
                condition=Q(state="open", answered_at__isnull=True)
                | (~Q(state="open") & Q(answered_at__isnull=False)),
                name="survey_answer_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="not_found") | ~Q(reason=""), name="survey_not_found_says_why"
            ),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(state="not_found"), name="survey_outcome_of_not_found"
            ),
        ]
        indexes = [
            models.Index(fields=["round", "area", "state"], name="survey_round_area"),
            models.Index(fields=["round", "state"], name="survey_round_state"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}: {self.firm_id}"

    def get_absolute_url(self) -> str:
        return reverse("surveys:firm", args=[self.pk])

    @property
    def unsettled(self) -> bool:
        """Not found, and nobody has said what became of it."""
        return self.state == self.State.NOT_FOUND and not self.outcome


class LateAnswer(models.Model):
    """What somebody had typed when the round closed: kept for them, it counts nowhere."""

    row = models.ForeignKey(SurveyFirm, models.PROTECT, related_name="late")
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    typed = models.JSONField()  # label → text, in the words of the form

    class LateAnswerQuerySet(models.QuerySet):
        def visible_to(self, user):
            """One's own, and for the offices those of the firms in their reach."""
            if not user.is_authenticated:
                return self.none()
            if not user.may("settle_survey"):
                return self.filter(by=user)
            return self.filter(row__in=SurveyFirm.objects.visible_to(user).values("pk"))

    objects = LateAnswerQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["row", "by"], name="one_late_answer_of_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.row_id} {self.by_id}"
