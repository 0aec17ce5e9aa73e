"""A job's page moves by itself, and the pages of jobs are fit to be seen."""

from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone

from core.jobs import acts
from core.jobs import run as worker
from core.jobs.models import Job
from tests.core.job_kinds import COUNTING
from tests.core.test_jobs_pages import failure

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def started(by, folder, **more) -> Job:
    return acts.start_job(
        COUNTING, by=by, key=uuid4(), words={"to": "40"},
        given={"folder": str(folder), "to": 40, **more},
    )  # fmt: skip


def test_the_bar_moves_and_the_file_is_offered_without_a_reload(county, window, tmp_path):
    job = started(county.wang_fang, tmp_path)
    desk = window(county.wang_fang)
    desk.open(job.get_absolute_url())
    page = desk.page
    assert page.locator("progress").get_attribute("value") == "0"
    Job.objects.filter(pk=job.pk).update(
        state="running", done=13, total=40, token=uuid4(), beat_at=timezone.now()
    )
    page.wait_for_selector("progress[max='40'][value='13']")
    desk.look()
    # What hears of it sooner need not wait for the next look.
    Job.objects.filter(pk=job.pk).update(done=14)
    heard = "job => document.dispatchEvent(new CustomEvent('job:moved', {detail: {job}}))"
    page.evaluate(heard, job.pk)
    page.wait_for_selector("progress[value='14']")
    Job.objects.filter(pk=job.pk).update(state="queued", token=None, attempts=0)
    worker.run(job.pk)
    link = page.wait_for_selector("a.button.primary")
    desk.look()
    with page.expect_download() as saved:
        link.click()
    assert saved.value.suggested_filename == "数到头.txt"
    assert saved.value.path().read_text() == "40"


@pytest.mark.parametrize("size", ["desk", "phone"])
@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_every_page_of_jobs_is_fit_to_be_seen(county, window, tmp_path, size, language):
    call_command("schedules")
    failure()
    running, broken = (started(county.wang_fang, tmp_path, breaks_at=n) for n in (50, 0))
    for _attempt in range(3):
        worker.run(broken.pk)
    mine = window(county.wang_fang, size, language)
    seen = [job.get_absolute_url() for job in (running, broken)]
    for path in ("/jobs/", *seen, "/papers/approval-forms/", "/firms/"):
        mine.open(path)
    desk = window(county.zheng_guan, size, language)
    for path in ("/queue/", "/jobs/?whose=all"):
        desk.open(path)
