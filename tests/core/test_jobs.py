"""Jobs: started once, in the transaction of what they belong to; watched, stopped, gone on with."""

import os
import signal
import subprocess
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_q.models import OrmQ

from core.audit.models import Event
from core.errors import Refused
from core.jobs import acts, files, keep, limits, moves, pulse
from core.jobs import run as worker
from core.jobs.kinds import KINDS, Kind, Result, Step
from core.jobs.models import Job
from tests import county as small
from tests.core import job_kinds

State = Job.State


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def told(monkeypatch):
    """What those who follow jobs hear: (state, done)."""
    heard = []
    monkeypatch.setattr(moves, "WHEN_JOB_MOVES", [lambda job: heard.append((job.state, job.done))])
    return heard


def started(by, folder, *, to=3, key=None, area="", **given) -> Job:
    return acts.start_job(
        "counting", by=by, key=key or uuid4(), area=area,
        given={"folder": str(folder), "to": to, **given}, words={"to": str(to)},
    )  # fmt: skip


def counted(folder: Path) -> list[int]:
    trace = folder / "trace"
    return [int(line.split()[0]) for line in trace.read_text().splitlines()] if trace.exists() else []


def work(job: Job) -> Job:
    worker.run(job.pk)
    job.refresh_from_db()
    return job


@pytest.fixture
def kind(monkeypatch):
    """`kind(steps)`: a kind of this test, by the name "trial"."""

    def declare(steps):
        monkeypatch.setitem(KINDS, "trial", Kind("trial", "Trial", "Trial", "print_many", steps))
        monkeypatch.setattr(worker, "SLICE", 60)

    return declare


def trial(by) -> Job:
    return acts.start_job("trial", by=by, key=uuid4(), given={}, words={})


# ── starting ───────────────────────────────────────────────────────────────────────────────────
def test_a_job_is_put_into_the_queue_with_what_it_belongs_to_or_not_at_all(county, tmp_path):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        started(county.wang_fang, tmp_path)
        assert OrmQ.objects.count() == 1
        1 / 0  # noqa: B018
    assert not Job.objects.exists()
    assert not OrmQ.objects.exists()
    assert not Event.objects.filter(code="job.started").exists()
    job = started(county.wang_fang, tmp_path)
    (call,) = OrmQ.objects.all()
    assert (call.task["func"], call.task["args"]) == (acts.RUN, (job.pk,))
    assert Event.objects.get(code="job.started").by == county.wang_fang


