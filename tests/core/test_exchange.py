"""The register read from Excel: looked at first, then carried out by a job, each row once."""

import io
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from core.audit.models import Event
from core.exchange import importing
from core.exchange.judging import CHANGED, NEW, PROBLEM, SAME, judge
from core.exchange.models import Sheet
from core.jobs import run as worker
from core.jobs.files import folder_of
from core.jobs.models import Job
from core.people.history import EntryVersion
from core.people.models import Instructor
from tests import county as small
from tests.core.sheets import REN, book_of, bytes_of, sent

pytestmark = pytest.mark.usefixtures("english")
PAGE = "/instructors/import/"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def upload(browser, content, name="people.xlsx"):
    return browser.post(PAGE, {"key": uuid4(), "file": sent(content, name)})


def sheet_of(browser, *rows, **more) -> Sheet:
    answer = upload(browser, book_of(*rows, **more))
    assert answer.status_code == 302, answer.context["form"].errors
    return Sheet.objects.get(pk=answer.url.split("/")[3])


def carried_out(browser, sheet: Sheet) -> Job:
    answer = browser.post(sheet.get_absolute_url(), {"key": uuid4()})
    assert answer.status_code == 302, answer.content.decode()
    job = Job.objects.get(pk=answer.url.split("/")[2])
    worker.run(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.error + job.trouble
    return job


def verdicts(sheet: Sheet) -> list[str]:
    return [one.verdict for one in judge(sheet.rows, sheet.by)]


def li(**more) -> dict:
    return {"Name": "Li Ming", "Sending unit": "County bureau of agriculture"} | more


def test_a_file_is_looked_at_then_carried_out_and_twice_changes_nothing(county, signed_in):
    browser = signed_in(county.wang_fang)
    rows = (REN, li(Phone="0690-5123456", Specialty="Tea"))
    sheet = sheet_of(browser, *rows, above=2)
    assert verdicts(sheet) == [NEW, CHANGED]
    assert Instructor.objects.count() == 3  # nothing is written by looking
    page = browser.get(sheet.get_absolute_url()).content.decode()
    assert "New: 1. Changed: 1." in page and "Write into the register" in page
    job = carried_out(browser, sheet)
    ren = Instructor.objects.get(name="任小平")
    assert (ren.kind, ren.trade, ren.languages) == ("retired", "C", "普通话、苗语")
    assert (ren.phone, str(ren.term_until), ren.unit.name) == (
        "13800001111", "2028-01-01", "Water bureau",
    )  # fmt: skip
    assert [area.code for area in ren.further_areas.all()] == [small.WEST]
    county.guide_li.refresh_from_db()
    assert (county.guide_li.specialty, county.guide_li.full_member) == ("Tea", True)
    assert set(EntryVersion.objects.values_list("came", flat=True)) == {"imported", "before"}
    read = [[c.value for c in row][:3] for row in load_workbook(folder_of(job) / "outcome.xlsx").active]
    assert [row[:2] for row in read[1:]] == [[4, "recorded"], [5, "changed"]]

    again = sheet_of(browser, *rows)
    assert verdicts(again) == [SAME, SAME]
    events = Event.objects.count()
    answer = browser.post(again.get_absolute_url(), {"key": uuid4()})
    assert answer.status_code == 422 and b"every row is as on record" in answer.content
    assert Event.objects.count() == events and Job.objects.count() == 1


def test_rows_with_a_problem_are_told_and_the_others_go_on(county, signed_in):
    browser = signed_in(county.wang_fang)
    bad = REN | {"Name": "杨兰", "Township or park": "West", "Term from": "soon", "Phone": "call me"}
    sheet = sheet_of(browser, REN, bad, REN, {"Name": "何 勇"})
    assert verdicts(sheet) == [NEW, PROBLEM, PROBLEM, PROBLEM]
    page = browser.get(sheet.get_absolute_url()).content.decode()
    for said in (
        "“West” lies outside your area.", "“soon” is not a day. Write it as 2026-03-01.",
        "A phone number has digits", "stands in row 2 already.", "is needed for somebody new.",
        "Write the rows without a problem",
    ):  # fmt: skip
        assert said in page, said
    carried_out(browser, sheet)
    assert Instructor.objects.count() == 4
    sheet.refresh_from_db()
    assert [sheet.outcomes[str(row)][0] for row in (2, 3, 4, 5)] == [NEW, PROBLEM, PROBLEM, PROBLEM]
    after = browser.get(sheet.get_absolute_url()).content.decode()
    assert "left out" in after and "recorded" in after


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (li(**{"Full member in good standing": "否"}), "Standing is changed with its reason"),
        (REN | {"Full member in good standing": "no"}, "Only a full member"),
        (REN | {"Full member in good standing": "maybe"}, "neither yes nor no"),
        (REN | {"Name": "Zhao Qiang", "Sending unit": "County bureau of forestry"},
         "is on record in another township: West."),
        (REN | {"Term until": "2025-01-01"}, "is not after the term"),
        (REN | {"Trade": "Magic"}, "is not one of"),
        (REN | {"Name": "3号"}, "is not a name"),
        (REN | {"Specialty": "长" * 65}, "has 65 characters; 64 fit"),
        (REN | {"Township or park": "Nowhere"}, "is no township or park of this county"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_taken_says_why(row, said, county, signed_in):
    sheet = sheet_of(signed_in(county.wang_fang), row)
    (one,) = judge(sheet.rows, county.wang_fang)
    assert one.verdict == PROBLEM
    assert said in " ".join(sentence for _heading, sentence in one.problems)


def test_who_stopped_is_not_recorded_a_second_time(county, signed_in):
    Instructor.objects.filter(pk=county.guide_li.pk).update(left_on=county.today)
    sheet = sheet_of(signed_in(county.wang_fang), li(Phone="0690-5123456"))
    (one,) = judge(sheet.rows, county.wang_fang)
    assert "Renew the term" in one.problems[0][1]


def test_the_entry_number_finds_who_has_another_name_now(county, signed_in):
    browser = signed_in(county.wang_fang)
    saved = load_workbook(io.BytesIO(browser.get("/instructors/export/?lang=en").content))
    sheet = saved.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    assert heads[0] == "Entry number" and sheet.max_row == 2  # a township saves its own people only
    sheet.cell(2, heads.index("Name *") + 1).value = "Li Minghua"
    answer = upload(browser, bytes_of(saved))
    found = Sheet.objects.get(pk=answer.url.split("/")[3])
    assert verdicts(found) == [CHANGED]
    carried_out(browser, found)
    county.guide_li.refresh_from_db()
    assert county.guide_li.name == "Li Minghua"
    strange = [{"row": 2, "cells": {"number": str(county.guide_gao.pk), "name": "x"}, "slips": []}]
    assert judge(strange, county.wang_fang)[0].verdict == PROBLEM


def test_what_changed_meanwhile_is_refused_and_said(county, signed_in):
    browser = signed_in(county.wang_fang)
    sheet = sheet_of(browser, REN)
    judged = judge(sheet.rows, county.wang_fang)
    carried_out(browser, sheet)
    assert importing._write_one(judged[0], by=county.wang_fang) == [
        "refused", "任小平 of Water bureau is on record already.",
    ]  # fmt: skip
    assert Instructor.objects.filter(name="任小平").count() == 1


def test_a_job_that_dies_goes_on_behind_its_last_batch(county, signed_in, monkeypatch):
    browser = signed_in(county.wang_fang)
    monkeypatch.setattr(importing, "BATCH", 1)
    sheet = sheet_of(browser, REN, REN | {"Name": "杨兰"}, REN | {"Name": "何勇"})
    answer = browser.post(sheet.get_absolute_url(), {"key": uuid4()})
    job = Job.objects.get(pk=answer.url.split("/")[2])
    real, calls = importing._write, []

    def dies(*args, **more):
        calls.append(1)
        real(*args, **more)
        if len(calls) == 2:
            raise RuntimeError("the power went")

    monkeypatch.setattr(importing, "_write", dies)
    worker.run(job.pk)
    assert Instructor.objects.filter(unit__name="Water bureau").count() == 1  # the second is undone
    job.refresh_from_db()
    assert (job.state, job.done, job.checkpoint) == (Job.State.RUNNING, 1, {"done": 1})
    worker.run(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.error
    assert Instructor.objects.filter(unit__name="Water bureau").count() == 3
    sheet.refresh_from_db()
    assert [sheet.outcomes[row][0] for row in ("2", "3", "4")] == [NEW, NEW, NEW]


def test_a_file_sent_twice_and_carried_out_twice_is_one(county, signed_in):
    browser, key = signed_in(county.wang_fang), uuid4()
    answers = [browser.post(PAGE, {"key": key, "file": sent(book_of(REN))}) for _ in range(2)]
    assert answers[0].url == answers[1].url and Sheet.objects.count() == 1
    address = answers[0].url
    jobs = {browser.post(address, {"key": uuid4()}).url for _ in range(2)}
    assert len(jobs) == 1 and Job.objects.count() == 1


def test_a_file_is_seen_by_who_sent_it_only(county, signed_in):
    sheet = sheet_of(signed_in(county.wang_fang), REN)
    assert signed_in(county.zhou_tao).get(sheet.get_absolute_url()).status_code == 404
    assert signed_in(county.li_ming).get(PAGE).status_code == 403


def test_the_template_has_our_columns_and_can_be_sent_back(county, signed_in):
    browser = signed_in(county.wang_fang)
    book = load_workbook(io.BytesIO(browser.get(f"{PAGE}template/").content))
    first, example = book.worksheets[0], book.worksheets[1]
    assert [cell.value for cell in first[1]][1:4] == ["姓名 *", "派出单位 *", "所在乡镇（园区） *"]
    rules = {str(rule.sqref): rule.formula1 for rule in first.data_validations.dataValidation}
    assert any(place.startswith("D2:D") for place in rules)
    assert example.cell(2, 2).value and first.max_row == 1
    answer = upload(browser, bytes_of(book))
    assert answer.status_code == 422 and b"There is nobody under the headings" in answer.content
    for at, cell in enumerate(example[2], start=1):
        first.cell(2, at).value = cell.value
    found = Sheet.objects.get(pk=upload(browser, bytes_of(book)).url.split("/")[3])
    assert verdicts(found) == [NEW] and found.left_out == []  # the example can be taken as it is


def test_nothing_in_the_register_is_a_formula_in_a_colleagues_excel(county, signed_in):
    evil = '=HYPERLINK("http://x","y")'
    Instructor.objects.filter(pk=county.guide_li.pk).update(specialty=evil, phone="+86 139")
    content = signed_in(county.wang_fang).get("/instructors/export/").content
    book = load_workbook(io.BytesIO(content))
    cells = {cell.value: cell for row in book.worksheets[0] for cell in row}
    for said in (evil, "+86 139"):
        assert cells[said].data_type == "s" and cells[said].quotePrefix
    assert Event.objects.get(code="register.exported").words["count"] == "1"


def test_a_thousand_people_cost_few_statements(county, django_assert_max_num_queries):
    cells = {"sending_unit": "Water bureau", "area": "East", "full_member": "yes",
             "term_from": "2026-01-01", "term_until": "2028-01-01"}  # fmt: skip
    rows = [{"row": n, "cells": cells | {"name": f"Ren {chr(0x4E00 + n)}"}, "slips": []}
            for n in range(2, 1002)]  # fmt: skip
    with django_assert_max_num_queries(6):
        assert {one.verdict for one in judge(rows, county.wang_fang)} == {NEW}


def test_old_files_are_forgotten(county, signed_in):
    sheet = sheet_of(signed_in(county.wang_fang), REN)
    assert importing.forget(sheet.at) == 0
    sheet.refresh_from_db()
    from_then = sheet.at.replace(year=sheet.at.year + 1)
    assert importing.forget(from_then) == 1


def test_a_strange_upload_is_told_on_the_page(county, signed_in):
    browser = signed_in(county.wang_fang)
    answer = upload(browser, b"name,unit\n")
    assert answer.status_code == 422 and b"This is no Excel file" in answer.content
    nothing = browser.post(PAGE, {"key": uuid4(), "file": SimpleUploadedFile("x.xlsx", b"")})
    assert b"The file is empty" in nothing.content
