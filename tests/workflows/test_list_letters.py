"""The official letter about an issued list, page by page: shown, numbered, printed."""

import re
from uuid import uuid4

import pytest
from django.utils import timezone

from core.audit.models import Event
from core.credentials.models import Credential
from core.letters.models import Letter
from core.people.models import Instructor
from tests import county as small
from tests.core.test_letterhead import SAID, keep
from tests.core.test_letters import pages
from tests.workflows.sending import ready
from workflows.assignments.issuing import issue_list

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def made(county):
    """A list of two, one of them with a rare character."""
    Instructor.objects.filter(pk=county.guide_li.pk).update(name="李𫖯")
    requests = [ready(county, small.firm(name)) for name in ("东山㛃记食品厂", "清河茶业有限公司")]
    return issue_list(requests, by=county.zhou_tao, at=timezone.now())


def address(made, kind="notice") -> str:
    return f"/assignments/lists/{made.pk}/letter/{kind}/"


def typed(county, **more) -> dict:
    said = {"key": uuid4(), "number": 1, "day": county.today.isoformat(), "recipient": "各乡镇党委"}
    return said | more


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_without_a_letterhead_it_is_asked_for_first(county, made, signed_in):
    answer = signed_in(county.zhou_tao).get(address(made))
    assert answer.status_code == 302 and answer.url == "/letterhead/"


def test_a_letterhead_is_kept_on_its_page(county, signed_in):
    browser = signed_in(county.zhou_tao)
    answer = browser.post("/letterhead/", {"key": uuid4(), "version": 0, **SAID})
    assert answer.status_code == 302
    assert "清非公工委发" in text_of(browser.get("/letterhead/"))


def test_a_list_becomes_a_letter_with_every_name_on_it(county, made, signed_in):
    keep(county.zhou_tao)
    browser = signed_in(county.zhou_tao)
    page = text_of(browser.get(address(made)))
    assert 'value="1"' in page and "各乡镇党委" in page and "决定选派1名" in page
    answer = browser.post(address(made), typed(county))
    found = Letter.objects.get()
    assert answer.url == f"/letters/{found.pk}/"
    assert "东山㛃记食品厂" in text_of(browser.get(answer.url))
    paper = browser.post(f"{answer.url}paper/", {"key": uuid4()})
    assert paper.headers["Content-Type"] == "application/pdf"
    text = "".join(pages(paper.content))
    number = Credential.objects.get().number
    for said in ("东山㛃记食品厂", "清河茶业有限公司", "李𫖯", number, "各乡镇党委", "附件"):
        assert said in text
    assert f"清非公工委发〔{county.today.year}〕1号" in text
    event = Event.objects.get(code="letter.printed")
    assert (event.by, event.area) == (county.zhou_tao, small.COUNTY)


def test_only_showing_it_takes_no_number_and_shows_what_is_typed(county, made, signed_in):
    keep(county.zhou_tao)
    form = typed(county, number=9, recipient="各园区党工委", look="1")
    page = text_of(signed_in(county.zhou_tao).post(address(made), form))
    assert "各园区党工委" in page and "〕9号" in page
    assert not Letter.objects.exists()


def test_asked_again_the_same_letter_comes(county, made, signed_in):
    keep(county.zhou_tao)
    browser = signed_in(county.zhou_tao)
    browser.post(address(made), typed(county))
    found = Letter.objects.get()
    assert browser.get(address(made)).url == f"/letters/{found.pk}/"
    assert browser.post(address(made), typed(county, number=2)).url == f"/letters/{found.pk}/"
    assert Letter.objects.count() == 1
    assert f"/letters/{found.pk}/" in text_of(browser.get(f"/assignments/lists/{made.pk}/"))


def test_the_same_press_twice_prints_twice_and_is_written_down_once(county, made, signed_in):
    keep(county.zhou_tao)
    browser, key = signed_in(county.zhou_tao), uuid4()
    browser.post(address(made), typed(county))
    page = f"/letters/{Letter.objects.get().pk}/paper/"
    answers = [browser.post(page, {"key": key}) for _n in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert Event.objects.filter(code="letter.printed").count() == 1
    assert browser.post(page, {"key": "x"}).status_code == 422


def test_a_number_that_is_taken_is_told_and_what_was_typed_stays(county, made, signed_in):
    keep(county.zhou_tao)
    browser = signed_in(county.zhou_tao)
    browser.post(address(made), typed(county))
    answer = browser.post(address(made, "answer"), typed(county, answers="《请示》（一号）"))
    assert answer.status_code == 422
    page = text_of(answer)
    assert "The next free one is 2" in page and "《请示》（一号）" in page
    done = browser.post(address(made, "answer"), typed(county, number=2, answers="《请示》（一号）"))
    assert done.status_code == 302
    assert "《请示》（一号）收悉" in Letter.objects.get(kind="answer").facts["paragraphs"][0]


@pytest.mark.parametrize(
    ("kind", "more", "says"),
    [
        ("answer", {}, "Please fill this in"),
        ("notice", {"number": "0"}, "greater than or equal to 1"),
        ("notice", {"day": "1899-01-01"}, "1900"),
        ("notice", {"day": "2020-01-01"}, "The list was issued on"),
        ("notice", {"day": "2031-01-01"}, "in the future"),
        ("notice", {"recipient": "各乡\ue123镇"}, "U+E123"),
    ],
)
def test_bad_input_is_told_and_takes_no_number(county, made, signed_in, kind, more, says):
    keep(county.zhou_tao)
    answer = signed_in(county.zhou_tao).post(address(made, kind), typed(county, **more))
    assert answer.status_code == 422
    assert says in text_of(answer)
    assert not Letter.objects.exists()


def test_a_kind_that_there_is_not(county, made, signed_in):
    assert signed_in(county.zhou_tao).get(address(made, "poem")).status_code == 404


def test_the_lists_page_offers_letters_to_the_office_only(county, made, signed_in):
    page = f"/assignments/lists/{made.pk}/"
    assert address(made) in text_of(signed_in(county.zhou_tao).get(page))
    assert "/letter/" not in text_of(signed_in(county.wang_fang).get(page))
