"""The approval forms of a township as one PDF: each once, in order, whatever happens on the way."""

import io
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import timezone
from pypdf import PdfReader

from core.audit.models import Event
from core.errors import Refused
from core.jobs import acts, keep
from core.jobs import run as worker
from core.jobs.files import folder_of
from core.jobs.models import Job
from core.papers import paper
from tests import county as small
from tests.workflows.talk import D, at_hand, say
from workflows.coverage import forms_in_bulk as bulk
from workflows.coverage.acts import propose
from workflows.coverage.models import TransitionRequest

PAGE = "/papers/approval-forms/"
RARE = (
    "青岚县㛃记食品厂", "𬬮䶮五金制品有限公司", "东山𫖯茶业合作社", "清河王村砖瓦厂", "沈家门渔具",
)  # fmt: skip


@pytest.fixture(autouse=True)
def small_parts(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(bulk, "PART", 2)
    monkeypatch.setattr(bulk, "WRITTEN", 2)
    monkeypatch.setattr(worker, "SLICE", 60)


def decide(county, name: str, area=small.EAST, by=None, **more):
    """A request about a new firm, approved today."""
    firm = small.firm(name, area, **more)
    small.union(firm)
    asked = propose(firm, "organise_mass", by=county.zhou_tao, on=county.today, reason="已建工会。")
    say(at_hand(asked), D.APPROVE, by or county.wang_fang, "同意。")
    return TransitionRequest.objects.get(pk=asked.pk)


@pytest.fixture
def five(county):
    return [decide(county, name) for name in RARE]


def typed(county, township=small.EAST, since=None, until=None, **more):
    days = {"since": since or county.today, "until": until or county.today}
    return {"key": uuid4(), "township": township, **days, **more}


def ask(browser, form) -> Job:
    answer = browser.post(PAGE, form)
    assert answer.status_code == 302, answer.content.decode()
    return Job.objects.get(pk=answer.url.split("/")[2])


def work(job: Job) -> Job:
    worker.run(job.pk)
    job.refresh_from_db()
    return job


def pages_of(answer) -> list[str]:
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(b"".join(answer.streaming_content)))
    return ["".join(page.extract_text().split()) for page in reader.pages]


def printed_firms() -> list[str]:
    return sorted(event.firm.name for event in Event.objects.filter(code="request.printed"))


def test_every_firm_is_in_it_once_with_a_table_of_pages(county, five, signed_in):
    browser = signed_in(county.wang_fang)
    job = work(ask(browser, typed(county)))
    assert (job.state, job.done, job.total) == ("done", 5, 5), job.error
    answer = browser.get(f"/jobs/{job.pk}/file/")
    cover, *forms = pages_of(answer)
    assert len(forms) == 5
    for place, (name, form) in enumerate(zip(RARE, forms, strict=True)):
        assert name in form
        assert sum(other in form for other in RARE) == 1
        assert "第1页，共1页" in form  # each form is numbered for itself
        assert cover.count(name) == 1
        assert cover.index(name) == min(cover.index(n) for n in RARE[place:])
    assert printed_firms() == sorted(RARE)
    assert Event.objects.get(code="job.result_opened").by == county.wang_fang


def test_the_file_has_a_bookmark_on_the_first_page_of_each_form(county, five, signed_in):
    browser = signed_in(county.wang_fang)
    five[0].reason = "理由。\n" * 60  # longer than a page
    five[0].save()
    job = work(ask(browser, typed(county)))
    content = b"".join(browser.get(f"/jobs/{job.pk}/file/").streaming_content)
    reader = PdfReader(io.BytesIO(content))
    _cover, *marks = reader.outline
    found = {mark.title: reader.get_destination_page_number(mark) for mark in marks}
    assert list(found) == list(RARE)
    assert found[RARE[1]] - found[RARE[0]] > 1
    for name, page in found.items():
        assert name in "".join(reader.pages[page].extract_text().split())
    cover = "".join(reader.pages[0].extract_text().split())
    for name, page in found.items():
        row = cover.partition(name)[2]
        assert f"{timezone.localdate():%Y-%m-%d}{page + 1}" in row


def test_a_long_table_of_pages_still_names_the_right_ones():
    rows = [[number, 1] for number in range(100)]
    assert bulk._begins(rows, 1)[0] == 2
    assert bulk._begins(rows, 3)[:2] == [4, 5]


@pytest.mark.parametrize("dies_at", range(8))
def test_killed_anywhere_it_goes_on_and_nothing_is_written_down_twice(
    county, five, signed_in, settings, monkeypatch, dies_at
):
    """The worker dies after so many checkpoints: as with kill -9, nothing more is written."""
    job = ask(signed_in(county.wang_fang), typed(county))
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
    assert printed_firms() == sorted(RARE)
    assert len(PdfReader(Path(settings.MEDIA_ROOT) / job.result).pages) == 6


