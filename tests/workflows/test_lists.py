"""A list of an authority against the ledger: what differs, what is decided, what is asked again."""

from uuid import uuid4

import pytest
from django.utils import timezone

from core.accounts.models import Area
from core.audit.models import Event
from core.errors import Refused
from core.ledger.models import Firm
from core.ledger.spells import Spell
from tests import county as small
from tests.workflows.listing import HEAD, brought, code, found, kinds
from workflows.coverage.acts import propose
from workflows.reconciling.deciding import decide, take_back, try_all
from workflows.reconciling.likeness import bare
from workflows.reconciling.models import AuthorityList, FormerName, KeptDecision, ListRow

pytestmark = pytest.mark.usefixtures("english")
WHOLE = [*HEAD, "所属乡镇", "行业门类", "企业规模", "从业人数", "成立日期"]


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def east(county):
    """The township East with a second firm of its own beside the tea firm and the mall."""
    county.mill = small.firm("青岚县恒达竹木制品有限公司")
    return county


def say(row, decision, county, by=None, **more):
    return decide(
        row, decision, by=by or county.wang_fang, on=county.today, at=timezone.now(), **more
    )  # fmt: skip


# ── comparing ──────────────────────────────────────────────────────────────────────────────────
def test_each_kind_of_difference_is_found_and_what_is_the_same_is_only_counted(east):
    gone = small.firm("Gone Works")
    small.put(gone, operation="closed", closed_on=east.today)
    made = brought(
        east,
        (east.tea.name, east.tea.credit_code, "存续"),
        ("Qinghe Great Mall", east.mall.credit_code, "存续"),
        ("青岚县恒达竹木制品厂有限责任公司", code(900), "存续"),
        ("Wholly Other", code(901), "存续"),
        ("Struck Elsewhere", code(902), "注销"),
        ("Gone Works", gone.credit_code, "存续"),
        (east.tea.name, east.tea.credit_code, "存续"),
        complete=True,
    )  # fmt: skip
    assert kinds(made) == {
        "Qinghe Great Mall": "renamed", "青岚县恒达竹木制品厂有限责任公司": "likely",
        "Wholly Other": "new", "Gone Works": "closed_here",
    }  # fmt: skip
    assert (made.same, made.repeated, made.rows, made.many) == (2, 1, [], 7)
    assert found(made, "青岚县恒达竹木制品厂有限责任公司").firm == east.mill


def test_struck_off_there_and_in_operation_here(east):
    made = brought(east, (east.tea.name, east.tea.credit_code, "吊销未注销"))
    assert kinds(made) == {east.tea.name: "struck"}


def test_missing_firms_are_asked_about_only_when_the_list_is_complete(east):
    row = (east.tea.name, east.tea.credit_code, "存续")
    assert kinds(brought(east, row)) == {}
    assert kinds(brought(east, row, complete=True)) == {
        east.mall.name: "missing", east.mill.name: "missing"
    }  # fmt: skip


def test_firms_that_one_does_not_see_are_never_matched(east):
    made = brought(east, (east.paper.name, east.paper.credit_code, "存续"))
    assert [(row.kind, row.firm) for row in made.findings.all()] == [("new", None)]
    assert (
        kinds(brought(east, (east.paper.name, east.paper.credit_code, "存续"), by=east.zhou_tao)) == {}
    )


def test_lists_belong_to_the_office_that_brought_them(east, signed_in):
    made = brought(east, ("Wholly Other", code(901), ""))
    row = made.findings.get()
    for other in (east.zhou_tao, east.he_jun, east.li_ming, east.sun_li):
        assert not AuthorityList.objects.visible_to(other).exists()
        assert not ListRow.objects.visible_to(other).exists()
    assert signed_in(east.zhou_tao).get(made.get_absolute_url()).status_code == 404
    with pytest.raises(Refused):
        say(row, "ignore", east, by=east.zhou_tao, reason="Not ours.")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("青岚县恒达竹木制品有限公司", "恒达竹木制品"), ("恒达竹木制品 有限责任公司", "恒达竹木制品"),
        ("青岚恒达竹木制品（股份有限公司）", "恒达竹木制品"), ("ＡＢＣ公司", "abc"),
        ("有限公司", "有限"),
    ],
)  # fmt: skip
def test_names_are_compared_without_form_place_and_width(name, said):
    assert bare(name, ("青岚县", "青岚")) == said


