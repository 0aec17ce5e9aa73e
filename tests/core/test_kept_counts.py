"""The kept counts are the ledger's own: whatever changes, by whichever way it is written."""

from datetime import timedelta
from random import Random

import pytest
from django.db import connection
from django.db.models import Count

from core.accounts.models import User
from core.figures import keeping
from core.figures.facts import BY, TOWN
from core.figures.kept import FirmFacts, Keeping, Tally, Touched
from core.figures.ledger import Ledger
from core.figures.trend import month_ends, trend
from core.ledger.kinds import Industry, Size
from core.ledger.models import Firm, MassOrganisation
from core.ledger.spells import Spell, note
from core.ledger.stages import Operation, Stage
from core.people.models import Assignment, GuidanceRecord, Member
from tests import county as small
from tests.core.test_figures import scatter


def groups(rows):
    return sorted(map(repr, rows))


def differs(on, rng=None) -> list[str]:
    """Whose kept counts are not what counting the rows gives; of some random readers only, if asked
    so."""
    readers = User.objects.filter(role__in=["county", "township", "line", "auditor", "instructor"])
    asked = [(reader, by) for reader in readers for by in BY]
    return [
        f"{reader} by {by}"
        for reader, by in (rng.sample(asked, 2) if rng else asked)
        if groups(Ledger(reader, on, by=by).groups) != groups(Ledger(reader, on, by=by).counted())
    ]


def end_all(rows, on) -> None:
    """Also one that ends in some days, before which nothing changes."""
    rows.filter(since__lte=on).update(until=on)


def change_something(rng: Random, county, day) -> None:
    """One change of a random kind to a random firm, as forms, imports and statements write it."""
    firm = rng.choice(list(Firm.objects.all()))
    rows = Firm.objects.filter(pk=firm.pk)
    acts = [
        lambda: rows.update(stage=rng.choice([Stage.BLANK, Stage.WORK_COVERED])),
        lambda: rows.update(operation=Operation.CLOSED, closed_on=day),
        lambda: rows.update(operation=Operation.PAUSED, closed_on=None),
        lambda: rows.update(area=rng.choice([small.EAST, small.WEST, small.AWAY_TOWN])),
        lambda: rows.update(line=rng.choice([None, county.commerce])),
        lambda: rows.update(size=rng.choice(Size.values), industry=rng.choice(Industry.values)),
        lambda: rows.update(employees=rng.randint(0, 500), above_scale=rng.random() < 0.5),
        lambda: small.member(firm, since=day + timedelta(days=rng.randint(-9, 9))),
        lambda: Member.objects.filter(firm=firm, since__lte=day).update(
            until=day + timedelta(days=rng.randint(0, 9))
        ),
        lambda: Member.objects.filter(firm=firm).update(firm=rng.choice(list(Firm.objects.all()))),
        lambda: Member.objects.filter(firm=firm).delete(),
        lambda: small.visit(firm, by=county.li_ming, on=day - timedelta(days=rng.randint(0, 60))),
        lambda: GuidanceRecord.objects.filter(firm=firm).delete(),
        lambda: Assignment.objects.filter(firm=firm, until=None, since__lte=day).update(
            until=day + timedelta(days=3), ended_as="term"
        ),
        lambda: MassOrganisation.objects.filter(firm=firm).update(dissolved_on=day),
        lambda: small.firm(f"New {rng.random()}", small.EAST, employees=rng.randint(1, 50)),
    ]
    rng.choice(acts)()


@pytest.mark.parametrize("seed", range(3))
def test_whatever_changes_the_kept_counts_are_the_ledgers(county, seed):
    rng = Random(seed)
    scatter(county, rng)
    day = county.today
    assert differs(day) == []
    for _ in range(40):
        change_something(rng, county, day)
        if rng.random() < 0.2:
            day += timedelta(days=rng.choice([1, 7, 40]))
        assert differs(day, rng) == [], day
    assert differs(day) == []


def test_only_what_was_touched_is_counted_anew(county, monkeypatch):
    keeping.keep(county.today)
    counted = []
    real = keeping._write_facts

    def watched(firms, on):
        counted.append(sorted(firms.values_list("name", flat=True)))
        real(firms, on)

    monkeypatch.setattr(keeping, "_write_facts", watched)
    small.member(county.tea)
    Firm.objects.filter(pk=county.mall.pk).update(address="Somewhere else")  # no figure asks for it
    keeping.keep(county.today)
    keeping.keep(county.today)
    assert counted == [[county.tea.name]]
    assert not Touched.objects.exists()


