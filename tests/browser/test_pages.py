"""Every page that a person can reach from the navigation, judged on both widths and languages."""

import pytest

from tests import county as small
from workflows.coverage.acts import propose
from workflows.engine.models import Task
from workflows.nightly import night

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def busy(county):
    """The small county with something on every page."""
    for name in ("王建国", "林英", "张伟"):
        small.member(county.tea, name)
    small.union(county.tea)
    small.visit(county.tea, by=county.li_ming)
    asked = propose(county.tea, "stand_alone", by=county.li_ming, on=county.today,
                    reason="已有三名正式党员。", branch_name="中共东山茶业支部委员会")  # fmt: skip
    night(county.today)
    task = Task.objects.human().open().get(process_id=asked.pk)
    firm = county.tea.pk
    return county, {
        "li_ming": ["/today/", "/tasks/", "/tasks/waiting/", "/firms/", f"/firms/{firm}/", "/notices/",
                     "/notices/settings/", "/notices/robots/new/",
                    f"/requests/{asked.pk}/", f"/firms/{firm}/guidance/new/",
                    f"/firms/{firm}/members/new/", "/chart/", "/rulebook/", "/figures/", "/account/"],
        "wang_fang": ["/today/", "/today/late/", "/today/could-move/",
                      "/tasks/queue/", f"/tasks/{task.pk}/", "/firms/new/", f"/firms/{firm}/edit/",
                      f"/firms/{firm}/files/new/", f"/firms/{firm}/mass-organisations/new/",
                      "/branches/", "/branches/new/", "/instructors/", "/instructors/new/",
                      f"/firms/{county.mall.pk}/assign/", f"/instructors/{county.guide_li.pk}/"],
        "chen_jing": ["/today/", "/tasks/queue/", "/firms/", f"/firms/{county.mall.pk}/"],
        "zhou_tao": ["/today/", "/today/nearly/", "/today/quiet/",
                     "/tasks/queue/", "/figures/", "/audit/", f"/firms/{firm}/propose/close/"],
        "wu_laoban": ["/today/", "/tasks/", f"/firms/{firm}/"],
        "sun_li": ["/audit/", "/firms/", f"/firms/{firm}/"],
        "zheng_guan": ["/accounts/", "/tasks/"],
    }  # fmt: skip


@pytest.mark.parametrize("size", ["desk", "phone"])
@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_every_page_is_fit_to_be_seen(busy, window, size, language):
    county, pages = busy
    for who, paths in pages.items():
        desk = window(getattr(county, who), size, language)
        for path in paths:
            desk.open(path)


def test_sign_in_and_a_page_that_is_not_there(window, county):
    desk = window()
    desk.open("/sign-in/")
    desk.page.fill("[name=username]", "li.ming")
    desk.page.fill("[name=password]", "wrong")
    desk.page.press("[name=password]", "Enter")
    desk.page.wait_for_load_state()
    desk.look()
