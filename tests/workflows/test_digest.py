"""The digest by e-mail: what it says, when it leaves, and a mail server that is away."""

import smtplib
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend

from core.audit.record import record
from tests import county as small
from tests.services import free_port
from tests.workflows.talk import at_hand
from workflows.coverage.acts import propose
from workflows.engine.models import Task
from workflows.engine.verbs import claim
from workflows.mailroom import digests
from workflows.mailroom.digests import plan
from workflows.mailroom.models import Delivery, Wishes
from workflows.mailroom.round import run, tidy
from workflows.mailroom.wishes import choose, first_day
from workflows.notices.models import Notice
from workflows.notices.tell import tell

WALL = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=WALL)  # the county's clock
DAY = timedelta(days=1)


def wants(person, digest="daily", **wishes):
    """Asked for long ago; English, at eight."""
    person.email = f"{person.username}@county.example"
    person.save()
    given = {"language": "en", "hour": 8, "digest_since": MONDAY.date() - 30 * DAY} | wishes
    return Wishes.objects.update_or_create(person=person, defaults={"digest": digest} | given)[0]


def news(firm, person, times=1, code="request.rejected", at=MONDAY - timedelta(hours=3)):
    for _time in range(times):
        tell(record(code, by=None, firm=firm, move="stand_alone"), people=[person.pk])
    Notice.objects.filter(to=person).update(at=at)


@pytest.fixture
def at_work(county, own_branch):
    """Wang Fang of East has a review in her hands, due on Wednesday; three more wait for her office."""
    claim(at_hand(own_branch), by=county.wang_fang)
    Task.objects.filter(process=own_branch).update(due_at=MONDAY + 2 * DAY)
    return county


# ── what it says ───────────────────────────────────────────────────────────────────────────────
def test_it_says_what_waits_what_is_late_and_what_was_decided(at_work, settings):
    settings.SITE_URL = "https://desk.example"
    wants(at_work.wang_fang)
    small.union(at_work.mall)
    late = propose(at_work.mall, "organise_mass", by=at_work.zhou_tao, on=at_work.today, reason="It.")
    Task.objects.filter(process=late).update(
        owner=at_work.wang_fang, status="ASSIGNED", due_at=MONDAY - DAY
    )
    news(at_work.paper, at_work.wang_fang)
    Notice.objects.update(firm=at_work.tea)
    assert run(MONDAY)["mails"] == 1
    (letter,) = mail.outbox
    assert letter.subject == "Instructor Desk: 2 tasks open, 1 overdue"
    assert letter.to == ["wang.fang@county.example"]
    text, (html, kind) = letter.body, letter.alternatives[0]
    assert kind == "text/html"
    for said in (text, html):
        assert said.index("Overdue") < said.index("Qinghe Mall") < said.index("Waiting for you")
        assert said.index("Waiting for you") < said.index("East Hill Tea")
        assert "due on 25 November 2026" in said
        assert "was due on 22 November 2026" in said
        assert "https://desk.example/tasks/" in said
        assert "https://desk.example/notices/settings/" in said  # how to end it
    assert letter.extra_headers["List-Unsubscribe"] == "<https://desk.example/notices/settings/>"


def test_no_member_and_nobody_s_words_are_in_it(at_work):
    wants(at_work.wang_fang)
    news(at_work.tea, at_work.wang_fang)
    run(MONDAY)
    letter = mail.outbox[0]
    whole = letter.body + letter.alternatives[0][0]
    for name in ("Wang Jianguo", "Lin Ying", "Zhang Wei", "Three members now"):
        assert name not in whole


def test_ten_events_of_a_case_are_one_line(county):
    wants(county.li_ming)
    news(county.tea, county.li_ming, times=10)
    run(MONDAY)
    body = mail.outbox[0].body
    assert body.count("East Hill Tea") == 1
    assert "rejected" in body
    assert "and 9 more" in body
    assert mail.outbox[0].subject == "Instructor Desk: news of 1 case"


