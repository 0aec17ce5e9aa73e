"""Every page that a person can reach from the navigation, judged on both widths and languages."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from core.accounts.leave import go_on_leave
from core.accounts.verbs import Role
from tests import county as small
from workflows.coverage.acts import propose
from workflows.engine.models import Task
from workflows.engine.pace import follow_up, hold
from workflows.engine.verbs import claim
from workflows.inbox.bulk import carry_on, start
from workflows.inbox.comments import comment, lend
from workflows.inbox.lists import Filters
from workflows.inbox.saved import keep
from workflows.nightly import night

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def inbox(county):
    """A lent task with a talk, one put off, a run over both, a leave, and a filter that is kept."""
    made = []
    for n in range(2):
        firm = small.firm(f"清河第{n}茶业有限公司")
        small.assign(county.guide_li, firm)
        small.union(firm)
        asked = propose(firm, "organise_mass", by=county.li_ming, on=county.today, reason="已有工会。")
        made.append(claim(Task.objects.human().get(process=asked), by=county.wang_fang))
    now, until = timezone.now(), county.today + timedelta(days=3)
    lend(made[0], by=county.wang_fang, to=county.li_ming, wish="请核实会员人数。", at=now)
    hold(made[1], by=county.wang_fang, until=until, on=county.today)
    follow_up(made[1], by=county.wang_fang, day=until, on=county.today)
    comment(made[1], by=county.wang_fang, text="@Zhou Tao 请看。", at=now)
    mate = small.person("ren.jie", Role.TOWNSHIP, small.EAST, name="任杰")
    go_on_leave(mate, substitute=county.wang_fang, since=county.today, until=until, by=mate,
                on=county.today)  # fmt: skip
    keep(county.wang_fang, name="逾期", which="queue", filters=Filters(late="1"), shared=True)
    run = start(uuid4(), "nudge", [each.pk for each in made], {}, by=county.li_ming, at=now)
    return made, carry_on(run, on=county.today, at=now)


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
    mine, run = inbox(county)
    firm = county.tea.pk
    return county, {
        "li_ming": ["/today/", "/tasks/", "/tasks/waiting/", "/firms/", f"/firms/{firm}/", "/notices/",
                     "/notices/settings/", "/notices/robots/new/",
                    f"/requests/{asked.pk}/", f"/firms/{firm}/guidance/new/",
                    f"/firms/{firm}/members/new/", "/chart/", "/rulebook/", "/figures/", "/account/",
                    "/account/leave/", f"/tasks/{mine[0].pk}/?from=mine", f"/tasks/bulk/{run.key}/"],
        "wang_fang": ["/today/", "/today/late/", "/today/could-move/", "/tasks/queue/",
                      f"/tasks/{task.pk}/", "/tasks/", "/tasks/put-off/",
                      "/tasks/waiting/", "/tasks/done/", "/tasks/left-behind/", "/account/leave/?q=L",
                      f"/tasks/{mine[0].pk}/", f"/tasks/{mine[1].pk}/hold/?from=held",
                      f"/accounts/{county.li_ming.pk}/leave/", "/firms/new/", f"/firms/{firm}/edit/",
                      f"/firms/{firm}/files/new/", f"/firms/{firm}/mass-organisations/new/",
                      "/branches/", "/branches/new/", "/instructors/", "/instructors/new/",
                      f"/firms/{county.mall.pk}/assign/", f"/instructors/{county.guide_li.pk}/",
                      "/contact-cards/", "/contact-cards/print/", f"/firms/{firm}/contact-card/",
                      f"/contact-cards/area/{small.EAST}/county_leader/"],
        "chen_jing": ["/today/", "/tasks/queue/", "/firms/", f"/firms/{county.mall.pk}/"],
        "zhou_tao": ["/today/", "/today/nearly/", "/today/quiet/",
                     "/tasks/queue/", "/figures/", "/audit/", f"/firms/{firm}/propose/close/",
                     "/letterhead/"],
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
