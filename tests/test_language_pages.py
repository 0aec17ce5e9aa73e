"""No page mixes the two languages: a Chinese one has no English words, an English one no Chinese.

The pages are those of the table of tests/test_access.py, as every role that may open them sees
them, with the forms also sent empty. Data is in the language of the reader, so what remains in the
other language was forgotten.
"""

import re
from html.parser import HTMLParser
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.accounts.models import Area, LineDepartment, SendingUnit, User
from core.accounts.verbs import Role
from core.api.models import PlatformToken
from core.contact_cards.models import TierContact
from core.jobs.models import Job
from core.ledger.kinds import Size
from core.ledger.models import Branch, Firm, MassOrganisation
from core.ledger.stages import Operation, Stage
from core.letters.models import Letter, Letterhead
from core.people.models import GuidanceRecord, Instructor, Member
from tests import county as small
from tests.test_access import OWN, ROLES, TABLE, address_of, places  # noqa: F401
from tests.workflows.talk import D, at_hand, say
from workflows.coverage.acts import correct, give_opinion, propose
from workflows.coverage.models import Opinion, TransitionRequest
from workflows.engine.models import Task
from workflows.inbox.models import SavedFilter
from workflows.mailroom.models import Robot
from workflows.nightly import night
from workflows.reconciling.models import AuthorityList, ListRow
from workflows.surveys.models import SurveyRound

pytestmark = pytest.mark.once

CHINESE = {
    Area: "清河县", LineDepartment: "县商务局", User: "王建国", Firm: "清河茶业有限公司",
    Instructor: "李明", Member: "张晓", Branch: "东山联合党支部", MassOrganisation: "茶业公司工会",
}  # fmt: skip
HAN = re.compile(r"[\u3400-\u9fff]+")
LATIN = re.compile(r"[A-Za-z]{3,}")
# Formats, the licence and names of files and people's accounts: the same in both languages.
SAME_IN_BOTH = re.compile(
    r"PDF|JPEG|PNG|Word|Excel|WPS|AGPL-3\.0-or-later|rulebook\.toml|minutes\.pdf|[a-z]+\.[a-z]+"
    r"|xlsx|xlsm|xls|csv|CSV|JSON|Webhook|Enter|schedules|\{[a-z]+\d\}"
    r"|OpenAPI|SHA-256|Accept-Language|ETag|If-None-Match|"
    + "|".join(
        (*Stage.values, *Operation.values, *Size.values, *MassOrganisation.Kind.values)
    )  # as programs ask for them
)
NO_PAGES = {"healthz", "ledger:file", "coverage:approval_form", "coverage:blank_form"}
NO_PAGES |= {"evaluations:blank_form"}
SWITCH = {"zh-hans": "English", "en": "简体中文"}
UNREAD = ("script", "style", "code", "pre")  # what programs read, and not people
SHOWN = {"placeholder", "title", "alt", "aria-label", "data-label", "data-confirm"}


class Visible(HTMLParser):
    """What a reader sees, or hears, of a page."""

    def __init__(self, page: str):
        super().__init__()
        self.words, self.hidden, self.abroad = [], 0, []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.hidden += tag in UNREAD
        if self.abroad:
            self.abroad += [tag] * (tag == self.abroad[0])
        elif tag != "html" and "lang" in dict(attributes):
            self.abroad = [tag]  # said to be in another language, as a paper's own words are
        if not self.abroad:
            self.words += [value for name, value in attributes if name in SHOWN and value]

    def handle_endtag(self, tag):
        self.hidden -= tag in UNREAD
        if self.abroad and tag == self.abroad[0]:
            self.abroad.pop()

    def handle_data(self, data):
        if not (self.hidden or self.abroad):
            self.words.append(data)


def foreign(page: str, language: str) -> list[str]:
    """Words of the other language on a page, with what stands around them."""
    other = LATIN if language == "zh-hans" else HAN
    words = (SAME_IN_BOTH.sub("", word) for word in Visible(page).words)
    return sorted({word.strip() for word in words if other.search(word)} - {SWITCH[language]})


