"""What was reported: the file with its figures, who reported it, when and to whom. Never changed, the
database sees to it; the next superior who asks is given the same."""

from uuid import uuid4

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.verbs import Role
from core.audit.record import record
from core.errors import Refused
from core.ledger.permits import allow
from core.ledger.scope import within
from core.reports.asked import Asked, place_of
from core.reports.layouts import VERB
from core.reports.tables import Report

READERS = "read_audit"  # who checks the office sees what it reported
SAYS = ("whom", "reason")


class ReportedCopy(models.Model):
    """A table as it was reported, on one day, to one superior. A copy that was handed on has the
    file of the first one (`same_as`)."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)  # the form's key
    report = models.CharField(gettext_lazy("table"), max_length=12, choices=Report)
    on = models.DateField(gettext_lazy("as of"))
    area = models.CharField(gettext_lazy("area"), max_length=12)
    line = models.ForeignKey(
        "core.LineDepartment", models.PROTECT, null=True, related_name="+",
        verbose_name=gettext_lazy("line department"),
    )  # fmt: skip
    whom = models.CharField(gettext_lazy("reported to"), max_length=80)
    reason = models.CharField(gettext_lazy("for what"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(gettext_lazy("at"))
    same_as = models.ForeignKey("self", models.PROTECT, null=True, related_name="handed_on")
    name = models.CharField(gettext_lazy("file name"), max_length=200)
    content_type = models.CharField(max_length=100)
    content = models.BinaryField()  # in the database, so that file and row stand or fall together
    digest = models.CharField(max_length=64)  # SHA-256 of the file
    rows = models.PositiveIntegerField(gettext_lazy("rows"))
    numbers = models.JSONField()  # key of a figure → count, or [part, whole]; never percent
    standing = models.BinaryField()  # how each firm stood: see core.reports.standing

    class CopyQuerySet(models.QuerySet):
        def visible_to(self, user):
            """A line department's its own; others those of their area. For those who report, and
            those who check."""
            may = user.is_authenticated and (user.may(VERB) or user.may(READERS))
            if not may:
                return self.none()
            if user.role == Role.LINE:
                return self.filter(line=user.line_id)
            return self.filter(within(user.area))

        def light(self):
            """Without the files."""
            return self.defer("content", "standing", "same_as__content", "same_as__standing")

        def of(self, asked: Asked):
            """The copies of the same table, day and firms."""
            return self.filter(report=asked.report, on=asked.on, area=asked.area, line=asked.line)

    objects = CopyQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("reported copy")
        verbose_name_plural = gettext_lazy("reported copies")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["area", "report", "on"], name="copy_area_report_on")]

    def __str__(self) -> str:
        return f"{self.get_report_display()} {self.on}"

    def get_absolute_url(self) -> str:
        return reverse("reports:copy", args=[self.pk])

    @cached_property
    def place(self) -> str:
        return place_of(self.area, self.line_id)

    def asked(self, today) -> Asked:
        """What was asked for, as it would be asked today."""
        return Asked(report=self.report, on=self.on, today=today, area=self.area, line=self.line_id)


def with_places(copies) -> list[ReportedCopy]:
    """The copies of a list, each with the name of its place: one statement for each other place."""
    found, known = list(copies), {}
    for copy in found:
        where = copy.area, copy.line_id
        known[where] = copy.place = known.get(where) or place_of(*where)
    return found


@transaction.atomic
def freeze(asked: Asked, *, by, key, whom: str, reason: str, name: str, content_type: str,
           content: bytes, digest: str, gathered) -> ReportedCopy:  # fmt: skip
    """Keep a table as it is reported. With the key of a form that was taken, the first one comes
    back. Raises Refused."""
    allow(by, VERB)
    _told(whom, reason)
    if there := ReportedCopy.objects.filter(pk=key, by=by).first():
        return there
    made = ReportedCopy.objects.create(
        id=key, report=asked.report, on=asked.on, area=asked.area, line_id=asked.line,
        whom=whom.strip(), reason=reason.strip(), by=by, at=timezone.now(), name=name,
        content_type=content_type, content=content, digest=digest, rows=gathered.many,
        numbers=gathered.numbers, standing=gathered.standing,
    )  # fmt: skip
    _record("report.frozen", made, by=by, whom=made.whom)
    return made


@transaction.atomic
def hand_on(copy: ReportedCopy, *, by, key, whom: str, reason: str) -> ReportedCopy:
    """Report the same file and figures to another superior. Raises Refused."""
    allow(by, VERB)
    _told(whom, reason)
    rows = ReportedCopy.objects.visible_to(by).light().select_related("same_as")
    first = rows.filter(pk=copy.pk).first()
    if first is None:
        raise Refused(Refused.NOT_YOURS, _("This is outside your area."))
    first = first.same_as or first
    if there := ReportedCopy.objects.filter(pk=key, by=by).first():
        return there
    made = ReportedCopy.objects.create(
        id=key, report=first.report, on=first.on, area=first.area, line_id=first.line_id,
        whom=whom.strip(), reason=reason.strip(), by=by, at=timezone.now(), same_as=first,
        name=first.name, content_type=first.content_type, content=b"", digest=first.digest,
        rows=first.rows, numbers=first.numbers, standing=b"",
    )  # fmt: skip
    _record("report.handed_on", made, by=by, whom=made.whom)
    return made


@transaction.atomic
def opened(copy: ReportedCopy, *, by) -> bytes:
    """The file of a copy; that it was fetched is written down."""
    _record("report.copy_opened", copy, by=by)
    return bytes((copy.same_as or copy).content)


@transaction.atomic
def count_saved(asked: Asked, *, by, many: int) -> None:
    """Write down that a table was saved as a file. Raises Refused."""
    allow(by, VERB)
    record("report.saved", by=by, area=asked.area, chain=f"reports:{asked.area}",
           report_table=asked.report, on=asked.on, place=asked.place, count=many)  # fmt: skip


def _told(whom: str, reason: str) -> None:
    if not (whom.strip() and reason.strip()):
        raise Refused(Refused.BAD_INPUT, _("Say to whom the table is reported, and for what."))


def _record(code: str, copy: ReportedCopy, *, by, **words) -> None:
    record(code, by=by, area=copy.area, chain=f"reports:{copy.area}", report_table=copy.report,
           on=copy.on, place=copy.place, **words)  # fmt: skip
