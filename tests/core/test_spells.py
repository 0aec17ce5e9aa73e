"""What figures asked of a firm on a day stays findable: spells are written with each change."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from core.ledger.acts import change, register
from core.ledger.models import Firm, StageChange
from core.ledger.spells import Spell, note, replayed
from tests import county as small

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def mill(county):
    """A firm that was registered ten days ago, and opened twenty days before that."""
    return register(
        by=county.wang_fang, on=county.today - timedelta(days=10), area=small.EAST, line=None,
        credit_code="91350100M000100Y43", name="East Mill", industry="C", size="small", employees=40,
        opened_on=county.today - timedelta(days=30),
    )  # fmt: skip


def spells(firm) -> list[tuple]:
    """Days before today from which each spell runs, and what was true then."""
    rows = Spell.objects.filter(firm=firm).order_by("since")
    return [(row.since, row.until, row.area, row.employees) for row in rows]


def changed(county, firm, days_ago: int, **entry):
    firm = Firm.objects.get(pk=firm.pk)
    on = county.today - timedelta(days=days_ago)
    return change(firm, by=county.zhou_tao, on=on, version=firm.version, **entry)


def test_a_firm_is_there_from_the_day_on_which_it_opened(county, mill):
    opened = county.today - timedelta(days=30)
    assert spells(mill) == [(opened, None, small.EAST, 40)]
    assert not Spell.objects.on(opened - timedelta(days=1)).exists()
    assert Spell.objects.on(opened).get().firm == mill


def test_what_changes_begins_a_spell_and_the_one_before_stays(county, mill):
    opened, fifth = county.today - timedelta(days=30), county.today - timedelta(days=5)
    changed(county, mill, 5, employees=55)
    assert spells(mill) == [(opened, fifth, small.EAST, 40), (fifth, None, small.EAST, 55)]
    changed(county, mill, 5, area=small.WEST)  # a second change of the same day
    assert spells(mill)[1:] == [(fifth, None, small.WEST, 55)]
    changed(county, mill, 3, contact_phone="0690-1234567")  # nothing that figures ask
    assert len(spells(mill)) == 2


def test_the_day_of_opening_may_be_corrected(county, mill):
    changed(county, mill, 5, employees=55)
    earlier, fifth = county.today - timedelta(days=60), county.today - timedelta(days=5)
    changed(county, mill, 2, opened_on=earlier)
    assert [since for since, *_rest in spells(mill)] == [earlier, fifth]
    changed(county, mill, 1, opened_on=county.today - timedelta(days=2))  # after the first change
    assert [since for since, *_rest in spells(mill)] == [fifth - timedelta(days=1), fifth]


def test_a_firm_has_one_open_spell(county, mill):
    with pytest.raises(IntegrityError), transaction.atomic():
        Spell.objects.create(firm=mill, since=county.today, **{
            name: getattr(mill, name) for name in ("county", "area", "industry", "size", "above_scale",
                                                   "employees", "stage", "operation")
        })  # fmt: skip
    note(mill, on=county.today)
    assert len(spells(mill)) == 1


def test_replayed_from_dated_changes(county, mill):
    ago = [county.today - timedelta(days=days) for days in (20, 12, 12, 4)]
    moves = [("stage", "blank", "mass_organised"), ("stage", "mass_organised", "work_covered"),
             ("operation", "operating", "paused"), ("operation", "paused", "operating")]  # fmt: skip
    changes = [
        StageChange(firm=mill, track=track, source=source, target=target, on=on)
        for on, (track, source, target) in zip(ago, moves, strict=True)
    ]
    told = [(s["since"], s["until"], s["stage"], s["operation"]) for s in replayed(mill, changes)]
    assert told == [
        (mill.opened_on, ago[0], "blank", "operating"),
        (ago[0], ago[1], "mass_organised", "operating"),
        (ago[1], ago[3], "work_covered", "paused"),
        (ago[3], None, "work_covered", "operating"),
    ]