def test_a_kept_figure_costs_two_statements(county, django_assert_num_queries):
    keeping.keep(county.today)
    ledger = Ledger(User.objects.get(pk=county.zhou_tao.pk), county.today)
    with django_assert_num_queries(2):
        assert ledger.firms()
    assert ledger.firms() == Firm.objects.visible_to(county.zhou_tao).counted().count()


def test_an_earlier_day_and_other_rules_are_never_answered_from_what_is_kept(county, monkeypatch):
    later = county.today + timedelta(days=60)
    keeping.keep(later)
    assert keeping.keep(county.today) is False
    assert Ledger(county.zhou_tao, county.today).groups  # counted from the rows
    assert Keeping.objects.get().day == later
    monkeypatch.setattr(keeping, "_rules", lambda _on: [1, 1])
    FirmFacts.objects.update(enough=False)
    assert keeping.keep(later) is True
    assert Keeping.objects.get().rules == [1, 1]
    assert FirmFacts.objects.filter(enough=True).count() == (
        Ledger(county.zhou_tao, later).firms(enough=True)
        + Firm.objects.exclude(area__startswith=county.zhou_tao.area).filter(
            pk__in=FirmFacts.objects.filter(enough=True).values("firm_id")
        ).count()
    )  # fmt: skip


def test_many_marks_at_once_count_all_anew(county, monkeypatch):
    keeping.keep(county.today)
    monkeypatch.setattr(keeping, "MANY", 1)
    Tally.objects.update(firms=99)
    Firm.objects.update(employees=7)
    assert differs(county.today) == []


def test_a_firm_that_is_gone_is_gone_from_the_counts(county):
    firm = small.firm("Short-lived")
    keeping.keep(county.today)
    assert FirmFacts.objects.filter(pk=firm.pk).exists()
    firm.spells.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_firm WHERE id = %s", [firm.pk])
    keeping.keep(county.today)
    assert not FirmFacts.objects.filter(pk=firm.pk).exists()
    assert {len(area) for area in Tally.objects.values_list("area", flat=True)} == {TOWN}


def test_the_night_notices_what_went_past_the_triggers(county, caplog):
    assert keeping.count_all_again(county.today) is True
    Tally.objects.update(firms=99)
    assert keeping.count_all_again(county.today) is False
    assert "not those of the ledger" in caplog.text
    assert differs(county.today) == []


@pytest.mark.parametrize("seed", range(2))
def test_a_past_day_read_at_once_is_what_counting_firm_by_firm_gives(county, seed):
    scatter(county, Random(seed))
    for firm in Firm.objects.all():
        note(firm, on=county.today)
    for reader in (county.zhou_tao, county.wang_fang, county.chen_jing, county.li_ming):
        for by in BY:
            ledger = Ledger(reader, county.today, past=True, by=by)
            assert groups(ledger.groups) == groups(ledger.counted()), (reader, by)


# ── trend ──────────────────────────────────────────────────────────────────────────────────────
def points(user, day):
    kept = trend(user, month_ends(day, 3), on=day)
    return {of: dict(+firms) for of, firms in kept.items()}


def recounted(user, day):
    return {
        of: dict(Spell.objects.visible_to(user).on(of).counted().order_by().values_list("stage")
                 .annotate(many=Count("pk")))
        for of in month_ends(day, 3)
    }  # fmt: skip


def test_the_points_of_a_trend_follow_what_is_written_of_the_past(county):
    day, readers = county.today, (county.zhou_tao, county.wang_fang, county.chen_jing, county.li_ming)
    old = small.firm("Old", opened_on=day - timedelta(days=900))
    note(old, on=day)
    for reader in readers:
        assert points(reader, day) == recounted(reader, day)
    assert points(county.zhou_tao, day)[month_ends(day)[-1]]
    late = small.firm("Found late", line=county.commerce, opened_on=day - timedelta(days=500))
    note(late, on=day)
    Spell.objects.filter(firm=old).update(since=month_ends(day)[-1])
    for reader in readers:
        assert points(reader, day) == recounted(reader, day)
    Spell.objects.filter(firm=late).delete()
    Spell.objects.filter(firm=old).update(until=day)
    for reader in readers:
        assert points(reader, day) == recounted(reader, day)


def test_a_change_of_today_leaves_the_points_where_they_are(county):
    note(county.tea, on=county.today)  # its first, from the day on which it opened
    points(county.zhou_tao, county.today)
    small.put(county.tea, employees=77)
    note(Firm.objects.get(pk=county.tea.pk), on=county.today)
    keeping.keep(county.today)
    assert Keeping.objects.get().points == [str(day) for day in month_ends(county.today, 3)]