def in_chinese() -> None:
    """Name everything in the county in Chinese."""
    for model, name in CHINESE.items():
        for row in model.objects.all():
            model.objects.filter(pk=row.pk).update(name=f"{name}{row.pk}")
    for row in SendingUnit.objects.all():
        SendingUnit.objects.filter(pk=row.pk).update(name=f"县农业农村局{row.pk}")
    TierContact.objects.update(name="安建国", post="县委副书记")
    said = {"organ": "县委文件", "signed": "县委", "title": "通知", "recipient": "各镇"}
    Letterhead.objects.update(organ="县委文件", signed="县委", word="县委发", downward="各镇")
    for letter in Letter.objects.all():
        letter.facts |= said | {"paragraphs": ["同意。"]}
        letter.save()
    TransitionRequest.objects.update(reason="已建立工会。")
    Opinion.objects.update(comment="已建立工会。")
    Robot.objects.update(name="东山群")
    SurveyRound.objects.update(title="秋季摸底普查")
    PlatformToken.objects.update(platform="省平台")
    AuthorityList.objects.update(name="纳税人名单")
    ListRow.objects.update(name="清河茶庄")
    SavedFilter.objects.update(name="逾期")
    for job in Job.objects.all():
        Job.objects.filter(pk=job.pk).update(words=job.words | {"place": "东山镇"})


@pytest.fixture(params=["zh-hans", "en"])
def language(request, settings):
    settings.LANGUAGE_CODE = request.param
    return request.param


@pytest.fixture
def county(db, language):
    built = small.build()
    if language == "zh-hans":
        in_chinese()
        for name, value in vars(built).items():
            if hasattr(value, "refresh_from_db"):
                getattr(built, name).refresh_from_db()
        for person in built.by_role.values():
            person.refresh_from_db()
    return built


@pytest.fixture
def lived_in(places, language):  # noqa: F811
    """The county of the table, with a case that went the whole way and what the night found."""
    word = "情况属实。" if language == "zh-hans" else "It is so."
    firm, wang, zhou = places.places[OWN].blank, places.wang_fang, places.zhou_tao
    for number in range(3):
        small.member(firm, name=f"张{number}" if language == "zh-hans" else f"Zhang {number}")
    for visited in (firm, places.tea):
        GuidanceRecord.objects.filter(pk=small.visit(visited, by=places.li_ming).pk).update(done=word)
    if language == "zh-hans":
        in_chinese()
    firm.refresh_from_db()
    new = {"reason": word, "branch_name": firm.name, "by": places.li_ming, "on": places.today}
    asked = propose(firm, "stand_alone", **new)
    say(at_hand(asked), D.ASK, wang, word, asked=zhou)
    give_opinion(at_hand(asked), by=zhou, at=timezone.now(), comment=word)
    say(at_hand(asked), D.RETURN, wang, word)
    correct(at_hand(asked), at=timezone.now(), **new)
    say(at_hand(asked), D.APPROVE, wang, word)
    say(at_hand(asked), D.APPROVE, zhou, word)
    night(on=places.today)
    places.done = asked
    return places


def asked_for(county):
    """Every page of the table, by every role that may open it, and its forms sent empty."""
    for (route, method, where), answers in TABLE.items():
        if where != OWN or route in NO_PAGES:
            continue
        for role, answer in zip(ROLES, answers.split(), strict=True):
            if (method, answer) in (("GET", "200"), ("POST", "422")):
                at = county.places["line" if role == Role.LINE else OWN]
                yield role, method, address_of(route, at)
    for role in ROLES:
        yield role, "GET", "/no/such/page/"
        yield role, "GET", reverse("coverage:case", args=[county.done.firm_id])
        yield role, "GET", reverse("coverage:request", args=[county.done.pk])
    for task in Task.objects.human().select_related("process"):
        yield Role.COUNTY, "GET", reverse("inbox:task", args=[task.pk])


def test_no_page_mixes_the_languages(lived_in, language):
    mixed, pages = {}, 0
    for role, method, address in asked_for(lived_in):
        browser = Client()
        browser.force_login(lived_in.by_role[role])
        posted = method == "POST"
        answer = browser.post(address, {"key": uuid4()}) if posted else browser.get(address)
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        page = answer.content.decode()
        if "<html" in page:  # else a part that a page fetches
            assert f'<html lang="{language}">' in page, address
        pages += 1
        for words in foreign(page, language):
            mixed.setdefault(words, f"{role} {method} {address}")
    assert pages > 150
    assert mixed == {}


def test_the_sign_in_page_does_not_mix_them(client, db, language):
    for answer in (client.get("/sign-in/"), client.post("/sign-in/", {"username": "x"})):
        assert foreign(answer.content.decode(), language) == []


def test_what_is_foreign_is_found():
    page = '<p title="Nothing">好 &amp; PDF <a href="/x">English</a></p><script>let it = 1</script>'
    assert foreign(page, "zh-hans") == ["Nothing"]
    assert foreign(page + "<button>简体中文</button>", "en") == ["好 &"]
