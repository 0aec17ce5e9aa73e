"""The figures of a past day, rebuilt from the records, are those that were shown on that day."""

from contextlib import suppress
from datetime import timedelta
from random import Random

import pytest
from django.db import transaction
from django.http import QueryDict

from core.errors import Refused
from core.figures.bridge import differences, table
from core.figures.coverage import NUMBERS
from core.figures.ledger import Ledger
from core.figures.rows import spells_where
from core.ledger.acts import change, found_affiliated_branch, record_mass_organisation, register
from core.ledger.models import Branch, Firm
from core.people.acts import member_left, record_member
from core.people.assigning import assign, unassign
from core.people.models import Instructor, Member
from tests import county as small
from workflows.coverage.chart import CHART
from workflows.coverage.door import perform

DAYS = 25


class Life:
    """A county that grows day by day, by the acts that its people use."""

    def __init__(self, county, seed: int):
        self.county, self.rng, self.made = county, Random(seed), 0
        for name in ("Tang Yu", "Ma Li"):
            small.instructor(name, small.COUNTY, term_from=county.today - timedelta(days=400))

    def day(self, on) -> None:
        for act in self.rng.choices(
            (self.registers, self.changes, self.moves, self.sends, self.members, self.organises),
            weights=(3, 4, 9, 3, 5, 1), k=8,
        ):  # fmt: skip
            with suppress(Refused), transaction.atomic():
                act(on)

    def firm(self):
        firms = list(Firm.objects.filter(name__startswith="New").order_by("pk"))
        return self.rng.choice(firms) if firms else None

    def registers(self, on):
        self.made += 1
        register(
            by=self.county.zhou_tao, on=on, area=self.rng.choice([small.EAST, small.WEST]),
            line=self.rng.choice([None, None, self.county.commerce]), name=f"New {self.made}",
            credit_code=small.credit_code(5000 + self.made), industry="C", size="small",
            employees=self.rng.randint(1, 90), opened_on=on, above_scale=self.rng.random() < 0.3,
        )  # fmt: skip

    def changes(self, on):
        if firm := self.firm():
            entry = self.rng.choice([
                {"employees": self.rng.randint(1, 90)}, {"above_scale": not firm.above_scale},
                {"area": small.WEST if firm.area == small.EAST else small.EAST},
                {"line": self.county.commerce},
            ])  # fmt: skip
            change(firm, by=self.county.zhou_tao, on=on, version=firm.version, **entry)

    def moves(self, on):
        if firm := self.firm():
            move = self.rng.choice(CHART)
            asked = {"branch_name": f"{firm.name} branch", "resumes_on": on + timedelta(days=30),
                     "branch": Branch.objects.filter(kind="affiliated").first()}  # fmt: skip
            by = self.county.chen_jing if firm.line_id else self.county.wang_fang
            for who in (by, self.county.he_jun, self.county.zhou_tao):
                with suppress(Refused), transaction.atomic():
                    perform(firm, move.verb, by=who, on=on, **asked)
                    return

    def sends(self, on):
        if firm := self.firm():
            given = {"by": self.county.zhou_tao, "on": on}
            if firm.assignments.current().exists() and self.rng.random() < 0.4:
                unassign(firm, until=on, reason="asked", **given)
                return
            guide = self.rng.choice(list(Instructor.objects.filter(county=small.COUNTY)))
            assign(firm, guide, since=on, all_the_same=True, **given)
            if self.rng.random() < 0.7:
                small.visit(firm, by=self.county.li_ming, on=on)

    def members(self, on):
        if firm := self.firm():
            here = Member.objects.here().filter(firm=firm).first()
            if here and self.rng.random() < 0.3:
                member_left(here, until=on, by=self.county.zhou_tao, on=on)
                return
            kind = self.rng.choice(["full", "full", "full", "probationary"])
            record_member(firm, name=f"M {on} {self.rng.random()}", kind=kind, since=on,
                          by=self.county.zhou_tao, on=on)  # fmt: skip

    def organises(self, on):
        if self.rng.random() < 0.3:
            found_affiliated_branch(name=f"Joint {on}", area=small.EAST, line=None, secretary="",
                                    founded_on=on, by=self.county.zhou_tao, on=on)  # fmt: skip
        elif firm := self.firm():
            number = f"{firm.pk}-{self.rng.random()}"[:60]
            record_mass_organisation(
                firm, kind="union", name="Union", approval_number=number, approved_on=on, members=9,
                by=self.county.zhou_tao, on=on,
            )  # fmt: skip


def shown(user, on, **past) -> dict:
    ledger = Ledger(user, on, **past)
    whole = {number.key: number.counts(ledger) for number in NUMBERS}
    towns = {code: town.firms(organised=True) for code, town in ledger.parts().items()}
    return whole | {"towns": towns}


def lived(county, seed: int) -> Life:
    Firm.objects.update(operation="closed", closed_on=county.today)  # they have no spells
    life = Life(county, seed)
    for ago in range(DAYS, 0, -1):
        life.day(county.today - timedelta(days=ago))
    return life


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2])
def test_the_bridge_explains_every_difference(county, seed):
    lived(county, seed)
    days = [county.today - timedelta(days=ago) for ago in (DAYS + 1, 17, 9, 1)]
    reasons = set()
    for reader in (county.zhou_tao, county.wang_fang, county.he_jun, county.chen_jing):
        for place, first in enumerate(days):
            for last in days[place + 1 :]:
                found = differences(reader, first, last)
                reasons |= {one.why for one in found}
                began, ended = Ledger(reader, first, past=True), Ledger(reader, last, past=True)
                *rows, whole = table(reader, first, last, found)
                for row in rows:
                    assert row["began"] == began.firms(stage=row["stage"])
                    assert row["ended"] == ended.firms(stage=row["stage"])
                    assert row["began"] + total(row) == row["ended"], row
                assert whole["began"] + total(whole) == whole["ended"] == ended.firms()
    assert reasons >= {"opened", "up", "came", "went"}, reasons


def total(row) -> int:
    return sum(row["came"].values()) - sum(row["left"].values())


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2])
def test_the_rows_behind_a_number_are_as_many(county, seed):
    lived(county, seed)
    on = county.today - timedelta(days=4)
    for reader in (county.zhou_tao, county.wang_fang, county.chen_jing):
        ledger = Ledger(reader, on, past=True)
        for number in NUMBERS:
            value = number.counts(ledger)
            if number.lists:
                rows = spells_where(reader, QueryDict(number.lists), on=on)
                assert rows.count() == getattr(value, "part", value), number.key


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(1, 5))
def test_every_day_is_rebuilt_as_it_was_shown(county, seed):
    Firm.objects.update(operation="closed", closed_on=county.today)  # they have no spells
    life, then = Life(county, seed), {}
    readers = (county.zhou_tao, county.wang_fang, county.he_jun, county.chen_jing)
    for ago in range(DAYS, 0, -1):
        on = county.today - timedelta(days=ago)
        life.day(on)
        then[on] = {reader.pk: shown(reader, on) for reader in readers}
    for on, seen in then.items():
        for reader in readers:
            assert shown(reader, on, past=True) == seen[reader.pk], (seed, on, reader)
    last = then[county.today - timedelta(days=1)][county.zhou_tao.pk]
    assert last["firms"] and last["organisation_coverage"].part  # something happened
