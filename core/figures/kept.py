"""Counts that are kept, so that the figures of a county cost the same whether it has four hundred
firms or a million.

For every firm that counts, one row of what figures ask of it (`FirmFacts`); for every township, and
within it for every line, industry and size, how many firms of each sort (`Tally`). Whatever changes
a firm, a member, an assignment, a visit or a mass organisation leaves a mark (`Touched`), by a
trigger of the database, in its own transaction: core.figures.touching. Who asks for a figure first
counts the marked firms anew: core.figures.keeping. What a fact means stands in core.ledger.filters
alone; a test compares the kept counts with those of core.figures.ledger over random ledgers.
"""

from django.db import models

from core.ledger.stages import Stage

# By what the kept counts are told apart within a township, and the value of each firm's there.
SORTS = {"town": "", "line": "line", "industry": "industry", "size": "size"}
FLAGS = ("stage", "above_scale", "paused", "with_members", "enough", "guided", "worked_in")
SUMS = ("employees", "full_members", "mass_organisations")


class Facts(models.Model):
    """What figures ask of a firm, or are told apart by."""

    area = models.CharField(max_length=9)  # the township's division code
    stage = models.CharField(max_length=16, choices=Stage)
    above_scale = models.BooleanField()
    paused = models.BooleanField()
    with_members = models.BooleanField()
    enough = models.BooleanField()  # full members for a branch of its own, by the rulebook of the day
    guided = models.BooleanField()
    worked_in = models.BooleanField()
    employees = models.BigIntegerField()
    full_members = models.BigIntegerField()
    mass_organisations = models.BigIntegerField()

    class Meta:
        abstract = True


class FirmFacts(Facts):
    """The facts of one firm that is not closed, true until the day before `good_until`."""

    firm_id = models.BigIntegerField(primary_key=True)  # no reference: the mark of its end removes it
    line = models.CharField(max_length=20)
    industry = models.CharField(max_length=1)
    size = models.CharField(max_length=8)
    good_until = models.DateField(db_index=True)  # a visit grows old, a term begins: by itself

    def __str__(self) -> str:
        return f"{self.firm_id} in {self.area}"


class Tally(Facts):
    """How many firms of a township, and of one line, industry or size in it, share these facts."""

    sort = models.CharField(max_length=8)
    value = models.CharField(max_length=20)
    firms = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sort", "area", "value", *FLAGS], name="one_tally_for_the_same_facts"
            )
        ]

    def __str__(self) -> str:
        return f"{self.sort} {self.area} {self.value}: {self.firms}"


class TrendPoint(models.Model):
    """How many firms stood at a stage on a past day, by township and by line in it."""

    sort = models.CharField(max_length=8)
    area = models.CharField(max_length=9)
    value = models.CharField(max_length=20)
    day = models.DateField()
    stage = models.CharField(max_length=16, choices=Stage)
    firms = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sort", "area", "value", "day", "stage"], name="one_point_of_a_trend_on_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.area} {self.day} {self.stage}: {self.firms}"


class Touched(models.Model):
    """A mark: what is kept of a firm may not be true any more, or what is kept of days from `day`."""

    firm_id = models.BigIntegerField(null=True)  # no reference: a firm may be gone
    day = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.firm_id or self.day}"


class Keeping(models.Model):
    """The one row at which those who bring the kept counts up to date line up."""

    day = models.DateField(null=True)  # for which the facts were counted; null: never yet
    rules = models.JSONField(default=list)  # the numbers of the rulebook by which
    points = models.JSONField(default=list)  # days of which every point of a trend is there

    def __str__(self) -> str:
        return f"{self.day}"
