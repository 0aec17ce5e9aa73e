from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.accounts.verbs import GUESTS, Role
from core.ledger.models import FirmContact
from core.ledger.scope import reach
from core.people.models import Assignment, Instructor
from core.sealing import new_salt
from workflows.engine.models import Process, ProcessQuerySet


class Round(models.Model):
    """The county office has the assignments of some areas and of a period evaluated, until a day."""

    class Kind(models.TextChoices):
        YEARLY = "yearly", _("Yearly")
        TERM = "term", _("End of term")
        DEMAND = "demand", _("On demand")

    key = models.UUIDField(unique=True, default=uuid4)  # of the form that opened it
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    county = models.CharField(max_length=6, db_index=True)
    areas = models.ManyToManyField("core.Area", related_name="+", verbose_name=_("areas"))
    since = models.DateField(_("from"))
    until = models.DateField(_("until"))
    closes_on = models.DateField(_("forms are taken until"))  # that day included
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)  # from then on no form is taken any more
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )  # null: its day came

    class RoundQuerySet(models.QuerySet):
        def visible_to(self, user):
            """Those of one's county. A round says how many forms are in; whose, only within reach."""
            staff = user.is_authenticated and user.may("see") and user.role not in GUESTS
            return self.filter(county=user.county) if staff and user.county else self.none()

        def open(self):
            return self.filter(closed_at__isnull=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("round of evaluation")
        verbose_name_plural = _("rounds of evaluation")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=F("since")), name="round_period_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        words = {"kind": self.get_kind_display(), "since": self.since, "until": self.until}
        return str(_("%(kind)s evaluation, %(since)s – %(until)s")) % words


class Evaluation(Process):
    """The two-way evaluation of one assignment in one round: a conversation of its own.

    `facts` are what the desk knew of the assignment when the round was opened: nobody is asked them.
    """

    class Grade(models.TextChoices):
        EXCELLENT = "excellent", _("Excellent")
        COMPETENT = "competent", _("Competent")
        BASIC = "basic", _("Basically competent")
        NOT = "not_competent", _("Not competent")

    round = models.ForeignKey(Round, models.PROTECT, related_name="evaluations")
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="evaluations")
    instructor = models.ForeignKey(Instructor, models.PROTECT, related_name="evaluations")
    version = models.DateField()  # of the questions
    facts = models.JSONField(default=dict)
    opened_at = models.DateTimeField(null=True)  # when the forms were unsealed
    opinion = models.TextField(_("opinion"), max_length=2000, blank=True)
    opinion_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    opinion_at = models.DateTimeField(null=True)
    proposed = models.CharField(_("proposed grade"), max_length=14, choices=Grade, blank=True)
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True)
    answer_keyed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )  # who keyed it in from paper; null when the instructor sent it
    answer_paper_on = models.DateField(null=True)  # the day on that paper
    grade = models.CharField(_("grade"), max_length=14, choices=Grade, blank=True)
    graded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    graded_at = models.DateTimeField(null=True)
    remark = models.TextField(_("remark"), max_length=2000, blank=True)

    class EvaluationQuerySet(ProcessQuerySet):
        def visible_to(self, user):
            """Those concerned: supervisors within reach; the instructor who was assigned then, and
            not who came after; the firm. A sending unit reads none: both sides wrote to the office,
            which tells the unit the grade."""
            if not (user.is_authenticated and user.may("see")) or user.role == Role.UNIT:
                return self.none()
            if user.role == Role.INSTRUCTOR:
                return self.filter(instructor__user=user)
            if user.role == Role.CONTACT:
                return self.filter(firm__in=FirmContact.objects.filter(user=user).values("firm_id"))
            return self.filter(reach(user))

        def filed(self):
            return self.exclude(grade="")

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        constraints = [
            models.UniqueConstraint(
                fields=["round", "assignment"], name="assignment_is_evaluated_once_in_a_round"
            ),
            models.CheckConstraint(
                condition=Q(grade="") | Q(opened_at__isnull=False, graded_at__isnull=False),
                name="graded_evaluation_was_opened",
            ),
        ]

    @property
    def stage(self) -> str:
        """Where it stands, in a word."""
        if self.grade:
            return "filed"
        return "opened" if self.opened_at else "collecting"


class Sheet(models.Model):
    """One side's form. Until both are in, or the round closes, what it says is only in `sealed`.

    Whether somebody declined is part of what they say, so it is sealed with it.
    """

    class Side(models.TextChoices):
        FIRM = "firm", _("The firm's form")
        INSTRUCTOR = "instructor", _("The instructor's form")

    class State(models.TextChoices):
        WAITING = "waiting", _("not yet in")
        IN = "in", _("in")
        DECLINED = "declined", _("declined, with a reason")
        MISSING = "missing", _("did not come in until the round closed")
        LOST = "lost", _("cannot be read any more: the server's key was exchanged")

    class Source(models.TextChoices):
        ACCOUNT = "account", _("by account")
        LINK = "link", _("by personal link")
        PAPER = "paper", _("keyed in from paper")

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="sheets")
    side = models.CharField(max_length=10, choices=Side)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    source = models.CharField(max_length=7, choices=Source, blank=True)
    salt = models.CharField(max_length=32, default=new_salt, editable=False)
    sealed = models.TextField(blank=True, editable=False)
    said = models.JSONField(null=True)  # code of a question → answer; null until it is opened
    declined = models.TextField(max_length=2000, blank=True)  # the reason, once opened
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )  # who sent it or keyed it in; null with a link
    at = models.DateTimeField(null=True)
    paper_on = models.DateField(null=True)  # the day on a paper form
    draft = models.TextField(blank=True, editable=False)  # sealed for its writer alone
    draft_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )  # null with a link
    draft_at = models.DateTimeField(null=True)
    link_until = models.DateField(null=True)  # the last day of the link; null: none was given out
    link_serial = models.PositiveSmallIntegerField(default=0)  # a new link ends the one before

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "side"], name="one_form_of_each_side"),
            models.CheckConstraint(
                condition=Q(sealed="") | Q(state="in", said__isnull=True),
                name="sealed_form_says_nothing",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("waiting", "missing")) | Q(sealed="", said__isnull=True),
                name="form_that_is_not_in_says_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evaluation_id} {self.side}: {self.state}"

    def whose(self, person=None) -> str:
        """What sealed words belong to: this form, or this person's draft of it."""
        return f"sheet:{self.pk}:{person.pk if person else ''}"

    @property
    def link_is_over(self) -> bool:
        return self.link_until is not None and self.link_until < timezone.localdate()
