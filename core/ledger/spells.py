"""Where a firm stood, from which day until which: the figures of any day are counted from here.

A spell holds what figures ask of a firm (its area, line, industry, size, stage, operation and so
on) for as long as none of it changed. A firm's spells follow each other without a gap from the day
on which it opened; the last one is open. Spells are written by whoever changes a firm, in the same
transaction, and are never taken back: what happened on a day stays true of that day.
"""

from datetime import date

from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.ledger.kinds import Industry, Size
from core.ledger.models import Branch, Firm
from core.ledger.scope import ScopedQuerySet
from core.ledger.stages import Operation, Stage

# What a spell holds of its firm, under the same names.
HELD = (
    "county", "area", "line_id", "branch_id", "industry", "size", "above_scale", "employees", "stage",
    "operation",
)  # fmt: skip


class Spell(models.Model):
    """What figures ask of a firm, true from `since` until the day before `until`."""

    firm = models.ForeignKey(Firm, models.PROTECT, related_name="spells", verbose_name=_("firm"))
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True)
    county = models.CharField(_("county"), max_length=6)
    area = models.CharField(_("area"), max_length=12)
    line = models.ForeignKey(
        "core.LineDepartment", models.PROTECT, null=True, related_name="+",
        verbose_name=_("line department"),
    )  # fmt: skip
    branch = models.ForeignKey(
        Branch, models.PROTECT, null=True, related_name="+", verbose_name=_("branch")
    )
    industry = models.CharField(_("industry"), max_length=1, choices=Industry)
    size = models.CharField(_("size"), max_length=8, choices=Size)
    above_scale = models.BooleanField(_("above scale"))
    employees = models.PositiveIntegerField(_("employees"))
    stage = models.CharField(_("stage"), max_length=16, choices=Stage)
    operation = models.CharField(_("operation"), max_length=12, choices=Operation)

    class SpellQuerySet(ScopedQuerySet, models.QuerySet):
        def on(self, day: date):
            """What was true on a day: one spell for each firm that was open then or before."""
            return self.filter(Q(until__isnull=True) | Q(until__gt=day), since__lte=day)

        def counted(self):
            """Without closed firms, as figures count."""
            return self.exclude(operation=Operation.CLOSED)

    objects = SpellQuerySet.as_manager()

    class Meta:
        verbose_name = _("spell")
        verbose_name_plural = _("spells")
        ordering = ["firm", "since"]
        constraints = [
            models.UniqueConstraint(
                fields=["firm"], condition=Q(until__isnull=True), name="one_open_spell_of_a_firm"
            ),
            models.UniqueConstraint(fields=["firm", "since"], name="one_spell_of_a_firm_from_a_day"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=models.F("since")),
                name="spell_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.firm_id} {self.since}"


def note(firm: Firm, *, on: date) -> None:
    """Write down what is true of a firm from this day on. Call it in the transaction of the change,
    with the firm locked and saved; again, or with nothing changed, it writes nothing."""
    last = Spell.objects.filter(firm=firm.pk, until__isnull=True).first()
    if last is None:
        Spell.objects.create(firm_id=firm.pk, since=min(firm.opened_on, on), **_held(firm))
        return
    _begin_with(firm)
    last.refresh_from_db()
    if all(getattr(last, name) == value for name, value in _held(firm).items()):
        return
    if last.since >= on:  # changed twice on one day: the day ends as the last change left it
        Spell.objects.filter(pk=last.pk).update(**_held(firm))
        return
    Spell.objects.filter(pk=last.pk).update(until=on)
    Spell.objects.create(firm_id=firm.pk, since=on, **_held(firm))


def note_many(firms, *, on: date) -> None:
    """The same as `note` for many firms at once, each locked and saved: a few statements for all."""
    kept: dict[int, list[Spell]] = {}
    pks = [firm.pk for firm in firms]
    for spell in Spell.objects.filter(firm__in=pks).order_by("firm_id", "since"):
        kept.setdefault(spell.firm_id, []).append(spell)
    changed, new = {}, []
    for firm in firms:
        spells, held = kept.get(firm.pk), _held(firm)
        if not spells:
            new.append(Spell(firm_id=firm.pk, since=min(firm.opened_on, on), **held))
            continue
        first, last = spells[0], spells[-1]
        begins = min(firm.opened_on, first.until - date.resolution) if first.until else firm.opened_on
        if first.since != begins:
            first.since = begins
            changed[first.pk] = first
        if all(getattr(last, name) == value for name, value in held.items()):
            continue
        changed[last.pk] = last
        if last.since >= on:
            for name, value in held.items():
                setattr(last, name, value)
        else:
            last.until = on
            new.append(Spell(firm_id=firm.pk, since=on, **held))
    written = ["since", "until", *(name.removesuffix("_id") for name in HELD)]
    Spell.objects.bulk_update(changed.values(), written, batch_size=200)
    Spell.objects.bulk_create(new, batch_size=1000)


def begin_spells(named, *, on: date) -> None:
    """The first spells of firms that enter this day, all in one statement. `named` is a queryset of
    rows that name them by `firm_id`."""
    quote = connection.ops.quote_name
    columns = ", ".join(map(quote, HELD))
    asked, given = named.values("firm_id").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(Spell._meta.db_table)} (firm_id, since, until, {columns})"
            f" SELECT id, CASE WHEN opened_on < %s THEN opened_on ELSE %s END, NULL, {columns}"
            f" FROM {quote(Firm._meta.db_table)} WHERE id IN ({asked}) ORDER BY id",
            [on, on, *given],
        )


def _held(firm) -> dict:
    return {name: getattr(firm, name) for name in HELD}


def _begin_with(firm: Firm) -> None:
    """The day on which a firm opened may be corrected, and its first spell with it: earlier at will,
    later no further than to the next thing that happened."""
    first = Spell.objects.filter(firm=firm.pk).order_by("since").first()
    begins = min(firm.opened_on, first.until - date.resolution) if first.until else firm.opened_on
    if first.since != begins:
        Spell.objects.filter(pk=first.pk).update(since=begins)


def replayed(firm, changes) -> list[dict]:
    """The spells of a firm whose changes are known and whose other facts never changed, each as the
    values of a row; the first from the day on which it opened."""
    changes = sorted(changes, key=lambda change: change.on)
    held = _held(firm) | {"stage": Stage.BLANK.value, "operation": Operation.OPERATING.value}
    held |= {change.track: change.source for change in reversed(changes)}
    spells = [{"firm_id": firm.pk, "since": firm.opened_on, "until": None, **held}]
    for change in changes:
        if change.on <= spells[-1]["since"]:
            spells[-1][change.track] = change.target
            continue
        spells[-1]["until"] = change.on
        spells.append(spells[-1] | {"since": change.on, "until": None, change.track: change.target})
    return spells
