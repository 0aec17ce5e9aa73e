from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.accounts.verbs import GUESTS
from core.ledger.scope import reach
from core.people.models import Assignment
from workflows.engine.models import Process, ProcessQuerySet
from workflows.engine.queries import hands


def _person():
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")


class Handover(Process):
    """A firm passes from the instructor of an ended assignment to who comes after.

    `…_for` is whose task it was, when somebody else signed in their place; `…_office` says that the
    office signed, because the instructor could not or was late, or nobody follows.
    """

    assignment = models.OneToOneField(Assignment, models.PROTECT, related_name="handover")
    promises = models.TextField(_("what is promised"), max_length=2000, blank=True)
    whom_to_call = models.TextField(_("whom to call"), max_length=2000, blank=True)
    what_next = models.TextField(_("what is next"), max_length=2000, blank=True)
    handed_by, handed_for = _person(), _person()
    handed_office = models.BooleanField(default=False)
    handed_at = models.DateTimeField(null=True)
    taken_by, taken_for = _person(), _person()
    taken_office = models.BooleanField(default=False)
    taken_at = models.DateTimeField(null=True)
    remark = models.TextField(_("remark"), max_length=2000, blank=True)
    pack = models.JSONField(null=True)  # what was signed, as it was then; printed ever after

    class HandoverQuerySet(ProcessQuerySet):
        def visible_to(self, user):
            """Officials of the firm, its present instructor, and those who sign or signed it."""
            if not (user.is_authenticated and user.may("see")) or user.role in GUESTS:
                return self.none()
            signs = Q(assignment__instructor__user__in=hands(user)) | Q(handed_by=user)
            return self.filter(reach(user) | signs | Q(taken_by=user))

        def of_page(self):
            """With what its page and its paper name."""
            return self.select_related(
                "firm__line", "assignment__instructor__unit", "handed_by", "handed_for", "taken_by",
                "taken_for",
            )  # fmt: skip

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_by__isnull=True) | Q(handed_by__isnull=False),
                name="handover_is_handed_before_it_is_taken",
            ),
            models.CheckConstraint(
                condition=Q(taken_by__isnull=True) | ~Q(taken_by=F("handed_by")),
                name="handover_has_two_signers",
            ),
            models.CheckConstraint(
                condition=Q(taken_by__isnull=True) | Q(pack__isnull=False),
                name="signed_handover_keeps_its_pack",
            ),
        ]

    @property
    def state(self) -> str:
        """Where it stands, in a word."""
        if self.taken_at:
            return "done"
        return "handed" if self.handed_at else "open"