def test_it_speaks_the_reader_s_language(county):
    wants(county.li_ming, language="zh-hans")
    news(county.tea, county.li_ming)
    run(MONDAY)
    assert "驳回" in mail.outbox[0].body
    assert 'lang="zh-hans"' in mail.outbox[0].alternatives[0][0]


def test_a_firm_that_is_out_of_reach_is_not_in_it(county):
    wants(county.li_ming)
    news(county.paper, county.li_ming)  # the neighbour's firm, guided by him once
    assert run(MONDAY)["mails"] == 0
    assert Delivery.objects.get().state == "nothing"


def test_only_what_was_asked_for(at_work):
    wants(at_work.wang_fang, kinds=["decision"])
    news(at_work.tea, at_work.wang_fang, times=2)
    run(MONDAY)
    assert "Waiting for you" not in mail.outbox[0].body
    assert "rejected" in mail.outbox[0].body
    wants(at_work.wang_fang, kinds=["task"])
    run(MONDAY + DAY)
    assert "Waiting for you" in mail.outbox[1].body
    assert "rejected" not in mail.outbox[1].body


def test_what_a_digest_said_the_next_one_does_not_repeat(county):
    wants(county.li_ming)
    news(county.tea, county.li_ming)
    assert run(MONDAY)["mails"] == 1
    assert run(MONDAY + DAY)["mails"] == 0
    assert [d.state for d in Delivery.objects.order_by("pk")] == ["sent", "nothing"]
    news(county.tea, county.li_ming, at=MONDAY + DAY + timedelta(hours=2))
    assert run(MONDAY + 2 * DAY)["mails"] == 1


def test_what_was_read_on_the_page_is_not_said_again(county, signed_in):
    wants(county.li_ming)
    news(county.tea, county.li_ming)
    signed_in(county.li_ming).get("/notices/")
    assert run(MONDAY)["mails"] == 0


# ── when it leaves ─────────────────────────────────────────────────────────────────────────────
def test_nothing_leaves_for_who_asked_for_nothing(at_work):
    at_work.wang_fang.email = "wang.fang@county.example"
    at_work.wang_fang.save()
    assert run(MONDAY) == {"looked_at": Notice.objects.count(), "digests": 0, "messages": 0, "mails": 0}
    wants(at_work.wang_fang, digest="off")
    assert run(MONDAY)["digests"] == 0


@pytest.mark.parametrize(
    ("digest", "clock", "leaves"),
    [
        ("daily", MONDAY, True),
        ("daily", MONDAY - timedelta(minutes=1), False),
        ("daily", MONDAY + timedelta(hours=9), True),  # the worker was away in the morning
        ("daily", MONDAY - DAY, False),  # a Sunday
        ("daily", MONDAY + 5 * DAY, False),
        ("weekly", MONDAY, True),
        ("weekly", MONDAY - timedelta(minutes=1), False),
        ("weekly", MONDAY + DAY, True),  # missed on Monday
        ("weekly", MONDAY - DAY, False),
    ],
)
def test_it_leaves_at_its_hour(at_work, digest, clock, leaves):
    wants(at_work.wang_fang, digest=digest)
    assert run(clock)["mails"] == leaves


@pytest.mark.parametrize(("digest", "next_one"), [("daily", DAY), ("weekly", 7 * DAY)])
def test_one_for_each_period_whatever_runs_twice(at_work, digest, next_one):
    wants(at_work.wang_fang, digest=digest)
    for minute in range(0, 600, 100):
        run(MONDAY + timedelta(minutes=minute))
    assert len(mail.outbox) == Delivery.objects.count() == 1
    run(MONDAY + next_one)
    assert len(mail.outbox) == 2
    ids = {letter.extra_headers["Message-ID"] for letter in mail.outbox}
    assert len(ids) == 2


