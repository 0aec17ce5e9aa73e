"""How a table looks for an office: by its own copy, its county office's, or as the product has it."""

from dataclasses import dataclass

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.models import Area
from core.accounts.verbs import Role
from core.audit.record import record
from core.errors import Refused
from core.ledger.permits import allow_in
from core.reports.tables import COLUMNS, NOTES, SIGNS, Column, Report

VERB = "print_many"
FIELDS = ("title", "unit_line", "notes", "signs")


class ReportLayout(models.Model):
    """An office's own headings of a table. Empty words are the product's."""

    area = models.CharField(gettext_lazy("area"), max_length=12)
    line = models.ForeignKey(
        "core.LineDepartment", models.PROTECT, null=True, related_name="+",
        verbose_name=gettext_lazy("line department"),
    )  # fmt: skip
    report = models.CharField(gettext_lazy("table"), max_length=12, choices=Report)
    title = models.CharField(gettext_lazy("title"), max_length=80, blank=True)
    unit_line = models.CharField(gettext_lazy("reporting unit"), max_length=80, blank=True)
    columns = models.JSONField(default=list)  # [[code, heading, shown]], in the office's order
    notes = models.TextField(gettext_lazy("notes"), max_length=1000, blank=True)
    signs = models.TextField(gettext_lazy("sign-off lines"), max_length=400, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class LayoutQuerySet(models.QuerySet):
        def visible_to(self, user):
            """Those of one's own office."""
            if not (user.is_authenticated and user.may(VERB) and user.area):
                return self.none()
            return self.filter(area=user.area, line=_line(user))

    objects = LayoutQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("layout of a table")
        verbose_name_plural = gettext_lazy("layouts of tables")
        constraints = [
            models.UniqueConstraint(
                fields=["area", "report"], condition=Q(line=None), name="one_layout_of_an_office"
            ),
            models.UniqueConstraint(
                fields=["line", "report"], condition=Q(line__isnull=False),
                name="one_layout_of_a_line_department",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.area} {self.report}"


@dataclass(frozen=True)
class Layout:
    """What a table says around its rows, in the language that is on."""

    report: str
    title: str
    unit_line: str
    columns: tuple[Column, ...]  # those shown, in order, each with the heading that it gets
    notes: str
    signs: tuple[str, ...]


def _line(user):
    return user.line if user.role == Role.LINE else None


def own_layout(user, report: str) -> ReportLayout | None:
    """The copy of a person's own office."""
    return ReportLayout.objects.visible_to(user).filter(report=report).first()


def kept_layout(user, report: str) -> ReportLayout | None:
    """The copy in force for a person's office: its own, else its county office's."""
    county = ReportLayout.objects.filter(area=user.county, line=None, report=report)
    return own_layout(user, report) or county.first()


def layout_of(report: str, kept: ReportLayout | None, *, place: str) -> Layout:
    """The layout that a copy asks for, over the product's own. `place` stands in the title."""
    kept = kept or ReportLayout(report=report)
    signs = kept.signs.splitlines() or map(str, SIGNS)
    return Layout(
        report=report, title=kept.title or _title(report, place),
        unit_line=kept.unit_line or _("Reporting unit: %(place)s") % {"place": place},
        columns=tuple(c for c, shown in arranged(report, kept.columns) if shown),
        notes=kept.notes or str(NOTES[report]), signs=tuple(line for line in signs if line.strip()),
    )  # fmt: skip


def given_words(report: str, *, place: str) -> dict[str, str]:
    """What the product says where an office says nothing, by field."""
    given = layout_of(report, None, place=place)
    return {name: getattr(given, name) for name in FIELDS} | {"signs": "\n".join(given.signs)}


def _title(report: str, place: str) -> str:
    return _("%(place)s %(table)s") % {"place": place, "table": Report(report).label}


def arranged(report: str, chosen: list) -> list[tuple[Column, bool]]:
    """Every column of a table in an office's order with its heading, and whether it is shown. What
    the office's copy does not know yet comes last, as the product has it."""
    known = {column.code: column for column in COLUMNS[report]}
    found = [
        (known.pop(code)._replace(heading=heading or _heading(report, code)), bool(shown))
        for code, heading, shown in chosen
        if code in known
    ]
    rest = [
        (column._replace(heading=str(column.heading)), not column.hidden) for column in known.values()
    ]
    return found + rest


def _heading(report: str, code: str) -> str:
    return next(str(column.heading) for column in COLUMNS[report] if column.code == code)


@transaction.atomic
def keep_layout(report: str, *, by, version: int, columns: list, **said) -> ReportLayout:
    """Keep the headings of a person's own office. `version` is that of the page that was opened, 0
    where none was kept. Raises Refused: no column left, or a colleague was faster."""
    allow_in(by, VERB, by.area)
    if not any(shown for _code, _heading, shown in columns):
        raise Refused(Refused.BAD_INPUT, _("Show at least one column."))
    Area.objects.select_for_update(no_key=True).filter(pk=by.area).first()
    now = own_layout(by, report)
    _same(now, version)
    now = now or ReportLayout(area=by.area, line=_line(by), report=report, version=0)
    wanted = {name: said.get(name, "").strip() for name in FIELDS} | {"columns": columns}
    if now.pk and all(getattr(now, name) == value for name, value in wanted.items()):
        return now
    for name, value in wanted.items():
        setattr(now, name, value)
    now.version += 1
    now.save()
    _record("report.layout_kept", report, by=by)
    return now


@transaction.atomic
def reset_layout(report: str, *, by) -> None:
    """Go back to the product's headings, or the county office's. Again, it does nothing."""
    allow_in(by, VERB, by.area)
    if ReportLayout.objects.visible_to(by).filter(report=report).delete()[0]:
        _record("report.layout_reset", report, by=by)


def _same(now: ReportLayout | None, version: int) -> None:
    if (now.version if now else 0) != version:
        raise Refused(
            Refused.FASTER,
            _("A colleague changed these headings meanwhile. Open the page again to see them."),
        )


def _record(code: str, report: str, *, by) -> None:
    record(code, by=by, area=by.area, chain=f"reports:{by.area}", report_table=report)
