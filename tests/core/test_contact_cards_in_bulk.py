"""A township's contact cards as one PDF: each firm once, in order, whatever happens on the way."""

import io
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import timezone
from pypdf import PdfReader

from core.audit.models import Event
from core.contact_cards import printing
from core.jobs import acts
from core.jobs import run as worker
from core.jobs.files import folder_of
from core.jobs.models import Job
from core.people.models import Instructor
from tests import county as small

pytestmark = pytest.mark.usefixtures("english")
PAGE = "/contact-cards/print/"
RARE = ["青岚县㛃记食品厂", "𬬮䶮五金制品有限公司", "东山𫖯茶业合作社", "清河王村砖瓦厂"]


@pytest.fixture(autouse=True)
def small_parts(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(printing, "PART", 2)
    monkeypatch.setattr(printing, "WRITTEN", 2)
    monkeypatch.setattr(worker, "SLICE", 60)


@pytest.fixture
def firms(county) -> list[str]:
    """The names of the township's firms with an instructor, in the order of the file."""
    for n, name in enumerate(RARE):
        small.assign(small.instructor(f"Tang {n}"), small.firm(name))
    small.firm("尚无指导员的企业")
    return [firm.name for firm in printing.with_instructor(county.wang_fang, small.EAST)]


def ask(browser, place=small.EAST) -> Job:
    answer = browser.post(PAGE, {"key": uuid4(), "place": place})
    assert answer.status_code == 302, answer.content.decode()
    return Job.objects.get(pk=answer.url.split("/")[2])


def work(job: Job) -> Job:
    worker.run(job.pk)
    job.refresh_from_db()
    return job


def written_down() -> list[str]:
    return sorted(e.firm.name for e in Event.objects.filter(code="contact_card.printed"))


def test_every_firm_with_an_instructor_has_its_page(county, firms, signed_in):
    browser = signed_in(county.wang_fang)
    job = work(ask(browser))
    assert (job.state, job.done, job.total) == ("done", 5, 5), job.error
    content = b"".join(browser.get(f"/jobs/{job.pk}/file/").streaming_content)
    pages = ["".join(p.extract_text().split()) for p in PdfReader(io.BytesIO(content)).pages]
    assert len(pages) == 5 and set(RARE) < set(firms)
    assert all(name.replace(" ", "") in page for name, page in zip(firms, pages, strict=True))
    assert "尚无指导员的企业" not in "".join(pages)
    assert written_down() == sorted(firms)
    size = PdfReader(io.BytesIO(content)).pages[0].mediabox
    assert (float(size.width), float(size.height)) == pytest.approx((595.3, 419.5), abs=0.5)


@pytest.mark.parametrize("dies_at", range(7))
def test_killed_anywhere_it_goes_on_and_nothing_is_written_down_twice(
    county, firms, signed_in, settings, monkeypatch, dies_at
):
    """The worker dies after so many checkpoints: as with kill -9, nothing more is written."""
    job = ask(signed_in(county.wang_fang))
    kept, left = worker._Run.keep, [dies_at]

    class Killed(BaseException):
        pass

    def keep_and_die(self, step):
        if step.checkpoint is not None:
            if not left[0]:
                raise Killed
            left[0] -= 1
        kept(self, step)

    monkeypatch.setattr(worker._Run, "keep", keep_and_die)
    with pytest.raises(Killed):
        work(job)
        raise Killed  # it came to the end before
    monkeypatch.setattr(worker._Run, "keep", kept)
    Job.objects.filter(token__isnull=False).update(beat_at=timezone.now() - timedelta(hours=1))
    job = work(job)
    assert (job.state, job.error) == ("done", "")
    assert written_down() == sorted(firms)
    assert len(PdfReader(Path(settings.MEDIA_ROOT) / job.result).pages) == 5


def test_parts_that_were_lost_are_printed_again(county, firms, signed_in, monkeypatch):
    monkeypatch.setattr(worker, "SLICE", -1)
    job = ask(signed_in(county.wang_fang))
    for _turn in range(3):
        work(job)
    assert job.checkpoint["printed"]
    for part in folder_of(job).glob("parts/*"):
        part.unlink()
    while not job.over:
        work(job)
    assert (job.state, written_down()) == ("done", sorted(firms))


def test_it_stops_when_asked(county, firms, signed_in, monkeypatch):
    monkeypatch.setattr(worker, "SLICE", -1)
    job = work(ask(signed_in(county.wang_fang)))
    acts.cancel(job, by=county.wang_fang, at=timezone.now())
    assert work(job).state == "cancelled"
    assert written_down() == []


def test_a_character_without_a_font_fails_it_naming_the_firm(county, firms, signed_in):
    Instructor.objects.filter(name="Tang 2").update(name="陈\ue123")
    job = work(ask(signed_in(county.wang_fang)))
    assert job.state == "failed" and RARE[2] in job.error and "U+E123" in job.error
    assert not any(name in job.error for name in RARE if name != RARE[2])
    assert written_down() == []
    Instructor.objects.filter(name="陈\ue123").update(name="陈")
    assert work(acts.start_again(job, by=county.wang_fang)).state == "done"


def test_only_firms_within_reach_are_printed(county, firms, signed_in):
    small.assign(county.guide_li, county.mall)
    job = work(ask(signed_in(county.chen_jing), small.COUNTY))  # the line of the mall
    assert (job.state, written_down()) == ("done", ["Qinghe Mall"])
    answer = signed_in(county.wang_fang).post(PAGE, {"key": uuid4(), "place": small.WEST})
    assert answer.status_code == 422


def test_where_nobody_is_guided_there_is_nothing_to_print(county, signed_in):
    county.tea.assignments.update(until=county.today, ended_as="asked")
    answer = signed_in(county.wang_fang).post(PAGE, {"key": uuid4(), "place": small.EAST})
    assert answer.status_code == 422 and "no card to print" in answer.content.decode()
    assert not Job.objects.exists()
