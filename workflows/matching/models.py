from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.accounts.models import Area
from core.jobs.models import Job
from core.ledger.models import Firm
from core.people.models import Instructor
from core.written import TEXT_AT_MOST


class Board(models.Model):
    """Pairs that were worked out for the firms of an area on a day, kept until they are decided."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    office = models.CharField(max_length=12)  # the area of who made it: their office works on it
    county = models.CharField(max_length=6)
    area = models.ForeignKey(
        Area, models.PROTECT, related_name="+", verbose_name=_("area"), db_index=False
    )
    on = models.DateField()
    above_usual = models.BooleanField(default=False)
    created = models.DateTimeField(auto_now_add=True)
    made_at = models.DateTimeField(null=True)  # None until its pairs are worked out
    making = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+", db_index=False)
    accepting = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+", db_index=False)
    # As things stood when it was made: how many firms each instructor had, how many instructors
    # could take none and why.
    had = models.JSONField(default=dict)
    barred = models.JSONField(default=dict)

    class BoardQuerySet(models.QuerySet):
        def visible_to(self, user):
            """The boards of one's own office and, for the county, of the townships' too."""
            if not (user.is_authenticated and user.may("propose_assignment") and user.area):
                return self.none()
            return self.filter(office__startswith=user.area)

    objects = BoardQuerySet.as_manager()

    class Meta:
        verbose_name = _("matching board")
        verbose_name_plural = _("matching boards")
        ordering = ["-created", "-pk"]
        indexes = [models.Index(fields=["office", "-created"], name="board_office_created")]

    def __str__(self) -> str:
        return f"{self.area_id} {self.on}"

    def get_absolute_url(self) -> str:
        return reverse("matching:pairs", args=[self.pk])


class BoardRow(models.Model):
    """A firm on a board: who is proposed for it and why, who else would do, what came of it."""

    class State(models.TextChoices):
        OPEN = "open", _("To decide")
        PROPOSED = "proposed", pgettext_lazy("board", "Put forward")
        REFUSED = "refused", _("Not possible any more")
        REMOVED = "removed", _("Taken off")

    UNDECIDED = (State.OPEN, State.REFUSED)

    board = models.ForeignKey(Board, models.CASCADE, related_name="rows")
    firm = models.ForeignKey(Firm, models.PROTECT, related_name="+")
    instructor = models.ForeignKey(Instructor, models.PROTECT, null=True, related_name="+")
    reasons = models.JSONField(default=list)  # [code, words] each, of the present instructor
    others = models.JSONField(default=list)  # [instructor, reasons] each
    why_not = models.CharField(max_length=12, blank=True)  # why there is nobody
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    said = models.CharField(max_length=500, blank=True)  # why it was not possible
    why = models.CharField(_("why"), max_length=TEXT_AT_MOST, blank=True)  # a supervisor's own words
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(null=True)

    class BoardRowQuerySet(models.QuerySet):
        def visible_to(self, user):
            """Firms in one's reach, on boards that one sees."""
            boards = Board.objects.visible_to(user).values("pk")
            firms = Firm.objects.visible_to(user).values("pk")
            return self.filter(board__in=boards, firm__in=firms)

        def undecided(self):
            """Rows with somebody who can still be put forward."""
            return self.filter(state__in=BoardRow.UNDECIDED, instructor__isnull=False)

    objects = BoardRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of a matching board")
        verbose_name_plural = _("rows of a matching board")
        constraints = [
            models.UniqueConstraint(fields=["board", "firm"], name="firm_stands_once_on_a_board"),
            models.CheckConstraint(
                condition=Q(instructor__isnull=False) | Q(state__in=("open", "removed")),
                name="row_put_forward_names_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(said=""), name="row_refused_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.firm_id} ← {self.instructor_id}"
