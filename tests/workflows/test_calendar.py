"""The calendar of deadlines: a private address, nothing private in it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from icalendar import Calendar

from core.people.models import Assignment
from tests.workflows.talk import at_hand
from workflows.engine.models import Task
from workflows.engine.verbs import claim
from workflows.mailroom.calendars import end_link, hashed, make_link
from workflows.mailroom.models import CalendarLink, Wishes
from workflows.mailroom.views_calendar import AN_HOUR

DUE = datetime(2026, 12, 1, 0, 30, tzinfo=ZoneInfo("Asia/Shanghai"))  # still November in UTC


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.fixture
def token(county, own_branch):
    """Wang Fang's; a review of the tea firm's proposal is in her hands."""
    Wishes.objects.create(person=county.wang_fang, language="en")
    claim(at_hand(own_branch), by=county.wang_fang)
    Task.objects.filter(process=own_branch, flow_task_type="HUMAN").update(due_at=DUE)
    return make_link(county.wang_fang, at=DUE)


def read(client, token, **headers):
    return client.get(f"/calendar/{token}.ics", **headers)


def entries(answer) -> list:
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def test_it_holds_the_days_on_which_one_s_tasks_are_due(county, token, own_branch, client, settings):
    settings.SITE_URL = "https://desk.example"
    answer = read(client, token)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    (entry,) = entries(answer)
    task = at_hand(own_branch)
    assert str(entry["summary"]) == ("East Hill Tea: Township review: Found a branch of its own")
    assert str(entry["dtstart"].dt) == "2026-12-01"  # the day on the county's wall
    assert str(entry["dtend"].dt) == "2026-12-02"
    assert str(entry["url"]) == f"https://desk.example/tasks/{task.pk}/"
    assert entry["uid"] == f"task-{task.pk}-due@instructor-desk"
    whole = answer.content.decode()
    for private in ("Wang Jianguo", "Lin Ying", "Zhang Wei", "Li Ming", "Three members"):
        assert private not in whole


def test_only_what_is_open_one_s_own_and_within_reach(county, token, own_branch, client):
    li_token = make_link(county.li_ming, at=DUE)
    assert entries(read(client, li_token)) == []  # the proposer waits, he has no task
    task = at_hand(own_branch)
    Task.objects.filter(pk=task.pk).update(status="DONE")
    assert entries(read(client, token)) == []
    Task.objects.filter(pk=task.pk).update(status="ASSIGNED", due_at=None)
    assert entries(read(client, token)) == []


def test_a_firm_that_is_out_of_reach_is_not_in_it(county, token, own_branch, client):
    li_token = make_link(county.li_ming, at=DUE)
    task = at_hand(own_branch)
    Task.objects.filter(pk=task.pk).update(owner=county.zhao_qiang)
    zhao_token = make_link(county.zhao_qiang, at=DUE)
    assert len(entries(read(client, zhao_token))) == 1  # theirs is theirs
    Assignment.objects.update(until=county.today, ended_as="before")
    assert entries(read(client, li_token)) == []


def test_in_the_language_that_was_chosen(county, token, client):
    Wishes.objects.update(language="zh-hans")
    (entry,) = entries(read(client, token))
    assert "单独" in str(entry["summary"])


def test_what_did_not_change_is_not_sent_again(county, token, own_branch, client):
    first = read(client, token)
    again = read(client, token, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    Task.objects.filter(pk=at_hand(own_branch).pk).update(due_at=DUE + timedelta(days=1))
    changed = read(client, token, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_a_calendar_costs_the_same_however_much_is_in_it(
    county, token, client, django_assert_max_num_queries
):
    with django_assert_max_num_queries(2):
        read(client, token)


def test_tokens_that_open_nothing(county, token, client):
    for wrong in ("x", token[:-1], token.swapcase(), "0" * 43, "%00", "九"):
        assert read(client, wrong).status_code == 404, wrong
    assert CalendarLink.objects.get().digest == hashed(token) != token
    newer = make_link(county.wang_fang, at=DUE)
    assert read(client, token).status_code == 404
    assert read(client, newer).status_code == 200
    end_link(county.wang_fang)
    assert read(client, newer).status_code == 404


def test_the_token_of_a_closed_account_opens_nothing(county, token, client):
    county.wang_fang.is_active = False
    county.wang_fang.save()
    assert read(client, token).status_code == 404


def test_a_program_that_asks_all_the_time_is_asked_to_wait(county, token, client, caplog):
    for _time in range(AN_HOUR):
        assert read(client, token).status_code == 200
    answer = read(client, token)
    assert (answer.status_code, answer["Retry-After"]) == (429, "3600")
    assert token not in caplog.text  # an address that opens is in no log
    other = make_link(county.li_ming, at=DUE)
    assert read(client, other).status_code == 200


def test_a_cache_that_is_away_closes_no_calendar(county, token, client, monkeypatch):
    def away(*given, **more):
        raise ConnectionError("Redis is away")

    monkeypatch.setattr(cache, "add", away)
    assert read(client, token).status_code == 200


def test_nothing_can_be_written_there(county, token, client):
    assert client.post(f"/calendar/{token}.ics").status_code == 405


def test_the_address_is_shown_once_and_can_be_ended(county, signed_in, client):
    browser = signed_in(county.li_ming)
    page = "/notices/settings/"
    assert ".ics" not in browser.get(page).content.decode()
    assert browser.post("/notices/calendar/").status_code == 302
    shown = browser.get(page).content.decode()
    address = shown.split('value="')[1:]
    address = next(part.split('"')[0] for part in address if ".ics" in part)
    assert ".ics" not in browser.get(page).content.decode()
    token = address.rsplit("/", 1)[1].removesuffix(".ics")
    assert read(client, token).status_code == 200
    assert browser.post("/notices/calendar/end/").status_code == 302
    assert read(client, token).status_code == 404
