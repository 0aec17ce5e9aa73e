"""Two at once, on PostgreSQL, over HTTP: one wins, the other gets a clear answer."""

import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client

from core.audit.models import Event
from core.ledger.models import Firm, StageChange
from tests import county as small
from tests.workflows.talk import D, at_hand, say
from workflows.coverage.acts import propose
from workflows.coverage.models import Opinion, TransitionRequest
from workflows.engine.models import Task

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def at_once(*calls):
    """Run the calls in as many threads, let them start together; their answers in order."""
    gate = threading.Barrier(len(calls))

    def run(call):
        gate.wait()
        try:
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(run, call) for call in calls]]


def browser(user) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def test_100_double_posts_make_one_transition(county, own_branch):
    say(at_hand(own_branch), D.APPROVE, county.wang_fang)
    url, key = at_hand(own_branch).get_absolute_url(), uuid4()
    form = {"decision": D.APPROVE, "comment": "Agreed.", "key": key}
    clients = [browser(county.zhou_tao) for _n in range(10)]
    answers = []
    for _round in range(10):
        answers += at_once(*[lambda c=c: c.post(url, form).status_code for c in clients])
    assert len(answers) == 100
    assert set(answers) == {302}  # each is led to the same page: safe to send twice
    assert Firm.objects.get(pk=county.tea.pk).stage == "standalone"
    assert StageChange.objects.filter(firm=county.tea).count() == 1
    assert Opinion.objects.filter(request=own_branch, by=county.zhou_tao).count() == 1
    assert Event.objects.filter(code="case.moved").count() == 1


def test_the_same_form_with_other_keys_is_still_one_decision(county, own_branch):
    say(at_hand(own_branch), D.APPROVE, county.wang_fang)
    url = at_hand(own_branch).get_absolute_url()
    clients = [browser(county.zhou_tao) for _n in range(8)]
    answers = at_once(*[
        lambda c=c: c.post(url, {"decision": D.APPROVE, "key": uuid4()}).status_code
        for c in clients
    ])  # fmt: skip
    assert sorted(answers) == [302] + [422] * 7
    assert StageChange.objects.filter(firm=county.tea).count() == 1


def test_two_approvers_at_once_one_decides_and_the_other_is_told(county, own_branch):
    rounds = []
    other = small.person("liu.yan", "township", small.EAST)
    for number in range(12):
        firm = small.firm(f"Race {number}")
        small.union(firm)
        asked = propose(firm, "organise_mass", by=county.zhou_tao, on=county.today, reason="Union.")
        rounds.append((firm, asked, at_hand(asked).get_absolute_url()))
    one, two = browser(county.wang_fang), browser(other)
    for firm, asked, url in rounds:
        first, second = at_once(
            lambda url=url: one.post(url, {"decision": D.APPROVE, "key": uuid4()}),
            lambda url=url: two.post(
                url, {"decision": D.REJECT, "comment": "Not yet.", "key": uuid4()}
            ),
        )
        assert sorted([first.status_code, second.status_code]) == [302, 422]
        loser = first if first.status_code == 422 else second
        winner = "Wang Fang" if loser is second else "Liu Yan"
        assert winner in loser.content.decode()
        decided = asked.opinions.exclude(decision=D.PROPOSE)
        assert decided.count() == 1
        assert StageChange.objects.filter(firm=firm).count() == (winner == "Wang Fang")
        if loser is second:
            assert "Not yet." in loser.content.decode()  # what was typed is not lost


def test_one_case_takes_one_proposal_however_many_come(county, three_members):
    clients = [browser(county.li_ming) for _n in range(8)]
    url = f"/firms/{county.tea.pk}/propose/stand_alone/"
    answers = at_once(*[
        lambda c=c: c.post(
            url, {"reason": "Three.", "branch_name": "Own", "key": uuid4()}
        ).status_code
        for c in clients
    ])  # fmt: skip
    assert set(answers) <= {302, 422}
    assert TransitionRequest.objects.filter(firm=county.tea).count() == 1
    assert Task.objects.human().open().count() == 1


def test_two_take_a_task_at_once(county, own_branch):
    other = small.person("liu.yan", "township", small.EAST)
    url = f"/tasks/{at_hand(own_branch).pk}/claim/"
    one, two = browser(county.wang_fang), browser(other)
    at_once(lambda: one.post(url), lambda: two.post(url))
    assert Event.objects.filter(code="task.claimed").count() == 1
    assert at_hand(own_branch).owner in (county.wang_fang, other)
