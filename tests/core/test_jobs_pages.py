"""The pages of jobs and of the queue: who sees what, and what they say in every state."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_q.conf import Conf
from django_q.models import OrmQ, Schedule, Task
from django_q.status import Stat, Status

from core import queue
from core.audit.models import Event
from core.jobs import acts, keep
from core.jobs.models import Job
from tests import county as small
from tests.core.test_jobs import in_hands, media, started, work  # noqa: F401

State = Job.State


def text(answer, status=200) -> str:
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def get_file(browser, job):
    return browser.get(f"/jobs/{job.pk}/file/")


# ── a job's page ───────────────────────────────────────────────────────────────────────────────
def test_a_page_for_every_state(county, tmp_path, signed_in):
    browser = signed_in(county.wang_fang)
    job = started(county.wang_fang, tmp_path)
    page = text(browser.get(job.get_absolute_url()))
    assert "Counting to 3" in page
    assert "Waiting" in page
    in_hands(job)
    Job.objects.update(done=1, total=3)
    page = text(browser.get(job.get_absolute_url()))
    assert '<progress aria-label="Progress" max="3" value="1"></progress>' in page
    assert "core/jobs.js" in page
    assert "1 of 3" in text(browser.get(f"/jobs/{job.pk}/state/"))
    Job.objects.update(beat_at=timezone.now() - timedelta(hours=1))
    work(job)
    page = text(browser.get(job.get_absolute_url()))
    assert f"/jobs/{job.pk}/file/" in page
    assert "core/jobs.js" not in page
    assert "data-over" in text(browser.get(f"/jobs/{job.pk}/state/"))


def test_the_file_comes_under_its_chinese_name_and_is_kept_by_no_browser(county, tmp_path, signed_in):
    job = work(started(county.wang_fang, tmp_path))
    answer = get_file(signed_in(county.wang_fang), job)
    assert b"".join(answer.streaming_content) == b"3"
    assert "filename*=utf-8''%E6%95%B0%E5%88%B0%E5%A4%B4.txt" in answer["Content-Disposition"]
    assert answer["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer["Cache-Control"]


def test_no_address_serves_what_lies_below_media(county, tmp_path, signed_in):
    job = work(started(county.wang_fang, tmp_path))
    browser = signed_in(county.wang_fang)
    for address in (f"/media/{job.result}", f"/static/{job.result}", f"/{job.result}"):
        assert browser.get(address).status_code == 404


@pytest.mark.parametrize(
    ("who", "page", "file"),
    [("wang_fang", 200, 200), ("zhou_tao", 200, 403), ("zheng_guan", 200, 403), ("he_jun", 404, 404),
     ("chen_jing", 404, 404), ("sun_li", 404, 404), ("li_ming", 404, 404), ("wu_laoban", 404, 404)],
)  # fmt: skip
def test_who_sees_the_page_and_who_gets_the_file(county, tmp_path, signed_in, who, page, file):
    job = work(started(county.wang_fang, tmp_path))
    browser = signed_in(getattr(county, who))
    assert browser.get(job.get_absolute_url()).status_code == page
    assert browser.get(f"/jobs/{job.pk}/state/").status_code == page
    assert get_file(browser, job).status_code == file
    assert browser.post(f"/jobs/{job.pk}/cancel/").status_code == (409 if page == 200 else 404)
    assert Event.objects.filter(code="job.result_opened").count() == (file == 200)


@pytest.mark.parametrize("lost", [{"area": small.WEST}, {"role": "instructor"}])
def test_who_moved_on_does_not_get_the_file_any_more(county, tmp_path, signed_in, lost):
    job = work(started(county.wang_fang, tmp_path))
    for name, value in lost.items():
        setattr(county.wang_fang, name, value)
    county.wang_fang.save()
    assert get_file(signed_in(county.wang_fang), job).status_code == 403


def test_there_is_no_file_before_the_end_nor_after_a_stop_nor_after_its_days(
    county, tmp_path, signed_in
):
    browser = signed_in(county.wang_fang)
    job = started(county.wang_fang, tmp_path)
    assert "not ready yet" in text(get_file(browser, job), 409)
    stopped = acts.cancel(job, by=county.wang_fang, at=timezone.now())
    page = text(get_file(browser, stopped), 410)
    assert "There is no file to save." in page
    assert "This was stopped." in page
    job = work(started(county.wang_fang, tmp_path))
    Job.objects.filter(pk=job.pk).update(expires_at=timezone.now())
    assert get_file(browser, job).status_code == 410  # also before the clean-up came by
    keep.keep(timezone.now())
    assert "has been deleted" in text(get_file(browser, job), 410)


def test_a_failed_job_says_why_and_offers_to_go_on(county, tmp_path, signed_in):
    browser = signed_in(county.wang_fang)
    job = started(county.wang_fang, tmp_path, breaks_at=0)
    for _attempt in range(3):
        work(job)
    page = text(browser.get(job.get_absolute_url()))
    assert "3 times" in page
    assert "ValueError" not in page
    assert "secret" not in page
    answer = browser.post(f"/jobs/{job.pk}/again/")
    assert answer.url == job.get_absolute_url()
    assert Job.objects.get().state == State.QUEUED
    assert Event.objects.get(code="job.tried_again").by == county.wang_fang


def test_the_stop_button_stops(county, tmp_path, signed_in):
    browser = signed_in(county.wang_fang)
    job = in_hands(started(county.wang_fang, tmp_path))
    page = text(browser.post(f"/jobs/{job.pk}/cancel/", follow=True))
    assert "It stops before its next step." in page
    assert "Being stopped" in page
    assert f"/jobs/{job.pk}/cancel/" not in page
    assert browser.post(f"/jobs/{job.pk}/cancel/").status_code == 302  # pressed again: the same
    assert Event.objects.filter(code="job.cancelled").count() == 1


def test_the_list_shows_one_s_own_and_on_request_those_of_the_area(county, tmp_path, signed_in):
    for who, to in ((county.wang_fang, 11), (county.he_jun, 12), (county.zhou_tao, 13)):
        started(who, tmp_path, to=to)
    shown = {
        (who, whose): {n for n in (11, 12, 13) if f"Counting to {n}" in text(answer)}
        for who in ("wang_fang", "zhou_tao", "zheng_guan", "li_ming")
        for whose in ("", "all")
        for answer in [signed_in(getattr(county, who)).get("/jobs/", {"whose": whose})]
    }
    assert shown == {
        ("wang_fang", ""): {11}, ("wang_fang", "all"): {11},
        ("zhou_tao", ""): {13}, ("zhou_tao", "all"): {11, 12, 13},
        ("zheng_guan", ""): set(), ("zheng_guan", "all"): {11, 12, 13},
        ("li_ming", ""): set(), ("li_ming", "all"): set(),
    }  # fmt: skip


# ── the queue's page ───────────────────────────────────────────────────────────────────────────
def failure(function="workflows.nightly.night", group="nightly check") -> Task:
    now = timezone.now()
    return Task.objects.create(
        id="f" * 32, name="x", func=function, group=group, started=now, stopped=now, success=False,
        result="boom : Traceback (most recent call last):\n  File 'x'\nKeyError: 'Wang Jianguo'\n",
    )  # fmt: skip


@pytest.fixture
def no_worker(monkeypatch):
    monkeypatch.setattr(Stat, "get_all", list)


def test_the_queue_s_page_says_that_no_worker_runs(county, signed_in, no_worker):
    assert "No background worker is running" in text(signed_in(county.zheng_guan).get("/queue/"))


def test_the_queue_s_page_counts_workers_that_live(county, signed_in, monkeypatch):
    alive, gone = Status(pid=1, cluster_id="a"), Status(pid=2, cluster_id="b")
    alive.status, alive.workers = Conf.IDLE, [11, 12]
    gone.workers = [13]
    monkeypatch.setattr(Stat, "get_all", lambda: [alive, gone])
    assert "2 background workers are running." in text(signed_in(county.zheng_guan).get("/queue/"))


def test_the_queue_s_page_tells_of_each_schedule_how_it_went(county, signed_in, no_worker):
    call_command("schedules")
    browser = signed_in(county.zheng_guan)
    page = text(browser.get("/queue/"))
    assert page.count("not run yet") == len(queue.SCHEDULES)
    failure()
    assert {row.name: row.fine for row in queue.scheduled()}["nightly check"] is False
    Task.objects.create(
        id="e" * 32, name="y", func="workflows.nightly.night", group="nightly check", success=True,
        started=timezone.now(), stopped=timezone.now(),
    )  # fmt: skip
    assert {row.name: row.fine for row in queue.scheduled()}["nightly check"] is True
    assert Schedule.objects.count() == len(queue.SCHEDULES)


def test_a_failed_call_is_shown_without_its_words_and_made_again_once(county, signed_in, no_worker):
    task, browser = failure(), signed_in(county.zheng_guan)
    page = text(browser.get("/queue/"))
    assert "Nightly check" in page
    assert "KeyError" in page
    assert "Wang Jianguo" not in page
    assert browser.post(f"/queue/{task.pk}/again/").status_code == 302
    assert [call.task["func"] for call in OrmQ.objects.all()] == ["workflows.nightly.night"]
    assert browser.post(f"/queue/{task.pk}/again/").status_code == 404
    assert OrmQ.objects.count() == 1
    assert Event.objects.get(code="queue.tried_again").by == county.zheng_guan


def test_jobs_that_wait_run_or_failed_are_on_it_with_the_place_of_the_fault(
    county, tmp_path, signed_in, no_worker
):
    job = started(county.wang_fang, tmp_path, breaks_at=0, to=21)
    for _attempt in range(3):
        work(job)
    started(county.wang_fang, tmp_path, to=22)
    away = small.person("mei.lin", "township", small.AWAY_TOWN)
    started(away, tmp_path, to=23)
    page = text(signed_in(county.zheng_guan).get("/queue/"))
    assert "Counting to 21" in page
    assert "ValueError in job_kinds.py:" in page
    assert "Counting to 22" in page
    assert "Counting to 23" not in page  # another county's