def test_quiet_hours_hold_it_back_until_they_end(at_work):
    wants(at_work.wang_fang, hour=6, quiet_from=time(21), quiet_until=time(7, 30))
    at_six = MONDAY.replace(hour=6)
    assert run(at_six)["mails"] == 0
    assert run(MONDAY.replace(hour=7, minute=29))["mails"] == 0
    assert run(MONDAY.replace(hour=7, minute=30))["mails"] == 1


def test_quiet_hours_that_were_chosen_after_it_was_put_down_count_too(at_work):
    wants(at_work.wang_fang)
    plan(MONDAY)
    wants(at_work.wang_fang, quiet_from=time(7), quiet_until=time(9))
    assert run(MONDAY)["mails"] == 0
    assert run(MONDAY.replace(hour=9))["mails"] == 1


def test_the_first_one_is_the_first_whose_hour_is_still_ahead(at_work):
    fang = at_work.wang_fang
    chosen = {"digest": "daily", "hour": 8, "weekday": 0, "language": "en", "kinds": ["task"],
              "email": "fang@county.example"}  # fmt: skip
    choose(fang, at=MONDAY + timedelta(hours=2), **chosen)
    assert run(MONDAY + timedelta(hours=3))["digests"] == 0
    assert run(MONDAY + DAY)["mails"] == 1
    assert first_day(8, MONDAY - timedelta(minutes=1)) == MONDAY.date()
    fang.refresh_from_db()
    assert fang.email == "fang@county.example"


@pytest.mark.parametrize("how", ["closed", "no address", "off"])
def test_who_left_meanwhile_gets_nothing(at_work, how):
    wants(at_work.wang_fang)
    plan(MONDAY)
    fang = at_work.wang_fang
    fang.is_active, fang.email = how != "closed", "" if how == "no address" else fang.email
    fang.save()
    if how == "off":
        wants(fang, digest="off")
    assert run(MONDAY)["mails"] == 0
    assert not mail.outbox


def test_what_was_sent_long_ago_is_forgotten_what_waits_is_not(at_work):
    wants(at_work.wang_fang)
    run(MONDAY)
    plan(MONDAY + DAY)
    assert tidy(MONDAY + 89 * DAY) == 0
    assert tidy(MONDAY + 100 * DAY) == 1
    assert Delivery.objects.get().state == "waiting"


