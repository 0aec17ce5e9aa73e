"""Several keep the register at once: nobody is recorded twice, no version or training is lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from core.errors import Refused
from core.exchange.importing import carry_out, keep_sheet
from core.exchange.models import Sheet
from core.exchange.reading import Read
from core.jobs import run as worker
from core.jobs.models import Job
from core.people.entries import change_instructor, record_instructor
from core.people.history import EntryVersion
from core.people.models import Instructor
from core.people.standing import Standing, record_standing
from core.people.training import Training, record_training
from tests import county as made

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
AT_ONCE = 8


def together(act) -> list:
    """What each of several got who did the same at one moment: what came of it, or the refusal."""
    ready = Barrier(AT_ONCE)

    def run(number):
        ready.wait(60)
        try:
            return act(number)
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE)))


def entry(county, **more) -> dict:
    return {
        "name": "Ren Ping", "area": made.EAST, "sending_unit": "County bureau of agriculture",
        "full_member": True,
        "term_from": county.today, "term_until": county.today + timedelta(days=700),
        "by": county.wang_fang, "on": county.today,
    } | more  # fmt: skip


def test_one_person_is_recorded_once_however_many_enter_them(transactional_db):
    county = made.build()
    got = together(lambda number: record_instructor(**entry(county)))
    assert got.count(Refused.BAD_INPUT) == AT_ONCE - 1
    assert Instructor.objects.filter(name="Ren Ping").count() == 1


CHANGES = (
    ("phone", "0690-5000001"), ("specialty", "Tea"), ("languages", "普通话"), ("trade", "A"),
    ("kind", "retired"), ("mode", "single"), ("name", "Li Minghua"), ("takes_more_from", None),
)  # fmt: skip


def test_changes_at_once_lose_nothing_and_have_a_version_each(transactional_db):
    county = made.build()
    changes = [dict([each]) for each in CHANGES]
    changes[-1] = {"takes_more_from": county.today}
    together(lambda n: change_instructor(county.guide_li, by=county.wang_fang, **changes[n]))
    kept = list(EntryVersion.objects.filter(instructor=county.guide_li).order_by("number"))
    assert [one.number for one in kept] == list(range(AT_ONCE + 1))
    county.guide_li.refresh_from_db()
    for change in changes:
        for name, value in change.items():
            assert getattr(county.guide_li, name) == value, name


def test_a_course_recorded_at_once_is_one(transactional_db):
    county = made.build()
    people = [county.guide_li, made.instructor("Ren", made.EAST)]
    got = together(
        lambda number: record_training(
            people, day=county.today, days=Decimal(1), subject="x", by=county.wang_fang,
            on=county.today,
        )
    )  # fmt: skip
    assert got.count(Refused.FASTER) == AT_ONCE - 1 and Training.objects.count() == 2


def test_standing_is_turned_by_one_act_after_the_other(transactional_db):
    county = made.build()
    together(
        lambda number: record_standing(
            county.guide_li, since=county.today, why="x", by=county.wang_fang, on=county.today
        )
    )
    kinds = list(Standing.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["suspended", "restored"] * (AT_ONCE // 2)


def test_one_file_is_carried_out_once_and_two_files_of_the_same_people_do_not_double(
    transactional_db, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    county = made.build()
    cells = {"sending_unit": "Water bureau", "area": "East", "full_member": "是",
             "term_from": "2026-01-01", "term_until": "2028-01-01"}  # fmt: skip
    rows = [{"row": n + 2, "cells": cells | {"name": f"Ren {'ABCDEFGHIJ'[n]}"}, "slips": []}
            for n in range(10)]  # fmt: skip
    sheets = [keep_sheet(Read(rows, []), name="x.xlsx", key=uuid4(), by=county.wang_fang)
              for _ in range(2)]  # fmt: skip
    jobs = together(lambda n: carry_out(sheets[n % 2], by=county.wang_fang, key=uuid4()).pk)
    assert len(set(jobs)) == Job.objects.count() == 2
    pks = sorted(set(jobs))
    together(lambda n: worker.run(pks[n % 2]))
    assert set(Job.objects.values_list("state", flat=True)) == {Job.State.DONE}
    assert Instructor.objects.filter(unit__name="Water bureau").count() == 10
    outcomes = [outcome for sheet in Sheet.objects.all() for outcome, _said in sheet.outcomes.values()]
    assert len(outcomes) == 20 and outcomes.count("new") == 10


def test_after_a_file_the_database_knows_how_much_its_tables_hold(transactional_db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    county = made.build()
    cells = {"sending_unit": "Water bureau", "area": "East", "full_member": "是",
             "term_from": "2026-01-01", "term_until": "2028-01-01"}  # fmt: skip
    rows = [{"row": n, "cells": cells | {"name": f"Ren {chr(65 + n)}"}, "slips": []} for n in range(25)]
    sheet = keep_sheet(Read(rows, []), name="x.xlsx", key=uuid4(), by=county.wang_fang)
    worker.run(carry_out(sheet, by=county.wang_fang, key=uuid4()).pk)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, reltuples FROM pg_class"
            " WHERE relname IN ('core_instructor', 'core_entryversion', 'core_standing')"
        )
        known = dict(cursor.fetchall())
    assert known == {
        "core_instructor": Instructor.objects.count(), "core_entryversion": 25, "core_standing": 25,
    }  # fmt: skip
