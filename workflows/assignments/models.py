from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.accounts.verbs import GUESTS, Role
from core.ledger.models import FirmContact
from core.ledger.scope import reach, reaches
from core.people.models import Assignment, Instructor
from workflows.engine.models import Process, ProcessQuerySet, Task
from workflows.engine.queries import hands


class AssignmentList(models.Model):
    """A list of assignments that a county office issued (选派名单): no. 3 of 2026, say."""

    county = models.CharField(max_length=6)
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveIntegerField(_("number"))
    issued_on = models.DateField(_("issued on"))
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class AssignmentListQuerySet(models.QuerySet):
        def visible_to(self, user):
            """The lists of one's county, for all but guests; which rows of it, the rows are asked."""
            if not (user.is_authenticated and user.may("see") and user.county):
                return self.none()
            return self.none() if user.role in GUESTS else self.filter(county=user.county)

    objects = AssignmentListQuerySet.as_manager()

    class Meta:
        verbose_name = _("list of assignments")
        verbose_name_plural = _("lists of assignments")
        ordering = ["-year", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["county", "year", "number"], name="assignment_list_numbered_once_in_a_year"
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1), name="assignment_lists_are_numbered_from_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.county} {self.year}/{self.number}"


class RequestQuerySet(ProcessQuerySet):
    def visible_to(self, user):
        """As every process; and the instructor, the unit and the firm of whom it is asked see it,
        as long as it is they who are asked."""
        if not (user.is_authenticated and user.may("see")):
            return self.none()
        seen = Q(opened_by=user) | Q(answers__by=user)
        if user.may("read_record"):
            seen |= reach(user)
        if user.role == Role.INSTRUCTOR:
            seen |= Q(instructor__user__in=hands(user))
        elif user.role == Role.UNIT:
            seen |= Q(instructor__unit=user.unit_id)
        elif user.role == Role.CONTACT:
            own = FirmContact.objects.filter(user=user).values("firm_id")
            seen |= Q(firm__in=own, agreed_by_unit=True)
        return self.filter(pk__in=self.model.objects.filter(seen).order_by().values("pk"))


class AssignmentRequest(Process):
    """A proposal to send an instructor to a firm, from the first word to the issued list.

    `instructor` is whom it is about now; whom it was about before stands in the answers.
    """

    class Outcome(models.TextChoices):
        OPEN = "open", _("In progress")
        BEGUN = "begun", _("Assigned")
        GIVEN_UP = "given_up", _("Given up")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        OVERTAKEN = "overtaken", _("Overtaken by events")

    instructor = models.ForeignKey(
        Instructor, models.PROTECT, related_name="requests", verbose_name=_("instructor")
    )
    proposed_on = models.DateField(_("proposed on"))
    reasons = models.TextField(_("reasons"), max_length=2000, blank=True)
    agreed_by_unit = models.BooleanField(default=False)  # only then the firm learns of it
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, default=Outcome.OPEN)
    assignment = models.OneToOneField(
        Assignment, models.PROTECT, null=True, blank=True, related_name="request"
    )
    issued_in = models.ForeignKey(
        AssignmentList, models.PROTECT, null=True, blank=True, related_name="requests"
    )

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposed assignment")
        verbose_name_plural = _("proposed assignments")
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome="begun") | Q(assignment__isnull=False, issued_in__isnull=False),
                name="assignment_that_began_stands_on_a_list",
            )
        ]

    def this_round(self) -> list:
        """What the sides said since the present instructor was proposed, oldest first."""
        said = list(self.answers.all())
        begins = max((n for n, one in enumerate(said) if one.party == "proposer"), default=-1)
        return said[begins + 1 :]

    def read_wholly_by(self, user) -> bool:
        """Whether somebody reads why it was proposed and what each side said: who keeps the firm's
        record, not those who are asked."""
        near = {"area": self.area, "line_id": self.line_id, "firm_id": self.firm_id}
        guest = user.role in (*GUESTS, Role.INSTRUCTOR)
        return not guest and user.may("read_record") and reaches(user, **near)


class AssignmentAnswer(models.Model):
    """What one side said about a proposed assignment, and how it came to be on record."""

    class Party(models.TextChoices):
        PROPOSER = "proposer", _("Proposer")
        UNIT = "unit", _("Sending unit")
        INSTRUCTOR = "instructor", _("Instructor")
        FIRM = "firm", _("Firm")
        COUNTY = "county", _("County office")
        FACTS = "facts", _("Nightly check")

    class How(models.TextChoices):
        SELF = "self", _("by themselves")
        PAPER = "paper", _("on paper")
        PHONE = "phone", _("by phone")

    request = models.ForeignKey(AssignmentRequest, models.CASCADE, related_name="answers")
    task = models.OneToOneField(Task, models.PROTECT, null=True, related_name="assignment_answer")
    instructor = models.ForeignKey(Instructor, models.PROTECT, related_name="+")
    party = models.CharField(max_length=10, choices=Party)
    agrees = models.BooleanField()
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    how = models.CharField(max_length=5, choices=How, default=How.SELF)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    in_place_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()

    # What the night finds is kept as the code of the objection, and read in the reader's language.
    FOUND = {
        "closed": _("The firm is closed."),
        "taken": _("The firm has an instructor."),
        "left": _("The instructor stopped."),
        "not_full_member": _("The instructor is no full member in good standing."),
        "term_over": _("The instructor's term is over."),
        "term_ahead": _("The instructor's term has not begun."),
        "employer": _("The firm is a former employer of the instructor."),
        "relative": _("A relative of the instructor works in the firm."),
        "single": _("The instructor is sent to one firm only, and has one."),
        "hard_cap": _("The instructor guides as many firms as one may."),
        "other_county": _("The instructor belongs to another county."),
    }

    class AnswerQuerySet(models.QuerySet):
        def read_by(self, user, request):
            """All of it who keeps the firm's record; those who are asked what they said."""
            if request.read_wholly_by(user) or request.opened_by_id == user.pk:
                return self
            own = hands(user)
            return self.filter(Q(by__in=own) | Q(in_place_of__in=own))

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(by__isnull=False) | Q(party="facts"), name="answer_names_who_gave_it"
            ),
            models.CheckConstraint(
                condition=Q(agrees=True) | ~Q(reason=""), name="a_no_has_its_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.party} {self.agrees}"

    @property
    def reads(self) -> str:
        """The reason, as it is shown."""
        if self.party == self.Party.FACTS:
            return self.FOUND.get(self.reason, self.reason)
        return self.reason
