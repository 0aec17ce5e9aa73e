from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.ledger.attachments import Attachment
from core.ledger.models import Branch, StageChange
from core.ledger.stages import Verb
from workflows.coverage.chart import BY_VERB
from workflows.engine.models import Process, ProcessQuerySet, Task
from workflows.engine.queries import hands


class TransitionRequest(Process):
    """A proposal to move a firm on the chart, from the first word to the last decision.

    `facts` is what was true when it was proposed, kept for ever; what is true when it is decided
    is counted again and kept in `decided_facts`.
    """

    class Outcome(models.TextChoices):
        OPEN = "open", _("In progress")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    verb = models.CharField(_("move"), max_length=32, choices=Verb)
    track = models.CharField(max_length=10, choices=StageChange.Track)
    source = models.CharField(max_length=16)
    target = models.CharField(max_length=16)
    reason = models.TextField(_("reason"), max_length=2000)
    branch = models.ForeignKey(
        Branch, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("branch")
    )
    branch_name = models.CharField(_("name of the new branch"), max_length=128, blank=True)
    resumes_on = models.DateField(_("expected to resume on"), null=True, blank=True)
    facts = models.JSONField(default=dict)
    decided_facts = models.JSONField(default=dict)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, default=Outcome.OPEN)
    returned_times = models.PositiveSmallIntegerField(default=0)
    files = models.ManyToManyField(Attachment, related_name="requests", blank=True)

    objects = ProcessQuerySet.as_manager()

    class Meta:
        verbose_name = _("transition request")
        verbose_name_plural = _("transition requests")

    @property
    def move(self):
        """The row of the chart that is asked for."""
        return BY_VERB[self.verb]

    def shows_reason_to(self, user) -> bool:
        """Whether somebody who sees the request reads why it was asked for."""
        return user.may("read_record") or user.pk in self.authors


class Opinion(models.Model):
    """What somebody said about a request, and what they decided. Printed on the approval form."""

    class Decision(models.TextChoices):
        PROPOSE = "propose", _("Propose")
        CORRECT = "correct", _("Corrected and sent again")
        APPROVE = "approve", _("Approve")
        RETURN = "return", _("Return for correction")
        REJECT = "reject", _("Reject")
        ASK = "ask", _("Ask for an opinion")
        OPINION = "opinion", _("Give an opinion")
        WITHDRAW = "withdraw", _("Withdraw")

    request = models.ForeignKey(TransitionRequest, models.CASCADE, related_name="opinions")
    task = models.OneToOneField(Task, models.PROTECT, null=True, related_name="opinion")
    step = models.CharField(max_length=32)  # the node of the flow: township_review, …
    decision = models.CharField(max_length=10, choices=Decision)
    comment = models.TextField(_("comment"), max_length=2000, blank=True)
    asked = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )  # with ASK: whose opinion
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    in_place_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )  # whom `by` stood in for
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)  # undone while nothing had followed

    class OpinionQuerySet(models.QuerySet):
        def read_by(self, user):
            """What somebody reads of a request that they see: all of it who reads the record; a
            firm's contact what they said themselves and what they were asked."""
            if user.may("read_record"):
                return self
            own = hands(user)
            return self.filter(Q(by__in=own) | Q(in_place_of__in=own) | Q(asked__in=own))

        def standing(self):
            """Those that count: not the ones that were taken back."""
            return self.filter(taken_back_at__isnull=True)

    objects = OpinionQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.request_id} {self.step} {self.decision}"
