"""The list of members: private, and everything that it does goes through the acts about members."""

import pytest

from core.audit.models import Event
from core.imports import staging
from core.imports.models import AppliedRow, Import, StagedRow
from core.people.models import Member
from tests import county as small
from tests.core.test_imports_lists import applied, book_of, read, said_of, undone

pytestmark = pytest.mark.usefixtures("english")
HEADINGS = ("统一社会信用代码", "党支部", "姓名", "党员类别", "转入日期")


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def of(firm, name, kind="full", since="2026-01-05") -> list:
    return [firm.credit_code, "", name, kind, since]


def test_members_enter_change_their_kind_and_are_taken_back(county):
    small.member(county.tea, "SongYi", Member.Kind.PROBATIONARY)
    small.member(county.tea, "WuEr")
    one = read("members", book_of(
        HEADINGS, of(county.tea, "SongYi", since=county.today), of(county.tea, "WuEr"),
        of(county.tea, "HeSan"), of(county.paper, "FarAway"),
    ), county.wang_fang)  # fmt: skip
    found = {row.row: row.verdict for row in one.staged.all()}
    assert found == {2: "changed", 3: "same", 4: "new", 5: "error"}, one.job.trouble
    one = applied(one, county.wang_fang, leave_out=True)
    assert one.state == Import.State.APPLIED, one.job.error + one.job.trouble
    assert set(county.tea.members.here().full().values_list("name", flat=True)) == {
        "SongYi", "WuEr", "HeSan",
    }  # fmt: skip
    assert Event.objects.filter(code="member.kind_changed").count() == 1
    one = undone(one, county.wang_fang)
    assert one.state == Import.State.UNDONE, one.job.error + one.job.trouble
    here = county.tea.members.here().values_list("name", "kind")
    assert set(here) == {("SongYi", "probationary"), ("WuEr", "full")}
    assert county.tea.members.count() == 2


def test_no_name_stays_behind_and_each_look_is_recorded(county, signed_in):
    one = read("members", book_of(HEADINGS, of(county.tea, "HiddenName")), county.wang_fang)
    page = one.get_absolute_url()
    for stranger in (county.chen_jing, county.li_ming, county.sun_li, county.zheng_guan):
        assert signed_in(stranger).get(page).status_code == 403, stranger
    assert signed_in(county.he_jun).get(page).status_code == 404
    browser = signed_in(county.wang_fang)
    assert "HiddenName" in browser.get(page).content.decode()
    assert Event.objects.filter(code="import.list_seen", by=county.wang_fang).count() == 1
    one = applied(one, county.wang_fang)
    assert "HiddenName" not in browser.get(page).content.decode()
    assert not StagedRow.objects.exists()
    told = [*Event.objects.values_list("words", flat=True), *AppliedRow.objects.values()]
    assert "HiddenName" not in str(told)


@pytest.mark.django_db(transaction=True)
def test_the_file_of_a_private_list_is_deleted(county):
    one = read("members", book_of(HEADINGS, of(county.tea, "HiddenName")), county.wang_fang)
    assert staging.folder_of(one).exists()
    applied(one, county.wang_fang)
    assert not staging.folder_of(one).exists()


def test_more_full_members_than_employees_is_warned_of(county):
    small.put(county.tea, employees=2)
    rows = [of(county.tea, name) for name in ("A", "B", "C")]
    one = read("members", book_of(HEADINGS, *rows), county.wang_fang)
    assert [row.warned for row in one.staged.order_by("row")] == [False, False, True]
    assert "3 full members and has 2" in said_of(one, 4)


def test_who_belongs_to_a_branch_only_is_recorded_by_the_county(county):
    branch = small.affiliated_branch()
    rows = ["", branch.name, "ZhuEr", "full", county.today], ["", "No such", "X", "full", "2026-01-05"]
    one = read("members", book_of(HEADINGS, *rows), county.wang_fang)
    assert "recorded by the county" in said_of(one, 2)
    one = read("members", book_of(HEADINGS, *rows), county.zhou_tao)
    assert "no standing branch" in said_of(one, 3)
    applied(one, county.zhou_tao, leave_out=True)
    assert Member.objects.get(branch=branch).name == "ZhuEr"
