"""The papers of the evaluation: every name comes back, the code leads where it says, no form early."""

import io
from uuid import uuid4

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from core.jobs import run as worker
from core.jobs.models import Job
from tests import county as small
from tests.workflows.evaluating import a_round, answers, begun, sheet, step
from workflows.evaluations import acts, links, slips
from workflows.evaluations.models import Evaluation
from workflows.evaluations.paper import slip_facts

RARE = ("青岚县㛃记食品厂", "𬬮䶮五金制品有限公司", "东山𫖯茶业合作社")


@pytest.fixture(autouse=True)
def files_of_this_test(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def words(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).replace("\n", "")


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def printed(user, url) -> str:
    answer = browser(user).get(url)
    assert answer.status_code == 200, answer.status_code
    return words(answer.content)


@pytest.fixture
def judged(county):
    """A filled evaluation of a firm with a rare name."""
    firm = small.firm(RARE[1])
    small.assign(small.instructor("李𫖯"), firm)
    evaluation = begun(county, firm)
    for side in ("firm", "instructor"):
        acts.hand_in(step(evaluation, f"{side}_form"), by=county.wang_fang, at=timezone.now(),
                     paper_on=county.today, 
                     answers=answers(evaluation, side, "希望多来几次。"))  # fmt: skip
    acts.give_opinion(step(evaluation, "supervisor_opinion"), by=county.wang_fang, at=timezone.now(),
                      opinion="工作扎实。", proposed="competent")  # fmt: skip
    return Evaluation.objects.get(pk=evaluation.pk)


def test_the_blank_form_asks_everything(county):
    said = printed(county.li_ming, "/papers/evaluation-form.pdf")
    assert "双向鉴定表" in said and "企业鉴定表" in said and "指导员鉴定表" in said
    assert "□ 按约定经常到企业" in said and "☑" not in said


def test_the_filled_form_says_what_was_said(county, judged):
    said = printed(county.zhou_tao, f"/evaluations/{judged.pk}/form.pdf")
    for word in (RARE[1], "李𫖯", "希望多来几次。", "☑ 按约定经常到企业", "工作扎实。", "实地走访次数"):
        assert word in said, word
    assert "纸质表" in said  # keyed in, and marked so


def test_the_firms_copy_does_not_say_what_officials_think(county, judged):
    small.FirmContact.objects.update(firm=judged.firm)
    said = printed(county.wu_laoban, f"/evaluations/{judged.pk}/form.pdf")
    assert "希望多来几次。" in said and "工作扎实。" not in said


def test_a_sealed_form_is_not_printed(county):
    evaluation = begun(county, county.tea)
    answer = browser(county.zhou_tao).get(f"/evaluations/{evaluation.pk}/form.pdf")
    assert answer.status_code == 409


def test_the_slips_of_a_round(county, monkeypatch):
    monkeypatch.setattr(slips, "PART", 2)
    made = a_round(county)
    for name in RARE:
        firm = small.firm(name)
        small.assign(county.guide_li, firm)
        begun(county, firm, made)
    begun(county, county.tea, made)  # its contact has an account and needs no slip
    url = f"/evaluations/rounds/{made.pk}/links/"
    form = {"key": uuid4()}
    first = browser(county.wang_fang).post(url, form)
    assert browser(county.wang_fang).post(url, form).url == first.url  # pressed twice
    worker.run(Job.objects.get().pk)
    job = Job.objects.get()
    assert (job.state, job.total) == ("done", 3), job.error
    said = words(browser(county.wang_fang).get(f"{first.url}file/").getvalue())
    for name in RARE:
        assert name in said
    assert "East Hill Tea" not in said
    for evaluation in made.evaluations.exclude(firm=county.tea):
        assert links.token_of(sheet(evaluation, "firm")).split("~")[1] in said.replace(" ", "")
    assert browser(county.he_jun).post(url, {"key": uuid4()}).url.endswith(f"/rounds/{made.pk}/")


def test_the_code_on_a_slip_is_its_link(county):
    evaluation = begun(county, county.paper)
    one = links.give_link(evaluation, by=county.he_jun, at=timezone.now())
    facts = slip_facts([one])["slips"][0]
    assert facts["address"].endswith(f"/e/{links.token_of(one)}/")
    assert facts["qr"].startswith("<svg")


def test_the_list_of_a_round_is_a_table(county):
    made = a_round(county)
    worker_job = Job.objects.create(
        kind="evaluation_round", by=county.zhou_tao, county=made.county, area=made.county,
        given={"round": made.pk}, words={"since": "2026-01-01", "until": "2026-02-01"}, language="en",
    )  # fmt: skip
    small.Firm.objects.filter(pk=county.paper.pk).update(name="=1+1")
    worker.run(worker_job.pk)
    worker_job.refresh_from_db()
    assert worker_job.state == "done", worker_job.error
    file = browser(county.zhou_tao).get(f"/jobs/{worker_job.pk}/file/").getvalue()
    rows = list(openpyxl.load_workbook(io.BytesIO(file)).active.values)
    assert [row[0] for row in rows] == ["Firm", "East Hill Tea", "'=1+1"]
    assert [row[3] for row in rows[1:]] == ["by account", "by link or on paper"]
