from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import ConcurrentTransitionMixin, FSMField

from core.accounts.verbs import GUESTS
from core.ledger.credit_code import validate_credit_code
from core.ledger.kinds import Industry, Size
from core.ledger.names import searchable
from core.ledger.scope import ScopedQuerySet
from core.ledger.stages import Operation, Stage, Verb


class Branch(models.Model):
    """A party branch: of one firm (standalone), or of several small ones (affiliated)."""

    class Kind(models.TextChoices):
        STANDALONE = "standalone", _("Branch of its own")
        AFFILIATED = "affiliated", _("Affiliated branch")

    county = models.CharField(_("county"), max_length=6)
    area = models.CharField(_("area"), max_length=12, db_index=True)
    line = models.ForeignKey(
        "core.LineDepartment",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("line department"),
        related_name="branches",
    )
    name = models.CharField(_("name"), max_length=128)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    secretary = models.CharField(_("secretary"), max_length=64, blank=True)
    founded_on = models.DateField(_("founded on"))
    dissolved_on = models.DateField(_("dissolved on"), null=True, blank=True)

    class BranchQuerySet(models.QuerySet):
        def visible_to(self, user):
            """Branches of the county: an affiliated branch may gather firms of several townships.
            Guests, say a firm's contact, see their firms' own."""
            if not (user.is_authenticated and user.may("see")):
                return self.none()
            wide = user.county and user.role not in GUESTS
            county = Q(county=user.county) if wide else Q(pk__in=[])
            firms = Firm.objects.visible_to(user).filter(branch=OuterRef("pk"))
            return self.filter(county | Q(Exists(firms)))

        def standing(self, on=None):
            """Those that stand now, or stood on a day."""
            if on is None:
                return self.filter(dissolved_on__isnull=True)
            return self.filter(
                Q(dissolved_on__isnull=True) | Q(dissolved_on__gt=on), founded_on__lte=on
            )

    objects = BranchQuerySet.as_manager()

    class Meta:
        verbose_name = _("branch")
        verbose_name_plural = _("branches")
        ordering = ["county", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["county", "name"],
                condition=Q(dissolved_on__isnull=True),
                name="standing_branch_named_once_in_a_county",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Firm(ConcurrentTransitionMixin, models.Model):
    """A non-public enterprise, and at once the case that the product is about.

    `stage` and `operation` change only through the one door in workflows; the fields are
    protected, so assigning to them raises.
    """

    county = models.CharField(_("county"), max_length=6)
    area = models.CharField(_("area"), max_length=12)
    line = models.ForeignKey(
        "core.LineDepartment",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="firms",
        verbose_name=_("line department"),
        help_text=_("Set when a department or an association manages this firm (归口管理)."),
    )
    credit_code = models.CharField(
        _("unified social credit code"), max_length=18, validators=[validate_credit_code]
    )
    name = models.CharField(_("name"), max_length=128)
    pinyin = models.CharField(max_length=512, editable=False)
    initials = models.CharField(max_length=128, editable=False)

    industry = models.CharField(_("industry"), max_length=1, choices=Industry)
    trade = models.CharField(_("trade"), max_length=64, blank=True)
    size = models.CharField(_("size"), max_length=8, choices=Size)
    above_scale = models.BooleanField(_("above scale"), default=False)
    seasonal = models.BooleanField(_("seasonal production"), default=False)
    employees = models.PositiveIntegerField(_("employees"))
    turnover = models.DecimalField(
        _("turnover (10,000 yuan)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    assets = models.DecimalField(
        _("assets (10,000 yuan)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    languages = models.CharField(_("languages"), max_length=120, blank=True)
    owner_name = models.CharField(_("owner"), max_length=64, blank=True)
    contact_name = models.CharField(_("contact person"), max_length=64, blank=True)
    contact_phone = models.CharField(_("contact phone"), max_length=20, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    opened_on = models.DateField(_("opened on"))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    stage = FSMField(_("stage"), max_length=16, choices=Stage, default=Stage.BLANK, protected=True)
    stage_since = models.DateField(_("at this stage since"))
    operation = FSMField(
        _("operation"),
        max_length=12,
        choices=Operation,
        default=Operation.OPERATING,
        protected=True,
    )
    paused_on = models.DateField(_("paused on"), null=True, blank=True)
    resumes_on = models.DateField(_("expected to resume on"), null=True, blank=True)
    branch = models.ForeignKey(
        Branch,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="firms",
        verbose_name=_("branch"),
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    class FirmQuerySet(ScopedQuerySet, models.QuerySet):
        to_firm = ""

        def counted(self):
            """Firms that figures count: everything that is not closed (paused ones included)."""
            return self.exclude(operation=Operation.CLOSED)

        def held(self):
            """The rows, locked until the transaction ends. Locks are taken in one order: the firm,
            its processes, the chain of its events; so nobody waits in a ring. Rows that only
            name the firm (an event, a task) may still be written meanwhile."""
            return self.select_for_update(of=("self",), no_key=True)

    objects = FirmQuerySet.as_manager()

    class Meta:
        verbose_name = _("firm")
        verbose_name_plural = _("firms")
        constraints = [
            models.UniqueConstraint(
                fields=["county", "credit_code"], name="credit_code_once_in_a_county"
            ),
            models.CheckConstraint(
                condition=~Q(stage=Stage.AFFILIATED) | Q(branch__isnull=False),
                name="affiliated_firm_names_its_branch",
            ),
            models.CheckConstraint(
                condition=~Q(stage=Stage.STANDALONE) | Q(branch__isnull=False),
                name="standalone_firm_names_its_branch",
            ),
            models.CheckConstraint(
                condition=Q(operation=Operation.CLOSED, closed_on__isnull=False)
                | (~Q(operation=Operation.CLOSED) & Q(closed_on__isnull=True)),
                name="closed_firm_says_when",
            ),
        ]
        indexes = [
            models.Index(fields=["area", "pinyin"], name="firm_area_pinyin"),
            models.Index(fields=["area", "stage"], name="firm_area_stage"),
            models.Index(fields=["line", "pinyin"], name="firm_line_pinyin"),
            models.Index(fields=["credit_code"], name="firm_credit_code"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs):
        self.pinyin, self.initials = searchable(self.name)
        self.county = self.area[:6]
        super().save(*args, **kwargs)


class FirmContact(models.Model):
    """The account of a firm's contact person: it reaches this one firm and nothing else."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="contact_of", primary_key=True
    )
    firm = models.OneToOneField(Firm, models.CASCADE, related_name="contact_account")

    def __str__(self) -> str:
        return f"{self.user_id} → {self.firm_id}"


class MassOrganisation(models.Model):
    """A trade union, youth league or women's organisation of a firm (群团组织)."""

    class Kind(models.TextChoices):
        UNION = "union", _("Trade union")
        YOUTH = "youth", _("Youth league branch")
        WOMEN = "women", _("Women's organisation")

    firm = models.ForeignKey(
        Firm, models.PROTECT, related_name="mass_organisations", verbose_name=_("firm")
    )
    county = models.CharField(_("county"), max_length=6)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    name = models.CharField(_("name"), max_length=128)
    approval_number = models.CharField(
        _("approval number"),
        max_length=64,
        help_text=_("The number under which the next-higher organisation approved it."),
    )
    approved_on = models.DateField(_("approved on"))
    members = models.PositiveIntegerField(_("members"), default=0)
    dissolved_on = models.DateField(_("dissolved on"), null=True, blank=True)

    class MassOrganisationQuerySet(models.QuerySet):
        def visible_to(self, user):
            return self.filter(firm__in=Firm.objects.visible_to(user).values("pk"))

        def standing(self, on=None):
            """Those that stand now, or stood on a day."""
            if on is None:
                return self.filter(dissolved_on__isnull=True)
            return self.filter(
                Q(dissolved_on__isnull=True) | Q(dissolved_on__gt=on), approved_on__lte=on
            )

    objects = MassOrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("mass organisation")
        verbose_name_plural = _("mass organisations")
        ordering = ["firm", "approved_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["county", "approval_number"],
                name="approval_number_once_in_a_county",
            ),
            models.CheckConstraint(
                condition=~Q(approval_number=""), name="mass_organisation_has_approval_number"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StageChange(models.Model):
    """One dated change on a firm's stage or operation. Figures of any day are rebuilt from these."""

    class Track(models.TextChoices):
        STAGE = "stage", _("Stage")
        OPERATION = "operation", _("Operation")

    firm = models.ForeignKey(Firm, models.PROTECT, related_name="changes")
    county = models.CharField(max_length=6)
    track = models.CharField(max_length=10, choices=Track)
    verb = models.CharField(max_length=32, choices=Verb)
    source = models.CharField(max_length=16)
    target = models.CharField(max_length=16)
    on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)

    class StageChangeQuerySet(models.QuerySet):
        def visible_to(self, user):
            return self.filter(firm__in=Firm.objects.visible_to(user).values("pk"))

    objects = StageChangeQuerySet.as_manager()

    class Meta:
        ordering = ["on", "pk"]
        indexes = [
            models.Index(fields=["firm", "track", "on"], name="change_firm_track_on"),
            models.Index(fields=["county", "-on", "-id"], name="change_county_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.firm_id}: {self.source} → {self.target}"
