"""The pages of an assignment, judged on both widths and languages."""

import pytest

from tests import county as small
from tests.workflows.sending import answer, asked, contact_of, ready, steps
from workflows.recalls.acts import propose_recall

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def sending(county):
    """A proposal in each state, and a recall: the pages of each for who has to do with it."""
    contact = contact_of(county.mall)
    both = asked(county)
    answer(both, "unit_answer", county.xu_min)
    for_unit = asked(county, small.firm("东山第一砖瓦厂"))
    no = asked(county, small.firm("东山精米加工有限公司"), guide=small.instructor("唐玉"))
    answer(no, "unit_answer", county.xu_min, agrees=False, reason="该同志承担专项任务，年内无法抽调。")
    all_agreed = ready(county, small.firm("东山竹木制品有限公司"), guide=small.instructor("邓怡"))
    recall = propose_recall(county.tea, reason="post", words="已提任。", by=county.wang_fang)
    bare = small.firm("东山汽车修理厂")
    task = {
        "unit": steps(for_unit)["unit_answer"], "firm": steps(both)["firm_answer"],
        "guide": steps(both)["instructor_answer"], "again": steps(no)["choose_again"],
        "issue": steps(all_agreed)["issue_assignment"],
    }  # fmt: skip
    step = recall.task_set.get(flow_task_type="HUMAN")
    return county, {
        "wang_fang": [f"/firms/{bare.pk}/", f"/firms/{bare.pk}/propose-instructor/",
                      f"/instructors/{county.guide_li.pk}/",
                      f"/instructors/{county.guide_li.pk}/propose-firm/", f"/tasks/{task['again'].pk}/",
                      f"/assignments/{both.pk}/", "/assignments/", f"/firms/{county.mall.pk}/",
                      f"/recalls/{recall.pk}/", f"/firms/{small.firm('空').pk}/"],
        "xu_min": ["/tasks/", f"/tasks/{task['unit'].pk}/", f"/assignments/{for_unit.pk}/"],
        "li_ming": [f"/tasks/{task['guide'].pk}/"],
        "zhou_tao": ["/assignments/", f"/tasks/{task['issue'].pk}/", f"/tasks/{step.pk}/"],
        contact.username: [f"/tasks/{task['firm'].pk}/"],
    }  # fmt: skip


@pytest.mark.parametrize("size", ["desk", "phone"])
@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_every_page_of_an_assignment_is_fit_to_be_seen(sending, window, size, language):
    county, pages = sending
    for who, paths in pages.items():
        person = getattr(county, who, None) or small.User.objects.get(username=who)
        desk = window(person, size, language)
        for path in paths:
            desk.open(path)


def test_the_county_issues_a_list_and_sees_it(sending, window):
    county, _pages = sending
    desk = window(county.zhou_tao)
    desk.open("/assignments/")
    desk.send()
    assert "/assignments/lists/" in desk.page.url
    assert desk.page.get_by_text("东山竹木制品有限公司").count() == 1