def test_parts_that_were_lost_are_printed_again(county, five, signed_in, monkeypatch):
    monkeypatch.setattr(worker, "SLICE", -1)
    browser = signed_in(county.wang_fang)
    job = work(work(ask(browser, typed(county))))
    assert job.checkpoint["parts"]
    for part in folder_of(job).glob("parts/*"):
        part.unlink()
    while not job.over:
        work(job)
    assert len(pages_of(browser.get(f"/jobs/{job.pk}/file/"))) == 6


def test_a_character_that_no_font_has_fails_it_naming_the_firm(county, five, signed_in):
    five[3].reason = "王\ue123"
    five[3].save()
    job = work(ask(signed_in(county.wang_fang), typed(county)))
    assert (job.state, job.result) == ("failed", "")
    assert RARE[3] in job.error
    assert "U+E123" in job.error
    assert not any(name in job.error for name in RARE if name != RARE[3])
    assert printed_firms() == []
    five[3].reason = "王"
    five[3].save()
    assert work(acts.start_again(job, by=county.wang_fang)).state == "done"
    assert printed_firms() == sorted(RARE)


def test_without_a_press_it_fails_with_a_sentence(county, five, signed_in, monkeypatch):
    def absent():
        raise OSError("no libpango here")

    monkeypatch.setattr(paper, "_load", absent)
    job = work(ask(signed_in(county.wang_fang), typed(county)))
    assert (job.state, "no libpango here" in job.error) == ("failed", True)


def test_only_what_was_decided_there_and_then_and_is_seen(county, five, signed_in):
    west = decide(county, "西岭造纸", small.WEST, by=county.he_jun)
    mall = decide(county, "清河商场二店", line=county.commerce, by=county.chen_jing)
    open_ = small.firm("尚未审批")
    small.union(open_)
    propose(open_, "organise_mass", by=county.zhou_tao, on=county.today, reason="已建工会。")
    TransitionRequest.objects.filter(pk=five[0].pk).update(finished=timezone.now() - timedelta(days=9))
    today = (county.today, county.today)

    def names(user, township=small.EAST, days=today):
        return {asked.firm.name for asked in bulk.decided(user, township, *days)}

    assert names(county.wang_fang) == {*RARE[1:], mall.firm.name}
    assert names(county.zhou_tao, small.COUNTY) == {*RARE[1:], mall.firm.name, west.firm.name}
    assert names(county.chen_jing, small.COUNTY) == {mall.firm.name}
    assert names(county.he_jun) == set()
    assert names(county.wang_fang, days=(county.today - timedelta(days=9), county.today)) >= {*RARE}


# ── the page ───────────────────────────────────────────────────────────────────────────────────
def test_the_page_counts_before_it_prints(county, five, signed_in):
    browser = signed_in(county.wang_fang)
    assert "5 forms were decided" in browser.get(PAGE).content.decode()
    past = county.today - timedelta(days=90)
    answer = browser.post(PAGE, typed(county, since=past, until=past, count="1"))
    assert answer.status_code == 200
    assert "Nothing was decided" in answer.content.decode()
    assert not Job.objects.exists()


def test_sent_twice_it_is_printed_once(county, five, signed_in):
    browser, form = signed_in(county.wang_fang), typed(county)
    assert ask(browser, form) == ask(browser, form)
    assert Job.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"since": "2026-03-01", "until": "2026-02-01"}, "The last day is before the first one."),
        ({"since": "1999-01-01", "until": "1999-01-02"}, "Nothing was decided"),
        ({"since": "1 o'clock"}, "Enter a valid date."),
        ({"since": "0001-01-01"}, "greater than or equal to"),
        ({"until": "9999-12-31"}, "less than or equal to"),
        ({"township": small.WEST}, "Select a valid choice."),
        ({"township": small.COUNTY}, "Select a valid choice."),
        ({"township": "' OR 1=1"}, "Select a valid choice."),
    ],
)
def test_a_slip_gets_a_sentence_and_starts_nothing(county, five, signed_in, given, sentence):
    answer = signed_in(county.wang_fang).post(PAGE, typed(county) | given)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Job.objects.exists()


def test_too_many_for_one_file(county, five, signed_in, monkeypatch):
    monkeypatch.setattr(bulk, "AT_MOST", 4)
    answer = signed_in(county.wang_fang).post(PAGE, typed(county))
    assert answer.status_code == 422
    assert "These are 5 forms; one file takes 4." in answer.content.decode()
    assert not Job.objects.exists()


def test_what_is_not_seen_any_more_when_it_runs_is_left_out(county, five, signed_in):
    browser = signed_in(county.wang_fang)
    job = ask(browser, typed(county))
    TransitionRequest.objects.filter(pk__in=[r.pk for r in five]).update(outcome="open")
    assert work(job).state == "failed"
    assert "Nothing was decided" in job.error
    with pytest.raises(Refused):
        bulk.check(0)
    assert keep.keep()["resumed"] == 0