# ── deciding ───────────────────────────────────────────────────────────────────────────────────
def test_a_new_firm_is_registered_at_once_when_all_is_there(east):
    line = ("New Works", code(901), "存续", "East", "制造业", "小型", "31", "2020-05-01")
    made = brought(east, line, head=WHOLE)
    row = say(found(made, "New Works"), "add", east)
    firm = Firm.objects.get(name="New Works")
    assert (row.made, firm.area, firm.industry, firm.size, firm.employees) == (
        firm, small.EAST, "C", "small", 31
    )  # fmt: skip
    assert Event.objects.filter(code="firm.registered", firm=firm).exists()
    with pytest.raises(Refused, match="history"):
        take_back(row, by=east.wang_fang, on=east.today)


def test_otherwise_the_form_of_a_new_firm_is_prefilled(east, signed_in):
    made = brought(east, ("New Works", code(901), "存续"))
    row = found(made, "New Works")
    with pytest.raises(Refused, match="form"):
        say(row, "add", east)
    browser = signed_in(east.wang_fang)
    form = browser.get(f"/lists/rows/{row.pk}/add/").context["form"]
    assert (form["name"].value(), form["credit_code"].value()) == ("New Works", code(901))
    typed = {
        "key": uuid4(), "name": "New Works", "credit_code": code(901), "area": small.EAST,
        "industry": "C", "size": "micro", "employees": "3", "opened_on": "2020-05-01",
    }  # fmt: skip
    assert browser.post(f"/lists/rows/{row.pk}/add/", typed).status_code == 302
    row.refresh_from_db()
    assert (row.decision, row.made.name) == ("add", "New Works")


def test_a_new_name_is_taken_and_the_old_one_stays_known(east, signed_in):
    was = east.mill.name
    made = brought(east, ("恒达新材料有限公司", east.mill.credit_code, "存续"))
    say(found(made, "恒达新材料有限公司"), "rename", east)
    firm = Firm.objects.get(pk=east.mill.pk)
    assert firm.name == "恒达新材料有限公司"
    assert FormerName.objects.get().name == was
    assert was in signed_in(east.wang_fang).get(f"/firms/{firm.pk}/").content.decode()
    again = brought(east, (was, "", "存续"), source="tax")
    assert (kinds(again), again.same) == ({}, 1)


def test_a_new_name_is_taken_back_while_nobody_changed_the_entry(east):
    was = east.mill.name
    made = brought(east, ("恒达新材料有限公司", east.mill.credit_code, "存续"))
    row = say(found(made, "恒达新材料有限公司"), "rename", east)
    take_back(row, by=east.wang_fang, on=east.today)
    assert Firm.objects.get(pk=east.mill.pk).name == was
    assert not FormerName.objects.exists() and not KeptDecision.objects.exists()
    row = say(ListRow.objects.get(pk=row.pk), "rename", east)
    version = Firm.objects.get(pk=east.mill.pk).version
    small.put(east.mill, employees=1, version=version + 1)
    with pytest.raises(Refused) as refusal:
        take_back(row, by=east.wang_fang, on=east.today)
    assert refusal.value.code == Refused.FASTER


def test_a_likely_firm_takes_name_and_code(east):
    made = brought(east, ("青岚县恒达竹木制品厂有限责任公司", code(900), "存续"))
    say(made.findings.get(), "rename", east)
    assert Firm.objects.get(pk=east.mill.pk).credit_code == code(900)


def test_that_it_closed_leads_to_the_proposal_and_changes_nothing(east, signed_in):
    made = brought(east, (east.tea.name, east.tea.credit_code, "注销"))
    row = say(made.findings.get(), "closed", east)
    assert Firm.objects.get(pk=east.tea.pk).operation == "operating"
    page = signed_in(east.wang_fang).get(f"{made.get_absolute_url()}?show=decided").content.decode()
    assert f"/firms/{east.tea.pk}/propose/close/" in page
    propose(east.tea, "close", by=east.wang_fang, on=east.today, reason="Struck off.")
    with pytest.raises(Refused, match="proposed"):
        take_back(row, by=east.wang_fang, on=east.today)