# ── a mail server that is away ─────────────────────────────────────────────────────────────────
@pytest.fixture
def no_server(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()


def test_a_server_that_is_away_loses_nothing_and_holds_up_nobody(at_work, no_server, settings):
    people = [at_work.wang_fang, at_work.zhou_tao, at_work.li_ming]
    for person in people:
        wants(person)
        news(at_work.tea, person)
    assert run(MONDAY)["mails"] == 0
    tried = Delivery.objects.get(attempts=1)  # one knock at a closed door, not three
    assert tried.state == "waiting"
    assert tried.due_at == MONDAY + timedelta(minutes=1)
    assert "does not answer" in tried.error
    for minute in range(1, 60):
        run(MONDAY + timedelta(minutes=minute))
    assert max(d.attempts for d in Delivery.objects.all()) < 20  # ever more slowly
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    run(MONDAY + timedelta(hours=8))
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(p.email for p in people)
    assert set(Delivery.objects.values_list("state", "error")) == {("sent", "")}


def test_a_digest_that_could_not_leave_is_overtaken_and_nothing_of_it_is_lost(
    county, no_server, settings
):
    wants(county.li_ming)
    news(county.tea, county.li_ming)
    run(MONDAY)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Delivery.objects.update(due_at=MONDAY + 9 * DAY)  # still waiting when the next day's is due
    run(MONDAY + DAY)
    assert [d.state for d in Delivery.objects.order_by("pk")] == ["overtaken", "sent"]
    assert "rejected" in mail.outbox[0].body


class Picky(BaseEmailBackend):
    """A mail server that refuses one address, for good or for now."""

    code = 550

    def send_messages(self, messages):
        for message in messages:
            if message.to[0].startswith("wang.fang"):
                raise smtplib.SMTPRecipientsRefused({message.to[0]: (self.code, b"no")})
            mail.outbox.append(message)
        return len(messages)


@pytest.mark.parametrize(("code", "state"), [(550, "given_up"), (450, "waiting")])
def test_an_address_that_is_refused_is_said_on_the_page_and_the_others_get_theirs(
    at_work, settings, signed_in, monkeypatch, code, state
):
    settings.EMAIL_BACKEND = f"{__name__}.Picky"
    monkeypatch.setattr(Picky, "code", code)
    for person in (at_work.wang_fang, at_work.li_ming):
        wants(person)
        news(at_work.tea, person)
    assert run(MONDAY)["mails"] == 1
    assert Delivery.objects.get(person=at_work.wang_fang).state == state
    page = signed_in(at_work.wang_fang).get("/notices/settings/").content.decode()
    assert "The mail server does not take" in page


def test_a_digest_that_cannot_be_written_holds_up_nobody(at_work, monkeypatch):
    for person in (at_work.wang_fang, at_work.li_ming):
        wants(person)
        news(at_work.tea, person)
    real = digests.digest_for

    def broken(person, *given, **more):
        if person == at_work.wang_fang:
            raise ValueError("something odd")
        return real(person, *given, **more)

    monkeypatch.setattr(digests, "digest_for", broken)
    assert run(MONDAY)["mails"] == 1
    stuck = Delivery.objects.get(person=at_work.wang_fang)
    assert (stuck.state, stuck.error) == ("waiting", "The digest could not be written.")


# ── the page ───────────────────────────────────────────────────────────────────────────────────
def form(**changed):
    given = {
        "key": "11111111-1111-4111-8111-111111111111", "digest": "weekly", "hour": "9",
        "weekday": "4", "kinds": ["task", "decision"], "language": "en", "quiet_from": "21:00",
        "quiet_until": "07:00", "email": "li@county.example",
    }  # fmt: skip
    return given | changed


def test_a_person_chooses_and_it_is_kept(county, signed_in):
    browser = signed_in(county.li_ming)
    assert "checked" in browser.get("/notices/settings/").content.decode()
    assert browser.post("/notices/settings/", form()).status_code == 302
    wishes = Wishes.objects.get()
    assert (wishes.digest, wishes.hour, wishes.weekday) == ("weekly", 9, 4)
    assert wishes.quiet == (time(21), time(7))
    assert wishes.kinds == ["task", "decision"]
    page = browser.get("/notices/settings/").content.decode()
    assert 'value="21:00"' in page
    assert "li@county.example" in page
    assert "/notices/settings/" in browser.get("/notices/").content.decode()
    assert "/notices/settings/" in browser.get("/account/").content.decode()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"email": ""}, "Give the address to which the summary goes."),
        ({"email": "li@@county"}, "Enter a valid email address."),
        ({"quiet_until": ""}, "Give both hours, or neither."),
        ({"quiet_until": "21:00"}, "Quiet hours end at another time than they begin."),
        ({"quiet_from": "25:99"}, "Enter a valid time."),
        ({"kinds": []}, "Choose at least one"),
        ({"hour": "24"}, "Select a valid choice"),
        ({"digest": "hourly"}, "Select a valid choice"),
        ({"language": "fr"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_half_written(county, signed_in, changed, said):
    answer = signed_in(county.li_ming).post("/notices/settings/", form(**changed))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Wishes.objects.exists()
    county.li_ming.refresh_from_db()
    assert county.li_ming.email == ""


def test_a_digest_asked_for_now_is_asked_for_by_the_clock_on_the_wall(county):
    night = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)  # still the 23rd in the county
    assert first_day(8, night) == MONDAY.date() + DAY
