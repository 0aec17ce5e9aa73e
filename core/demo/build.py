"""Builds counties and writes them in bulk, a table at a time."""

from datetime import date

from django.core.management.color import no_style
from django.db import connection, transaction

from core.accounts.models import Area, LineDepartment, SendingUnit, User
from core.audit.models import ChainHead, Event
from core.contact_cards.models import TierContact, VisitingDays
from core.credentials.models import Card, Credential, CredentialMove, CredentialSeries
from core.demo import (
    branches,
    credentials,
    firms,
    history,
    papers,
    people,
    places,
    register,
    report,
    roster,
    work,
)
from core.demo.county import County
from core.demo.pour import pour
from core.figures.printed import PrintedFigure
from core.ledger.models import Branch, Firm, FirmContact, MassOrganisation, StageChange
from core.ledger.spells import Spell
from core.letters.models import Letterhead
from core.people.models import Assignment, GuidanceRecord, Instructor, Member
from core.people.standing import Standing
from core.people.training import Training
from core.planner import count_anew

# Whoever is named stands before those who name them.
TABLES = (
    Area, LineDepartment, SendingUnit, User, Branch, Firm, FirmContact, MassOrganisation, Instructor,
    Instructor.further_areas.through, Standing, Training, CredentialSeries, Credential, Card,
    CredentialMove, Assignment, Member, GuidanceRecord, Letterhead, TierContact, VisitingDays,
    StageChange, Spell, PrintedFigure, Event, ChainHead,
)  # fmt: skip


def draw_up(number: int, *, seed: int, on: date, ids: dict) -> County:
    """All rows of the n-th county, in memory. The same seed and day give the same rows."""
    county = County(number, seed, on, ids)
    places.lay_out(county)
    people.open_accounts(county)
    plans = roster.roster(county)
    cases = firms.register(county, plans)
    sent = people.send_instructors(county, plans, cases)
    register.fill_in(county)
    joined = branches.move_firms(county, plans, cases)
    people.enter_members(county, plans, cases, joined)
    work.organise(county, plans, cases)
    work.guide(county, plans, cases, sent)
    history.write_down(county)
    credentials.give_out(county)
    report.print_figures(county)
    papers.set_up(county)
    return county


def counties_there() -> int:
    """How many demo counties the database holds; the next one gets this number."""
    return Area.objects.filter(kind=Area.Kind.COUNTY, code__startswith="69").count()


@transaction.atomic
def build(numbers, *, seed: int, on: date) -> int:
    """Write these counties. Returns the number of firms."""
    ids, written = {}, 0
    for number in numbers:
        county = draw_up(number, seed=seed, on=on, ids=ids)
        for table in TABLES:
            pour(table, county.rows[table])
        written += len(county.rows[Firm])
    _count_on_from_here()
    return written


def _count_on_from_here():
    """Keys were given out by us; the database's own counters must go on behind them."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), TABLES):
            cursor.execute(statement)
    count_anew(*TABLES)
