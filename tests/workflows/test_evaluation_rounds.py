"""Rounds of evaluation: what is refused, and that the opening is safe to begin again."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from core.jobs import run as worker
from core.jobs.models import Job
from tests import county as small
from tests.workflows.evaluating import begun
from workflows.engine.models import Task
from workflows.evaluations import opening
from workflows.evaluations.models import Round


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        ({"areas": []}, "Choose at least one area."),
        ({"closes_on": "2001-01-01"}, "choose a day after today"),
        ({"since": "2999-01-01"}, "ends before it begins"),
        ({"since": "1950-01-01", "until": "1950-06-01"}, "No assignment of these areas"),
        ({"areas": [small.AWAY_TOWN]}, small.AWAY_TOWN),
    ],
)
def test_a_round_that_makes_no_sense_is_refused(county, slip, said):
    form = {
        "kind": "yearly", "areas": [small.EAST], "since": county.today - timedelta(days=200),
        "until": county.today, "closes_on": county.today + timedelta(days=30), "key": uuid4(),
    } | slip  # fmt: skip
    answer = browser(county.zhou_tao).post("/evaluations/rounds/new/", form)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Round.objects.exists()


def test_the_opening_begun_again_opens_nothing_twice(county, settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(opening, "CHUNK", 1)
    for number in range(4):
        small.assign(county.guide_li, small.firm(f"Row {number}"))
    office = browser(county.zhou_tao)
    office.post("/evaluations/rounds/new/", {
        "kind": "yearly", "areas": [small.EAST], "since": county.today - timedelta(days=200),
        "until": county.today, "closes_on": county.today + timedelta(days=30), "key": uuid4(),
    })  # fmt: skip
    job, made = Job.objects.get(), Round.objects.get()
    begun(county, county.tea, made)  # as if an earlier run had come so far
    worker.run(job.pk)
    job.refresh_from_db()
    assert (job.state, made.evaluations.count()) == ("done", 5)
    Job.objects.filter(pk=job.pk).update(state="queued", finished=None, checkpoint={})
    worker.run(job.pk)
    assert made.evaluations.count() == 5
    assert Task.objects.human().open().filter(process__evaluation__round=made).count() == 10


def wishes(county, **more) -> dict:
    return {
        "kind": "yearly", "areas": [small.EAST], "since": county.today - timedelta(days=200),
        "until": county.today, "closes_on": county.today + timedelta(days=30), "key": uuid4(),
    } | more  # fmt: skip


def test_nobody_is_asked_twice_about_the_same(county, settings, tmp_path):
    """A round of almost the same days is refused; another kind leaves out who is being asked."""
    settings.MEDIA_ROOT = tmp_path
    office = browser(county.zhou_tao)
    assert office.post("/evaluations/rounds/new/", wishes(county)).status_code == 302
    worker.run(Job.objects.get().pk)
    other = wishes(county, until=county.today - timedelta(days=1))
    assert "open already" in office.post("/evaluations/rounds/new/", other).content.decode()
    demand = office.post("/evaluations/rounds/new/", wishes(county, kind="demand"))
    assert demand.status_code == 422
    assert "being evaluated already" in demand.content.decode()
    small.assign(county.guide_li, small.firm("Not asked yet"))
    assert office.post("/evaluations/rounds/new/", wishes(county, kind="demand")).status_code == 302
    worker.run(Job.objects.order_by("pk").last().pk)
    assert Round.objects.get(kind="demand").evaluations.get().firm.name == "Not asked yet"