def test_a_firm_that_moved(east):
    village = Area.objects.create(code=f"{small.EAST}001", name="Hill village", kind="village")
    row = brought(east, ("x", code(901), ""), complete=True).findings.get(name=east.mill.name)
    with pytest.raises(Refused, match="county office"):
        say(row, "moved", east, moves_to=small.WEST)
    say(row, "moved", east, moves_to=village.pk)
    assert Firm.objects.get(pk=east.mill.pk).area == village.pk
    assert Spell.objects.filter(firm=east.mill).exists()
    take_back(ListRow.objects.get(pk=row.pk), by=east.wang_fang, on=east.today)
    assert Firm.objects.get(pk=east.mill.pk).area == small.EAST


def test_to_leave_it_wants_a_reason_and_a_decision_is_made_once(east):
    row = brought(east, ("Wholly Other", code(901), "")).findings.get()
    with pytest.raises(Refused):
        say(row, "ignore", east, reason=" ")
    say(row, "ignore", east, reason="A shop.")
    say(row, "ignore", east, reason="Sent twice.")
    assert ListRow.objects.get(pk=row.pk).reason == "A shop."
    with pytest.raises(Refused) as refusal:
        say(row, "add", east)
    assert refusal.value.code == Refused.FASTER


# ── the next quarter ───────────────────────────────────────────────────────────────────────────
def test_next_quarter_asks_only_what_is_new(east):
    first = brought(east, ("Wholly Other", code(901), "存续"), ("Second", code(903), "存续"))
    say(found(first, "Wholly Other"), "ignore", east, reason="A shop.")
    again = brought(east, ("Wholly Other", code(901), "存续"), ("Second", code(903), "存续"))
    row = found(again, "Wholly Other")
    assert (row.decision, row.kept, row.reason) == ("ignore", True, "A shop.")
    assert found(again, "Second").decision == ""
    assert found(brought(east, ("Wholly Other", code(901), "经营异常")), "Wholly Other").decision == ""
    other = brought(east, ("Wholly Other", code(901), "存续"), source="tax")
    assert found(other, "Wholly Other").decision == ""
    his = brought(east, ("Wholly Other", code(901), "存续"), by=east.he_jun)
    assert found(his, "Wholly Other").decision == ""


def test_that_it_closed_is_asked_again_while_nobody_proposed_it(east):
    line = (east.tea.name, east.tea.credit_code, "注销")
    say(brought(east, line).findings.get(), "closed", east)
    assert brought(east, line).findings.get().decision == ""
    propose(east.tea, "close", by=east.wang_fang, on=east.today, reason="Struck off.")
    assert brought(east, line).findings.get().kept


# ── many at once ───────────────────────────────────────────────────────────────────────────────
def test_many_at_once_each_with_its_own_result(east, signed_in):
    line = ("New Works", code(901), "存续", "East", "C", "small", "31", "2020-05-01")
    lacks = ("Old Works", code(903), "存续", "", "", "", "", "")
    made = brought(east, line, lacks, head=WHOLE)
    rows = list(made.findings.all())
    page = {
        "key": uuid4(), "act": "add", "here": [r.pk for r in rows], "row": [r.pk for r in rows],
        "reason": "", "moves_to": "",
    }  # fmt: skip
    browser = signed_in(east.wang_fang)
    for _twice in range(2):
        assert browser.post(made.get_absolute_url(), page).status_code == 302
    assert found(made, "New Works").decision == "add"
    assert "form" in found(made, "Old Works").said
    assert Firm.objects.filter(name="New Works").count() == 1
    assert try_all(rows[1:], "ignore", by=east.wang_fang, on=east.today, at=timezone.now(),
                   reason="A shop.") == 1  # fmt: skip
    assert "A shop." in browser.get(f"{made.get_absolute_url()}?show=decided").content.decode()
