"""Where no socket opens: the same by plain requests, which do not keep anybody signed in."""

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from tests import county as small
from tests.workflows.talk import D, at_hand, say
from workflows.engine import verbs
from workflows.live.deliver import deliver
from workflows.live.models import Signal

pytestmark = pytest.mark.django_db


def test_the_answer_says_what_was_missed_and_the_counts(county, own_branch, signed_in):
    browser = signed_in(county.wang_fang)
    deliver()
    first = browser.get("/live/").json()
    assert (first["n"], first["missed"]) == (1, [])
    assert (first["counts"]["mine"], first["counts"]["queue"]) == (0, 1)
    task = verbs.claim(at_hand(own_branch), by=county.wang_fang)
    deliver()
    answer = browser.get("/live/?since=1").json()
    assert answer["missed"] == [{"n": 2, "what": "taken", "task": task.pk}]
    assert (answer["counts"]["mine"], answer["counts"]["queue"]) == (1, 0)
    Signal.objects.filter(number=2).delete()
    assert browser.get("/live/?since=1").json()["reset"] is True


@pytest.mark.parametrize("number", ["-1", "x", "1.5", "9" * 40, "²", "", "%00", "1&since=x"])
def test_a_strange_number_is_as_none(county, own_branch, signed_in, number):
    deliver()
    answer = signed_in(county.wang_fang).get(f"/live/?since={number}&task={number}")
    assert answer.status_code == 200
    assert answer.json()["missed"] == []


def test_what_became_of_a_task_is_said_to_those_who_may_see_it(county, own_branch, client):
    task = at_hand(own_branch)

    def said(user):
        client.force_login(user)
        return client.get(f"/live/?task={task.pk}").json()["task"]

    assert said(county.zhou_tao) == {"state": "NEW-0", "said": "This task lies in the queue."}
    verbs.claim(task, by=county.wang_fang)
    held = f"ASSIGNED-{county.wang_fang.pk}"
    assert said(county.zhou_tao) == {"state": held, "said": "Wang Fang has this task now."}
    assert said(county.wang_fang) == {"state": held, "said": "This task is in your hands."}
    assert held in client.get(f"/tasks/{task.pk}/").content.decode()  # as the page says it
    say(task, D.RETURN, county.wang_fang, "Which members?")
    assert said(county.zhou_tao)["said"] == "Wang Fang has answered this meanwhile."
    stranger = said(county.gao_yuan)
    assert stranger == {"state": "", "said": "This task is no longer yours to see."}
    assert "Wang" not in str(stranger)


def test_what_a_page_asks_by_itself_does_not_put_off_the_end_of_the_session(county, signed_in):
    browser = signed_in(county.wang_fang)
    soon = timezone.now() + timezone.timedelta(minutes=3)
    Session.objects.update(expire_date=soon)
    for path in ("/live/", "/tasks/"):
        assert browser.get(path, headers={"X-Live": "1"}).status_code == 200
    assert Session.objects.get().expire_date == soon
    browser.get("/tasks/")
    assert Session.objects.get().expire_date > soon


def test_what_a_page_asks_by_itself_takes_no_message_from_another_page(county, own_branch, signed_in):
    browser = signed_in(county.wang_fang)
    browser.post(f"/tasks/{at_hand(own_branch).pk}/claim/")
    assert "The task is yours now." not in _text(browser.get("/tasks/", headers={"X-Live": "1"}))
    assert "The task is yours now." in _text(browser.get("/tasks/"))
    assert "The task is yours now." not in _text(browser.get("/tasks/"))


def _text(answer) -> str:
    return answer.content.decode()


def test_the_frame_is_on_the_pages_of_who_is_signed_in(county, client):
    assert 'id="live"' not in _text(client.get("/sign-in/"))
    client.force_login(county.wang_fang)
    assert f'data-user="{county.wang_fang.pk}"' in _text(client.get("/tasks/"))
    county.wang_fang.must_change_password = True
    county.wang_fang.save()
    assert 'id="live"' not in _text(client.get("/account/"))
    assert small.PASSWORD not in _text(client.get("/account/"))


def test_counts_that_are_nothing_are_there_and_hidden(county, own_branch, signed_in):
    text = _text(signed_in(county.wang_fang).get("/tasks/"))
    assert 'data-count="mine" title="Mine" hidden>0<' in text
    assert 'data-count="queue" title="Queue">1<' in text
