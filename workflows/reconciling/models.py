from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.jobs.models import Job
from core.ledger.models import Firm
from core.written import TEXT_AT_MOST

PERSON = settings.AUTH_USER_MODEL


class Source(models.TextChoices):
    MARKET = "market", _("Market authority")
    TAX = "tax", _("Tax authority")
    SOCIAL = "social", _("Social insurance")
    OTHER = "other", _("Another authority")


class Kind(models.TextChoices):
    """How a row of the list and the ledger differ."""

    NEW = "new", _("Not in the ledger")
    STRUCK = "struck", _("Struck off, in the ledger in operation")
    RENAMED = "renamed", _("Same code, another name")
    LIKELY = "likely", _("Like a firm of the ledger by its name")
    MISSING = "missing", _("In the ledger, not in the list")
    CLOSED_HERE = "closed_here", _("In the list, closed in the ledger")


class Decision(models.TextChoices):
    ADD = "add", _("Add to the ledger")
    CLOSED = "closed", _("It has closed")
    MOVED = "moved", _("It has moved within the county")
    RENAME = "rename", _("Same firm, under a new name")
    IGNORE = "ignore", _("Leave as it is")


# What may be decided of each kind; the first is the button beside the row.
CHOICES = {
    Kind.NEW: (Decision.ADD, Decision.IGNORE),
    Kind.STRUCK: (Decision.CLOSED, Decision.IGNORE),
    Kind.RENAMED: (Decision.RENAME, Decision.IGNORE),
    Kind.LIKELY: (Decision.RENAME, Decision.ADD, Decision.IGNORE),
    Kind.MISSING: (Decision.CLOSED, Decision.MOVED, Decision.IGNORE),
    Kind.CLOSED_HERE: (Decision.IGNORE,),
}


class OfOneOffice(models.QuerySet):
    """What an office brought in is that office's: the county's are not the townships', nor theirs
    the county's."""

    def visible_to(self, user):
        if not (user.is_authenticated and user.may("reconcile") and user.area):
            return self.none()
        return self.filter(office=user.area)


class AuthorityList(models.Model):
    """One list of one authority, as an office brought it in on a day."""

    key = models.UUIDField(unique=True, default=uuid4)  # of the form that brought it
    source = models.CharField(_("source"), max_length=8, choices=Source)
    office = models.CharField(max_length=12)  # division code
    name = models.CharField(_("name"), max_length=160)
    on = models.DateField(_("as of"))
    complete = models.BooleanField(_("complete"), default=False)
    many = models.PositiveIntegerField()  # rows
    rows = models.JSONField(default=list)  # as they were read; empty once they are compared
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+", db_index=False)
    compared_at = models.DateTimeField(null=True)
    same = models.PositiveIntegerField(default=0)  # rows that say what the ledger says
    repeated = models.PositiveIntegerField(default=0)  # rows whose code stood there before

    objects = OfOneOffice.as_manager()

    class Meta:
        verbose_name = _("list of an authority")
        verbose_name_plural = _("lists of authorities")
        ordering = ["-created", "-pk"]
        indexes = [models.Index(fields=["office", "-created"], name="list_office_created")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("reconciling:list", args=[self.pk])


class ListRow(models.Model):
    """One difference between a list and the ledger, and what was decided."""

    list = models.ForeignKey(AuthorityList, models.PROTECT, related_name="findings")
    kind = models.CharField(max_length=12, choices=Kind)
    line = models.PositiveIntegerField(null=True)  # row of the file; None: missing from it
    name = models.CharField(max_length=128)  # as the list has it; of the ledger, where it is missing
    credit_code = models.CharField(max_length=18, blank=True)
    status = models.CharField(max_length=64, blank=True)
    data = models.JSONField(default=dict)  # what else the row says
    firm = models.ForeignKey(Firm, models.PROTECT, null=True, related_name="+")
    likeness = models.PositiveSmallIntegerField(null=True)  # of the two names, percent
    subject = models.CharField(max_length=150)  # what a kept decision is found by
    mark = models.CharField(max_length=64)  # changes when there is something new to decide
    decision = models.CharField(max_length=8, choices=Decision, blank=True)
    kept = models.BooleanField(default=False)  # decided with an earlier list, and nothing is new
    reason = models.CharField(max_length=TEXT_AT_MOST, blank=True)
    said = models.CharField(max_length=500, blank=True)  # why the last try was not possible
    made = models.ForeignKey(Firm, models.PROTECT, null=True, related_name="+", db_index=False)
    undo = models.JSONField(default=dict)  # what stood in the ledger before, and its version since
    by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField(null=True)

    class ListRowQuerySet(models.QuerySet):
        def visible_to(self, user):
            """Of one's own office's lists, and never about a firm that one does not see."""
            lists = AuthorityList.objects.visible_to(user).values("pk")
            firms = Firm.objects.visible_to(user).values("pk")
            return self.filter(Q(firm__isnull=True) | Q(firm__in=firms), list__in=lists)

        def undecided(self):
            return self.filter(decision="")

    objects = ListRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of a list")
        verbose_name_plural = _("rows of a list")
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="", at__isnull=True) | (~Q(decision="") & Q(at__isnull=False)),
                name="list_decision_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(decision="ignore") | ~Q(reason=""), name="list_ignored_says_why"
            ),
            models.CheckConstraint(
                condition=Q(kind="new") | Q(firm__isnull=False), name="list_difference_names_its_firm"
            ),
        ]
        indexes = [models.Index(fields=["list", "kind", "decision"], name="list_row_kind")]

    def __str__(self) -> str:
        return f"{self.list_id}: {self.name}"


class KeptDecision(models.Model):
    """What an office decided of a firm of one source: asked again only when its mark changes."""

    office = models.CharField(max_length=12)
    source = models.CharField(max_length=8, choices=Source)
    subject = models.CharField(max_length=150)
    mark = models.CharField(max_length=64)
    decision = models.CharField(max_length=8, choices=Decision)
    reason = models.CharField(max_length=TEXT_AT_MOST, blank=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    objects = OfOneOffice.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["office", "source", "subject"], name="one_kept_decision_of_a_subject"
            )
        ]

    def __str__(self) -> str:
        return f"{self.office} {self.source} {self.subject}"


class FormerName(models.Model):
    """A name that a firm had: by it the firm is known in lists, and on its page."""

    firm = models.ForeignKey(Firm, models.PROTECT, related_name="former_names")
    name = models.CharField(pgettext_lazy("firm", "former name"), max_length=128)
    until = models.DateField()
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", db_index=False)

    class FormerNameQuerySet(models.QuerySet):
        def visible_to(self, user):
            return self.filter(firm__in=Firm.objects.visible_to(user).values("pk"))

    objects = FormerNameQuerySet.as_manager()

    class Meta:
        ordering = ["-until", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["firm", "name"], name="former_name_of_a_firm_once")
        ]

    def __str__(self) -> str:
        return self.name
