"""The rows of the tables that list firms: today's from the firms, a past day's from their spells.

A table of a county has 100,000 rows: they come by a cursor of the database, and each part of them
is turned into cells column by column. No model is made of a row.
"""

from collections import defaultdict
from contextlib import contextmanager
from datetime import date
from itertools import islice

from django.db import connection, transaction
from django.db.models import F, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from core.accounts.models import Area, LineDepartment
from core.among import Among
from core.figures.rows import spells_where
from core.ledger.filters import HAS, firms_where
from core.ledger.kinds import Industry, Size
from core.ledger.models import Branch, Firm, MassOrganisation, StageChange
from core.ledger.search import firms_named
from core.ledger.stages import Operation, Stage
from core.people.models import Assignment, Member
from core.reports.asked import Asked
from core.reports.tables import Report

CHUNK = 2000  # rows that are in memory at once
EPOCH = 693_594  # the day before Excel's first, as Python counts days
# What is asked of each firm. A spell has the first under the same name, the others by its firm.
HELD = ("area", "line_id", "industry", "size", "above_scale", "employees", "stage", "operation",
        "branch_id")  # fmt: skip
OF_FIRM = ("name", "credit_code", "trade", "opened_on", "owner_name", "contact_name", "contact_phone",
           "address")  # fmt: skip


@contextmanager
def one_moment():
    """The block sees one state of the ledger, whatever others commit meanwhile. Within another
    transaction it sees what that one sees."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def firms_of(asked: Asked):
    """The rows of the table as a queryset of firms, or of spells for a past day, not in order."""
    if asked.past:
        rows = spells_where(asked.reader, asked.chosen, on=asked.on)
        of = "firm_id"
    else:
        rows, _in_force = firms_where(Firm.objects.visible_to(asked.reader), asked.chosen, on=asked.on)
        rows = rows.filter(firms_named(asked.chosen.get("q", "")))
        of = "pk"
    if asked.report == Report.SHOULD_HAVE:
        for has in ("3_members", "no_own_branch"):
            rows = rows.filter(HAS[has].condition(asked.on, of))
    return rows


def counted(asked: Asked) -> int:
    return firms_of(asked).count()


def _selected(asked: Asked):
    """The rows with all that is asked of them, in the order of the table."""
    rows = firms_of(asked)
    if not asked.past:
        rows = rows.annotate(firm_key=F("pk"), stood_since=F("stage_since"))
        rows = rows.order_by("area", "pinyin", "pk")
        return rows.values_list("firm_key", *HELD, *OF_FIRM, "stood_since")
    moved = StageChange.objects.filter(firm=OuterRef("firm_id"), track="stage", on__lte=asked.on)
    last = moved.order_by().values("firm").annotate(last=Max("on")).values("last")
    stood = Coalesce(Subquery(last), F("firm__opened_on"))
    rows = rows.annotate(firm_key=F("firm_id"), stood_since=stood)
    of_firm = [f"firm__{name}" for name in OF_FIRM]
    rows = rows.order_by("area", "firm__pinyin", "firm_id")
    return rows.values_list("firm_key", *HELD, *of_firm, "stood_since")


def chunks_of(asked: Asked, codes: list[str]):
    """The cells of the table, some rows at a time. Call it within a transaction: on PostgreSQL the
    rows come by a cursor, which ends with it."""
    rows = _selected(asked)
    stream = rows.query.get_compiler(rows.db).results_iter(
        tuple_expected=True, chunked_fetch=True, chunk_size=CHUNK
    )
    words, begun = _Words(asked), 0
    names = ("pk", *HELD, *OF_FIRM, "since")
    while part := list(islice(stream, CHUNK)):
        have = dict(zip(names, zip(*part, strict=True), strict=True))
        have["number"] = range(begun + 1, begun + len(part) + 1)
        begun += len(part)
        yield list(zip(*(CELLS[code](have, words) for code in codes), strict=True))


def serial(day: date) -> int:
    """A day as Excel counts them."""
    return day.toordinal() - EPOCH


class _Words:
    """The names behind keys and codes: read once, not for each row."""

    def __init__(self, asked: Asked) -> None:
        self.on, county = asked.on, asked.reader.county
        self.areas = dict(Area.objects.filter(code__startswith=county).values_list("code", "name"))
        self.lines = dict(LineDepartment.objects.filter(county=county).values_list("pk", "name"))
        self.branches = dict(Branch.objects.filter(county=county).values_list("pk", "name"))
        self.stages, self.operations = _labels(Stage), _labels(Operation)
        self.sizes, self.industries = _labels(Size), _labels(Industry)
        self.kinds = _labels(MassOrganisation.Kind)
        self.yes, self.no, self.between = _("yes"), _("no"), _(", ")

    def town(self, code: str) -> str:
        return self.areas.get(code[:9]) or self.areas.get(code) or code


def _labels(choices) -> dict:
    return {value: str(label) for value, label in choices.choices}


def _plain(name: str):
    return lambda have, words: have[name]


def _named(name: str, which: str):
    def cells(have, words):
        known = getattr(words, which)
        return [known.get(value, "") for value in have[name]]

    return cells


def _day(name: str):
    return lambda have, words: [serial(day) for day in have[name]]


def _towns(have, words):
    return [words.town(code) for code in have["area"]]


def _above_scale(have, words):
    return [words.yes if value else words.no for value in have["above_scale"]]


def _instructors(have, words):
    rows = Assignment.objects.on(words.on).filter(Among("firm_id", have["pk"])).order_by()
    names = dict(rows.values_list("firm_id", "instructor__name"))
    return [names.get(pk, "") for pk in have["pk"]]


def _members(have, words):
    found: dict[int, int] = defaultdict(int)
    full = Member.objects.here(words.on).full().filter(Among("firm_id", have["pk"])).order_by()
    for firm in full.values_list("firm_id", flat=True):
        found[firm] += 1
    return [found.get(pk, 0) for pk in have["pk"]]


def _mass_organisations(have, words):
    found: dict[int, set] = defaultdict(set)
    rows = MassOrganisation.objects.standing(words.on).filter(Among("firm_id", have["pk"]))
    for firm, kind in rows.order_by().values_list("firm_id", "kind"):
        found[firm].add(kind)
    return [
        words.between.join(label for kind, label in words.kinds.items() if kind in found[pk])
        if pk in found else "" for pk in have["pk"]
    ]  # fmt: skip


# Column → its cells for a part of the rows: of what was read (by name), and the words.
CELLS = {
    "number": _plain("number"), "name": _plain("name"), "credit_code": _plain("credit_code"),
    "township": _towns, "line": _named("line_id", "lines"),
    "industry": _named("industry", "industries"), "trade": _plain("trade"),
    "size": _named("size", "sizes"), "above_scale": _above_scale, "employees": _plain("employees"),
    "opened_on": _day("opened_on"), "stage": _named("stage", "stages"), "stage_since": _day("since"),
    "branch": _named("branch_id", "branches"), "instructor": _instructors, "full_members": _members,
    "mass_organisations": _mass_organisations, "operation": _named("operation", "operations"),
    "owner": _plain("owner_name"), "contact": _plain("contact_name"),
    "phone": _plain("contact_phone"), "address": _plain("address"),
    "remark": lambda have, words: [""] * len(have["pk"]),
}  # fmt: skip
