"""The pages of report tables and of platforms in a browser: fit to be seen, and the way to a report."""

from datetime import timedelta

import pytest

from core.ledger.models import Firm
from core.ledger.spells import note
from core.reports.copies import ReportedCopy
from tests import county as small

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("size", ["desk", "phone"])
@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_every_page_is_fit_to_be_seen(county, window, size, language):
    small.put(county.tea, name="清河县东山茶业种植加工销售有限责任公司")
    desk = window(county.zhou_tao, size, language)
    for path in (
        "/reports/", "/reports/ledger/", "/reports/coverage/", "/reports/quarterly/",
        "/reports/should_have/", "/reports/ledger/headings/", "/reports/coverage/report/",
        "/reports/copies/", "/platforms/", "/platforms/new/", "/api/",
    ):  # fmt: skip
        desk.open(path)


def test_a_table_is_reported_and_the_next_superior_is_offered_the_same(county, window):
    for firm in Firm.objects.all():
        note(firm, on=firm.opened_on)
    day = (county.today - timedelta(days=20)).isoformat()
    desk = window(county.wang_fang, "desk", "en-US")
    for whom in ("City office", "Province office"):
        desk.open(f"/reports/coverage/report/?on={day}")
        desk.page.fill("[name=whom]", whom)
        desk.page.fill("[name=reason]", "Half-year")
        desk.page.click("main form.form button.primary")
        desk.page.wait_for_load_state()
        desk.look()
    first, second = ReportedCopy.objects.order_by("at")
    assert (second.same_as, second.digest) == (first, first.digest)
    with desk.page.expect_download() as saved:
        desk.page.click("main .page-head a.primary")
    assert saved.value.suggested_filename.endswith(".xlsx")
