import pytest
from django.contrib.auth import get_user_model
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django_q.conf import Conf
from django_q.status import Stat, Status

from core.desk import health


def lines(response) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in response.content.decode().splitlines())


@pytest.fixture
def no_worker(monkeypatch):
    monkeypatch.setattr(Stat, "get_all", list)


@pytest.mark.django_db
def test_a_line_for_each_part(client, no_worker):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain")
    told = lines(answer)
    assert list(told) == ["database", "migrations", "fonts", "queue"]
    assert told["database"] == told["migrations"] == "ok"
    assert told["fonts"].startswith("ok")
    assert told["queue"] == "no worker seen"


@pytest.mark.django_db
def test_a_worker_that_lives_is_seen_and_one_that_stopped_is_not(client, monkeypatch):
    worker = Status(pid=1, cluster_id="desk")
    monkeypatch.setattr(Stat, "get_all", lambda: [worker])
    assert lines(client.get("/healthz"))["queue"] == "no worker seen"
    worker.status = Conf.IDLE
    assert lines(client.get("/healthz"))["queue"] == "ok"


@pytest.mark.django_db
def test_a_migration_that_is_not_applied_is_told(client, no_worker):
    MigrationRecorder(connection).record_unapplied("core", "0001_ledger_people_audit")
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert lines(answer)["migrations"] == "1 not applied"


@pytest.mark.django_db
def test_it_answers_when_the_database_is_away_even_to_somebody_signed_in(
    client, monkeypatch, no_worker
):
    county = get_user_model().objects.create_user("shen", role="county", name="沈志远")
    client.force_login(county)

    def away(*_args, **_kwargs):
        raise OperationalError("could not connect as desk with password hunter2")

    monkeypatch.setattr(connection, "cursor", away)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert lines(answer)["database"] == "away (OperationalError)"
    assert "hunter2" not in answer.content.decode()


def test_fonts_and_queue_do_not_decide_whether_the_desk_serves():
    assert set(health.VITAL) == {health.database, health.migrations}
