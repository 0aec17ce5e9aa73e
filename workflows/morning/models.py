from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from core.accounts.verbs import Role
from core.audit.models import Event
from core.ledger.models import Firm
from core.ledger.scope import NOTHING, reach
from core.ledger.stages import Operation, Stage, Verb
from workflows.coverage.facts import Facts
from workflows.engine.models import Process
from workflows.followups.findings import CAN_MOVE_UP


class Sighting(models.Model):
    """What the night saw at a firm that its supervisors may want to know in the morning. One row
    of a kind for a firm, so that no page has to look at every firm to find the few."""

    class Kind(models.TextChoices):
        CAN_MOVE = "can_move"  # the facts allow a move up
        NEARLY = "nearly"  # one thing is lacking for it
        QUIET = "quiet"  # nothing was recorded for long

    firm = models.ForeignKey(Firm, models.PROTECT, related_name="sightings")
    kind = models.CharField(max_length=8, choices=Kind)
    county = models.CharField(max_length=6)
    town = models.CharField(max_length=9)
    area = models.CharField(max_length=12)
    line = models.ForeignKey("core.LineDepartment", models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=32, choices=Verb, blank=True)  # the move that it is about
    stage = models.CharField(max_length=16, choices=Stage)  # where the firm stood
    facts = models.JSONField(default=dict)  # as counted that night: says what is lacking
    since = models.DateField()  # seen since; of a quiet firm the day of the last record
    seen_at = models.DateTimeField()

    class SightingQuerySet(models.QuerySet):
        def visible_to(self, user):
            """As the firms themselves, by equal columns: so an index gives the first rows in order."""
            if not (user.is_authenticated and user.may("see") and user.may("read_record")):
                return self.filter(NOTHING)
            if user.role not in (Role.LINE, Role.INSTRUCTOR) and len(user.area) in (6, 9):
                name = "county" if len(user.area) == 6 else "town"
                return self.filter(**{name: user.area})
            return self.filter(reach(user))

        def standing(self, kind):
            """Those of a kind that are still so: what was done since the night is not asked again."""
            rows = self.filter(kind=kind, firm__operation=Operation.OPERATING)
            if kind == Sighting.Kind.CAN_MOVE:
                open_ = Process.objects.open().filter(firm=OuterRef("firm"), subject=CAN_MOVE_UP)
                return rows.filter(Exists(open_))
            if kind == Sighting.Kind.NEARLY:
                return rows.filter(firm__stage=F("stage"))
            heard = Event.objects.filter(
                firm=OuterRef("firm"), by__isnull=False, at__gt=OuterRef("seen_at")
            )
            return rows.exclude(Exists(heard))

    objects = SightingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["firm", "kind"], name="one_sighting_of_a_kind_per_firm")
        ]
        indexes = [
            models.Index(fields=["county", "kind", "since"], name="sighting_county"),
            models.Index(fields=["town", "kind", "since"], name="sighting_town"),
            models.Index(
                fields=["line", "kind", "since"], name="sighting_line",
                condition=Q(line__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.firm_id}: {self.kind}"

    @property
    def counted(self) -> Facts:
        """The facts as they were counted that night."""
        return Facts.from_json(self.facts)
