"""From the choice of an area to a board that is put forward, in a browser; on both widths."""

import os
from datetime import timedelta

import pytest

from core.accounts.models import Area
from core.jobs import run as worker
from core.people.models import Instructor
from core.people.ties import Tie
from tests import county as small
from workflows.matching.models import Board, BoardRow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SHOTS")  # a folder for pictures, when somebody wants to look


@pytest.fixture
def east(county, settings, tmp_path):
    """A township in Chinese with six waiting firms, one of which everybody is tied to."""
    settings.MEDIA_ROOT = tmp_path
    Area.objects.filter(pk=small.EAST).update(name="东山镇")
    names = ("青岚云雾茶业有限公司", "东山竹制品厂", "清河阀门有限公司", "高坡养殖合作社", "东山商贸行")
    firms = [small.firm(name, industry=trade, languages="苗语" if n == 3 else "")
             for n, (name, trade) in enumerate(zip(names, "ACCAF", strict=True))]  # fmt: skip
    Instructor.objects.filter(pk=county.guide_li.pk).update(name="李明", languages="普通话、苗语")
    small.instructor("林英", trade="C", languages="普通话", unit=small.unit("县工业和信息化局"))
    small.instructor("王建国", small.COUNTY, trade="A", unit=small.unit("县农业农村局"))
    small.instructor("张伟", term_until=county.today + timedelta(days=20), unit=small.unit("县教育局"))
    for guide in Instructor.objects.filter(county=small.COUNTY):
        Tie.objects.create(instructor=guide, firm=firms[4], kind="relative",
                           declared_on=county.today, by=county.zhou_tao)  # fmt: skip
    return county


def look(desk, name: str, size: str, language: str) -> None:
    desk.look()
    if SHOTS:
        desk.page.screenshot(path=f"{SHOTS}/{name}-{size}-{language}.png", full_page=True)


@pytest.mark.parametrize("size", ["desk", "phone"])
@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_the_whole_way(east, window, size, language):
    desk = window(east.zhou_tao, size, language)
    desk.open("/matching/")
    look(desk, "1-area", size, language)
    page = desk.page
    page.locator("main form button.primary").click()
    page.wait_for_selector("[data-job]")
    look(desk, "2-working", size, language)
    board = Board.objects.get()
    worker.run(board.making_id)
    page.wait_for_selector(".pairs")
    look(desk, "3-pairs", size, language)
    page.locator(".pairs details summary").first.click()
    page.locator(".pairs details input").first.fill("两家相邻。")
    page.locator(".pairs .tick input[type=checkbox]").first.check()
    page.locator(".pair-bar .primary").click()
    page.wait_for_selector(".notice.success")
    look(desk, "4-one-put-forward", size, language)
    assert BoardRow.objects.get(state="proposed").why == "两家相邻。"
    row = BoardRow.objects.undecided().order_by("firm__pinyin").first()
    small.assign(east.guide_li, row.firm)
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("form.all button").click()
    page.wait_for_selector("[data-job]")
    board.refresh_from_db()
    worker.run(board.accepting_id)
    page.wait_for_selector(".pairs")
    look(desk, "5-one-was-faster", size, language)
    page.goto(f"{board.get_absolute_url()}?show=nobody")
    look(desk, "6-nobody", size, language)
    page.goto(f"{board.get_absolute_url()}?show=proposed")
    look(desk, "7-proposed", size, language)
    assert BoardRow.objects.filter(state="refused").count() == 1
    assert not BoardRow.objects.filter(state="open", instructor__isnull=False).exists()
    desk.open("/matching/")
    desk.open(f"/jobs/{board.making_id}/")
