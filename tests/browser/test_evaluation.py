"""An evaluation in a browser: the firm on a phone with its link, the instructor, the judging."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.workflows.evaluating import a_round, begun, sheet, step
from workflows.evaluations import links
from workflows.evaluations.models import Evaluation

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def tick(page, **chosen):
    for name, value in chosen.items():
        page.check(f"input[name={name}][value={value}]")


def test_from_the_link_to_the_grade(county, window):
    evaluation = begun(county, county.paper, a_round(county))
    one = links.give_link(evaluation, by=county.he_jun, at=timezone.now())
    address = reverse("evaluations:link", args=[links.token_of(one)])

    phone = window(size="phone")
    phone.open(address)
    tick(phone.page, attendance="as_agreed", help="much")
    phone.page.fill("textarea[name=wishes]", "希望多来几次。")
    phone.page.click("button[name=save]")
    phone.page.wait_for_url("**saved=1")
    phone.look()
    phone.open(address)  # on the same phone, later
    assert phone.page.input_value("textarea[name=wishes]") == "希望多来几次。"
    tick(phone.page, knowledge="well", integrity="sound")
    phone.send()
    assert "不能再次提交" in phone.page.inner_text("main")
    assert sheet(evaluation, "firm").state == "in"

    own = window(county.zhao_qiang)
    own.open(step(evaluation, "instructor_form").get_absolute_url())
    assert "希望多来几次。" not in own.page.inner_text("main")
    tick(own.page, support="active", means="all", roster="complete", activities="regular")
    own.send("main form:has([name=support])")

    judge = window(county.he_jun, "phone")
    judge.open(step(evaluation, "supervisor_opinion").get_absolute_url())
    assert "希望多来几次。" in judge.page.inner_text("main")
    judge.page.fill("textarea[name=opinion]", "工作扎实。")
    tick(judge.page, proposed="competent")
    judge.send("main form:has([name=opinion])")
    own.open(step(evaluation, "right_to_answer").get_absolute_url())
    own.page.fill("textarea[name=text]", "没有异议。")
    own.send("main form:has([name=text])")
    office = window(county.zhou_tao)
    office.open(step(evaluation, "settle_grade").get_absolute_url())
    office.send("main form:has([name=grade])")
    assert Evaluation.objects.get().grade == "competent"
    assert "称职" in office.page.inner_text("main")


@pytest.mark.parametrize("size", ["desk", "phone"])
@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_the_pages_are_fit_to_be_seen(county, window, size, language):
    evaluation = begun(county, county.tea, a_round(county))
    round_page = f"/evaluations/rounds/{evaluation.round_id}/"
    for who, paths in {
        county.zhou_tao: ["/evaluations/", "/evaluations/rounds/new/", round_page,
                          f"{round_page}summary/"],
        county.wang_fang: [round_page, step(evaluation, "firm_form").get_absolute_url()],
        county.li_ming: ["/evaluations/mine/", f"/evaluations/{evaluation.pk}/",
                         step(evaluation, "instructor_form").get_absolute_url()],
        county.wu_laoban: ["/evaluations/mine/", step(evaluation, "firm_form").get_absolute_url()],
    }.items():  # fmt: skip
        desk = window(who, size, language)
        for path in paths:
            desk.open(path)