def test_the_same_key_starts_one_job_and_another_person_s_key_is_not_theirs(county, tmp_path):
    key = uuid4()
    first = started(county.wang_fang, tmp_path, key=key)
    assert started(county.wang_fang, tmp_path, key=key) == first
    assert (Job.objects.count(), OrmQ.objects.count()) == (1, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        started(county.he_jun, tmp_path, key=key)


def test_who_lacks_the_verb_starts_nothing(county, tmp_path):
    with pytest.raises(Refused):
        started(county.li_ming, tmp_path)
    assert not OrmQ.objects.exists()


# ── running ────────────────────────────────────────────────────────────────────────────────────
def test_it_counts_to_the_end_leaves_a_file_and_runs_once(county, tmp_path, told, media):
    job = work(started(county.wang_fang, tmp_path))
    assert (job.state, job.done, job.total, job.error) == (State.DONE, 3, 3, "")
    assert (media / job.result).read_text() == "3"
    assert job.expires_at - job.finished == timedelta(days=7)
    work(job)
    assert counted(tmp_path) == [0, 1, 2]
    assert told[0] == (State.QUEUED, 0)
    assert told[1] == (State.RUNNING, 0)
    assert told[-1] == (State.DONE, 3)


def test_progress_is_told_a_few_times_a_second_at_the_most(county, told, kind):
    def steps(work):
        for number in range(200):
            yield Step(number + 1, 200, {"n": number})
        files.replace(work.folder / "x", b"x")
        return Result(work.folder / "x", "x", "text/plain")

    kind(steps)
    job = trial(county.wang_fang)
    began = timezone.now()
    assert work(job).done == 200
    seconds = (timezone.now() - began).total_seconds()
    between = [done for state, done in told if state == State.RUNNING]
    assert 1 <= len(between) <= 3 + seconds / worker.TELL_EVERY


def test_a_long_job_gives_others_a_turn_and_goes_on_where_it_was(county, tmp_path, monkeypatch):
    monkeypatch.setattr(worker, "SLICE", -1)
    job = started(county.wang_fang, tmp_path)
    OrmQ.objects.all().delete()
    work(job)
    assert (job.state, job.done, job.token) == (State.RUNNING, 1, None)
    assert OrmQ.objects.count() == 1  # it asked for its next turn
    work(work(work(job)))
    assert job.state == State.DONE
    assert counted(tmp_path) == [0, 1, 2]


def test_what_a_step_changes_comes_with_its_checkpoint_or_not_at_all(county, kind):
    def steps(work):
        yield Step(1, 2, {"n": 1}, lambda: small.firm("With the first"))

        def half():
            small.firm("With the second")
            raise ValueError

        yield Step(2, 2, {"n": 2}, half)

    kind(steps)
    job = work(trial(county.wang_fang))
    assert (job.done, job.checkpoint) == (1, {"n": 1})
    names = set(county.tea.__class__.objects.values_list("name", flat=True))
    assert "With the first" in names
    assert "With the second" not in names


def test_a_step_that_breaks_is_tried_three_times_then_says_so(county, tmp_path):
    job = started(county.wang_fang, tmp_path, breaks_at=1)
    for _attempt in range(2):
        assert work(job).state == State.RUNNING
    assert work(job).state == State.FAILED
    assert counted(tmp_path) == [0, 1, 1, 1]  # what was reached is not done again
    assert "3 times" in job.error
    assert "secret" not in job.error + job.trouble
    assert job.trouble.startswith("ValueError in job_kinds.py:")
    assert (job.result, Event.objects.filter(code="job.failed").count()) == ("", 1)


def test_a_refusal_is_the_job_s_sentence_at_once(county, kind):
    def steps(work):
        yield Step(0, 1)
        raise Refused(Refused.BAD_INPUT, "East Hill Tea: no font has it.")

    kind(steps)
    job = work(trial(county.wang_fang))
    assert (job.state, job.error) == (State.FAILED, "East Hill Tea: no font has it.")


def test_a_sentence_is_in_the_language_of_who_started_it(county, tmp_path):
    job = started(county.wang_fang, tmp_path)
    Job.objects.update(language="zh-hans", kind="gone")
    assert work(job).state == State.FAILED
    assert str(job) == "gone"
    # The Chinese of it: see the catalogue; here it is enough that the language is the person's.
    assert Job.objects.get().language == "zh-hans"


@pytest.mark.skipif(limits.resource is None, reason="only Linux bounds memory")
def test_a_job_that_takes_too_much_memory_ends_with_a_sentence(county, kind, settings):
    settings.JOB_MEMORY_MB = 200

    def steps(work):
        yield Step(0, 1)
        bytearray(400 * 1024**2)

    kind(steps)
    before = limits.resource.getrlimit(limits.resource.RLIMIT_AS)
    job = work(trial(county.wang_fang))
    assert (job.state, "200 MB" in job.error) == (State.FAILED, True)
    assert limits.resource.getrlimit(limits.resource.RLIMIT_AS) == before


def test_a_step_that_takes_too_long_ends_the_job_and_the_worker_is_told(county, kind):
    def steps(work):
        yield Step(0, 1)
        raise worker.OutOfTime

    kind(steps)
    job = trial(county.wang_fang)
    with pytest.raises(worker.OutOfTime):
        worker.run(job.pk)
    job.refresh_from_db()
    assert (job.state, "10 minutes" in job.error) == (State.FAILED, True)


@pytest.mark.parametrize("lost", [{"role": "instructor"}, {"is_active": False}, {"area": small.WEST}])
def test_who_lost_the_verb_or_the_place_gets_nothing_made_any_more(county, tmp_path, lost):
    job = started(county.wang_fang, tmp_path)
    type(county.wang_fang).objects.filter(pk=county.wang_fang.pk).update(**lost)
    assert work(job).state == State.FAILED
    assert counted(tmp_path) == []


# ── stopping, and starting again ───────────────────────────────────────────────────────────────
def test_a_job_that_waits_is_stopped_at_once(county, tmp_path, told):
    job = acts.cancel(started(county.wang_fang, tmp_path), by=county.wang_fang, at=timezone.now())
    assert job.state == State.CANCELLED
    assert work(job).state == State.CANCELLED
    assert counted(tmp_path) == []
    assert told[-1] == (State.CANCELLED, 0)
    with pytest.raises(Refused):
        acts.cancel(job, by=county.wang_fang, at=timezone.now())


def test_a_running_job_stops_before_its_next_step_and_leaves_no_file(county, kind, media):
    def steps(work):
        files.replace(work.folder / "half", b"half")
        yield Step(1, 3, {"n": 1})
        acts.cancel(Job.objects.get(), by=county.zhou_tao, at=timezone.now())  # of another window
        yield Step(2, 3, {"n": 2})
        raise AssertionError("it went on")

    kind(steps)
    job = work(trial(county.wang_fang))
    assert (job.state, job.done, job.result) == (State.CANCELLED, 1, "")
    assert job.cancel_asked_by == county.zhou_tao
    keep.keep()
    assert not files.folder_of(job).exists()


@pytest.mark.parametrize(
    ("who", "may"),
    [("wang_fang", True), ("zhou_tao", True), ("zheng_guan", True), ("he_jun", False),
     ("chen_jing", False), ("sun_li", False), ("li_ming", False)],
)  # fmt: skip
def test_who_may_stop_a_job(county, tmp_path, who, may):
    job = started(county.wang_fang, tmp_path)
    if may:
        assert acts.cancel(job, by=getattr(county, who), at=timezone.now()).over
    else:
        with pytest.raises(Refused):
            acts.cancel(job, by=getattr(county, who), at=timezone.now())
        assert not Job.objects.get().over


def test_a_failed_job_goes_on_from_where_it_broke_off(county, tmp_path):
    job = started(county.wang_fang, tmp_path, breaks_at=1)
    with pytest.raises(Refused):
        acts.start_again(job, by=county.wang_fang)
    for _attempt in range(3):
        work(job)
    keep.keep()  # its files are still there
    Job.objects.update(given={"folder": str(tmp_path), "to": 3})
    assert work(acts.start_again(job, by=county.zheng_guan)).state == State.DONE
    assert counted(tmp_path) == [0, 1, 1, 1, 1, 2]


# ── death ──────────────────────────────────────────────────────────────────────────────────────
def in_hands(job: Job, **more) -> Job:
    Job.objects.filter(pk=job.pk).update(
        **{"state": State.RUNNING, "token": uuid4(), "holder": pulse.myself(),
           "beat_at": timezone.now(), "attempts": 1} | more
    )  # fmt: skip
    OrmQ.objects.all().delete()
    job.refresh_from_db()
    return job


@pytest.mark.parametrize(
    ("more", "dead"),
    [
        ({}, False),
        ({"holder": "another-machine 1 1"}, False),
        ({"holder": f"{pulse.here()} 4194303 1"}, True),  # no such process here
        ({"holder": f"{pulse.myself()}0"}, True),  # the number was given to another process
        ({"beat_at": timezone.now() - timedelta(days=1)}, True),
    ],
)
def test_only_the_job_of_a_dead_worker_is_taken_up_again(county, tmp_path, more, dead):
    job = in_hands(started(county.wang_fang, tmp_path), **more)
    work(job)
    assert (job.state == State.DONE) == dead
    assert keep.resume() == 0
    again = in_hands(started(county.wang_fang, tmp_path), **more)
    assert (keep.resume(), keep.resume()) == (int(dead), 0)
    assert OrmQ.objects.count() == int(dead)
    assert bool(Job.objects.get(pk=again.pk).token) != dead


@pytest.mark.skipif(limits.resource is None, reason="only Linux tells")
def test_a_worker_that_ended_and_was_not_yet_cleared_away_is_dead(county, tmp_path):
    job = in_hands(started(county.wang_fang, tmp_path))
    child = subprocess.Popen(["sleep", "60"])
    job.holder = f"{pulse.here()} {child.pid} {pulse._born(child.pid)}"
    assert not pulse.dead(job, timezone.now())
    os.kill(child.pid, signal.SIGKILL)
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # ended, and left in the table
    assert pulse.dead(job, timezone.now())
    child.wait()
    assert pulse.dead(job, timezone.now())


def test_a_worker_that_lost_its_job_writes_nothing_more(county, kind, told):
    def steps(work):
        yield Step(1, 3, {"n": 1})
        Job.objects.update(token=uuid4())  # it was thought dead, and another took it
        yield Step(2, 3, {"n": 2}, lambda: small.firm("Never"))
        raise AssertionError("it went on")

    kind(steps)
    job = work(trial(county.wang_fang))
    assert (job.state, job.done, job.checkpoint) == (State.RUNNING, 1, {"n": 1})
    assert not county.tea.__class__.objects.filter(name="Never").exists()


def test_a_worker_killed_three_times_at_one_step_is_the_end_of_the_job(county, tmp_path):
    job = in_hands(started(county.wang_fang, tmp_path), holder=f"{pulse.here()} 4194303 1", attempts=3)
    assert work(job).state == State.FAILED
    assert "3 times" in job.error
    assert counted(tmp_path) == []


def test_a_job_that_lost_its_place_in_the_queue_gets_another(county, tmp_path):
    job = started(county.wang_fang, tmp_path)
    soon = timezone.now() + timedelta(minutes=2)
    assert keep.resume(soon) == 0  # it stands in the queue
    OrmQ.objects.all().delete()
    assert keep.resume() == 0  # it may be on its way to a worker
    assert (keep.resume(soon), keep.resume(soon)) == (1, 0)
    assert work(job).state == State.DONE


# ── files ──────────────────────────────────────────────────────────────────────────────────────
def test_a_file_goes_when_its_days_are_over_and_only_then(county, tmp_path, media):
    job = work(started(county.wang_fang, tmp_path))
    later = job.expires_at + timedelta(seconds=1)
    assert keep.keep(job.expires_at - timedelta(seconds=1))["expired"] == 0
    assert (media / job.result).exists()
    assert keep.keep(later) == {"resumed": 0, "expired": 1, "removed": 1}
    assert not files.folder_of(job).exists()
    assert keep.keep(later) == {"resumed": 0, "expired": 0, "removed": 0}
    job.refresh_from_db()
    assert job.expired
    keep.keep(later + timedelta(days=400))
    assert not Job.objects.exists()


def test_a_stranger_s_folder_is_left_alone(county, tmp_path, media):
    (media / files.ROOM / str(uuid4())).mkdir(parents=True)
    (media / files.ROOM / "notes").mkdir()
    running = in_hands(started(county.wang_fang, tmp_path))
    files.replace(files.folder_of(running) / "part", b"1")
    assert keep.tidy(timezone.now()) == 0
    assert len(list((media / files.ROOM).iterdir())) == 3


def test_the_test_s_kind_is_like_any_other():
    assert KINDS["counting"].steps is job_kinds.counting
