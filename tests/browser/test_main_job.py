"""The main job, in a browser: proposed on site, reviewed in the township, decided in the county."""

import pytest

from core.ledger.models import Firm
from tests import county as small
from workflows.coverage.models import TransitionRequest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def decide(desk, comment):
    """From the list to the decision, as a reviewer goes."""
    page = desk.page
    desk.open("/tasks/queue/")
    page.locator("main tbody th a[href^='/tasks/']").first.click()
    desk.look()
    page.check("input[name=decision][value=approve]")
    page.fill("textarea[name=comment]", comment)
    desk.send("main form:has([name=decision])")


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_from_the_proposal_to_the_branch_of_its_own(county, window, size):
    for name in ("王建国", "林英", "张伟"):
        small.member(county.tea, name)
    case = f"/firms/{county.tea.pk}/"

    li_ming = window(county.li_ming, size)
    li_ming.look()  # the first page after signing in: today
    assert li_ming.page.url.endswith("/today/")
    li_ming.open("/firms/")
    li_ming.page.click(f"main a[href='{case}']")
    li_ming.look()
    li_ming.page.click(f"a[href='{case}propose/stand_alone/']")
    li_ming.look()
    li_ming.page.fill("textarea[name=reason]", "已有三名正式党员，企业主支持。")
    li_ming.page.set_input_files(
        "input[type=file]", {"name": "会议记录.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    li_ming.send("main form:has([name=reason])")
    asked = TransitionRequest.objects.get()
    assert f"/requests/{asked.pk}/" in li_ming.page.url
    assert "会议记录.pdf" in li_ming.page.inner_text("main")

    decide(window(county.wang_fang, size), "情况属实，同意。")
    decide(window(county.zhou_tao, size), "同意单独组建。")

    firm = Firm.objects.get(pk=county.tea.pk)
    assert firm.stage == "standalone"
    li_ming.open(case)
    seen = li_ming.page.inner_text("main")
    assert firm.branch.name in seen
    assert "Zhou Tao" in seen  # the timeline says who decided

    figures = window(county.zhou_tao, size)
    figures.open("/figures/")
    trail = window(county.sun_li, size)
    trail.open("/audit/")
    assert trail.page.locator("main").inner_text().count("East Hill Tea") >= 2
    form = li_ming.context.request.get(f"/requests/{asked.pk}/approval-form.pdf")
    assert form.ok and form.body().startswith(b"%PDF-")


def test_typed_text_survives_an_expired_session(county, window):
    for name in ("A", "B", "C"):
        small.member(county.tea, name)
    desk = window(county.li_ming)
    desk.open(f"/firms/{county.tea.pk}/propose/stand_alone/")
    desk.page.fill("textarea[name=reason]", "写了很久的理由。")
    desk.context.clear_cookies(name="sessionid")
    desk.page.locator("main form:has([name=reason]) button.primary").click()
    desk.page.wait_for_url("**/sign-in/**")
    desk.page.fill("[name=username]", county.li_ming.username)
    desk.page.fill("[name=password]", small.PASSWORD)
    desk.page.press("[name=password]", "Enter")
    desk.page.wait_for_url("**/propose/**")
    assert desk.page.input_value("textarea[name=reason]") == "写了很久的理由。"
    desk.send("main form:has([name=reason])")
    assert TransitionRequest.objects.get().reason == "写了很久的理由。"
