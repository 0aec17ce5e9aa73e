"""Jobs in real worker processes: killed outright, and several at once."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings as product
from django.db import connection

from core.jobs import acts
from core.jobs.models import Job
from tests import county as small
from tests.core.job_kinds import COUNTING

pytestmark = [pytest.mark.django_db(transaction=True)]

PATIENCE = 90  # seconds; a machine may be busy. Nothing is concluded from how long it takes.


@pytest.fixture
def desk(transactional_db, tmp_path, settings):
    """The small county in a database that other processes can open, and their environment."""
    county = small.build()
    settings.MEDIA_ROOT = tmp_path / "var" / "media"
    env = {"VAR_DIR": str(tmp_path / "var"), "SECRET_KEY": product.SECRET_KEY, "DEMO": "1",
           "QUEUE_WORKERS": "2", "CHROMIUM": "", "REDIS_URL": ""}  # fmt: skip
    return county, os.environ | env | {"AUDIT_KEY": product.AUDIT_KEY}


def shared(tmp_path: Path) -> str:
    """The address of the test's database for other processes: itself, or a copy of it as it is."""
    if connection.vendor == "postgresql":
        s = connection.settings_dict
        return f"postgres://{s['USER']}@{s['HOST']}:{s['PORT']}/{s['NAME']}"
    file = tmp_path / "desk.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(file)])
    return f"sqlite:///{file}"


def state_of(url: str, pk: int) -> str:
    """As the other processes wrote it."""
    if url.startswith("sqlite"):
        with sqlite3.connect(url.removeprefix("sqlite:///"), timeout=20) as copy:
            return copy.execute("SELECT state FROM core_job WHERE id = ?", [pk]).fetchone()[0]
    return Job.objects.get(pk=pk).state


def until(what, done, log: Path) -> None:
    limit = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < limit, f"it never happened: {what}\n{log.read_text()}"
        time.sleep(0.05)


def trace(folder: Path) -> list[tuple[int, int]]:
    """(number, process) for each step that was begun."""
    file = folder / "trace"
    lines = file.read_text().splitlines() if file.exists() else []
    return [(int(number), int(pid)) for number, pid in map(str.split, lines)]


@contextmanager
def process(env, url, log: Path, *arguments):
    """The worker of tests/core/job_kinds.py; nothing of it is left behind."""
    with log.open("a") as output:
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.core.job_kinds", *map(str, arguments)],
            cwd=product.BASE_DIR, env=env | {"DATABASE_URL": url}, start_new_session=True,
            stdout=output, stderr=output,
        )  # fmt: skip
    try:
        yield worker
    finally:
        try:
            os.killpg(worker.pid, signal.SIGKILL)
        except ProcessLookupError:
            assert worker.poll() is not None
        worker.wait()


def started(county, folder, **given) -> Job:
    return acts.start_job(
        COUNTING, by=county.wang_fang, key=uuid4(), words={"to": str(given["to"])},
        given={"folder": str(folder), **given},
    )  # fmt: skip


def test_a_worker_killed_with_9_is_replaced_and_the_job_goes_on_where_it_was(desk, tmp_path):
    county, env = desk
    job = started(county, tmp_path, to=5, gates=[3])
    url, log = shared(tmp_path), tmp_path / "log"
    with process(env, url, log):
        until("step 3 began", lambda: 3 in dict(trace(tmp_path)), log)
        killed = dict(trace(tmp_path))[3]
        os.kill(killed, signal.SIGKILL)
        until("another took it up", lambda: [n for n, _pid in trace(tmp_path)].count(3) == 2, log)
        (tmp_path / "gate-3").touch()
        until("it is done", lambda: state_of(url, job.pk) == "done", log)
    steps = trace(tmp_path)
    assert [number for number, _pid in steps] == [0, 1, 2, 3, 3, 4], log.read_text()
    assert steps[4][1] != killed
    assert (Path(env["VAR_DIR"]) / "media" / "jobs" / str(job.key) / "counted.txt").read_text() == "5"


def test_after_the_whole_desk_was_killed_a_restart_goes_on(desk, tmp_path):
    county, env = desk
    job = started(county, tmp_path, to=4, gates=[2])
    url, log = shared(tmp_path), tmp_path / "log"
    with process(env, url, log):
        until("step 2 began", lambda: 2 in dict(trace(tmp_path)), log)
    (tmp_path / "gate-2").touch()
    with process(env, url, log):
        until("it is done", lambda: state_of(url, job.pk) == "done", log)
    assert [number for number, _pid in trace(tmp_path)] == [0, 1, 2, 2, 3], log.read_text()


@pytest.mark.postgres
def test_of_many_workers_at_once_one_does_each_step(desk, tmp_path):
    county, env = desk
    job = started(county, tmp_path, to=40, gates=[20])
    url, log = shared(tmp_path), tmp_path / "log"
    with process(env, url, log, job.pk), process(env, url, log, job.pk), process(env, url, log, job.pk):
        until("half is done", lambda: 20 in dict(trace(tmp_path)), log)
        (tmp_path / "gate-20").touch()
        until("it is done", lambda: Job.objects.get(pk=job.pk).over, log)
    assert Job.objects.get(pk=job.pk).state == "done", log.read_text()
    assert [number for number, _pid in trace(tmp_path)] == list(range(40))


@pytest.mark.postgres
def test_several_jobs_over_several_workers_are_each_done_once(desk, tmp_path):
    county, env = desk
    folders = [tmp_path / f"{number}" for number in range(6)]
    jobs = []
    for folder in folders:
        folder.mkdir()
        jobs.append(started(county, folder, to=10))
        acts.enqueue(acts.RUN, jobs[-1].pk)  # given out twice, as a queue may
    url, log = shared(tmp_path), tmp_path / "log"
    with process(env, url, log), process(env, url, log):
        until("all are done", lambda: not Job.objects.not_over().exists(), log)
    for folder, job in zip(folders, jobs, strict=True):
        assert [number for number, _pid in trace(folder)] == list(range(10)), log.read_text()
        assert Job.objects.get(pk=job.pk).state == "done"
