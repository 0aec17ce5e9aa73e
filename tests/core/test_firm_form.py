"""Registering and changing firms, and what belongs to them, with good and with bad input."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.audit.models import Event
from core.audit.sentences import sentence
from core.ledger.acts import WHEN_REHOUSED, change
from core.ledger.attachments import Attachment
from core.ledger.models import Branch, Firm, MassOrganisation
from tests import county as made
from tests.core.test_files import EXE, PDF

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def typed(**other) -> dict:
    return {
        "key": str(uuid4()), "name": "恒达机械", "credit_code": made.credit_code(77), "area": made.EAST,
        "industry": "C", "size": "small", "employees": "35", "opened_on": "2020-05-01",
    } | other  # fmt: skip


def errors(answer) -> str:
    assert answer.status_code == 422
    return " ".join(str(said) for field in answer.context["form"].errors.values() for said in field)


def test_a_township_supervisor_registers_a_firm(county, signed_in):
    answer = signed_in(county.wang_fang).post("/firms/new/", typed())
    firm = Firm.objects.get(name="恒达机械")
    assert answer.url == f"/firms/{firm.pk}/"
    assert (firm.county, firm.stage, firm.initials) == (made.COUNTY, "blank", "hdjx")
    assert Event.objects.get(code="firm.registered").by == county.wang_fang


def test_the_code_may_be_typed_as_it_is_read(county, signed_in):
    code = made.credit_code(77)
    signed_in(county.wang_fang).post(
        "/firms/new/", typed(credit_code=f" {code[:8].lower()} {code[8:]}－".replace("9", "９"))
    )
    assert Firm.objects.get(name="恒达机械").credit_code == code


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("credit_code", "91350100M000100Y44", "does not fit the others"),
        ("credit_code", "91350100", "18 characters; this one has 8"),
        ("credit_code", "91350100M000100YIO", "never used"),
        ("name", "", "fill this in"),
        ("address", "长" * 5000, "at most 200 characters (it has 5000)"),
        ("employees", "-1", "greater than or equal to 0"),
        ("employees", "99999999999", "less than or equal to 1000000"),
        ("opened_on", "2999-01-01", "in the future"),
        ("opened_on", "yesterday", "valid date"),
        ("area", made.WEST, "valid choice"),
        ("contact_phone", "call me", "digits"),
        ("turnover", "1e400", ""),
    ],
)
def test_a_slip_gets_a_sentence_and_loses_nothing(field, value, said, county, signed_in):
    answer = signed_in(county.wang_fang).post("/firms/new/", typed(**{field: value}))
    assert said in errors(answer)
    assert not Firm.objects.filter(name="恒达机械").exists()
    if field != "name":
        assert "恒达机械" in answer.content.decode()


def test_a_firm_that_is_there_already_is_named_with_a_way_to_it(county, signed_in):
    body = signed_in(county.wang_fang).post("/firms/new/", typed(credit_code=county.tea.credit_code))
    assert "East Hill Tea is already in the ledger" in errors(body)
    assert f'href="/firms/{county.tea.pk}/"' in body.content.decode()


def test_a_firm_out_of_sight_is_named_without_a_way(county, signed_in):
    body = signed_in(county.wang_fang).post("/firms/new/", typed(credit_code=county.paper.credit_code))
    assert "West Paper is already in the ledger" in errors(body)
    assert f'href="/firms/{county.paper.pk}/"' not in body.content.decode()


def test_the_same_code_in_another_county_is_another_ledger(county, signed_in):
    signed_in(county.wang_fang).post("/firms/new/", typed(credit_code=county.brick.credit_code))
    assert Firm.objects.filter(credit_code=county.brick.credit_code).count() == 2


def test_a_form_sent_twice_registers_one_firm(county, signed_in):
    sent = typed()
    browser = signed_in(county.wang_fang)
    first, second = browser.post("/firms/new/", sent), browser.post("/firms/new/", sent)
    assert first.url == second.url
    assert Firm.objects.filter(name="恒达机械").count() == 1


@pytest.mark.parametrize("who", ["li_ming", "chen_jing", "wu_laoban", "sun_li", "zheng_guan"])
def test_roles_that_do_not_keep_the_ledger_are_told_so(who, county, signed_in):
    assert signed_in(getattr(county, who)).get("/firms/new/").status_code == 403
    assert signed_in(getattr(county, who)).post("/firms/new/", typed()).status_code == 403


def as_is(firm, **other) -> dict:
    same = {
        "name": firm.name, "credit_code": firm.credit_code, "area": firm.area,
        "line": firm.line_id or "", "industry": firm.industry, "size": firm.size,
        "employees": firm.employees, "opened_on": firm.opened_on.isoformat(), "version": firm.version,
    }  # fmt: skip
    return typed(**(same | other))


def test_a_change_is_saved_and_says_which_fields(county, signed_in):
    tea = county.tea
    signed_in(county.wang_fang).post(
        f"/firms/{tea.pk}/edit/", as_is(tea, employees=41, owner_name="Wu")
    )
    tea = Firm.objects.get(pk=tea.pk)
    assert (tea.employees, tea.owner_name, tea.version) == (41, "Wu", 2)
    assert sentence(Event.objects.get(code="firm.changed")).endswith(": employees, owner")


def test_nothing_changed_is_no_event(county, signed_in):
    signed_in(county.wang_fang).post(f"/firms/{county.tea.pk}/edit/", as_is(county.tea))
    assert not Event.objects.filter(code="firm.changed").exists()


def test_a_stale_form_is_told_what_is_on_record_and_may_be_sent_again(county, signed_in):
    tea = county.tea
    late = as_is(tea, employees=50)
    change(tea, by=county.zhou_tao, on=county.today, version=1, employees=45)
    browser = signed_in(county.wang_fang)
    answer = browser.post(f"/firms/{tea.pk}/edit/", late)
    assert "on record now “45”, you typed “50”" in errors(answer)
    assert Firm.objects.get(pk=tea.pk).employees == 45
    again = {field.html_name: field.value() or "" for field in answer.context["form"]}
    assert (str(again["employees"]), again["version"]) == ("50", 2)
    browser.post(f"/firms/{tea.pk}/edit/", again)
    assert Firm.objects.get(pk=tea.pk).employees == 50


def test_a_firm_of_another_area_is_not_there(county, signed_in):
    browser = signed_in(county.wang_fang)
    assert browser.get(f"/firms/{county.paper.pk}/edit/").status_code == 404
    assert browser.post(f"/firms/{county.paper.pk}/edit/", as_is(county.paper)).status_code == 404


def test_a_closed_firm_stays_as_it_is(county, signed_in):
    Firm.objects.filter(pk=county.tea.pk).update(operation="closed", closed_on=county.today)
    answer = signed_in(county.wang_fang).post(f"/firms/{county.tea.pk}/edit/", as_is(county.tea))
    assert answer.status_code == 409
    assert "is closed" in answer.content.decode()


def test_others_are_told_when_a_firm_moves_to_another_township(county, monkeypatch):
    moved = []
    followers = [*WHEN_REHOUSED, lambda firm, by: moved.append(firm)]
    monkeypatch.setattr("core.ledger.acts.WHEN_REHOUSED", followers)
    change(county.tea, by=county.zhou_tao, on=county.today, version=1, employees=3)
    assert moved == []
    change(county.tea, by=county.zhou_tao, on=county.today, version=2, area=made.WEST)
    assert moved == [county.tea]


def union(**other) -> dict:
    return {
        "key": str(uuid4()), "kind": "union", "name": "Tea union", "approval_number": "Q-2014-7",
        "approved_on": "2020-01-01", "members": "28",
    } | other  # fmt: skip


def test_a_mass_organisation_needs_its_approval_number(county, signed_in):
    page, browser = f"/firms/{county.tea.pk}/mass-organisations/new/", signed_in(county.wang_fang)
    assert "fill this in" in errors(browser.post(page, union(approval_number="  ")))
    browser.post(page, union())
    assert MassOrganisation.objects.get().approval_number == "Q-2014-7"
    said = errors(browser.post(page, union(name="Second union")))
    assert "Q-2014-7 belongs to Tea union already" in said
    assert "in the future" in errors(
        browser.post(page, union(approval_number="Q-8", approved_on="2999-01-01"))
    )


def test_an_affiliated_branch_is_founded_once_under_its_name(county, signed_in):
    browser = signed_in(county.wang_fang)
    sent = {"name": "East joint branch", "area": made.EAST, "founded_on": "2020-01-01"}
    answer = browser.post("/branches/new/", sent | {"key": str(uuid4())})
    branch = Branch.objects.get()
    assert answer.url == f"/branches/{branch.pk}/"
    assert (branch.kind, branch.county) == ("affiliated", made.COUNTY)
    again = browser.post("/branches/new/", sent | {"key": str(uuid4())})
    assert "There is a branch of the name East joint branch already" in errors(again)


def test_a_branch_says_when_it_gathers_too_many_firms(county, signed_in):
    branch = made.affiliated_branch()
    for number in range(5):
        made.firm(f"Small {number}", made.EAST, branch=branch)
    browser = signed_in(county.wang_fang)
    assert not browser.get(f"/branches/{branch.pk}/").context["too_many"]
    made.firm("Small 5", made.WEST, branch=branch)
    page = browser.get(f"/branches/{branch.pk}/").context
    assert page["too_many"]
    assert (len(page["firms"]), page["beyond"]) == (5, 1)


def test_files_are_added_opened_on_record_and_served_harmlessly(county, signed_in):
    browser = signed_in(county.li_ming)
    browser.post(
        f"/firms/{county.tea.pk}/files/new/",
        {"key": str(uuid4()), "files": [SimpleUploadedFile("会议记录.pdf", PDF)]},
    )
    kept = Attachment.objects.get()
    answer = browser.get(f"/files/{kept.pk}/")
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%E4%BC%9A")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert Event.objects.filter(code="file.opened", by=county.li_ming).count() == 1
    assert browser.get(f"/files/{kept.pk}/?show=1")["Content-Disposition"].startswith("inline")
    assert signed_in(county.zhao_qiang).get(f"/files/{kept.pk}/").status_code == 404
    assert Event.objects.filter(code="file.opened").count() == 2


def test_a_renamed_program_is_refused_in_the_form(county, signed_in):
    answer = signed_in(county.li_ming).post(
        f"/firms/{county.tea.pk}/files/new/",
        {"key": str(uuid4()), "files": [SimpleUploadedFile("photo.jpg", EXE)]},
    )
    assert "photo.jpg is not a PDF" in errors(answer)
    assert not Attachment.objects.exists()


def test_only_those_who_work_on_a_case_add_files(county, signed_in):
    assert signed_in(county.wu_laoban).get(f"/firms/{county.tea.pk}/files/new/").status_code == 403
